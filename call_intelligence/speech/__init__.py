"""The app's side of the engine: models for languages, running the engine as a child process with limits (`supervise.py`,
`engine_stage.py`), its files (`workfiles.py`), and texts for its errors and warnings (`messages.py`).

Takes Call Recordings and settings. Callers: `jobs`, `clips`, `api`, `commands`, `doctor`.
"""
