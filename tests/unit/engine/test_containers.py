"""Accepted files, by their first bytes."""

import random

import pytest

from call_intelligence.engine import containers
from tests.speech import converted, noise, spoken_call, write_wav

MADE_BY_FFMPEG = [
	("a.wav", ()),
	("a.mp3", ()),
	("a.m4a", ()),
	("a.ogg", ()),
	("a.opus", ()),
	("a.webm", ("-c:a", "libopus")),
	("a.flac", ()),
	("a.wma", ()),
	("a.aac", ()),
	("a.gsm", ("-c:a", "libgsm", "-ar", "8000")),
	("a.mp2", ()),
	("a.spx", ("-c:a", "libspeex", "-ar", "16000")),
	("a.weba", ("-c:a", "libopus", "-f", "webm")),
	("a.3gpp", ("-c:a", "aac", "-f", "3gp")),
	("a.qt", ("-c:a", "aac", "-f", "mov")),
	("a.w64", ()),
	("a.aiff", ()),
	("a.aifc", ("-c:a", "pcm_mulaw", "-f", "aiff")),
	("a.caf", ()),
	("a.au", ()),
	("a.avi", ()),
	("a.ts", ("-c:a", "aac")),
	("a.m2ts", ("-c:a", "aac")),
	("a.ac3", ("-ar", "48000")),
	("b.ac3", ("-ar", "44100", "-b:a", "96k")),
	("c.ac3", ("-ar", "32000")),
]


@pytest.mark.parametrize(("name", "arguments"), MADE_BY_FFMPEG)
def test_real_files_are_known_whatever_their_name_is(name, arguments):
	path = converted(spoken_call().mono, name, *arguments)
	found = containers.sniff(path.read_bytes()[: containers.HEAD_BYTES])
	assert found is not None
	assert path.suffix[1:] in found.extensions


def test_mp3_without_a_tag_and_with_junk_before_it_is_known():
	data = converted(spoken_call().mono, "bare.mp3", "-write_xing", "0", "-id3v2_version", "0").read_bytes()
	assert containers.sniff(data[:4096]) is containers.MP3
	assert containers.sniff(b"\0" * 300 + data[:8000]) is containers.MP3


@pytest.mark.parametrize("magic", [b"#!AMR\n", b"#!AMR-WB\n"])
def test_amr(magic):
	assert containers.sniff(magic + b"\x3c" + bytes(31)) is containers.AMR


@pytest.mark.parametrize(
	"head",
	[
		b"",
		b"R",
		b"hello, this is no sound at all " * 100,
		b"RIFF\0\0\0\0CDXA",
		b"FORM\0\0\0\0ILBM" + bytes(100),
		b".snd",
		b"caff\0\2" + bytes(100),
		(b"G" + bytes(187)) * 3,
		b"\x0b\x77" + bytes(200),
		b"%PDF-1.7\n" + bytes(2000),
		b"PK\x03\x04" + bytes(2000),
		b"\x7fELF" + bytes(2000),
		b"\xff" * 5000,
		b"\xd0" * 20,
		bytes(8192),
	],
)
def test_other_things_are_not_media(head):
	assert containers.sniff(head) is None


def test_random_bytes_are_not_media():
	rng = random.Random(7)
	assert [containers.sniff(rng.randbytes(8192)) for _ in range(50)] == [None] * 50


@pytest.mark.parametrize(
	"text",
	[
		b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
		b"\xef\xbb\xbf\r\n#EXTM3U\n",
		b"ffconcat version 1.0\nfile '/etc/passwd'\n",
		b"[playlist]\nFile1=http://127.0.0.1/\n",
		b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">',
		b"<smil><body/></smil>",
	],
)
def test_playlists_are_told(text):
	assert containers.looks_like_playlist(text)
	assert containers.sniff(text) is None


def test_a_recording_is_no_playlist(tmp_path):
	path = write_wav(tmp_path / "noise.wav", noise(0.2))
	assert not containers.looks_like_playlist(path.read_bytes())


def test_extensions_are_lower_case_and_unique():
	assert len(set(containers.EXTENSIONS)) == len(containers.EXTENSIONS)
	assert all(extension == extension.lower().lstrip(".") for extension in containers.EXTENSIONS)


@pytest.mark.parametrize(("name", "rate"), [("mulaw", 8000), ("alaw", 16000), ("g722", 16000)])
def test_raw_sound_is_never_guessed(name, rate):
	path = converted(spoken_call().mono, f"a.{name}", "-f", name, "-ar", str(rate))
	assert containers.sniff(path.read_bytes()[: containers.HEAD_BYTES]) is None


def test_raw_sound_is_told_by_what_was_stated():
	found = containers.raw("mulaw", 8000)
	assert (found.demuxer, found.options, found.extensions) == (
		"mulaw",
		(("sample_rate", "8000"),),
		("mulaw8000",),
	)
	assert containers.raw_named(".mulaw8000") == found


@pytest.mark.parametrize(
	("name", "rate"), [("mulaw", 7), ("mulaw", None), ("g722", 8000), ("concat", 8000), (None, None)]
)
def test_raw_sound_of_other_kinds_is_not_let_in(name, rate):
	assert containers.raw(name, rate) is None


@pytest.mark.parametrize(
	"extension", ["", ".mulaw", ".mulaw1", ".g7228000", ".concat8000", ".MULAW8000", ".mulaw٨٠٠٠"]
)
def test_other_names_say_nothing(extension):
	assert containers.raw_named(extension) is None
