"""Single commands to a Redis server of the bench, without a client library."""

import socket


def command(port: int, *words: str) -> str:
	"""The first line of the server's answer, e.g. "+OK". Raises OSError when it cannot be reached."""
	request = f"*{len(words)}\r\n" + "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
	with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
		connection.sendall(request.encode())
		return connection.makefile("rb").readline().decode().strip()


def forget(port: int, prefix: str) -> None:
	"""Deletes all keys with this prefix."""
	script = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 0"
	answer = command(port, "EVAL", script, "0", f"{prefix}*")
	if answer.startswith("-"):
		raise OSError(answer)
