"""Queues background jobs. `enqueue.py` has the only `frappe.enqueue` of the app; others have stages, progress, and the
lease by which one worker at a time holds a run.

Takes names of documents. Any room above may call it. Jobs are named by their path, so that this room doesn't import them.
"""
