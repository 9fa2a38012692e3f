"""Notices that a call is ready, or has failed for good, to the person who sent it or had it processed again.

`Processing Run.notify` names that person from the request until they have been notified, so that no notice is lost with a worker.
"""
