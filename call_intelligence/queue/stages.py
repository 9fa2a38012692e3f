"""The stages of processing in order, and their names."""

PREPARING = "Preparing"
TRANSCRIBING = "Transcribing"
IDENTIFYING = "Identifying speakers"
ANALYSING = "Analysing"

QUEUED, READY, FAILED = "Queued", "Ready", "Failed"
NO_RECORDING = "No recording"
# prepared for listening only, as the owner of the call has no seat
NOT_TRANSCRIBED = "Not transcribed"
# of a Call that can be heard
DONE = (READY, NOT_TRANSCRIBED)
# of a run
ACTIVE = ("Queued", "Running")

STAGES = (PREPARING, TRANSCRIBING, IDENTIFYING, ANALYSING)

# stages that run the engine, and the engine's names for them
ENGINE_STAGE = {PREPARING: "prepare", TRANSCRIBING: "transcribe", IDENTIFYING: "diarize"}

# (start, end) of the stage on the progress bar, 0..100
SHARE_OF_PROGRESS = {PREPARING: (0, 10), TRANSCRIBING: (10, 65), IDENTIFYING: (65, 97), ANALYSING: (97, 100)}


def overall_progress(stage: str, fraction: float) -> int:
	"""fraction 0..1 of one stage -> 0..100 of all stages"""
	start, end = SHARE_OF_PROGRESS[stage]
	return round(start + (end - start) * min(max(fraction, 0), 1))


def is_finished(status: str) -> bool:
	"""Whether a Call with this status needs no more processing"""
	return status in (READY, FAILED, NO_RECORDING, NOT_TRANSCRIBED)
