"""The accuracy to expect of a speech model in a language, in rough classes. Doesn't use Frappe.

The classes follow the groups of languages in the appendix of Whisper's paper (Radford et al. 2022, table "FLEURS"), where larger
models make fewer mistakes in every language, and languages with most training data have the fewest. They are not
measurements of this project; those are in MEASURED.
"""

from call_intelligence.engine.catalogue import repository_of

# few: most sentences are right; some: understandable, with mistakes in many sentences; many: hard to follow
FEW, SOME, MANY, NONE = "few", "some", "many", "none"
ORDER = (FEW, SOME, MANY, NONE)

SIZES = ("tiny", "base", "small", "medium", "large")
# (languages, smallest model with "some" mistakes, smallest with "few" or None)
GROUPS: tuple[tuple[str, str, str | None], ...] = (
	("en", "tiny", "base"),
	("es it pt", "base", "small"),
	("ca de fr id ja nl pl ru uk", "small", "medium"),
	("fi ms no sv tr vi", "medium", "large"),
	("ar bg bs cs da el gl hr hu ko mk ro sk zh", "medium", None),
	("az be cy et fa he hi is kk kn lt lv mi mr ne sl sr sw ta th tl ur yue", "large", None),
)

# (model, language): (from, to) % of wrong words, measured in this project with synthetic speech
MEASURED = {("base", "pl"): (40, 55), ("base", "de"): (30, 30), ("base", "en"): (1, 4)}

BETTER = "large-v3-turbo"  # nearly as good as large-v3 and much faster


def size_of(model: str) -> str | None:
	"""-> one of SIZES; None if the model's name does not show it, as with a folder"""
	name = model.strip().lower()
	if name == "turbo":
		return "large"
	for part in name.replace(".", "-").replace("/", "-").replace("_", "-").split("-"):
		if part in SIZES:
			return part
	return None


def knows_english_only(model: str) -> bool:
	name = model.strip().lower()
	# distilled models were trained on English only
	return name.endswith(".en") or (name.startswith("distil-") and repository_of(name) is not None)


def expected(model: str, language: str) -> str | None:
	"""-> few, some, many, or none (the model does not know the language); None if nothing is known about the model"""
	size = size_of(model)
	if size is None or "/" in model:
		return None  # may be trained for a special purpose
	if language != "en" and knows_english_only(model):
		return NONE
	rank = SIZES.index(size)
	for languages, some, few in GROUPS:
		if language in languages.split():
			if few and rank >= SIZES.index(few):
				return FEW
			return SOME if rank >= SIZES.index(some) else MANY
	return MANY


def measured(model: str, language: str) -> tuple[int, int] | None:
	"""-> (from, to) % of wrong words with synthetic speech; None if not measured"""
	return MEASURED.get((model, language))


def better_than(model: str, language: str) -> str | None:
	"""-> a model that makes clearly fewer mistakes in the language; None if there is none"""
	now, then = expected(model, language), expected(BETTER, language)
	if now is None or ORDER.index(then) >= ORDER.index(now):
		return None
	return BETTER
