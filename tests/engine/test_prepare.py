"""Decoding: every accepted format, what the channels are, what browsers play, the waveform."""

import base64
import json
import subprocess
import wave

import pytest

from tests.speech import converted, mixed, noise, run_engine, scaled, silence, spoken_call, write_wav

PREPARE = ("--stage", "prepare")


def prepared(path, work, *arguments):
	run = run_engine(path, work, *PREPARE, *arguments)
	assert run.exit == 0, run.events
	return run


@pytest.mark.parametrize(
	("name", "arguments", "playable"),
	[
		("pcm.wav", (), True),
		("alaw.wav", ("-c:a", "pcm_alaw", "-ar", "8000"), False),
		("mulaw.wav", ("-c:a", "pcm_mulaw", "-ar", "8000"), False),
		("adpcm.wav", ("-c:a", "adpcm_ms"), False),
		("ima.wav", ("-c:a", "adpcm_ima_wav"), False),
		("gsm.wav", ("-c:a", "libgsm_ms", "-ar", "8000"), False),
		("a.mp3", (), True),
		("a.m4a", (), True),
		("a.ogg", (), False),
		("a.opus", (), False),
		("a.webm", ("-c:a", "libopus"), False),
		("a.flac", (), True),
		("a.wma", (), False),
		("a.gsm", ("-c:a", "libgsm", "-ar", "8000"), False),
	],
)
def test_formats(tmp_path, name, arguments, playable):
	run = prepared(converted(spoken_call().mono, name, *arguments), tmp_path)
	result = run.file("prepare.json")
	assert result["duration"] == pytest.approx(spoken_call().duration, abs=0.15)
	assert result["warnings"] == []
	assert result["kind"] == "Audio"
	assert result["browser_playable"] is playable
	assert result["playback"] == (None if playable else "playback.m4a")
	with wave.open(str(tmp_path / "speech.0.wav")) as speech:
		assert speech.getparams()[:3] == (1, 2, 16000)
		assert speech.getnframes() / 16000 == pytest.approx(result["duration"], abs=0.01)
	if not playable:
		copy = prepared(tmp_path / "playback.m4a", tmp_path / "copy").file("prepare.json")
		assert (copy["container"], copy["codec"], copy["browser_playable"]) == ("mp4", "aac", True)
		assert copy["duration"] == pytest.approx(result["duration"], abs=0.2)


def test_amr(tmp_path):
	path = tmp_path / "a.amr"
	path.write_bytes(b"#!AMR\n" + (b"\x3c" + bytes(31)) * 100)
	result = prepared(path, tmp_path).file("prepare.json")
	assert (result["container"], result["duration"], result["sample_rate"]) == (
		"amr",
		pytest.approx(2.0, abs=0.1),
		8000,
	)


def test_video_with_sound(tmp_path):
	path = converted(
		spoken_call().mono,
		"a.mp4",
		"-c:v",
		"libx264",
		"-shortest",
		before=("-f", "lavfi", "-i", "testsrc=s=64x64:r=5"),
	)
	result = prepared(path, tmp_path).file("prepare.json")
	assert (result["kind"], result["browser_playable"]) == ("Video", True)


