"""Recordings whose sound encodes the time: second k is a tone of 300 + 25 k Hz, k modulo 100.

Standard library and the ffmpeg command only.
"""

import array
import subprocess
import wave
from pathlib import Path

LOWEST, STEP, TONES = 300, 25, 100  # Hz, Hz, seconds until they repeat
RATE = 16000
WINDOW = 0.1  # duration of a measurement in seconds


def ladder(path, seconds=30, start=0, rate=RATE):
	"""A wav file of the seconds from `start` on -> Path"""
	tone = f"{LOWEST}+{STEP}*mod(floor(t)+{start}\\,{TONES})"
	sound = f"aevalsrc=0.5*sin(2*PI*({tone})*(t-floor(t))):s={rate}:d={seconds}"
	ffmpeg("-f", "lavfi", "-i", sound, path)
	return Path(path)


def ffmpeg(*arguments):
	subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def samples_of(path):
	"""-> array of int16 at RATE Hz, on the file's timeline as FFmpeg's command plays it"""
	wav = Path(f"{path}.heard.wav")
	# silence for gaps in the timestamps, and before the first one
	ffmpeg("-i", path, "-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", RATE, wav)
	with wave.open(str(wav)) as file:
		return array.array("h", file.readframes(file.getnframes()))


def second_at(samples, time):
	"""The second, modulo TONES, of the sound in WINDOW seconds from `time` on; None for silence"""
	heard = frequency(samples[round(time * RATE) : round((time + WINDOW) * RATE)], RATE)
	return None if heard is None else tone(heard)


def frequency(samples, rate):
	"""-> Hz; None for silence"""
	if not samples or max(map(abs, samples)) < 500:
		return None
	rising = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
	if len(rising) < 3:
		return None
	return (len(rising) - 1) * rate / (rising[-1] - rising[0])


def tone(heard):
	"""The second, modulo TONES, of a tone of this frequency in Hz"""
	return round((heard - LOWEST) / STEP) % TONES
