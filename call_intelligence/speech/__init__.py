"""The engine as the app sees it: which model hears which language, running the engine as a child process with limits
(`supervise.py`, `engine_stage.py`), the files it leaves (`workfiles.py`), and its errors and warnings in words (`messages.py`).

In come Call Recordings and settings. Callers: `jobs`, `clips`, `api`, `commands`, `doctor`.
"""
