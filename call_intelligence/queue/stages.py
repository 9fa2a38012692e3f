"""The stages of processing, in their order, and what each is called where."""

PREPARING = "Preparing"
TRANSCRIBING = "Transcribing"
IDENTIFYING = "Identifying speakers"
ANALYSING = "Analysing"

QUEUED, READY, FAILED = "Queued", "Ready", "Failed"
NO_RECORDING = "No recording"
# of a run
ACTIVE = ("Queued", "Running")

STAGES = (PREPARING, TRANSCRIBING, IDENTIFYING, ANALYSING)

# stages that run the engine, and what they are called there
ENGINE_STAGE = {PREPARING: "prepare", TRANSCRIBING: "transcribe", IDENTIFYING: "diarize"}

# (start, end) of the stage on the bar that people see, 0..100
SHARE_OF_PROGRESS = {PREPARING: (0, 10), TRANSCRIBING: (10, 65), IDENTIFYING: (65, 97), ANALYSING: (97, 100)}


def overall_progress(stage: str, fraction: float) -> int:
	"""fraction 0..1 of one stage -> 0..100 of all"""
	start, end = SHARE_OF_PROGRESS[stage]
	return round(start + (end - start) * min(max(fraction, 0), 1))


def is_finished(status: str) -> bool:
	"""Of a Call: nothing is waited for."""
	return status in (READY, FAILED, NO_RECORDING)
