"""IP addresses of people outside. The address that a request states may be any text."""

import ipaddress
import re

# as written by some proxies: with a port, and IPv6 in brackets
WITH_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+)$")
LONGEST = 64


def address_of(text: str | None) -> str | None:
	"""The address in its usual notation, or None if the text is not an address."""
	text = (text or "").strip()
	if len(text) > LONGEST:
		return None
	if found := WITH_PORT.match(text):
		text = found["v6"] or found["v4"] or ""
	try:
		# without the zone (fe80::1%eth0), which may be any text
		address = ipaddress.ip_address(text.partition("%")[0])
	except ValueError:
		return None
	return str(getattr(address, "ipv4_mapped", None) or address)


def network_of(text: str | None) -> str:
	"""The network of one customer: the IPv4 address, or the first 64 bits of an IPv6 address; "" for no address."""
	address = address_of(text)
	if not address:
		return ""
	return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address
