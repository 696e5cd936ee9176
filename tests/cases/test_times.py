"""Times as programs and locales write them: what is proposed reads them as they were meant, or asks which way round."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.profiles import evidence
from diamondctl.readers import cells
from diamondctl.readers.date_formats import converter
from tests.cases import people

EPOCH: Final = datetime(1970, 1, 1)
NARROW: Final = "\u202f"
HARD: Final = "\u00a0"
EN: Final = calendar.month_abbr


def twelve(at: datetime) -> int:
    """The hour on a clock of twelve."""
    return at.hour % 12 or 12


def half(at: datetime, am: str, pm: str) -> str:
    """Before or after noon."""
    return am if at.hour < 12 else pm


# fmt: off
DE: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)
FR: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)
ES: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)
PT: Final = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)
ID: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)
# fmt: on
# How a program writes a time without a zone.
WRITERS: Final[dict[str, Callable[[datetime], str]]] = {
    "en-US, Node 20": lambda at: f"{at.month}/{at.day}/{at.year}, {twelve(at)}:{at:%M:%S}{NARROW}{half(at, 'AM', 'PM')}",
    "en-US": lambda at: f"{at.month}/{at.day}/{at.year}, {twelve(at)}:{at:%M:%S} {half(at, 'AM', 'PM')}",
    "en-US, short": lambda at: f"{at.month}/{at.day}/{at:%y}, {twelve(at)}:{at:%M}{NARROW}{half(at, 'AM', 'PM')}",
    "en-US, long": lambda at: (
        f"{calendar.month_name[at.month]} {at.day}, {at.year} at {twelve(at)}:{at:%M:%S} {half(at, 'AM', 'PM')}"
    ),
    "en-GB": lambda at: f"{at:%d/%m/%Y, %H:%M:%S}",
    "en-GB, short": lambda at: f"{at:%d/%m/%y %H:%M}",
    "en-AU": lambda at: f"{at:%d/%m/%Y}, {twelve(at)}:{at:%M:%S}{HARD}{half(at, 'am', 'pm')}",
    "de": lambda at: f"{at.day}.{at.month}.{at.year}, {at:%H:%M:%S}",
    "de, short": lambda at: f"{at:%d.%m.%y, %H:%M}",
    "de, long": lambda at: f"{at.day}. {DE[at.month - 1]} {at.year} um {at:%H:%M:%S}",
    "fr": lambda at: f"{at:%d/%m/%Y %H:%M:%S}",
    "fr, long": lambda at: f"{at.day} {FR[at.month - 1]} {at.year} à {at:%H:%M}",
    "fr-CA": lambda at: f"{at:%Y-%m-%d} {at:%H} h {at:%M}".replace(" h ", "h"),
    "es": lambda at: f"{at.day}/{at.month}/{at.year}, {at.hour}:{at:%M:%S}",
    "es-MX": lambda at: f"{at.day}/{at.month}/{at.year}, {twelve(at)}:{at:%M:%S}{HARD}{half(at, 'a.m.', 'p.m.')}",
    "es, spaced": lambda at: f"{at.day}/{at.month}/{at.year} {twelve(at)}:{at:%M:%S} {half(at, 'a. m.', 'p. m.')}",
    "es, long": lambda at: f"{at.day} de {ES[at.month - 1]} de {at.year}, {at.hour}:{at:%M}",
    "pt-BR": lambda at: f"{at:%d/%m/%Y, %H:%M:%S}",
    "pt-BR, long": lambda at: f"{at.day} de {PT[at.month - 1]} de {at.year} {at:%H:%M:%S}",
    "vi": lambda at: f"{at:%H:%M:%S} {at.day}/{at.month}/{at.year}",
    "id": lambda at: f"{at.day}/{at.month}/{at.year}, {at:%H.%M.%S}",
    "id, long": lambda at: f"{at.day} {ID[at.month - 1]} {at.year} {at:%H.%M}",
    "th": lambda at: f"{at.day}/{at.month}/{at.year + 543} {at:%H:%M:%S}",
    "ko": lambda at: f"{at.year}. {at.month}. {at.day}. {half(at, '오전', '오후')} {twelve(at)}:{at:%M:%S}",
    "ja": lambda at: f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}",
    "ja, long": lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}",
    "zh-TW": lambda at: f"{at.year}/{at.month}/{at.day} {half(at, '上午', '下午')}{twelve(at)}:{at:%M:%S}",
    "ctime": lambda at: f"{calendar.day_abbr[at.weekday()]} {EN[at.month]} {at.day:2} {at:%H:%M:%S} {at.year}",
    "Oracle": lambda at: f"{at.day:02}-{EN[at.month].upper()}-{at.year} {at:%H:%M:%S}",
    "compact": lambda at: f"{at:%Y%m%d%H%M%S}",
    "compact with a stroke": lambda at: f"{at:%Y%m%d_%H:%M:%S}",
    "a fraction now and then": lambda at: f"{at:%Y/%m/%d %H:%M:%S}" + (f".{at.microsecond:06}" if at.microsecond else ""),
}
# And with one.
ZONED: Final[dict[str, Callable[[datetime], str]]] = {
    "JavaScript's Date": lambda at: (
        f"{calendar.day_abbr[at.weekday()]} {EN[at.month]} {at:%d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)"
    ),
    "toUTCString": lambda at: f"{calendar.day_abbr[at.weekday()]}, {at:%d} {EN[at.month]} {at:%Y %H:%M:%S} GMT",
    "RFC 2822": lambda at: f"{calendar.day_abbr[at.weekday()]}, {at.day} {EN[at.month]} {at:%Y %H:%M:%S} +0000",
    "Go": lambda at: f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond:06} +0000 UTC",
    "Postgres": lambda at: f"{at:%Y-%m-%d %H:%M:%S}+00",
    "ISO, basic offset": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+0000",
    "epoch with a fraction": lambda at: f"{(at - EPOCH) // timedelta(seconds=1)}.{at.microsecond:06}",
    "epoch in microseconds": lambda at: str((at - EPOCH) // timedelta(microseconds=1)),
}
moments = st.datetimes(datetime(2017, 1, 1), datetime(2031, 12, 31)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1_000 * 1_000)
)


def read(form: str, text: str) -> datetime | None:
    """What a text of a form means."""
    written = converter(form)(text) if form else text
    if written is None:
        return None
    return EPOCH + timedelta(microseconds=cells.timestamp(written, "UTC")[0])


def as_written(name: str, at: datetime) -> datetime:
    """What is left of a time, as it is written."""
    text = {**WRITERS, **ZONED}[name](at)
    fraction = f".{at.microsecond:06}" in text or name in ("epoch in microseconds",)
    seconds = not any(mark in name for mark in ("short", "fr, long", "fr-CA", "es, long", "id, long"))
    return at.replace(microsecond=at.microsecond if fraction else 0, second=at.second if seconds else 0)


@pytest.mark.parametrize("name", [*WRITERS, *ZONED])
@given(st.lists(moments, min_size=1, max_size=6))
@settings(max_examples=25)
def test_one_of_the_forms_that_are_proposed_is_the_one_that_is_meant(name: str, times: list[datetime]) -> None:
    texts = [{**WRITERS, **ZONED}[name](at) for at in times]
    meant = [as_written(name, at) for at in times]
    found = evidence.dates(texts)
    assert meant in [[read(form, text) for text in texts] for form in found.forms], (texts, found.forms)
    assert found.names_zone == (name in ZONED)
    if len(found.forms) == 1:
        assert [read(found.forms[0], text) for text in texts] == meant


@pytest.mark.parametrize("name", [*WRITERS, *ZONED])
def test_a_day_that_is_no_month_decides(name: str) -> None:
    """Sniff and read, from file to ledger: the 3rd and the 13th of October."""
    times = (datetime(2026, 10, 3, 20, 15, 5), datetime(2026, 10, 13, 9, 5, 10), datetime(2026, 10, 23, 0, 30, 0))
    texts = [{**WRITERS, **ZONED}[name](at) for at in times]
    table = "time;user;gift;coins;count\n" + "".join(f"{text};fan;Rose;1;5\n" for text in texts)
    told = people.sniffed(table, period="2026-10")
    assert (told.code, told.gifts, told.coins) == (0, 3, 15)
    assert ("years of two digits are read as 20YY" in told.said) == ("short" in name)


@pytest.mark.parametrize("mark", [" ", HARD, NARROW, "\u2009", "\t"])
def test_every_white_space_is_alike(mark: str) -> None:
    assert converter("M/D/YYYY, h:mm:ss A")(f"10/3/2026,{mark}8:15:00{mark}PM") == "2026-10-03T20:15:00"
    assert converter(f"M/D/YYYY,{mark}h:mm:ss{mark}A")("10/3/2026, 8:15:00 PM") == "2026-10-03T20:15:00"
    assert cells.timestamp(f"2026-10-03{mark}20:15:00Z{mark}", "UTC") == (1_791_058_500_000_000, True)


@pytest.mark.parametrize("zone", ["+00", "+0000", "+00:00", " +00:00", "Z", " UTC", "-07", "+0530", "+05:30"])
def test_offsets_of_every_length_are_offsets_in_the_plain_format(zone: str) -> None:
    hours = {"-07": 7, "+0530": -5.5, "+05:30": -5.5}.get(zone, 0)
    expected = datetime(2026, 10, 11, 18, 0, 5, tzinfo=UTC) + timedelta(hours=hours)
    instant, names_zone = cells.timestamp(f"2026-10-11 18:00:05{zone}", "UTC")
    assert (instant, names_zone) == (int(expected.timestamp()) * 1_000_000, True)
    assert people.read({"x.csv": f"timestamp,gift,coins\n2026-10-11 18:00:05{zone},Rose,1\n"}).coins == 1


@pytest.mark.parametrize(
    "text", ["2026-10-11 18:00:05+5", "2026-10-11 18:00:05+15", "2026-10-11 18:00:05 CEST", "2026-10-11  18:00:05+00:0"]
)
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(cells.CellError):
        cells.timestamp(text, "UTC")


def test_a_day_and_month_that_fit_either_way_are_asked_and_said_when_used() -> None:
    table = "time,gift,coins\n3/10/2026 20:15:00,Rose,1\n4/10/2026 09:05:10,Rose,1\n"
    code, proposal = people.sniff(table)
    assert code == 3
    told = people.read({"x.csv": table, "p.yaml": proposal})
    assert (told.code, told.said.count("P007")) == (2, 1)
    assert 'still to decide: date_format: "D/M/YYYY HH:mm:ss" or "M/D/YYYY HH:mm:ss"' in told.said
