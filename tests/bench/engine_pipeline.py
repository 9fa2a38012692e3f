"""The whole engine, a process per stage: real-time factor for a stereo call with a speaker per channel, and for a mono one."""

import tempfile

from engine_common import minutes, recording, row, run_stages

STAGES = ("prepare", "transcribe", "diarize")


def main():
	length = minutes(10)
	for kind in ("stereo", "mono"):
		path = recording(length, kind)
		with tempfile.TemporaryDirectory() as work:
			done = run_stages(path, work, STAGES)
		for stage in STAGES:
			row(f"{stage}, {length:g} min {kind}", done[stage]["wall"] / (length * 60), "RTF")
		row(
			f"whole pipeline, {length:g} min {kind}",
			sum(d["wall"] for d in done.values()) / (length * 60),
			"RTF",
		)


if __name__ == "__main__":
	main()
