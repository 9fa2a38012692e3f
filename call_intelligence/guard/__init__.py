"""What Frappe's own doors may do with documents of ours, and with Frappe's tables that hold copies of them.

May come in: hooks.py. Whoever asks is a request of Frappe's, not a room of ours.
"""
