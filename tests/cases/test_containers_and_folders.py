"""Objects around lists, bundles, commas after lines; what lies beside gift files. What cannot be read is one problem."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import live
from tests.cases import people
from tests.workbooks import sheet, workbook

GIFTS: Final = [
    {"timestamp": "2026-10-03T20:15:00Z", "creator": "mara", "gift": "Rose", "coins": 1, "quantity": 5},
    {"timestamp": "2026-10-03T20:16:00Z", "creator": "mara", "gift": "Galaxy", "coins": 1000},
]
# Ways to put a list of objects into a file.
WRAPPED: Final[dict[str, Callable[[list[Any]], str]]] = {
    "list": json.dumps,
    "list over lines": lambda items: json.dumps(items, indent=1),
    "lines": lambda items: "".join(json.dumps(item) + "\n" for item in items),
    "lines with commas": lambda items: "".join(json.dumps(item) + ",\n" for item in items),
    "objects over lines": lambda items: "\n".join(json.dumps(item, indent=1) for item in items),
    "objects over lines with commas": lambda items: ",\n".join(json.dumps(item, indent=1) for item in items) + ",",
    "object": lambda items: json.dumps({"room": {"id": "7390000000000005100"}, "gifts": items}),
    "object over lines": lambda items: json.dumps({"version": 3, "gifts": items, "count": len(items)}, indent=2),
    "object in an object": lambda items: json.dumps({"data": {"page": 1, "items": items}, "ok": True}, indent=1),
    "beside another list": lambda items: json.dumps({"chats": [{"text": "gg"}], "gifts": items}, indent=1),
    "with a mark": lambda items: "\ufeff" + json.dumps({"gifts": items}, indent=1),
    "CR LF": lambda items: json.dumps({"gifts": items}, indent=1).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_every_container_of_gifts_is_read_through(name: str) -> None:
    for count in (1, 2):
        told = people.read({"x.json": WRAPPED[name](GIFTS[:count])})
        assert (told.code, told.gifts, told.coins) == (0, count, 5 if count == 1 else 1_005)


@pytest.mark.parametrize("name", WRAPPED)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=4)
def test_every_container_of_events_is_read_through(name: str, seed: int) -> None:
    sent = live.session(seed, 4)
    lines = [live.connector_1(event) for event in live.events(sent)]
    # The receivers of some are guests: nothing here says who the host is, so all are to nobody.
    for line in lines:
        line["data"]["receiverUserId"] = ""
        del line["data"]["monitorExtra"]
    told = people.read({"x.json": WRAPPED[name](lines)})
    assert (told.code, told.gifts, told.coins) == (0, len(sent), sum(gift.coins * gift.times for gift in sent))


@given(st.integers(0, 10**6), st.integers(1, 5), st.sampled_from(("messages", "events", "batch", "items")))
@settings(max_examples=6)
def test_events_bundled_in_a_line_are_events(seed: int, size: int, key: str) -> None:
    sent = live.session(seed, 4)
    lines = [live.CONNECTED, *(live.connector_2(event) for event in live.events(sent))]
    bundles = [lines[start : start + size] for start in range(0, len(lines), size)]
    plain = people.read({"x.jsonl": "".join(json.dumps(line) + "\n" for line in lines)}, creator="")
    assert plain.gifts
    for bundle_of in (lambda bundle: {key: bundle}, lambda bundle: {"data": {key: bundle}}, lambda bundle: bundle):
        told = people.read({"x.jsonl": "".join(json.dumps(bundle_of(bundle)) + "\n" for bundle in bundles)}, creator="")
        assert (told.code, told.gifts, told.coins) == (plain.code, plain.gifts, plain.coins)


BROKEN: Final = {
    "Python": "".join(f"{item!r}\n" for item in GIFTS * 3),
    "no JSON": "{a\n{b\n{c\n{d\n{e\n",
    "cut in an object": json.dumps({"gifts": GIFTS}, indent=1)[:-40],
    "objects by key": json.dumps({"a": GIFTS[0], "b": GIFTS[1]}, indent=1),
    "several objects without a comma": json.dumps({"gifts": GIFTS}, indent=1).replace("},", "}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_one_problem_and_no_advice_that_does_not_help(name: str) -> None:
    told = people.read({"x.json": BROKEN[name]})
    assert told.code == 2
    assert len([line for line in told.said.splitlines() if line.startswith("x.json")]) == 1
    assert "--salvage" not in told.said
    assert people.read({"x.json": BROKEN[name]}, "--salvage").code == 2, "so it is not offered"


# Folders and archives

ASIDE: Final[dict[str, tuple[str | bytes, str]]] = {
    "comments.csv": ("timestamp,user_id,nickname,comment,follower_count\n2026-10-03T20:15:00,a,A,hi,12\n", "comments"),
    "follows.csv": ("timestamp,user_id,nickname,follow_count,share_type,action\n", "follows"),
    "joins.csv": ("timestamp,user_id,nickname,count,is_top_user,enter_type\n2026-10-03T20:15:00,a,A,1,False,1\n", "joins"),
    "likes.csv": ("timestamp,user_id,like_count\n2026-10-03T20:15:00,a,5\n", "likes"),
    "settings.json": ('{"theme": "dark", "volume": 3}\n', "JSON without gifts"),
    "chat.jsonl": ('{"text": "hi", "who": "ana"}\n{"text": "gg", "who": "bo"}\n', "JSON without gifts"),
    "empty.csv": ("", "empty"),
    "shot.json": (b"\x89PNG\r\n\x1a\n0000", "a picture (PNG)"),
    "paypal.csv": ('"Date","Name","Gross","Fee","Net"\n"1","x","2","-1","1"\n', "a PayPal statement"),
    "todo.csv": ("task,done\nclean,no\n", "not a known format"),
    "book.xlsx": (workbook({"S": sheet([["Task", "Done"], ["x", "y"]])}), "a workbook without gifts"),
}
PLAIN: Final = "timestamp,creator,gift,coins,quantity\n2026-10-01T20:15:00Z,mara,Rose,1,840\n"


@given(st.sets(st.sampled_from(tuple(ASIDE)), min_size=1, max_size=5))
@settings(max_examples=8)
def test_other_files_of_a_folder_are_left_aside_with_what_they_are(names: set[str]) -> None:
    told = people.read_folder({"gifts.csv": PLAIN, **{name: ASIDE[name][0] for name in names}})
    assert (told.code, told.gifts, told.coins) == (0, 1, 840)
    assert f"{len(names)} file{'s' if len(names) > 1 else ''} without gifts" in told.said
    for name in sorted(names)[:6]:
        assert f"{name} ({ASIDE[name][1]})" in told.said


def test_a_folder_without_gift_files_is_refused_with_what_is_in_it() -> None:
    files: dict[str, str | bytes] = {name: data for name, (data, _) in ASIDE.items()}
    told = people.read_folder(files)
    assert (told.code, told.said.startswith("F006 no gift files: 11 files without gifts: "), told.said.count("\n")) == (
        2,
        True,
        1,
    )


@pytest.mark.parametrize(
    "broken",
    [
        "timestamp,creator,gift,coins\n2026-10-01,mara,Rose,1\n",
        "when,gift,price\n1,Rose,5\n",
        '[{"gift": "Rose"}]',
        '{"giftId": 5,',
    ],
)
def test_a_file_that_may_hold_gifts_stops_the_folder(broken: str) -> None:
    """Nothing that could be a gift is left out in silence."""
    assert people.read_folder({"gifts.csv": PLAIN, "other.csv" if "," in broken[:20] else "other.json": broken}).code == 2


def test_members_of_an_archive_are_as_files_of_a_folder() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("gifts.csv", PLAIN)
        archive.writestr("comments.csv", ASIDE["comments.csv"][0])
    told = people.read({"x.zip": data.getvalue()})
    assert (told.code, told.coins, "comments.csv (comments)" in told.said) == (0, 840, True)


KNOWN: Final = {
    '"Transaction Date","Transaction ID","Credit Amount","Debit Amount","Currency","Running Balance"': "a Payoneer statement",
    "Date,Time,TimeZone,Name,Type,Status,Currency,Gross ,Fee ,Net": "a PayPal statement",
    "Datum;Uhrzeit;Zeitzone;Name;Typ;Status;Währung;Brutto;Gebühr;Netto": "a PayPal statement",
    "Date,Heure,Nom,Type,Devise,Avant commission,Commission,Net": "a PayPal statement",
    "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance": "a Wise statement",
    "Buchungstag;Valuta;Verwendungszweck;Betrag;Währung": "a bank statement",
    '"Date","Description","Amount","Balance"': "a bank statement",
    '"Date","Username","Amount","Currency","Message","Method"': "a tips CSV",
    "Date,Sub Revenue,Prime Revenue,Bits Revenue": "a Twitch revenue CSV",
    "Content,Video title,Views,Your estimated revenue (USD)": "a YouTube Studio report",
}


@pytest.mark.parametrize("header", KNOWN)
def test_files_of_money_and_of_other_platforms_are_named(header: str) -> None:
    mark = ";" if ";" in header else ","
    row = mark.join('"1"' for _ in header.split(mark)) + "\n"
    told = people.read({"x.csv": header + "\n" + row})
    assert (told.code, told.said.count("x.csv:"), f"F012 this is {KNOWN[header]}, no gifts" in told.said) == (2, 1, True)
    code, said = people.sniff(header + "\n" + row)
    assert (code, KNOWN[header].removeprefix("a ") in said) == (2, True)


def ods() -> bytes:
    """An OpenDocument sheet, as far as one is looked at."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return data.getvalue()


def exported() -> bytes:
    """TikTok's export in TXT form."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("TikTok Live/Go Live History.txt", "Date: 2026-10-03\n")
        archive.writestr("Profile/Profile Info.txt", "Name: x\n")
    return data.getvalue()


PICTURES: Final[dict[str, tuple[bytes, str]]] = {
    "a.png": (b"\x89PNG\r\n\x1a\n0000", "a picture (PNG)"),
    "a.jpg": (b"\xff\xd8\xff\xe000", "a picture (JPEG)"),
    "a.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "a picture (HEIC)"),
    "a.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture (WebP)"),
    "a.7z": (b"7z\xbc\xaf'\x1c\0\x04", "a 7z archive"),
    "a.rar": (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
    "a.ods": (ods(), "an OpenDocument file (ODS)"),
    "a.zip": (exported(), "TikTok's data export in TXT form"),
    "Go Live History.txt": (
        b"Date: 2026-10-03 20:15:00 UTC\nDuration: 1h\n\nDate: 2026-10-04\n",
        "TikTok's data export in TXT form",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_text_is_recognised_for_what_it_is(name: str) -> None:
    data, what = PICTURES[name]
    told = people.read({name: data})
    assert (told.code, what in told.said, told.said.count(name)) == (2, True, 1)
