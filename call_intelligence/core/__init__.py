"""What every room may build on: names that come with a request, and queries with bound values.

May come in: calls from any room. Knows Frappe, and nothing of calls.
"""
