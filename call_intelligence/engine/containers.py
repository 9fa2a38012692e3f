"""The accepted media containers, detected by their first bytes and never by the file's name. Standard library only, since the web process
also uses it before a file reaches a decoder.

Raw sound, as some telephone systems write it, can't be detected. It is only accepted with a stated format, which is stored in the name of
our copy.
"""

import re
from dataclasses import dataclass

HEAD_BYTES = 8192  # bytes that sniff() needs of a file


@dataclass(frozen=True, slots=True)
class Container:
	name: str
	label: str  # for users
	demuxer: str  # FFmpeg's name for it; no other demuxer is tried
	extensions: tuple[str, ...]  # lower case, without the dot; the first is the usual one
	options: tuple[tuple[str, str], ...] = ()  # of the demuxer


WAV = Container("wav", "WAV", "wav", ("wav", "wave"))
MP3 = Container("mp3", "MP3", "mp3", ("mp3", "mp2", "mpga"))
MP4 = Container(
	"mp4",
	"MP4 / M4A",
	"mov,mp4,m4a,3gp,3g2,mj2",
	("m4a", "mp4", "m4b", "m4v", "mov", "qt", "3gp", "3gpp", "3ga"),
)
OGG = Container("ogg", "Ogg", "ogg", ("ogg", "oga", "opus", "spx"))
WEBM = Container("webm", "WebM", "matroska,webm", ("webm", "weba"))
MATROSKA = Container("matroska", "Matroska", "matroska,webm", ("mkv", "mka"))
FLAC = Container("flac", "FLAC", "flac", ("flac",))
ASF = Container("asf", "Windows Media", "asf", ("wma", "wmv", "asf"))
AAC = Container("aac", "AAC", "aac", ("aac",))
AMR = Container("amr", "AMR", "amr", ("amr", "awb"))
GSM = Container("gsm", "GSM", "gsm", ("gsm",))
W64 = Container("w64", "Wave64", "w64", ("w64",))
AIFF = Container("aiff", "AIFF", "aiff", ("aiff", "aif", "aifc"))
CAF = Container("caf", "Core Audio", "caf", ("caf",))
AU = Container("au", "AU", "au", ("au", "snd"))
AVI = Container("avi", "AVI", "avi", ("avi",))
MPEGTS = Container("mpegts", "MPEG transport stream", "mpegts", ("ts", "mts", "m2ts"))
AC3 = Container("ac3", "AC-3", "ac3", ("ac3",))

