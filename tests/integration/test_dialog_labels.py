"""Labels of dialogs, which Desk translates again after the app."""

import re
from pathlib import Path

from frappe.translate import get_all_translations

import call_intelligence

LABEL = re.compile(r'label:\s*__\(\s*"([^"]+)"')


def test_a_translated_label_means_nothing_else_to_desk(site):
	app = Path(call_intelligence.__file__).parent
	labels = {label for file in app.rglob("*.js") for label in LABEL.findall(file.read_text())}
	assert "Date of these calls" in labels
	polish = get_all_translations("pl")
	once = {label: polish.get(label, label) for label in labels}
	assert {label: polish[text] for label, text in once.items() if polish.get(text, text) != text} == {}
