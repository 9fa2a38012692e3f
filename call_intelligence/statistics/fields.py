"""The fields of the figures. Units are in the fields' labels; unknown figures are NULL, never 0 (see unknown.py)."""

# field of Call: figure of the engine's CallStats
CALL_FIELDS = {
	"owner_talk_share": "owner_share",
	"owner_talk_share_of_call": "owner_share_of_call",
	"talk_speed": "talk_speed",
	"longest_monologue": "longest_monologue",
	"longest_story": "longest_story",
	"switches_per_minute": "switches",
	"interactivity": "interactivity",
	"pauses": "pauses",
	"patience": "patience",
	"interruptions": "interruptions",
	"owner_questions": "owner_questions",
	"customer_questions": "customer_questions",
	"silence": "silence",
	"overlap": "overlap",
	"turns": "turns",
	"first_response": "first_response",
}
# field of Call Participant: figure of the engine's SpeakerStats. Names differ from those of Call's fields: where a child row has no
# value, Frappe's report view shows the parent's field of the same name.
VOICE_FIELDS = {
	"talk_seconds": "talk",
	"talk_share": "share",
	"words": "words",
	"words_per_minute": "words_per_minute",
	"turns_taken": "turns",
	"questions_asked": "questions",
	"longest_run": "longest_monologue",
}

FIGURES = tuple(CALL_FIELDS.values())
PERCENT, SECONDS, COUNT, SCORE, PER_MINUTE, WORDS_PER_MINUTE = (
	"percent",
	"seconds",
	"count",
	"score",
	"per minute",
	"words per minute",
)
UNITS = {
	"owner_share": PERCENT,
	"owner_share_of_call": PERCENT,
	"talk_speed": WORDS_PER_MINUTE,
	"longest_monologue": SECONDS,
	"longest_story": SECONDS,
	"switches": PER_MINUTE,
	"interactivity": SCORE,
	"pauses": COUNT,
	"patience": SECONDS,
	"interruptions": COUNT,
	"owner_questions": COUNT,
	"customer_questions": COUNT,
	"silence": SECONDS,
	"overlap": SECONDS,
	"turns": COUNT,
	"first_response": SECONDS,
}
