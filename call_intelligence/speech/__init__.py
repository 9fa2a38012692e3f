"""The app's side of the engine: models for languages, running the engine as a child process with limits (`supervise.py`,
`engine_stage.py`), its files (`workfiles.py`), texts for its errors and warnings (`messages.py`), and copies of recordings for players
(`playback.py` makes them in the background, `playback_requests.py` limits who may ask for them).

Takes Call Recordings and settings. Callers: `jobs`, `clips`, `api`, `commands`, `doctor`.
"""
