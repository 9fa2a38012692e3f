"""Names, formulas and reasons of the figures. docs/statistics.md explains them at length; a test compares the two."""

from frappe import _

from call_intelligence.engine.stats import CUSTOMER_UNKNOWN, NO_REPLY, NO_SPEECH, NO_WORDS, OWNER_UNKNOWN


def labels() -> dict[str, str]:
	return {
		"owner_share": _("Call owner's talk time"),
		"owner_share_of_call": _("Share of the call"),
		"talk_speed": _("Talk speed"),
		"longest_monologue": _("Longest monologue"),
		"longest_story": _("Longest customer story"),
		"switches": _("Switches of speaker"),
		"interactivity": _("Interactivity"),
		"pauses": _("Pauses"),
		"patience": _("Patience"),
		"interruptions": _("Interruptions"),
		"owner_questions": _("Questions of our side"),
		"customer_questions": _("Questions of the customer"),
		"silence": _("Silence"),
		"overlap": _("Overlap"),
		"turns": _("Turns"),
		"first_response": _("First response"),
	}


def label(key: str) -> str:
	return labels()[key]


def formula(key: str, options: dict) -> str:
	"""options: {"interjection", "pause", "touch" in seconds, "lively": per minute} used for the measurement"""
	interjection, pause, touch, lively = (
		f"{options[name]:g}" for name in ("interjection", "pause", "touch", "lively")
	)
	goes_on = [
		_("Speech of others of up to {0} s and silence of up to {1} s do not end it.").format(
			interjection, pause
		),
		_("Both count as part of it."),
	]
	no_interjections = _("Interjections of up to {0} s are left out, unless they ask or answer.").format(
		interjection
	)
	sentences = {
		"owner_share": [
			_("Speech of our side ÷ speech of all voices × 100."),
			_("Where two speak at once, both count."),
		],
		"owner_share_of_call": [_("Speech of our side ÷ length of the call × 100, silence included.")],
		"talk_speed": [
			_("Words of our side ÷ minutes of its speech."),
			_("Fillers such as um are often not transcribed, so that this reads low."),
		],
		"longest_monologue": [_("The longest run of our side, from its first word to its last."), *goes_on],
		"longest_story": [_("The longest run of the customer, from its first word to its last."), *goes_on],
		"switches": [
			_("Changes of speaker between the sides ÷ minutes of the call."),
			no_interjections,
		],
		"interactivity": [
			_("10 × s ÷ (s + {0}), where s is the number of switches per minute.").format(lively),
			_("{0} switches per minute score 5; a higher rate always scores higher.").format(lively),
		],
		"pauses": [_("How often our side replies after the customer has stopped, leaving some silence.")],
		"patience": [
			_(
				"The median silence that our side leaves after the customer has stopped; 0 for a reply at once."
			),
			_("Interruptions are left out, and so are replies before which somebody else spoke."),
		],
		"interruptions": [
			_("How often our side begins more than {0} s before the customer stops.").format(touch),
			no_interjections,
		],
		"owner_questions": [_("Sentences of our side that end with a question mark.")],
		"customer_questions": [_("Sentences of the customer that end with a question mark.")],
		"silence": [
			_("Time in which nobody speaks, beginning and end of the call included."),
			_("Only silences of more than {0} s are shown.").format(pause),
		],
		"overlap": [_("Time in which two voices or more speak at once.")],
		"turns": [_("How often a voice starts to speak after another one."), no_interjections],
		"first_response": [
			_("Time from the customer's last word to our side's first reply."),
			_("0 where it begins earlier."),
		],
	}
	return " ".join(sentences[key])


def reason(code: str | None) -> str | None:
	"""The reason why a figure has no value, or how to get one"""
	return {
		OWNER_UNKNOWN: _("Link the owner to a speaker"),
		CUSTOMER_UNKNOWN: _("Link the customer to a speaker"),
		NO_SPEECH: _("Nobody is heard."),
		NO_REPLY: _("Our side never replies to the customer."),
		NO_WORDS: _("This language is written without spaces: there are no words to count."),
	}.get(code or "")
