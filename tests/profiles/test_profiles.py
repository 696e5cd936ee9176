"""Profiles: a file of any shape is read as it says, sniffing proposes one that reads the file, and nothing is guessed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.problems import ProblemLog, Refusal
from diamondctl.profiles import evidence, profile_format
from diamondctl.profiles.sniff import propose
from diamondctl.readers import recognise
from diamondctl.readers.date_formats import UnknownForm, converter
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.profile import Profile
from diamondctl.readers.sources import Source
from diamondctl.records import Gift
from diamondctl.yamlfile import nodes
from tests import live, make_samples
from tests.support import run
from tests.workbooks import sheet, workbook

AGENCY = (
    "Export der Agentur\n\nDatum;Uhrzeit;Empfänger;Geschenk;Münzen;Anzahl;Absender;Notiz\n"
    "03.10.2026;20:15:00;mara;Rose;1;3;fan;x\n23.10.2026;20:16:00;mara;Löwe;29.999;1;fan;\n24.10.2026;20:16:00;mara;x;1.029.999;1;fan;\n"
)
PROFILE = """\
schema: 1
name: agency
kind: gifts
file: csv
delimiter: semicolon
header: 3
date_format: "DD.MM.YYYY HH:mm:ss"
timezone: Europe/Berlin
thousands: point
columns: {timestamp: [Datum, Uhrzeit], gift: Geschenk, coins: Münzen, quantity: Anzahl, gifter: Absender, receiver: Empfänger}
values: {creator: mara}
"""


def profile(text: str) -> Profile:
    """A profile from its text."""
    log = ProblemLog()
    root = nodes.parse(text, "p.yaml", log)
    assert root is not None, log.problems
    found = profile_format.build_profile(root, sha256="", origin="user", log=log)
    assert found is not None, log.problems
    return found


def problems(text: str) -> list[tuple[str, int]]:
    """Codes and lines of the problems of a profile."""
    log = ProblemLog()
    root = nodes.parse(text, "p.yaml", log)
    if root is not None:
        profile_format.build_profile(root, sha256="", origin="user", log=log)
    return [(problem.code, problem.line) for problem in log.problems]


def source(data: str | bytes, name: str = "x") -> Source:
    raw = data.encode() if isinstance(data, str) else data
    return Source(name, io.BytesIO(raw), "utf-8", len(raw))


def read(data: str | bytes, *profiles: Profile, creator: str = "") -> tuple[list[Gift], list[str], tuple[str, ...]]:
    """Gifts, codes of problems, notices."""
    log = ProblemLog()
    gifts: list[Gift] = []
    try:
        found = recognise.read(source(data), Settings(creator, profiles=profiles), log, gifts.append)
    except Refusal as refusal:
        return gifts, [problem.code for problem in refusal.problems], ()
    return gifts, [problem.code for problem in log.problems], found.notices


def test_a_file_is_read_as_its_profile_says() -> None:
    gifts, codes, notices = read(AGENCY, profile(PROFILE))
    assert (codes, notices) == ([], ("columns kept out: Notiz",))
    # 20:15 in Berlin is 18:15 UTC in summer.
    assert [(gift.time, gift.gift, gift.coins, gift.quantity, gift.line) for gift in gifts] == [
        (1_791_051_300_000_000, "Rose", 1, 3, 4),
        (1_792_779_360_000_000, "Löwe", 29_999, 1, 5),
        (1_792_865_760_000_000, "x", 1_029_999, 1, 6),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("29.999", "29,999", "G020"),
        ("29.999", "2.9999", "G020"),
        ("29.999", "29.999,00", "G020"),
        ("29.999", "-5", "G020"),
        ("23.10.2026", "31.11.2026", "G012"),
        ("23.10.2026", "10/23/2026", "G011"),
        ("20:16:00;mara;Löwe", "20:16:00;mara;", "G010"),
        (";fan;\n24", ";fan\n24", "C002"),
        ("Geschenk", "Gift", "P002"),
        ("Notiz", "Münzen", "G002"),
    ],
)
def test_a_cell_that_the_profile_does_not_fit_is_refused(old: str, new: str, code: str) -> None:
    assert read(AGENCY.replace(old, new, 1), profile(PROFILE))[1] == [code]


def test_coins_of_the_whole_row_are_parted_by_the_quantity() -> None:
    mine = profile(PROFILE + "coins_are: row\n")
    assert [gift.coins for gift in read(AGENCY.replace(";1;3;", ";12;3;"), mine)[0]] == [4, 29_999, 1_029_999]
    assert read(AGENCY, mine)[1] == ["G020"]


def test_decimals_must_be_zeros() -> None:
    mine = profile(PROFILE + "decimal: comma\n")
    assert [gift.coins for gift in read(AGENCY.replace(";29.999", ";29.999,00"), mine)[0]] == [1, 29_999, 1_029_999]
    assert read(AGENCY.replace(";29.999", ";29.999,50"), mine)[1] == ["G020"]


def test_objects_and_sheets_are_mapped_too() -> None:
    objects = profile(
        "schema: 1\nname: o\nkind: gifts\nfile: json\ndate_format: epoch_s\n"
        "columns: {timestamp: at.time, gift: gift.name, coins: price, creator: host}\n"
    )
    item = {"at": {"time": 1790000000}, "gift": {"name": "Rose"}, "host": "mara", "price": 5}
    for text in (json.dumps(item), json.dumps([item], indent=1)):
        (gift,), codes, _ = read(text, objects)
        assert (gift.time, gift.coins, gift.creator, codes) == (1_790_000_000_000_000, 5, "mara", [])
    assert read(json.dumps(item | {"price": 1.5}), objects)[1] == ["G020"]
    sheets = profile(
        "schema: 1\nname: s\nkind: gifts\nfile: xlsx\nsheet: Gifts\ncolumns: {timestamp: When, gift: What, coins: Price}\n"
    )
    data = workbook(
        {"About": sheet([["When", "What"]]), "Gifts": sheet([["When:", "what ", "Price"], [(46_326.5, 1), "Rose", 5]])}
    )
    assert [gift.coins for gift in read(data, sheets, creator="mara")[0]] == [5]
    assert read(workbook({"About": sheet([["x"]])}), sheets)[1] == ["X005"]


def test_the_profile_with_the_most_columns_is_taken_and_a_tie_is_refused() -> None:
    small = profile(PROFILE.replace(", receiver: Empfänger", "").replace("name: agency", "name: small"))
    assert len(read(AGENCY, small, profile(PROFILE))[0]) == 3
    assert read(AGENCY, profile(PROFILE), profile(PROFILE.replace("name: agency", "name: twin")))[1] == ["P003"]


def test_a_profile_never_makes_gifts_of_frames_or_totals() -> None:
    logs = profile(
        "schema: 1\nname: l\nkind: gifts\nfile: json\ndate_format: epoch_ms\n"
        "columns: {timestamp: data.createTime, gift: data.giftName, coins: data.diamondCount, quantity: data.repeatCount}\n"
    )
    event = live.connector_1(live.events([make_samples.ROSE])[0])
    assert read(json.dumps(event), logs, creator="mara")[1] == ["P006"], "no list of gifts"
    # A list of gifts that only looks like a log may be mapped.
    bare = {"data": {key: event["data"][key] for key in ("createTime", "giftName", "diamondCount", "repeatCount")}}
    assert len(read(json.dumps(bare), logs, creator="mara")[0]) == 1


def test_files_that_a_profile_does_not_fit_are_read_as_ever() -> None:
    plain = "timestamp,creator,gift,coins\n2026-10-03T10:00:00Z,mara,Rose,1\n"
    assert len(read(plain, profile(PROFILE))[0]) == 1


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("kind: gifts", "kind: gift", ("R009", 3)),
        ("DD.MM.YYYY HH:mm:ss", "DD.MM", ("P004", 7)),
        ("Europe/Berlin", "Mars/X", ("R013", 8)),
        ("thousands: point", "thousands: point\ndecimal: point", ("P004", 10)),
        ("gift: Geschenk, ", "", ("P004", 10)),
        ("{creator: mara}", "{creator: mara, gift: x}", ("P004", 11)),
        ("file: csv", "file: xlsx", ("P004", 5)),
        ("name: agency", "nam: agency", ("R006", 2)),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused_with_its_line(old: str, new: str, found: tuple[str, int]) -> None:
    assert found in problems(PROFILE.replace(old, new))


def sniffed(data: str | bytes, name: str = "agency.csv") -> tuple[str, bool]:
    proposal = propose(source(data, name))
    return proposal.text, proposal.complete


def test_what_is_proposed_for_a_file_reads_it() -> None:
    text, complete = sniffed(AGENCY)
    assert complete
    gifts, codes, _ = read(AGENCY, profile(text), creator="mara")
    assert (codes, [gift.coins for gift in gifts]) == ([], [1, 29_999, 1_029_999])
    objects = '{"at":{"time":"1790000000123"},"gift":{"name":"Rose"},"host":"mara","price":1}\n'
    assert len(read(objects, profile(sniffed(objects, "x.json")[0]))[0]) == 1
    data = workbook({"S": sheet([["Fecha", "Regalo", "Monedas"], [(46_326.5, 1), "Rosa", 5]])})
    assert len(read(data, profile(sniffed(data, "x.xlsx")[0]), creator="mara")[0]) == 1


def test_what_can_be_read_in_two_ways_is_left_to_the_person() -> None:
    text, complete = sniffed(
        'Time,Creator,Gift,Coins,Qty\n10/03/2026 8:15 PM,mara,Rose,1,3\n10/04/2026 8:15 PM,mara,Rose,"1,000",3\n'
    )
    assert not complete
    assert '"DD/MM/YYYY h:mm A" or "MM/DD/YYYY h:mm A"' in text
    assert "thousands: comma or decimal: comma" in text
    assert problems(text) == [("P007", 5), ("P007", 6)], "it is no profile before each point is decided"
    head, _, rest = text.partition("decide:\n")
    decided = head + 'date_format: "MM/DD/YYYY h:mm A"\nthousands: comma\n' + rest[rest.index("schema:") :]
    assert problems(decided) == []


@pytest.mark.parametrize("text", ["[1, 2]", "one word\nand another\n"])
def test_a_file_without_a_table_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose(source(text))
    assert refused.value.problems[0].code == "P005"


@pytest.mark.parametrize("text", ["a,b\n1,2\n", '{"a": 1, "b": 2}\n', "Time,Gift\n2026-10-03,Rose\n", "x;y;z\n"])
def test_what_is_not_understood_is_a_skeleton_with_every_column(text: str) -> None:
    proposed, complete = sniffed(text)
    assert not complete
    assert {code for code, _ in problems(proposed)} == {"P007"}
    for name in json.loads(text) if text.startswith("{") else text.partition("\n")[0].replace(";", ",").split(","):
        assert f"'{name}'" in proposed or f'"{name}"' in proposed


@given(
    st.lists(st.sampled_from(["Time", "Coins", "Gift", "x", "", '"', "Datum", "#", ": {", "\u202e"]), min_size=1, max_size=6),
    st.text(max_size=60),
)
def test_whatever_a_file_holds_a_proposal_is_yaml_or_a_refusal(names: list[str], rest: str) -> None:
    data = ",".join(names) + "\n" + rest + "\n"
    try:
        proposal = propose(source(data))
    except (Refusal, UnicodeError) as refused:
        assert refused
        return
    codes = [code for code, _ in problems(proposal.text)]
    assert set(codes) <= {"P007"}, "a profile, or one with points that are open"


# Evidence


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1", "20"], ("", "", "", True)),
        (["1.234", "12.345.678"], (".", "", "", True)),
        (["1,234", "5,678"], ("", "", "1,234", True)),
        (["1,234", "5,5"], ("", ",", "", True)),
        (["1.234,00", "5"], (".", ",", "", True)),
        (["1 234", "5"], (" ", "", "", True)),
        (["1'234"], ("'", "", "", True)),
        (["1.234,5", "1,234.5"], ("", "", "1,234.5", True)),
        (["many"], ("", "", "", False)),
        ([""], ("", "", "", False)),
    ],
)
def test_marks_are_decided_by_the_column(texts: list[str], expected: tuple[str, str, str, bool]) -> None:
    found = evidence.numbers(texts)
    assert (found.thousands, found.decimal, found.ambiguous, found.fits) == expected


@pytest.mark.parametrize(
    ("texts", "forms"),
    [
        (["2026-10-31T20:15:00Z"], ("",)),
        (["31/10/2026 20:15", "01/10/2026 20:15"], ("DD/MM/YYYY HH:mm",)),
        (["10/31/2026 20:15", "10/01/2026 20:15"], ("MM/DD/YYYY HH:mm",)),
        (["10/01/2026 20:15"], ("DD/MM/YYYY HH:mm", "MM/DD/YYYY HH:mm")),
        (["10/10/2026 20:15"], ("DD/MM/YYYY HH:mm",)),
        (["1.2.2026, 9:15"], ("D.M.YYYY, H:mm",)),
        (["Oct 3, 2026 8:15:00 PM"], ("MMM D, YYYY h:mm:ss A",)),
        (["1790000000"], ("epoch_s",)),
        (["46326.84375"], ("excel",)),
        (["yesterday"], ()),
    ],
)
def test_dates_are_decided_by_the_column(texts: list[str], forms: tuple[str, ...]) -> None:
    assert evidence.dates(texts).forms == forms


def test_a_date_format_is_strict() -> None:
    convert = converter("D/M/YYYY h:mm A Z")
    assert convert("3/10/2026 12:05 am +02:00") == "2026-10-03T00:05:00+02:00"
    assert convert("3/10/2026 13:05 am +02:00") is None
    assert convert("3/10/2026 1:05 am") is None
    for bad in ("", "YYYY", "DD.MM", "YYYY-MM-DD h:mm", "YYYY-MM-DD YYYY", "hello"):
        with pytest.raises(UnknownForm):
            converter(bad)


# The commands


def test_sniff_then_test_then_read(tmp_path: Path) -> None:
    (tmp_path / "agency.csv").write_text(AGENCY)
    made = run("profile", "sniff", "agency.csv", "-o", "agency.yaml", cwd=tmp_path)
    assert (made.code, made.out, made.err) == (0, "", "")
    assert run("profile", "test", ".", cwd=tmp_path).code == 1
    assert run("profile", "test", ".", "--write", cwd=tmp_path).code == 0
    assert run("profile", "test", ".", cwd=tmp_path).code == 0
    report = ["summary", "agency.csv", "--region", "DE", "--creator", "mara", "--csv", "--columns", "gifts,coins"]
    assert run(*report, "--profile", "agency.yaml", cwd=tmp_path).out == "gifts,coins\n3,1060001\n"
    assert run(*report, cwd=tmp_path, DIAMONDCTL_PROFILE=str(tmp_path)).out == "gifts,coins\n3,1060001\n"
    (tmp_path / "agency.csv").write_text(AGENCY.replace(";1;3;", ";1;4;"))
    assert "differs from line 2" in run("profile", "test", ".", cwd=tmp_path).out


def test_profiles_of_events_and_totals_are_tested_too(tmp_path: Path) -> None:
    (tmp_path / "bot.csv").write_text(
        "time,user,gift,coins,count,repeatEnd\n2026-10-10T18:00:00Z,ana,Rose,1,1,0\n2026-10-10T18:00:01Z,ana,Rose,1,3,1\n"
    )
    (tmp_path / "days.csv").write_text("Date,Diamonds\n2026-10-13,840\n")
    for name in ("bot", "days"):
        assert run("profile", "sniff", f"{name}.csv", "-o", f"{name}.yaml", cwd=tmp_path).code == 0
    assert run("profile", "test", ".", "--write", cwd=tmp_path).code == 0
    assert run("profile", "test", ".", cwd=tmp_path).code == 0
    assert (tmp_path / "bot.expected.csv").read_text().splitlines()[1].startswith("2026-10-10T18:00:01Z,creator,Rose,1,3,")
    assert (tmp_path / "days.expected.csv").read_text().splitlines()[1].startswith("creator,day,2026-10-13,2026-10-13,")
