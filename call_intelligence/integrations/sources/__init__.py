"""Providers of recordings: what is known of each service that calls come from, without Frappe.

`types.py` has the interface (`Provider`) and its data; `builtin.py` lists those of this app. `http.py` is the client that they
are given: it connects to public addresses only, and sends credentials to the provider's own hosts only. Callers: the room
`sources`, `integrations/call_logs.py`, `api/call_logs.py`.
"""
