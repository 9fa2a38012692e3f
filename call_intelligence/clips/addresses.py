"""Internet addresses of people outside. What a request says about its own may be any text."""

import ipaddress
import re

# as some proxies write them: with a port, and IPv6 in brackets
WITH_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+)$")
LONGEST = 64


def address_of(text: str | None) -> str | None:
	"""The address in its usual notation, or None where the text is none."""
	text = (text or "").strip()
	if len(text) > LONGEST:
		return None
	if found := WITH_PORT.match(text):
		text = found["v6"] or found["v4"] or ""
	try:
		# a zone (fe80::1%eth0) may be any text as well
		address = ipaddress.ip_address(text.partition("%")[0])
	except ValueError:
		return None
	return str(getattr(address, "ipv4_mapped", None) or address)


def network_of(text: str | None) -> str:
	"""Whom an address belongs to: itself, or the 64 bits of IPv6 that one customer has; "" for no address."""
	address = address_of(text)
	if not address:
		return ""
	return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address
