"""File names as written by telephone systems, phones and meeting programs."""

from datetime import date, datetime, timedelta, timezone

import pytest

from call_intelligence.ingest.file_names import read_file_name

TODAY = date(2026, 11, 28)
DAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 10, 15, 0)
IN_UTC = MOMENT.replace(tzinfo=timezone.utc)


def facts(name):
	return read_file_name(name, TODAY)


@pytest.mark.parametrize(
	"name",
	[
		"2026-11-20 10.15.00.m4a",
		"2026-11-20 10-15-00.wav",
		"2026-11-20_10-15-00.mp3",
		"2026-11-20-10-15-00.amr",
		"2026-11-20T10:15:00.ogg",
		"2026.11.20 10.15.00.3gp",
		"2026_11_20_10_15_00.wav",
		"20261120-101500.wav",
		"20261120_101500.m4a",
		"20261120 101500.m4a",
		"20261120T101500.wav",
		"20261120101500.wav",
		"20261120-1015.wav",
		"2026-11-20 10.15.mp3",
		"2026-11-20 1015.mp3",
		"Call recording Anna_2026-11-20-10-15-00.m4a",
		"Call recording Anna Nowak_261120_101500.m4a",
		"Call@Anna(00486012223330)_20261120101500.amr",
		"601222333_20261120101500.3gp",
		"Recording_20261120_101500_Anna.m4a",
		"WhatsApp Audio 2026-11-20 at 10.15.00.opus",
		"WhatsApp Audio 2026-11-20 at 10.15.00 AM.opus",
		"WhatsApp Audio 2026-11-20 at 10.15.00\u202fAM.opus",
		"Meeting-20261120_101500-Meeting Recording.mp4",
		"Weekly Sync-20261120 101500-Meeting Recording.mp4",
		"2026-11-20 10-15-00.mkv",
		"Zoom Meeting 2026-11-20 10.15.00 Anna Nowak's Zoom Meeting",
		"20-11-2026 10.15.00.mp3",
		"20.11.2026_10-15-00.mp3",
		"11-20-2026 10.15.00.mp3",
		"20 Nov 2026 10.15.00.mp3",
		"Nov 20, 2026 10.15.00.mp3",
		"November 20 2026 at 10.15.mp3",
		"out-601222333-100-20261120-101500.wav",
		"exten-100-48601222333-20261120-101500.WAV",
		"rg-600-601222333-20261120-101500.wav",
		"call 2026-11-20 10.15.00 - 2026-11-20 10.45.00.wav",
		"2026-11-20 10.15.00.123456.wav",
	],
)
def test_moments(name):
	assert (facts(name).moment, facts(name).day) == (MOMENT, None)


@pytest.mark.parametrize(
	("name", "moment"),
	[
		("GMT20261120-101500_Recording.m4a", IN_UTC),
		("GMT20261120-101500_Recording_1920x1080.mp4", IN_UTC),
		("GMT20261120-101500.cutfile.20261121093000_Recording.m4a", IN_UTC),
		("2026-11-20T10:15:00Z.wav", IN_UTC),
		("2026-11-20T10_15_00+0100.wav", MOMENT.replace(tzinfo=timezone(timedelta(hours=1)))),
		("1795169700.1234.wav", datetime.fromtimestamp(1795169700, timezone.utc)),
		(
			"q-600-601222333-20261120-101500-1795169700.1234.wav",
			datetime.fromtimestamp(1795169700, timezone.utc),
		),
		("1795169700123.m4a", datetime.fromtimestamp(1795169700, timezone.utc)),
		("WhatsApp Audio 2026-11-20 at 10.15.00 PM.opus", MOMENT.replace(hour=22)),
		("2026-11-20 12.15 am.mp3", MOMENT.replace(hour=0)),
	],
)
def test_moments_of_a_zone_and_halves_of_a_day(name, moment):
	assert facts(name).moment == moment
	assert bool(facts(name).moment.tzinfo) is bool(moment.tzinfo)


@pytest.mark.parametrize(
	"name",
	[
		"2026-11-20.mp3",
		"20261120.mp3",
		"Anna Nowak 2026-11-20.mp3",
		"2026_11_20 Anna.mp3",
		"AUD-20261120-WA0003.opus",
		"PTT-20261120-WA0001.opus",
		"20.11.2026.mp3",
		"20-11-2026 Anna.mp3",
		"call 11-20-2026.mp3",
		"20 November 2026.mp3",
		"Nov 20 2026.mp3",
		"2026-11-20 kickoff 2.mp3",
		"2026-11-20 99.99.99.mp3",
	],
)
def test_days(name):
	assert (facts(name).moment, facts(name).day) == (None, DAY)


