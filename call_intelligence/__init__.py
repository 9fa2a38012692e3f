"""Conversation intelligence for Frappe and ERPNext."""

__version__ = "0.1.0"
