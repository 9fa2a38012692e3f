"""Work on the queue. `enqueue.py` has the only `frappe.enqueue` of the app; stages and progress; the lease by which one worker at a time
holds a piece of work.

In come names of documents. Any room above may call it. Jobs are named by their path, so that nothing here imports what they do.
"""
