"""The part of Call Intelligence Settings about speech models"""

import frappe
from frappe import _

from call_intelligence.engine.catalogue import is_possible
from call_intelligence.speech import choice
from call_intelligence.speech.expectations import knows_english_only
from call_intelligence.speech.supervise import models_folder


def validate(doc) -> None:
	doc.model = (doc.model or "").strip()
	if not is_possible(doc.model) and not is_installed(doc.model):
		frappe.throw(no_such_model(doc.model))
	try:
		models = choice.parse(doc.models_for_languages)
	except choice.BadLine as problem:
		frappe.throw(problem_text(problem))
	doc.models_for_languages = choice.written(models)
	if models and not doc.language and knows_english_only(doc.model):
		frappe.throw(
			_(
				"{0} knows English only and cannot recognise other languages. Choose another speech model, or set the language."
			).format(frappe.bold(doc.model))
		)


def is_installed(name: str) -> bool:
	"""Whether the engine's folder has a model of this name"""
	folder = models_folder() / "whisper"
	return name in (path.name for path in folder.iterdir()) if folder.is_dir() else False


def no_such_model(name: str) -> str:
	return _(
		"There is no speech model called {0}. Use one of Whisper's names (base, small, medium, large-v3, large-v3-turbo), a name on the Hugging Face Hub such as org/name, or a folder that begins with /."
	).format(frappe.bold(frappe.utils.escape_html(name)))


def problem_text(problem: choice.BadLine) -> str:
	if problem.reason == "model":
		return no_such_model(problem.part)
	part = frappe.bold(frappe.utils.escape_html(problem.part))
	if problem.reason == "twice":
		return _("Models for languages: {0} has two models. Remove one of the lines.").format(part)
	return _(
		"Models for languages: {0} cannot be read. Write a language code and a model in each line, such as pl: large-v3-turbo."
	).format(part)
