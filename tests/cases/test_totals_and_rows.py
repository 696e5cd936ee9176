"""Totals of any origin are never gifts; rows that are no gifts are left out, and said."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import people
from tests.workbooks import sheet, workbook

DAYS: Final = st.lists(st.integers(1, 30), min_size=2, max_size=6, unique=True).map(sorted).filter(lambda days: days[-1] > 12)
WRITTEN: Final = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d %B %Y")
HEADERS: Final = (
    ("Date", "Diamonds"),
    ("Datum", "Diamanten"),
    ("日付", "ダイヤモンド"),
    ("fecha", "Total diamonds"),
    ("Day", "Coins"),
)


def gifts(of: dict[date, int]) -> str:
    """A gift file with so many coins a day, at noon in Los Angeles."""
    return "timestamp,creator,gift,coins\n" + "".join(
        people.row(f"{day}T20:00:00Z", "mara", "Rose", coins) for day, coins in of.items()
    )


@given(DAYS, st.sampled_from(WRITTEN), st.sampled_from(HEADERS))
@settings(max_examples=6)
def test_a_table_of_days_is_a_cross_check(days: list[int], written: str, header: tuple[str, str]) -> None:
    of = {date(2026, 9, day): 100 * day for day in days}
    table = people.row(*header) + "".join(people.row(day.strftime(written), coins) for day, coins in of.items())
    code, proposal = people.sniff(table)
    assert (code, "kind: totals" in proposal, "kind: gifts" in proposal) == (0, True, False)
    told = people.read({"gifts.csv": gifts(of), "days.csv": table, "p.yaml": proposal})
    assert (told.code, told.gifts, told.coins) == (0, len(of), sum(of.values()))
    assert f"{len(of)} totals agree" in told.said


@given(DAYS)
@settings(max_examples=6)
def test_saved_replies_of_an_earnings_page_are_totals(days: list[int]) -> None:
    of = {date(2026, 9, day): 100 * day for day in days}
    rows = [{"date": str(day), "diamonds": coins} for day, coins in of.items()]
    epoch = [{"day": (day - date(1970, 1, 1)) // timedelta(seconds=1), "diamond_count": coins} for day, coins in of.items()]
    for reply in ({"code": 0, "data": {"list": rows}}, {"data": {"earnings": rows}, "extra": {"now": 1}}, {"items": epoch}):
        text = json.dumps(reply, indent=1)
        code, proposal = people.sniff(text, "reply.json")
        assert (code, "kind: totals" in proposal) == (0, True)
        told = people.read({"gifts.csv": gifts(of), "reply.json": text, "p.yaml": proposal})
        assert (told.code, told.gifts, told.coins) == (0, len(of), sum(of.values()))
        assert "this is a table of totals, no gifts" in people.read({"reply.json": text}).said


def test_months_and_sessions_are_totals_too() -> None:
    month = "Month,Diamonds\nOct 2026,840\n"
    told = people.sniffed(month)
    assert (told.code, told.gifts, told.coins) == (0, 0, 840)
    assert "span: day or month?" in people.sniffed("Date,Diamonds\n2026-09-01,5\n2026-10-01,6\n").said
    sessions = "start,room,diamonds,duration\n2026-10-03 20:15:00,7390000000000006100,840,2h 3m\n"
    mine = (
        "schema: 1\nname: s\nkind: totals\nspan: stream\nfile: csv\n"
        "columns: {timestamp: start, stream: room, diamonds: diamonds, seconds: duration}\n"
    )
    told = people.read({"x.csv": sessions, "p.yaml": mine})
    assert (told.code, told.gifts, told.coins) == (0, 0, 840)


@given(DAYS, st.sampled_from(("total", "day total", "Rose")))
@settings(max_examples=6)
def test_a_profile_that_would_make_gifts_of_days_is_refused(days: list[int], name: str) -> None:
    table = "Date,Diamonds\n" + "".join(people.row(date(2026, 9, day), 7) for day in days)
    mine = "schema: 1\nname: x\nkind: gifts\nfile: csv\ndate_format: YYYY-MM-DD\ncolumns: {timestamp: Date, coins: Diamonds}\n"
    told = people.read({"x.csv": table, "p.yaml": mine + f"values: {{gift: {name}}}\n"})
    assert (told.code, "T009" in told.said) == (2, True)


BACKSTAGE: Final = (
    ("Creator ID", "Creator's username", "Diamonds"),
    ("Creator ID:", "Creator username", "Total Diamonds"),
    ("ID del creador", "Nombre de usuario del creador", "Diamantes"),
    ("Creator ID", "Creator", "Total diamonds"),
)


@pytest.mark.parametrize("header", BACKSTAGE)
@pytest.mark.parametrize("form", ["csv", "semicolon", "xlsx"])
def test_backstage_is_known_by_each_of_its_headers_in_every_form(header: tuple[str, ...], form: str) -> None:
    rows = [header, ("7390000000000004801", "mara", "553978"), ("7390000000000004802", "juno", "88.46K")]
    if form == "xlsx":
        data: str | bytes = workbook({"S": sheet([list(cells) for cells in rows])})
    else:
        data = "".join((";" if form == "semicolon" else ",").join(cells) + "\n" for cells in rows)
    told = people.read({f"Creator_data_2026_10_31.{'xlsx' if form == 'xlsx' else 'csv'}": data}, creator="")
    assert (told.code, told.gifts, told.coins) == (0, 0, 553_978 + 88_460)
    assert "rounded by" in told.said or "approximate" in told.said


def test_a_row_of_totals_is_no_creator() -> None:
    data = "Creator ID,Creator's username,Diamonds\n7390000000000004801,mara,553978\nTotal,,553978\n"
    told = people.read({"Creator_data_2026_10_31.csv": data}, creator="")
    assert (told.coins, "1 row of totals left out" in told.said) == (553_978, True)


@pytest.mark.parametrize("column", ["Diamonds in L30D", "Diamonds (last 30 days)", "Diamonds in L7D"])
def test_diamonds_of_the_last_days_are_refused_for_what_they_are(column: str) -> None:
    data = f"Creator ID:,Creator's username,{column}\n7390000000000004801,mara,553978\n"
    told = people.read({"Manage creators 2026_10_31.csv": data}, creator="")
    assert told.code == 2
    assert "LIVE Backstage, Manage creators" in told.said
    assert "export Creator data instead" in told.said


# Rows that are no gifts

EVENTS: Final = st.lists(st.sampled_from(("gift", "chat", "like", "member")), min_size=2, max_size=9).filter(
    lambda kinds: "gift" in kinds and set(kinds) != {"gift"}
)
COLUMNS: Final = "{timestamp: time, gift: gift, coins: coins, quantity: count, gifter: user}"


@given(EVENTS, st.sampled_from(("event", "eventType", "kind", "Art")))
@settings(max_examples=6)
def test_events_between_gifts_are_left_out_and_said(kinds: list[str], column: str) -> None:
    table = people.row("time", column, "user", "text", "gift", "count", "coins")
    for second, kind in enumerate(kinds):
        mine = ("", "Rose", 3, 2) if kind == "gift" else ("hi" if kind == "chat" else "", "", 4 if kind == "like" else "", "")
        table += people.row(f"2026-10-06T17:{second:02}:00Z", kind, "ana", *mine)
    number, others = kinds.count("gift"), len(kinds) - kinds.count("gift")
    by_hand = f"schema: 1\nname: x\nkind: gifts\nfile: csv\ncolumns: {COLUMNS}\n"
    for told in (
        people.sniffed(table),
        people.read({"x.csv": table, "p.yaml": by_hand}),
        people.read({"x.csv": table, "p.yaml": by_hand + f"where: {{{column}: [gift]}}\n"}),
    ):
        assert (told.code, told.gifts, told.coins) == (0, number, 6 * number)
        assert f"{others} row{'s' if others > 1 else ''} " in told.said


def test_rows_without_a_gift_that_nothing_explains_are_asked_about_once() -> None:
    table = "time,user,gift,count,coins\n2026-10-06T17:00:00Z,ana,Rose,1,1\n" + "2026-10-06T17:00:01Z,ana,,,\n" * 9
    told = people.read({"x.csv": table, "p.yaml": f"schema: 1\nname: x\nkind: gifts\nfile: csv\ncolumns: {COLUMNS}\n"})
    assert (told.code, told.said.count(" G006 "), "where: {COLUMN: VALUE}" in told.said) == (2, 1, True)


TOTALS: Final = (
    "",
    "Total 2026:",
    "Total",
    "TOTAL:",
    "Summe",
    "Gesamt",
    "Grand total",
    "合計",
    "Suma",
    "somme",
    "Итого",
    "รวม",
)


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 9)), min_size=1, max_size=5),
    st.sampled_from(TOTALS),
    st.sampled_from(("last", "first", "both")),
    st.booleans(),
)
@settings(max_examples=6)
def test_a_row_of_totals_is_left_out_checked_and_said(
    sent: list[tuple[int, int]], word: str, where: str, of_column: bool
) -> None:
    rows = [
        people.row(f"2026-10-03T20:{index:02}:00Z", "mara", "Rose", coins, count) for index, (coins, count) in enumerate(sent)
    ]
    worth = sum(coins * count for coins, count in sent)
    said = sum(coins for coins, _ in sent) if of_column else worth
    total = people.row(word, "", "", said, "")
    body = (total if where != "last" else "") + "".join(rows) + (total if where != "first" else "")
    told = people.read({"x.csv": "timestamp,creator,gift,coins,quantity\n" + body})
    assert (told.code, told.gifts, told.coins) == (0, len(sent), worth)
    assert "of totals left out" in told.said
    sheet_ = "Date,User,Gift,Coins,Qty\n" + body.replace(",mara,", ",ana,")
    if any(coins % count for coins, count in sent):  # else coins may be those of the row
        assert people.sniffed(sheet_).coins == worth
    wrong = body.replace(total, people.row(word, "", "", said + worth + 1, ""))
    told = people.read({"x.csv": "timestamp,creator,gift,coins,quantity\n" + wrong})
    assert (told.code, "G005 a row of totals says" in told.said) == (2, True)
