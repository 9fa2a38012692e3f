"""Section "bad input": each file is refused clearly, or gives a result and a warning about what is missing; never invented words."""

import random
import struct
import subprocess

import pytest

from tests.speech import converted, looped, noise, run_engine, silence, spoken_call, write_wav

PREPARE = ("--stage", "prepare", "--max-duration", "28800")


def refusal(path, work, *arguments):
	"""-> the error event of a run that refused the file properly"""
	run = run_engine(path, work, *(arguments or PREPARE))
	assert run.exit == 3, run.errors
	(error,) = [event for event in run.events if event["event"] == "error"]
	assert run.events[-1] == error
	assert error["retryable"] is False
	assert not work.exists() or list(work.iterdir()) == []
	return error


def made(path, data):
	path.write_bytes(data)
	return path


def test_empty_file(tmp_path):
	assert refusal(made(tmp_path / "a.wav", b""), tmp_path / "w")["code"] == "empty_file"


def test_text_renamed(tmp_path):
	assert refusal(made(tmp_path / "a.mp3", b"Dear all, " * 900), tmp_path / "w")["code"] == "not_media"


def test_random_bytes(tmp_path):
	assert (
		refusal(made(tmp_path / "a.mp3", random.Random(1).randbytes(300_000)), tmp_path / "w")["code"]
		== "not_media"
	)


@pytest.mark.parametrize(
	("name", "kept"), [("a.wav", 44), ("a.mp3", 300), ("a.flac", 100), ("a.ogg", 58), ("a.m4a", 40)]
)
def test_header_only(tmp_path, name, kept):
	whole = converted(spoken_call().mono, name).read_bytes()
	assert refusal(made(tmp_path / name, whole[:kept]), tmp_path / "w")["code"] == "corrupt"


