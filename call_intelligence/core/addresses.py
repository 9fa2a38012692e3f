"""Addresses of pages in Desk."""

from urllib.parse import urlsplit

from frappe.utils import get_url_to_form, get_url_to_list


def path_of_form(doctype: str, name: str) -> str:
	"""Without the host, as a site may be opened under several"""
	return urlsplit(get_url_to_form(doctype, name)).path


def path_of_list(doctype: str) -> str:
	return urlsplit(get_url_to_list(doctype)).path
