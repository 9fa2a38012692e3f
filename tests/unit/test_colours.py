"""The speakers' colours are distinguishable, also with colour blindness, and readable as text, in both themes."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "call_intelligence" / "public" / "css"
SPEAKERS = 8
# backgrounds of names: Desk's card, and the app's own fills on it
SURFACES = {"light": ("#ffffff", "#f3f4f5"), "dark": ("#1c2126", "#282d32")}
READABLE = 4.5  # WCAG AA
# CIEDE2000: 1 is just noticed side by side, 10 is plainly another colour
DIFFERENT = 10

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB
EYES = {
	"any": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
	"protanopia": (
		(0.152286, 1.052583, -0.204868),
		(0.114503, 0.786281, 0.099216),
		(-0.003882, -0.048116, 1.051998),
	),
	"deuteranopia": (
		(0.367322, 0.860646, -0.227968),
		(0.280085, 0.672501, 0.047413),
		(-0.011820, 0.042940, 0.968881),
	),
	"tritanopia": (
		(1.255528, -0.076749, -0.178779),
		(-0.078411, 0.930809, 0.147602),
		(0.004733, 0.691367, 0.303900),
	),
}
TO_XYZ = (
	(0.4124564, 0.3575761, 0.1804375),
	(0.2126729, 0.7151522, 0.0721750),
	(0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)


def palette(theme):
	"""-> the theme's speaker colours, in order"""
	text = (STYLES / "shared" / "speakers.scss").read_text()
	colours = text.split(f"@mixin speakers-on-{theme} {{", 1)[1].split("}", 1)[0]
	found = re.findall(r"--ci-speaker-(\d): (#[0-9a-f]{6});", colours)
	assert [int(number) for number, _ in found] == list(range(SPEAKERS))
	return [colour for _, colour in found]


def linear(colour):
	channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
	return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def times(matrix, vector):
	return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(colour, eyes):
	"""-> CIELAB of a colour as seen with this vision"""
	rgb = [min(1, max(0, channel)) for channel in times(EYES[eyes], linear(colour))]
	x, y, z = (
		value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
		for value in (a / b for a, b in zip(times(TO_XYZ, rgb), WHITE, strict=True))
	)
	return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(first, second):
	"""CIEDE2000 of two CIELAB colours"""
	(l1, a1, b1), (l2, a2, b2) = first, second
	c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
	g = 0.5 * (1 - math.sqrt(c**7 / (c**7 + 25**7)))
	a1, a2 = a1 * (1 + g), a2 * (1 + g)
	c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
	h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
	grey = c1 * c2 == 0
	turn = 0 if grey else (h2 - h1 + 180) % 360 - 180
	hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
	light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
	mean = h1 + h2 if grey else (h1 + turn / 2) % 360
	t = (
		1
		- 0.17 * math.cos(math.radians(mean - 30))
		+ 0.24 * math.cos(math.radians(2 * mean))
		+ 0.32 * math.cos(math.radians(3 * mean + 6))
		- 0.20 * math.cos(math.radians(4 * mean - 63))
	)
	sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
	sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
	rotation = (
		-math.sin(math.radians(60 * math.exp(-(((mean - 275) / 25) ** 2))))
		* 2
		* math.sqrt(chroma**7 / (chroma**7 + 25**7))
	)
	dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, hue / sh
	return math.sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


def contrast(one, other):
	bright, dim = sorted((sum(times((TO_XYZ[1],), linear(colour))) for colour in (one, other)), reverse=True)
	return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", SURFACES)
@pytest.mark.parametrize("eyes", EYES)
def test_any_two_speakers_differ(theme, eyes):
	alike = [
		(one, other, round(apart, 1))
		for one, other in combinations(palette(theme), 2)
		if (apart := difference(seen(one, eyes), seen(other, eyes))) < DIFFERENT
	]
	assert alike == []


@pytest.mark.parametrize("theme", SURFACES)
def test_a_name_in_its_colour_is_readable(theme):
	faint = [
		(colour, surface, round(ratio, 2))
		for colour in palette(theme)
		for surface in SURFACES[theme]
		if (ratio := contrast(colour, surface)) < READABLE
	]
	assert faint == []


@pytest.mark.parametrize(
	("one", "other", "expected"),
	[
		# from the test data that Sharma, Wu and Dalal published with the formula
		((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
		((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
		((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
		((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
	],
)
def test_the_formula_agrees_with_its_authors(one, other, expected):
	assert difference(one, other) == pytest.approx(expected, abs=1e-4)


def test_red_and_green_are_alike_to_those_who_cannot_tell_them_apart():
	red, green = "#b4500b", "#66660a"
	assert difference(seen(red, "any"), seen(green, "any")) > DIFFERENT
	assert difference(seen(red, "protanopia"), seen(green, "protanopia")) < 3


@pytest.mark.parametrize(
	("bundle", "page", "dark"),
	[
		("call_intelligence", "shared/Colours", '[data-theme="dark"]'),
		# the lean page of a clip, without Desk
		("clip_player", "clip/Page", "@media (prefers-color-scheme: dark)"),
	],
)
def test_both_pages_have_these_colours(bundle, page, dark):
	imports = re.findall(r'@import "\./(.*?)";', (STYLES / f"{bundle}.bundle.scss").read_text())
	assert {"shared/speakers", page} <= set(imports)
	others = [file for file in STYLES.rglob("*.scss") if re.search(r"--ci-speaker-\d:", file.read_text())]
	assert others == [STYLES / "shared" / "speakers.scss"]
	light_rules, dark_rules = (STYLES / f"{page}.scss").read_text().split(dark)
	assert ":root {" in light_rules and "@include speakers-on-light;" in light_rules
	assert "@include speakers-on-dark;" in dark_rules
