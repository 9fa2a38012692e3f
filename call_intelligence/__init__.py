"""Conversation intelligence for Frappe and ERPNext."""

__version__ = "0.2.0"
