"""Identifies processes. Process ids are reused, so a process is identified by its start time as well."""

import os
import signal
import time
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def start_time(pid: int) -> str | None:
	"""When the process started, as "boot id:clock ticks since boot"; None if there is no such process (or a zombie)."""
	try:
		text = Path(f"/proc/{pid}/stat").read_text()
		boot = _BOOT.read_text().strip()
	except (FileNotFoundError, ProcessLookupError):
		return None
	# The command, in brackets, may contain spaces and brackets: count from its end.
	fields = text[text.rindex(")") + 2 :].split()
	if fields[0] in ("Z", "X"):
		return None
	return f"{boot}:{fields[19]}"


def describe(pid: int) -> dict:
	"""Describes a process, to be stored for `is_same`."""
	return {"pid": pid, "started": start_time(pid)}


def is_same(kept: dict | None) -> bool:
	"""True when the process described by `describe` still runs."""
	if not kept or not isinstance(kept.get("pid"), int) or not kept.get("started"):
		return False
	return start_time(kept["pid"]) == kept["started"]


def session_members(leader: int) -> list[int]:
	"""Processes of the session that `leader` opened: all its descendants, also those in other process groups."""
	members = []
	for entry in os.listdir("/proc"):
		if entry.isdigit():
			try:
				text = Path("/proc", entry, "stat").read_text()
			except (FileNotFoundError, ProcessLookupError):
				continue
			fields = text[text.rindex(")") + 2 :].split()
			if int(fields[3]) == leader and fields[0] not in ("Z", "X"):
				members.append(int(entry))
	return members


def send(pid: int, sign: int) -> None:
	try:
		os.kill(pid, sign)
	except ProcessLookupError:
		pass


def end(kept: dict, patience: float) -> None:
	"""Ends a process and its session: politely, after `patience` seconds by force. Does nothing if the id was reused."""
	if not is_same(kept):
		return
	leader = kept["pid"]
	send(leader, signal.SIGTERM)
	deadline = time.monotonic() + patience
	while is_same(kept) and time.monotonic() < deadline:
		time.sleep(0.05)
	end_session(leader, 1.0)


def end_session(leader: int, patience: float) -> None:
	"""Ends the remaining processes of the session that `leader` opened."""
	deadline = time.monotonic() + patience
	for pid in session_members(leader):
		send(pid, signal.SIGTERM)
	while session_members(leader) and time.monotonic() < deadline:
		time.sleep(0.05)
	for pid in session_members(leader):
		send(pid, signal.SIGKILL)
