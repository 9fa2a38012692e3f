"""Providers of recordings: what is known of each service that calls come from, without Frappe.

`types.py` has the interface (`Provider`) and its data; `PROVIDERS` in `providers.py` lists them by key. `http.py` is the client that they
are given: it connects to public addresses only, and sends credentials to the provider's own hosts only. Callers: the room `sources`.
"""
