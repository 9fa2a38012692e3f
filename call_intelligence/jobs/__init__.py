"""What workers run. A recording is taken from stage to stage, transcripts analysed again after a change, and the sweep that finds what
was lost. Jobs of one feature lie with that feature.

In come names of documents; whoever queued the job has checked the permission. Callers: the queue and the scheduler, by name.
"""
