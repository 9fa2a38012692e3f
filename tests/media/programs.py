"""Programs that run during a test, and a sound card for them."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

SECONDS = 90  # seconds until one has started or answered, on a busy machine


@contextlib.contextmanager
def running(command: list[str], environment: dict, **options):
	"""-> its Popen, which takes the options. It ends with all its children."""
	process = subprocess.Popen(
		command,
		env=environment,
		stderr=subprocess.DEVNULL,
		start_new_session=True,
		**{"stdout": subprocess.DEVNULL, **options},
	)
	try:
		yield process
	finally:
		with contextlib.suppress(ProcessLookupError):
			os.killpg(process.pid, signal.SIGTERM)
		try:
			process.wait(20)
		except subprocess.TimeoutExpired:
			os.killpg(process.pid, signal.SIGKILL)
			process.wait()
		if process.stdout:
			process.stdout.close()


@contextlib.contextmanager
def sound_card(folder: Path):
	"""A virtual sound card: browsers without one don't play. -> environment variables for it; folder: for its files"""
	runtime = folder / "run"
	runtime.mkdir(mode=0o700)
	socket = runtime / "sound"
	environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(runtime)}
	command = [
		*("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-L", "module-null-sink"),
		*("-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"),
	]
	with running(command, environment) as process:
		deadline = time.monotonic() + SECONDS
		while not socket.exists():
			assert process.poll() is None and time.monotonic() < deadline, "pulseaudio does not start"
			time.sleep(0.05)
		yield {**environment, "PULSE_SERVER": f"unix:{socket}"}