@pytest.mark.parametrize(
	"name",
	[
		"",
		"call.mp3",
		"1637",
		"1637.wav",
		"03-04-2026.mp3",
		"03.04.2026 10.15.00.mp3",
		"2026.mp3",
		"2026-13-20.mp3",
		"2026-02-30.mp3",
		"2027-01-05.mp3",
		"1970-01-01 00-00-00.mp3",
		"601222333.mp3",
		"+48601222333.mp3",
		"48601222333.mp3",
		"1795169700.wav",
		"202611201015.wav",
		"101112_101500.m4a",
		"export 2026-11-25 of 2026-11-20.mp3",
		"a1b2c3d4-e5f6-7890-abcd-ef1234567890.mp3",
		"550e8400-e29b-41d4-a716-446655440000.wav",
		"v1.2.3.mp3",
		"x" * 5000,
		"2" * 5000,
		"20" * 3000 + ".mp3",
	],
)
def test_what_is_no_date_or_has_two_readings(name):
	assert (facts(name).moment, facts(name).day) == (None, None)


@pytest.mark.parametrize(
	("name", "numbers"),
	[
		("out-601222333-100-20261120-101500-1795169700.1234.wav", ("601222333",)),
		("+48601222333_20261120101500.3gp", ("+48601222333",)),
		("Call recording +48 601 222 333_261120_101500.m4a", ("+48 601 222 333",)),
		("0048601222333.amr", ("0048601222333",)),
		("(206) 555-0142 2026-11-20.mp3", ("(206) 555-0142",)),
		("206-555-0142.mp3", ("206-555-0142",)),
		("601 222 333 20-11-2026.mp3", ("601 222 333",)),
		("48601222333 48225557193.wav", ("48601222333", "48225557193")),
		("+48601222333 (1).mp3", ("+48601222333",)),
		("+48 601 222 333 (12).mp3", ("+48 601 222 333",)),
		("+1 (206) 555-0142(2).mp3", ("+1 (206) 555-0142",)),
		("+48601222333 2.mp3", ("+48601222333",)),
		("+48601222333 1637.mp3", ("+48601222333",)),
		("0048601222333-101.mp3", ("0048601222333",)),
		("+48601222333 601222334.mp3", ("+48601222333", "601222334")),
		("+48601222333 (2026-11-20) (1).mp3", ("+48601222333",)),
		("1637.wav", ()),
		("GMT20261120-101500_Recording.m4a", ()),
		("a1b2c3d4e5f67890.mp3", ()),
		("20261120101500.wav", ()),
	],
)
def test_numbers(name, numbers):
	assert facts(name).numbers == numbers


@pytest.mark.parametrize(
	("name", "first"),
	[
		("Call recording Anna_2026-11-20-10-15-00.m4a", "Anna"),
		("Call recording Anna Nowak_261120_101500.m4a", "Anna Nowak"),
		("2026-11-20 Anna Nowak.mp3", "Anna Nowak"),
		("anna_nowak_20261120.mp3", "anna nowak"),
		("AnnaNowak-20261120.mp3", "Anna Nowak"),
		("Zażółć Gęślą 2026-11-20.mp3", "Zażółć Gęślą"),
		("Anna Nowak-Kowalska.mp3", "Anna Nowak-Kowalska"),
		("Call with Sean O'Neil (Northwind) 2.mp3", "Sean O'Neil"),
	],
)
def test_names(name, first):
	assert facts(name).names[0] == first


def test_names_in_the_other_order():
	assert facts("Nowak Anna 20261120.mp3").names == ("Nowak Anna", "Anna Nowak", "Nowak", "Anna")


@pytest.mark.parametrize(
	"name", ["recording.mp3", "GMT20261120-101500_Recording.m4a", "Voice memo 12.m4a", "1637", "REC_0001.wav"]
)
def test_no_names(name):
	assert facts(name).names == ()


def test_addresses():
	assert facts("anna.nowak@x.example_2026-11-20.mp3").emails == ("anna.nowak@x.example",)


@pytest.mark.parametrize(
	"name",
	[
		"20261120-101500-2001.wav",  # an extension of the telephone system
		"20261120-101500-1001.wav",
		"Meeting 2026-11-20 10.15.00-11.00.mp3",  # when it ended
		"2026-11-20 1015-1100.mp3",
	],
)
def test_what_follows_the_time_is_no_zone(name):
	moment = read_file_name(name, date(2026, 11, 28)).moment
	assert moment is None or (moment.tzinfo is None and (moment.hour, moment.minute) == (10, 15))