def test_a_damaged_video_keeps_its_pictures(tmp_path):
	options = ("-c:v", "libvpx", "-c:a", "libopus", "-shortest")
	whole = converted(
		spoken_call().mono, "a.webm", *options, before=("-f", "lavfi", "-i", "testsrc=s=64x64:r=5")
	)
	data = whole.read_bytes()
	(tmp_path / "half.webm").write_bytes(data[: len(data) // 2])
	run = prepared(tmp_path / "half.webm", tmp_path / "work")
	assert run.warnings
	result = run.file("prepare.json")
	assert (result["kind"], result["playback"]) == ("Video", None)


@pytest.mark.parametrize(
	("name", "late", "tracks", "codecs", "copy"),
	[
		("late.mp4", 2, 1, ("libx264", "aac"), "playback.mp4"),
		("a.mkv", 0, 1, ("libx264", "aac"), "playback.mp4"),
		("a.ts", 0, 1, ("libx264", "aac"), "playback.mp4"),
		("two.mp4", 0, 2, ("libx264", "aac"), "playback.mp4"),
		("late.webm", 2, 1, ("libvpx", "libopus"), "playback.webm"),
		("two.webm", 0, 2, ("libvpx-vp9", "libopus"), "playback.webm"),
		("vp9.mkv", 0, 1, ("libvpx-vp9", "libvorbis"), "playback.webm"),
		# as browsers record: without a length and an index
		("live.webm", 0, 1, ("libvpx", "libopus", "-live", "1"), "playback.webm"),
	],
)
def test_a_copy_keeps_the_pictures_and_their_time(tmp_path, name, late, tracks, codecs, copy):
	path = tmp_path / name
	others = [write_wav(tmp_path / f"{number}.wav", noise(9, seed=number)) for number in range(tracks)]
	sounds = [word for other in others for word in ("-itsoffset", str(late), "-i", str(other))]
	maps = [word for number in range(tracks) for word in ("-map", f"{number}:a")]
	pictures = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=5:d=9", "-map", f"{tracks}:v", "-c:v")
	of_pictures, of_sound, *options = codecs
	subprocess.run(
		[
			*("ffmpeg", "-nostdin", "-v", "error", *sounds, *pictures, of_pictures),
			*(*maps, "-c:a", of_sound, *options, str(path)),
		],
		check=True,
	)
	result = prepared(path, tmp_path / "work").file("prepare.json")
	assert (result["kind"], result["playback"]) == ("Video", copy)
	assert pictures_of(tmp_path / "work" / copy) == pytest.approx(pictures_of(path), abs=0.03)


def pictures_of(path):
	"""Seconds between its pictures and the beginning of the file"""
	told = subprocess.run(
		[
			*("ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "json"),
			*("-show_entries", "packet=pts_time:format=start_time", str(path)),
		],
		capture_output=True,
		text=True,
		check=True,
	)
	found = json.loads(told.stdout)
	begin = float(found["format"]["start_time"])
	return sorted(float(packet["pts_time"]) - begin for packet in found["packets"])


def test_cover_art_is_no_video(tmp_path):
	cover = converted(
		spoken_call().mono, "cover.png", "-frames:v", "1", before=("-f", "lavfi", "-i", "color=s=64x64")
	)
	path = converted(
		spoken_call().mono,
		"covered.mp3",
		"-map",
		"0:v",
		"-map",
		"1:a",
		"-c:v",
		"copy",
		"-disposition:v",
		"attached_pic",
		before=("-i", str(cover)),
	)
	assert prepared(path, tmp_path).file("prepare.json")["kind"] == "Audio"


def test_the_date_comes_from_the_file(tmp_path):
	path = converted(spoken_call().mono, "dated.m4a", "-metadata", "creation_time=2024-03-05T10:11:12Z")
	assert prepared(path, tmp_path).file("prepare.json")["created"] == "2024-03-05T10:11:12+00:00"


def test_a_day_is_no_midnight(tmp_path):
	path = converted(spoken_call().mono, "day.mp3", "-metadata", "date=2024-03-05")
	assert prepared(path, tmp_path).file("prepare.json")["created"] == "2024-03-05"


def test_a_moment_says_more_than_a_day(tmp_path):
	tags = ("-metadata", "creation_time=2024-03-05T10:11:12Z", "-metadata", "date=2020-01-01")
	path = converted(spoken_call().mono, "both.m4a", *tags)
	assert prepared(path, tmp_path).file("prepare.json")["created"] == "2024-03-05T10:11:12+00:00"


@pytest.mark.parametrize(
	"date",
	["1904-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2024", "yesterday", "2020-01-01T00:00:00+00:00:30"],
)
def test_dates_that_cannot_be_are_left_out(tmp_path, date):
	path = converted(spoken_call().mono, f"dated-{date[:4]}.mp3", "-metadata", f"date={date}")
	assert prepared(path, tmp_path).file("prepare.json")["created"] is None


def test_stereo_with_a_speaker_each(tmp_path):
	for kind in ("stereo", "leaking"):
		result = prepared(getattr(spoken_call(), kind), tmp_path).file("prepare.json")
		assert (result["dual_channel"], result["speech"]) == (True, ["speech.0.wav", "speech.1.wav"])


def test_stereo_with_a_speaker_each_survives_a_lossy_codec(tmp_path):
	path = converted(spoken_call().leaking, "joint.mp3", "-b:a", "32k", "-ar", "22050")
	assert prepared(path, tmp_path).file("prepare.json")["dual_channel"] is True


def test_mono_twice_is_one_channel(tmp_path):
	for path in (spoken_call().mono_twice, converted(spoken_call().mono_twice, "twice.mp3", "-b:a", "48k")):
		run = prepared(path, tmp_path)
		assert run.file("prepare.json")["speech"] == ["speech.0.wav"]
		assert "channels_identical" in run.warnings
		assert not (tmp_path / "speech.1.wav").exists()


def test_a_room_in_stereo_is_one_channel(tmp_path):
	"""Two microphones hear the same people, with slightly different loudness."""
	left = noise(20, 0.05, seed=1)
	right = mixed(scaled(left, 0.7), noise(20, 0.03, seed=2))
	result = prepared(write_wav(tmp_path / "room.wav", left, right), tmp_path / "w").file("prepare.json")
	assert (result["dual_channel"], result["speech"]) == (False, ["speech.0.wav"])


@pytest.mark.parametrize("silent", [0, 1])
def test_a_channel_with_nobody_on_it(tmp_path, silent):
	channels = [noise(10), noise(10)]
	channels[silent] = silence(10)
	run = prepared(write_wav(tmp_path / "a.wav", *channels), tmp_path / "w")
	assert run.warnings["single_channel_silent"] == {"channel": silent}
	with wave.open(str(tmp_path / "w" / "speech.0.wav")) as speech:
		assert any(speech.readframes(16000))


def test_low_sample_rate_is_said(tmp_path):
	path = converted(spoken_call().mono, "low.wav", "-ar", "6000")
	assert prepared(path, tmp_path).warnings["low_sample_rate"] == {"rate": 6000}


def test_peaks_follow_the_loudness(tmp_path):
	path = write_wav(tmp_path / "a.wav", silence(2) + noise(2, 0.1) + silence(1.05))
	peaks = prepared(path, tmp_path / "w").file("prepare.json")["peaks"]
	values = base64.b64decode(peaks["data"])
	assert (peaks["per_second"], peaks["count"], len(values)) == (10, 51, 51)
	assert max(values[:20]) == 0 and min(values[20:40]) > 20 and max(values[41:]) == 0


def test_holes_in_the_timestamps_become_silence(tmp_path):
	"""A player counts them, so the transcript must too."""
	one = converted(spoken_call().mono, "one.webm", "-c:a", "libopus", "-t", "5")
	path = converted(one, "hole.webm", "-c", "copy", "-bsf:a", "setts=ts='if(gt(PTS,2000),PTS+10000,PTS)'")
	assert prepared(path, tmp_path).file("prepare.json")["duration"] == pytest.approx(15, abs=0.3)
