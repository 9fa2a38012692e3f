"""Memory of the web processes (gunicorn's master and workers) during a chunked upload of 1 GB and the creation of its call: at most
100 MB more than before. Another size in MB can be given on the command line.

Each worker handles uploads beforehand, so that modules loaded once do not count.
"""

import struct
import sys
import threading
import time
from pathlib import Path

import requests
from site_common import connected, delete, new_user, row

from tests import factories

MB = 1024 * 1024
LIMIT = 100  # MB
WARMING = 12  # small calls: enough that both workers handle some


def processes(master):
	"""Process ids of gunicorn's master and its workers"""
	children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
	return [master, *map(int, children)]


def resident(master):
	"""Bytes of memory used by the web processes"""
	total = 0
	for process in processes(master):
		try:
			lines = Path(f"/proc/{process}/status").read_text().splitlines()
		except FileNotFoundError:  # it has ended since
			continue
		total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
	return total


class Peak(threading.Thread):
	"""Samples memory every 10 ms during the block; `bytes` is the maximum."""

	def __init__(self, master):
		super().__init__(daemon=True)
		self.master, self.bytes, self.over = master, 0, threading.Event()

	def run(self):
		while not self.over.wait(0.01):
			self.bytes = max(self.bytes, resident(self.master))

	def __enter__(self):
		self.start()
		return self

	def __exit__(self, *_error):
		self.over.set()
		self.join()


def wav_header(size):
	"""The 44-byte header of a file of `size` bytes: stereo, 16 bits, 44.1 kHz"""
	form = struct.pack("<HHIIHH", 1, 2, 44100, 44100 * 4, 4, 16)
	return struct.pack("<4sI4s4sI16s4sI", b"RIFF", size - 8, b"WAVE", b"fmt ", 16, form, b"data", size - 44)


def upload(session, size):
	"""Uploads a wav of `size` bytes of silence, as Desk does -> name of the Call"""

	def post(method, **arguments):
		answer = session.post(f"{session.base}/api/method/call_intelligence.api.{method}", **arguments)
		answer.raise_for_status()
		return answer.json()["message"]

	started = post("uploads.start", data={"file_name": "long.wav", "size": size})
	head, silence, offset = wav_header(size), bytes(started["chunk_bytes"]), 0
	while offset < size:
		chunk = (head + silence if offset == 0 else silence)[: min(started["chunk_bytes"], size - offset)]
		offset = post(
			"uploads.append",
			data={"upload": started["upload"], "offset": offset},
			files={"chunk": ("blob", chunk)},
		)["received"]
	return post("calls.create", data={"upload": started["upload"]})["call"]


def main():
	import frappe

	size = int(float(sys.argv[1]) * MB) if len(sys.argv) > 1 else 1024 * MB
	with connected() as bench:
		user, authorization = new_user(factories.SEAT)
		frappe.db.commit()
		calls = []
		try:
			with requests.Session() as session:
				session.base = bench.url
				session.headers.update({**bench.headers, "Authorization": authorization})
				for _number in range(WARMING):
					calls.append(upload(session, 8 * MB))
					# before a worker has processed much of it
					delete("Call", calls[-1])
				master = bench.pid("gunicorn")
				before = resident(master)
				began = time.monotonic()
				with Peak(master) as peak:
					calls.append(upload(session, size))
				seconds = time.monotonic() - began
				after = resident(master)
		finally:
			frappe.db.rollback()
			for call in calls:
				if frappe.db.exists("Call", call):
					delete("Call", call)
			delete("User", user)
	name = f"{size // MB} MB upload"
	row(f"{name}, web processes before", before / MB, "MB")
	row(f"{name}, growth of the web processes at their peak", (peak.bytes - before) / MB, "MB", LIMIT)
	row(f"{name}, growth that stays", (after - before) / MB, "MB")
	row(name, seconds, "s")


if __name__ == "__main__":
	main()
