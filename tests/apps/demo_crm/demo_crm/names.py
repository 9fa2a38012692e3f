"""A name server for background jobs: the hosts in `demo_hosts` of the site's configuration are this machine, as the tests' servers are."""

import socket

import frappe

REAL = socket.getaddrinfo


def begin(**_job) -> None:
	"""Hook before_job. A worker runs each job in a process of its own, so nothing has to be undone."""
	hosts = frappe.conf.get("demo_hosts") or ()

	def getaddrinfo(host, *args, **kwargs):
		return REAL("127.0.0.1" if host in hosts else host, *args, **kwargs)

	socket.getaddrinfo = getaddrinfo
