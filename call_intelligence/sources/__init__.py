"""Calls that come in by themselves, from a Recording Source: an account of a provider such as Zoom.

In: requests of providers (`receiving.py`) and what they list (`polling.py`). Each arrival is a Source Delivery (`deliveries.py`), which a
background job (`jobs.py`) turns into a Call: `importing.py` asks the provider, downloads the recording (`downloads.py`), chooses the owner
(`owners.py`) and calls `create_call`. `providers.py` finds the providers, which know nothing of Frappe: see `integrations/sources`.
Callers: `api/webhooks.py`, `api/sources.py`, the sweep.
"""
