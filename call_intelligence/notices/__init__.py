"""Notices to the person who sent a call, or had it processed again: it is ready, or has failed for good.

`Processing Run.notify` names that person from the request on until they have been told, so that no notice is lost with a worker.
"""