def test_truncated_m4a(tmp_path):
	whole = converted(spoken_call().mono, "a.m4a").read_bytes()
	assert refusal(made(tmp_path / "a.m4a", whole[: len(whole) // 2]), tmp_path / "w")["code"] == "corrupt"


def test_video_without_sound(tmp_path):
	path = tmp_path / "a.mp4"
	subprocess.run(
		["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=2:s=64x64", str(path)], check=True
	)
	assert refusal(path, tmp_path / "w")["code"] == "no_audio"


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "attached.mkv"])
def test_neither_sound_nor_pictures(tmp_path, name):
	subtitles = made(tmp_path / "a.srt", b"1\n00:00:00,000 --> 00:00:02,000\nHi\n")
	attached = ("-attach", str(subtitles), "-metadata:s:t", "mimetype=text/plain")
	options = {
		"a.mp4": ("-c:s", "mov_text"),
		"a.mkv": ("-c:s", "srt"),
		"attached.mkv": ("-c:s", "srt", *attached),
	}[name]
	subprocess.run(
		["ffmpeg", "-v", "error", "-i", str(subtitles), *options, str(tmp_path / name)], check=True
	)
	assert refusal(tmp_path / name, tmp_path / "w")["code"] == "no_audio"


def of_channels(path, channels):
	return write_wav(path, *[noise(0.5, seed=channel) for channel in range(channels)])


@pytest.mark.parametrize("channels", [3, 8, 24, 62])
def test_many_channels_are_mixed_down(tmp_path, channels):
	run = run_engine(of_channels(tmp_path / "a.wav", channels), tmp_path / "w", *PREPARE)
	assert run.exit == 0, run.events
	assert run.file("prepare.json")["channels"] == channels


@pytest.mark.parametrize("channels", [63, 64, 65, 255])
def test_more_channels_than_can_be_mixed_down(tmp_path, channels):
	error = refusal(of_channels(tmp_path / "a.wav", channels), tmp_path / "w")
	assert (error["code"], error["params"]) == ("channels", {"channels": channels, "most": 62})


def test_sound_in_an_arrangement_of_channels_that_cannot_be(tmp_path):
	"""An mp4 with missing bytes in the middle: data after them is decoded at the wrong offsets."""
	whole = converted(spoken_call().mono, "first.m4a", "-movflags", "+faststart").read_bytes()
	cut = whole[: len(whole) * 4 // 10] + whole[len(whole) * 6 // 10 :]
	run = run_engine(made(tmp_path / "a.m4a", cut), tmp_path / "w", *PREPARE)
	assert run.exit == 0, run.events
	assert run.warnings["partly_decoded"]["decoded"] == pytest.approx(spoken_call().duration * 0.4, abs=2)


@pytest.mark.parametrize(
	"text", [b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"]
)
def test_playlist_renamed(tmp_path, text):
	assert refusal(made(tmp_path / "a.mp4", text), tmp_path / "w")["code"] == "playlist"


def test_a_reference_to_another_file_inside_an_mp4_is_not_followed(tmp_path):
	"""An external data reference (dref url) must not make FFmpeg open its target."""
	whole = bytearray(converted(spoken_call().mono, "a.m4a").read_bytes())
	at = whole.index(b"url \0\0\0\x01")
	whole[at + 7] = 0  # "the media is elsewhere"
	run = run_engine(made(tmp_path / "a.m4a", bytes(whole)), tmp_path / "w", *PREPARE)
	assert run.exit in (0, 3)
	assert "Traceback" not in run.errors


def test_too_long(tmp_path):
	error = refusal(spoken_call().mono, tmp_path / "w", "--stage", "prepare", "--max-duration", "20")
	assert (error["code"], error["params"]["limit"]) == ("too_long", 20)
	assert error["params"]["duration"] == pytest.approx(spoken_call().duration, abs=0.2)


def test_too_long_is_found_while_decoding_where_the_header_says_little(tmp_path):
	path = converted(spoken_call().mono, "piped.wav")
	data = bytearray(path.read_bytes())
	at = data.index(b"data")
	data[at + 4 : at + 8] = b"\xff\xff\xff\xff"
	error = refusal(
		made(tmp_path / "a.wav", bytes(data)), tmp_path / "w", "--stage", "prepare", "--max-duration", "20"
	)
	assert error["code"] == "too_long"


def test_too_short(tmp_path):
	assert refusal(write_wav(tmp_path / "a.wav", noise(0.05)), tmp_path / "w")["code"] == "too_short"


def test_unknown_codec(tmp_path):
	data = bytearray(write_wav(tmp_path / "a.wav", noise(2)).read_bytes())
	data[20:22] = struct.pack("<H", 0x1234)
	error = refusal(made(tmp_path / "a.wav", bytes(data)), tmp_path / "w")
	assert error["code"] == "unsupported_codec"


def test_missing_file(tmp_path):
	assert refusal(tmp_path / "none.wav", tmp_path / "w")["code"] == "not_media"


def test_truncated_wav_says_what_is_missing(tmp_path):
	whole = spoken_call().mono.read_bytes()
	run = run_engine(made(tmp_path / "a.wav", whole[: 44 + 12 * 32000]), tmp_path / "w", *PREPARE)
	assert run.exit == 0
	assert run.warnings["partly_decoded"] == {
		"decoded": 12.0,
		"expected": pytest.approx(spoken_call().duration, abs=0.1),
	}


def test_mp3_corrupted_in_the_middle_keeps_what_is_good(tmp_path):
	data = bytearray(converted(spoken_call().mono, "a.mp3", "-b:a", "64k").read_bytes())
	middle = slice(len(data) * 4 // 10, len(data) * 6 // 10)
	data[middle] = random.Random(2).randbytes(middle.stop - middle.start)
	run = run_engine(made(tmp_path / "a.mp3", bytes(data)), tmp_path / "w", *PREPARE)
	missing = run.warnings["partly_decoded"]
	assert run.exit == 0
	assert missing["expected"] == pytest.approx(spoken_call().duration, abs=0.2)
	assert 0.7 * missing["expected"] < missing["decoded"] < 0.9 * missing["expected"]
	# in addition to the decoded sound there is some silence, where timestamps after the damage leave a hole
	assert 0 <= run.file("prepare.json")["duration"] - missing["decoded"] < 0.5


def test_a_file_that_claims_a_hundred_hours(tmp_path):
	data = bytearray(
		converted(spoken_call().mono, "alaw.wav", "-c:a", "pcm_alaw", "-ar", "8000").read_bytes()
	)
	at = data.index(b"data")
	data[at + 4 : at + 8] = struct.pack("<I", 100 * 3600 * 8000)
	run = run_engine(made(tmp_path / "a.wav", bytes(data)), tmp_path / "w", *PREPARE)
	assert run.exit == 0
	assert run.warnings["header_duration_wrong"] == {
		"claimed": pytest.approx(360_000, abs=10),
		"decoded": pytest.approx(spoken_call().duration, abs=0.2),
	}
	assert run.done("prepare")["seconds"] < 20


@pytest.mark.parametrize("level", [0.0, 0.0005, 0.02, 0.2])
def test_silence_and_noise_have_no_words(tmp_path, level):
	samples = noise(40, level) if level else silence(40)
	run = run_engine(write_wav(tmp_path / "a.wav", samples), tmp_path / "w")
	assert run.exit == 0
	assert "no_speech" in run.warnings
	assert run.file("utterances.json") == {"speakers": [], "utterances": []}


@pytest.mark.parametrize(
	"sound",
	[
		"sine=f=440:d=30",  # a tone
		"aevalsrc=0.3*sin(2*PI*440*t)*lt(mod(t\\,5)\\,2)+0.3*sin(2*PI*480*t)*lt(mod(t\\,5)\\,2):d=30",  # ringing
		"anoisesrc=c=pink:a=0.3:d=30",
		"anoisesrc=c=brown:a=0.5:d=30",
		"aevalsrc=0.3*sin(2*PI*697*t)*lt(mod(t\\,0.4)\\,0.2)+0.3*sin(2*PI*1209*t)*lt(mod(t\\,0.4)\\,0.2):d=30",  # dialling
		"aevalsrc=0.2*sin(2*PI*50*t)+0.1*sin(2*PI*150*t):d=30",  # hum
	],
)
def test_other_sounds_have_no_words(tmp_path, sound):
	path = tmp_path / "a.wav"
	subprocess.run(
		["ffmpeg", "-v", "error", "-f", "lavfi", "-i", sound, "-ar", "16000", str(path)], check=True
	)
	run = run_engine(path, tmp_path / "w")
	assert run.exit == 0
	assert run.text == ""


def test_three_hours_of_noise(tmp_path):
	path = looped(write_wav(tmp_path / "short.wav", noise(60)), 3 * 3600, "three-hours.wav", "-ar", "8000")
	run = run_engine(path, tmp_path / "w")
	assert run.exit == 0
	assert "no_speech" in run.warnings
	assert run.text == ""
	assert max(run.done(stage)["peak_mb"] for stage in ("prepare", "transcribe", "diarize")) < 600


@pytest.mark.parametrize(
	"name", ["quo'te\"s.wav", "بيانات.wav", "😀 call.wav", "-rf.wav", "%s%n.wav", "a:b|c.wav"]
)
def test_names_are_only_names(tmp_path, name):
	path = write_wav(tmp_path / name, noise(1))
	assert run_engine(path, tmp_path / "w", *PREPARE).exit == 0
