"""Information about the site's speech models for Desk's choice of a language"""

import frappe

from call_intelligence.speech import choice
from call_intelligence.speech.expectations import better_than, expected, measured


def told(settings) -> dict[str, list]:
	"""-> {language code: [model, few|some|many|none, a better model or None, (from, to) % of wrong words or None]}, without
	languages about which nothing is known"""
	own = choice.of_settings(settings)
	found = {}
	codes = frappe.get_all("Language", filters={"name": ["not like", "%-%"]}, pluck="name")
	for code in dict.fromkeys([*codes, *own]):
		model = own.get(code, settings.model)
		if mistakes := expected(model, code):
			found[code] = [model, mistakes, better_than(model, code), measured(model, code)]
	return found
