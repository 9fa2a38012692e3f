"""Queues background jobs. `enqueue.py` has the only `frappe.enqueue` of the app; others have stages, progress, the lease by
which one worker at a time holds a run, and long jobs in steps (`resumable.py`).

Takes names of documents. Any room above may call it. Jobs are named by their path, so that this room doesn't import them.
"""