CONTAINERS = (
	WAV, MP3, MP4, OGG, WEBM, MATROSKA, FLAC, ASF, AAC, AMR, GSM, W64, AIFF, CAF, AU, AVI, MPEGTS, AC3,
)  # fmt: skip
EXTENSIONS = tuple(extension for container in CONTAINERS for extension in container.extensions)

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_W64_WAVE = bytes.fromhex("77617665f3acd3118cd100c04f8edb8a")
# Formats of raw sound and their possible rates in Hz; one channel
RAW_RATES = {
	"mulaw": (8000, 11025, 16000, 22050, 32000, 44100, 48000),
	"alaw": (8000, 11025, 16000, 22050, 32000, 44100, 48000),
	"g722": (16000,),
}
# file extensions of raw sound
RAW_EXTENSIONS = (
	"",
	"raw",
	"ul",
	"ulaw",
	"ulw",
	"mulaw",
	"mu",
	"pcmu",
	"al",
	"alaw",
	"pcma",
	"g711",
	"g711u",
	"g711a",
	"g722",
)
_PRINTABLE = bytes([*range(32, 127), 9, 10, 13])
_RAW_NAME = re.compile(r"(mulaw|alaw|g722)(\d{4,5})", re.ASCII)
_AC3_BITRATES = (
	32,
	40,
	48,
	56,
	64,
	80,
	96,
	112,
	128,
	160,
	192,
	224,
	256,
	320,
	384,
	448,
	512,
	576,
	640,
)  # kbit/s
_BITRATES = {  # kbit/s by (MPEG 1?, layer), ISO/IEC 11172-3 and 13818-3
	(True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
	(True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
	(True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
	(False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
	(False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
	(False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def sniff(head: bytes) -> Container | None:
	"""Detect the container of a file.

	head: the first HEAD_BYTES of the file (fewer if it is shorter) -> None if it is not accepted
	"""
	if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
		return WAV
	if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
		return AVI
	if head[:16] == _W64_RIFF and head[24:40] == _W64_WAVE:
		return W64
	if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
		return AIFF
	if head[:6] == b"caff\0\1":
		return CAF
	if head[:4] == b".snd" and len(head) >= 24:
		return AU
	if head[4:8] == b"ftyp":
		return MP4
	if head[:4] == b"OggS":
		return OGG
	if head[:4] == b"\x1aE\xdf\xa3":
		return WEBM if b"webm" in head[:64] else MATROSKA
	if head[:4] == b"fLaC":
		return FLAC
	if head[:16] == _ASF_HEADER:
		return ASF
	if head[:6] == b"#!AMR\n" or head[:9] == b"#!AMR-WB\n":
		return AMR
	if head[:3] == b"ID3" and len(head) >= 10:
		return _after_id3(head)
	if _transport_packets(head):
		return MPEGTS
	if _ac3_frames(head) >= 3:
		return AC3
	if _adts_frames(head) >= 3:
		return AAC
	if _mpeg_audio(head):
		return MP3
	if _looks_like_gsm(head):
		return GSM
	return None


def raw(name: str, rate: int) -> Container | None:
	"""The Container for sound without a header in a stated format.

	name: of RAW_RATES; rate: Hz -> None if not possible
	"""
	if rate not in RAW_RATES.get(name, ()):
		return None
	options = () if name == "g722" else (("sample_rate", str(rate)),)
	return Container(
		name, {"mulaw": "µ-law", "alaw": "A-law"}.get(name, "G.722"), name, (f"{name}{rate}",), options
	)


def may_be_raw(head: bytes, extension: str) -> bool:
	"""Whether a file that `sniff` does not know may be raw sound, so that the user can be asked for its format

	extension: of the original file name, lower case, without the dot; "" for none
	"""
	return extension in RAW_EXTENSIONS and not looks_like_text(head)


def looks_like_text(head: bytes) -> bool:
	"""Whether all characters are printable, which never occurs in sound"""
	return not head.strip(_PRINTABLE)


def raw_named(extension: str) -> Container | None:
	"""Like `raw`, by the extension (".mulaw8000") of our copy"""
	found = _RAW_NAME.fullmatch(extension.removeprefix("."))
	return found and raw(found[1], int(found[2]))


def looks_like_playlist(head: bytes) -> bool:
	"""Whether the bytes are a list of other files or addresses (m3u8, pls, asx, xspf, smil, DASH, concat)"""
	text = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
	if text.startswith((b"#extm3u", b"#ext-x-", b"[playlist]", b"ffconcat", b"<asx", b"<smil")):
		return True
	return text.startswith(b"<?xml") and any(
		tag in text for tag in (b"<mpd", b"<playlist", b"<smil", b"<asx")
	)


def _after_id3(head: bytes) -> Container:
	size = 10 + ((head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127)
	rest = head[size:]
	if rest[:4] == b"fLaC":
		return FLAC
	if rest and _adts_frames(rest) >= 2:
		return AAC
	return MP3  # a tag with a picture is longer than the head: the demuxer checks the rest


def _mpeg_audio(head: bytes) -> bool:
	"""Whether a sequence of MPEG audio frames begins in the first kilobytes; some recorders write junk before it."""
	for start in range(min(len(head) - 4, 4096)):
		if head[start] == 0xFF and head[start + 1] & 0xE0 == 0xE0:
			enough = 2 if start == 0 else 4
			if _mpeg_frames(head, start, enough):
				return True
	return False


def _mpeg_frames(head: bytes, start: int, enough: int) -> bool:
	for count in range(enough):
		if start + 4 > len(head):
			return count >= 1 and enough == 2  # a very short file
		length = mpeg_frame_length(head[start : start + 4])
		if not length:
			return False
		start += length
	return True


def mpeg_frame_length(header: bytes) -> int:
	"""-> bytes of the MPEG audio frame with this 4-byte header, or 0 for none"""
	if header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
		return 0
	version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
	bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
	if version == 1 or layer == 4 or rate == 3 or bitrate in (0, 15):
		return 0
	hertz = (44100, 48000, 32000)[rate] >> {3: 0, 2: 1, 0: 2}[version]
	bits = _BITRATES[version == 3, layer][bitrate - 1] * 1000
	if layer == 1:
		return (12 * bits // hertz + padding) * 4
	samples = 72 if layer == 3 and version != 3 else 144
	return samples * bits // hertz + padding


def _transport_packets(head: bytes) -> bool:
	"""Whether these are packets of an MPEG transport stream, of 188 bytes, or of 192 with a time before each (ISO 13818-1)"""
	for begin, length in ((0, 188), (4, 192)):
		count = min(20, (len(head) - begin) // length)
		if count >= 4 and all(head[begin + number * length] == 0x47 for number in range(count)):
			return True
	return False


def _ac3_frames(head: bytes) -> int:
	"""-> number of consecutive AC-3 frames from the first byte on, at most 3 (ETSI TS 102 366)"""
	start = count = 0
	while count < 3 and start + 6 <= len(head) and head[start : start + 2] == b"\x0b\x77":
		rate, code, version = head[start + 4] >> 6, head[start + 4] & 63, head[start + 5] >> 3
		if rate == 3 or code >= 2 * len(_AC3_BITRATES) or version > 10:
			return 0
		bits = _AC3_BITRATES[code >> 1]
		start += 2 * (2 * bits, 320 * bits // 147 + (code & 1), 3 * bits)[rate]
		count += 1
	return count


def _adts_frames(head: bytes) -> int:
	"""-> number of consecutive ADTS (raw AAC) frames from the first byte on, at most 3"""
	start = count = 0
	while count < 3 and start + 7 <= len(head):
		if head[start] != 0xFF or head[start + 1] & 0xF6 != 0xF0:
			return 0
		length = (head[start + 3] & 3) << 11 | head[start + 4] << 3 | head[start + 5] >> 5
		if length < 7:
			return 0
		start += length
		count += 1
	return count


def _looks_like_gsm(head: bytes) -> bool:
	"""GSM 06.10 has no magic: frames of 33 bytes, each beginning with the nibble 0xD."""
	frames = min(len(head) // 33, 200)
	if frames < 10 or not all(head[33 * i] >> 4 == 0xD for i in range(frames)):
		return False
	# silence in A-law consists of 0xD5
	return sum(byte >> 4 == 0xD for byte in head) < len(head) / 2
