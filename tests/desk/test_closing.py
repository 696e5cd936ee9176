"""Closed months: what was told of them stays, whatever comes later; what would change it is refused or booked."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing as closed_after
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import diamondctl
from diamondctl.cli.choose import choose
from diamondctl.cli.options import Inputs
from diamondctl.desk import closing
from diamondctl.desk.figures import everybody, figures
from diamondctl.desk.plain import back, plain
from diamondctl.desk.sealed import seal_of
from diamondctl.ledger import catalog, closes, opening
from diamondctl.money import percent_of
from diamondctl.rating import rewards
from diamondctl.reports.sealed import Seal
from diamondctl.reports.values import BASES
from tests.support import ROOT, Result, run

HEADER = "timestamp,creator,gift,coins,quantity,event_id,region,stream"
RATES = ROOT / "rates"
VERSION = diamondctl.__version__


class World:
    """A folder with a ledger, settings and own rate files, and commands that run there."""

    def __init__(self, folder: Path, *, today: str = "2026-11-10") -> None:
        self.folder, self.today = folder, today
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.yaml").write_text("creators:\n  mara:\n    share: 50\n", "utf-8")

    @property
    def ledger(self) -> Path:
        """Its folder."""
        return self.folder / "ledger"

    def __call__(self, *words: str, code: int | None = 0) -> Result:
        """Run a command; what it ends with is `code`, unless that is None."""
        done = run(
            *words, cwd=self.folder, DIAMONDCTL_LEDGER=str(self.ledger), DIAMONDCTL_CONFIG=str(self.folder / "config.yaml"),
            DIAMONDCTL_AS_OF=self.today,
        )  # fmt: skip
        assert code is None or done.code == code, done
        return done

    def gifts(self, name: str, *rows: tuple[str, str, int]) -> str:
        """A file of gifts, each a time, a creator and coins."""
        lines = [
            f"{time},{creator},Lion,{coins},1,{name}{number},US,{time[:10]}"
            for number, (time, creator, coins) in enumerate(rows)
        ]
        (self.folder / name).write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
        return name

    def data(self, *words: str) -> Any:
        """The data of a report as JSON."""
        return json.loads(self(*words, "--json", code=None).out)["data"]

    def figures(self) -> Mapping[Any, Any]:
        """All figures, as they come out now."""
        chosen = choose(Inputs(ledger=str(self.ledger), config=str(self.folder / "config.yaml")))
        with opening.open_ledger(self.ledger) as book, book.reading():
            return figures(book, chosen, everybody(book)).figures

    def seal(self, month: str) -> Seal:
        """That of a closed month."""
        with opening.open_ledger(self.ledger) as book, book.reading():
            close = closes.close_of(book, month)
            assert close is not None
            return seal_of(book, close, month)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """September and October of two creators, October closed."""
    made = World(tmp_path / "world")
    rows = [
        ("2026-09-20T20:00:00Z", "mara", 5_000),
        ("2026-10-05T20:00:00Z", "mara", 7_000),
        ("2026-10-20T20:00:00Z", "mara", 3_000),
        ("2026-10-07T20:00:00Z", "noor", 2_000),
        ("2026-11-03T20:00:00Z", "mara", 1_000),
    ]
    made("import", made.gifts("first.csv", *rows))
    made("record", "payout", "30", "--date", "2026-10-12", "--by", "paypal", "--creator", "mara", "--arrived", "29",
         "--arrived-on", "2026-10-14")  # fmt: skip
    made("period", "close", "2026-10", "--accept", "ranges:noor", "--accept", "balances", "--reason", "as it is")
    return made


REPORTS = (
    ("summary", "-p", "2026-10"),
    ("summary", "-p", "2026-10", "--creator", "noor"),
    ("summary", "-p", "2026-09", "--basis", "credited"),
    ("balance", "-p", "2026-10"),
    ("fees", "-p", "2026-10"),
    ("explain", "reward", "-p", "2026-10"),
    ("summary", "-p", "2026-W42"),
)


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_closed_month_reads_as_it_did_when_it_was_open(world: World, words: tuple[str, ...]) -> None:
    """Every byte of the JSON."""
    closed = world(*words, "--json", code=None)
    world("period", "reopen", "2026-10", "--reason", "to compare")
    assert world(*words, "--json", code=None) == closed


class Door(NamedTuple):
    """A command that would move October, or would if it could."""

    words: tuple[str, ...]
    moves: bool = True


LATE = ("2026-10-21T20:00:00Z", "mara", 900)
DOORS = {
    "import": Door(("import", "late.csv")),
    "undo a document": Door(("undo", "d001")),
    "undo a payout": Door(("undo", "p001")),
    "payout": Door(("record", "payout", "3", "--date", "2026-10-20", "--by", "paypal", "--creator", "noor",
                    "--arrived", "3", "--arrived-on", "2026-10-21")),
    "balance": Door(("record", "balance", "60", "--date", "2026-10-22", "--creator", "mara")),
    "credit": Door(("record", "credit", "1.00", "--for", "2026-10-07", "--creator", "noor")),
    "adjustment": Door(("record", "adjustment", "refund", "1", "--date", "2026-10-31", "--reason", "x", "--creator", "mara")),
    "payout on the way": Door(("record", "payout", "3", "--date", "2026-10-20", "--by", "paypal", "--creator", "noor")),
    "later payout": Door(("record", "payout", "3", "--date", "2026-11-03", "--by", "paypal", "--creator", "noor"), moves=False),
}  # fmt: skip


@pytest.mark.parametrize("name", DOORS)
def test_a_door_is_shut_and_opens_for_a_correction(world: World, name: str) -> None:
    """What would move a sealed figure is refused and stores nothing; with --correct the difference is booked, once."""
    world.gifts("late.csv", LATE)
    door = DOORS[name]
    before = [world(*words, "--json", code=None).out for words in REPORTS]
    stored = (world.ledger / catalog.FILE).read_bytes()
    done = world(*door.words, code=None)
    if not door.moves:
        assert done.code == 0, done
        return
    assert (done.code, "is closed, and this moves" in done.err) == (4, True)
    assert (world.ledger / catalog.FILE).read_bytes() == stored
    booked = json.loads(world(*door.words, "--correct", "--json", code=None).out)
    moved = {(move["creator"], move["month"], move["basis"]) for move in booked["data"]["moved"] if move["month"] <= "2026-10"}
    (close,) = world.data("period", "list")["closes"]
    booked_ = {(item["creator"], item["month"], item["basis"]) for item in close["corrections"]}
    assert {item for item in booked_ if item[2] != "wallet"} == moved
    of_wallet = name.startswith(("adjustment", "payout", "undo a payout"))
    assert bool(booked_ - moved) == of_wallet, "what is in a wallet and in no figure"
    assert {item["booked"] for item in close["corrections"]} == {"2026-11"}
    assert [world(*words, "--json", code=None).out for words in REPORTS if "--basis" not in words] == [
        text for text, words in zip(before, REPORTS, strict=True) if "--basis" not in words
    ]


def test_a_statement_goes_on_from_what_was_told(world: World) -> None:
    """The next month begins with what the closed one ended with, and has what was corrected as a line of its own."""

    def wallet(period: str) -> dict[str, Any]:
        text = world("report", "statement", "-p", period, "--creator", "mara", "--csv", code=None).out
        return {row["key"]: row["current_least"] for row in csv.DictReader(io.StringIO(text)) if row["section"] == "wallet"}

    before = wallet("2026-10")
    world("import", world.gifts("late.csv", LATE), "--correct")
    world("record", "payout", "3", "--date", "2026-10-20", "--by", "paypal", "--creator", "mara", "--correct")
    assert wallet("2026-10") == before
    world.today = "2026-12-05"
    after = wallet("2026-11")
    assert (after["opening"], after["closed"]) == (before["closing"], "1.50")
    world("record", "balance", "90", "--date", "2026-11-30", "--creator", "mara")
    assert wallet("2026-11")["closing"] == "90.00"


def test_a_statement_of_a_closed_month_is_computed_again_as_it_was_closed(world: World) -> None:
    """Whatever came later: from the ledger, and from files, where those that came later are left aside and named."""
    words = ("report", "statement", "-p", "2026-10", "--creator", "mara")
    world("period", "reopen", "2026-10", "--reason", "to have a statement of before")
    world(*words, "-o", "before.json", code=None)
    world("period", "close", "2026-10", "--accept", "ranges:noor", "--accept", "balances", "--reason", "as it is")
    world("import", world.gifts("late.csv", LATE), "--correct")
    world("record", "payout", "3", "--date", "2026-10-20", "--by", "paypal", "--creator", "mara", "--correct")
    world("config", "set", "creators.mara.share", "40")
    world(*words, "-o", "after.json", code=None)
    for name in ("before.json", "after.json"):
        assert world("verify", name).out.startswith("Same: 1 file, ")
        assert world("verify", name, "first.csv").out.startswith("Same: 1 file, ")
    world.today = "2026-12-05"
    world("report", "statement", "-p", "2026-11", "--creator", "mara", "-o", "next.json", code=None)
    assert world("verify", "next.json").out.startswith("Same: 2 files, ")
    assert world("verify", "next.json", "first.csv", "late.csv").out.startswith("Same: 2 files, ")
    both = world("verify", "after.json", "first.csv", "late.csv").out
    assert both.startswith("Same: 1 file, ") and "not in it, because it was closed before: late.csv" in both


def test_what_is_printed_after_a_correction_goes_on_from_it(world: World) -> None:
    """The next report is of the month in which it is booked, which says so though it has no gift; and it can be undone."""
    world.gifts("late.csv", LATE)
    payout = ("record", "payout", "3", "--date", "2026-10-20", "--by", "paypal", "--creator", "mara", "--correct")
    for words in (payout, ("import", "late.csv", "--correct")):
        lines = world(*words, code=None).out.splitlines()
        (undo,) = [line.removeprefix("Undo: diamondctl ") for line in lines if line.startswith("Undo: ")]
        world(*undo.split())
    world("undo", "d001", "--correct")
    assert "Next: diamondctl summary -p 2026-11" in world("import", "late.csv", "--correct").out.splitlines()
    told = " ".join(world("summary", "-p", "2026-11", "--creator", "mara", code=None).out.split())
    assert "nothing is recorded" not in told
    assert "corrections of closed months booked in it: -70.50 USD earned, " in told


def test_what_was_accepted_stops_nothing_in_a_closed_month(world: World) -> None:
    """Its check says with which reason each finding was accepted."""
    found = world.data("period", "check", "2026-10")["findings"]
    assert {(item["kind"], item["accepted"]) for item in found if item["kind"] == "ranges"} == {("ranges", "as it is")}
    rows = world("period", "check", "2026-10").out.splitlines()
    assert [row.split()[-1] for row in rows if row.startswith("Still a range")] == ["accepted"]
    world("config", "set", "creators.mara.share", "40")
    rows = world("period", "check", "2026-10").out.splitlines()
    assert not [row for row in rows if row.endswith(" yes")]


def test_settings_and_rates_are_told_of_and_change_nothing(world: World) -> None:
    """A report of the month has its sealed figures, says what they would be and because of which line, and exits with 1."""
    sealed = world.data("summary", "-p", "2026-10")
    world("config", "set", "creators.mara.share", "40")
    done = world("summary", "-p", "2026-10", code=1)
    assert "Not corrected: -10.00 USD of mara in 2026-10, earned" in done.out
    assert "because of config.yaml:3" in " ".join(done.out.split())
    assert world.data("summary", "-p", "2026-10") == sealed
    world("config", "set", "creators.mara.share", "50")
    world("summary", "-p", "2026-10")
    shutil.copytree(RATES, world.folder / "rates")
    file = world.folder / "rates/tiktok/us.yaml"
    file.write_text("# mine\n" + file.read_text("utf-8").replace("minutes: 0", "minutes: 0"), "utf-8")
    world("config", "set", "rates", "rates")
    assert world("summary", "-p", "2026-10").code == 0, "other bytes, and the same figures"


def test_what_moved_by_settings_is_booked_with_the_next_close(world: World) -> None:
    """Not by itself: with --correct, and then nothing is left to correct."""
    world("config", "set", "creators.mara.share", "40")
    world.today = "2026-12-05"
    found = json.loads(world("period", "check", "2026-11", "--json", code=1).out)["data"]["findings"]
    assert {item["kind"] for item in found if item["stops"]} >= {"not-corrected"}
    accept = ("--accept", "documents", "--accept", "balances", "--reason", "no LIVE")
    world("period", "close", "2026-11", *accept, code=1)
    world("period", "close", "2026-11", *accept, "--correct")
    assert "Not corrected" not in world("summary", "-p", "2026-10", "-v").out
    assert {item.month for item in world.seal("2026-11").corrections} == {"2026-09", "2026-10"}
    done = world("period", "close", "2026-11", *accept, "--correct")
    assert "closed already; nothing was changed" in done.out


def test_another_version_that_computes_otherwise_is_told_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the figure that was sealed."""
    monkeypatch.setattr("diamondctl.__version__", "9.9.9")
    exact = percent_of
    monkeypatch.setattr(rewards, "percent_of", lambda amount, percent: exact(amount, percent) * 2)
    done = world("summary", "-p", "2026-10", "--creator", "mara", "-v", code=1)
    text = " ".join(done.out.split())
    assert f"because of diamondctl 9.9.9, closed by {VERSION}. This report is made anew" in text
    assert "it was closed with 50.00 USD." in text


def test_what_if_is_not_the_closed_month(world: World) -> None:
    """An option that says what settings say asks for another report, which says so."""
    done = world("summary", "-p", "2026-10", "--share", "40", code=None)
    assert "2026-10 is closed. This is worked out anew" in " ".join(done.out.split())
    assert "is closed" not in world("summary", "-p", "2026-11", "--share", "40", code=None).out


def test_a_quarter_says_what_was_corrected_after_it(world: World) -> None:
    """It is told as its months were closed, and what is booked later is not in it."""
    world("import", world.gifts("late.csv", LATE), "--correct")
    world.today = "2027-02-05"
    accept = ("--accept", "documents", "--accept", "balances", "--accept", "ranges", "--reason", "x")
    world("period", "close", "2026-12", *accept, code=4)
    text = " ".join(world("summary", "-p", "2026-09-01..2026-10-31", code=None).out.split())
    assert "2 creators earned 75.00 to 87.60 USD." in text and "Not in it: +" in text
    assert "was corrected after it was closed, and is booked in 2026-11" in text
    assert "Corrections of closed months count in 2026-11" in world("summary", "-p", "2026-11", code=None).out
    assert "corrected after" not in world("summary", "-p", "2026-Q4", code=None).out


def figures_of(statement: Any) -> Any:
    """All of a statement but what it can be made from again."""
    return {key: value for key, value in statement.items() if key != "basis"}


@pytest.mark.parametrize("period", ["2026-Q4", "2026"])
@pytest.mark.parametrize("report", [("report", "statement"), ("summary",)], ids=" ".join)
def test_a_closed_quarter_and_year_say_what_of_their_months_is_not_corrected(
    world: World, report: tuple[str, ...], period: str
) -> None:
    """With the figure that each was closed with, and the line because of which; exit code 1 until it is taken back."""
    world.today = "2027-02-05"
    accept = ("--accept", "documents", "--accept", "balances", "--accept", "ranges", "--reason", "x")
    world("period", "close", "2026-11", *accept)
    world("period", "close", "2026-12", *accept)
    words = (*report, "-p", period, "--creator", "mara")
    before = figures_of(world.data(*words))
    world("config", "set", "creators.mara.share", "40")
    told = [text for text in json.loads(world(*words, "--json", code=1).out)["warnings"] if text.startswith("Not corrected")]
    earned = [text for text in told if ", earned because of config.yaml:3. " in text]
    closed = {"2026-09": "25.00", "2026-10": "50.00", "2026-11": "5.00"}
    months = [month for month in closed if period == "2026" or month > "2026-09"]
    assert [text.split(" in ")[1][:7] for text in earned] == months
    for text, month in zip(earned, months, strict=True):
        assert text.endswith((f"it was closed with {closed[month]} USD.", f"It is told as closed: {closed[month]} USD."))
    made_anew = "made anew" in earned[0]
    assert (figures_of(world.data(*words)) == before) == (not made_anew)
    world("config", "set", "creators.mara.share", "50")
    assert figures_of(world.data(*words)) == before and "Not corrected" not in world(*words, "-v", code=None).out


def test_a_statement_of_a_month_that_was_closed_on_carried_states(tmp_path: Path) -> None:
    """Its seal does not reach back to the first gift, and a statement does: it is made of what is there now, and says so."""
    world = World(tmp_path / "world")
    rows = [(f"2026-{month:02}-{day:02}T20:00:00Z", "mara", 1_000 * month) for month in range(1, 11) for day in (5, 20)]
    world("import", world.gifts("first.csv", *rows))
    words = ("report", "statement", "-p", "2026-10", "--creator", "mara")
    before = figures_of(world.data(*words))
    world("period", "close", "2026-09", "--accept", "balances", "--reason", "as it is")
    world("period", "close", "2026-10", "--accept", "balances", "--reason", "as it is")
    with opening.open_ledger(world.ledger) as book, book.reading():
        close = closes.close_of(book, "2026-10")
        assert close is not None and closes.seal(book, close.number, "2026-10")[2]["carried"], "the world is what it is for"
    done = world(*words)
    assert figures_of(world.data(*words)) == before and "Not corrected" not in done.out
    world("config", "set", "creators.mara.share", "40")
    text = " ".join(world(*words, "-v", code=1).out.split())
    assert "Not corrected: -20.00 USD of mara in 2026-10, earned because of config.yaml:3." in text
    assert "This report is made anew; it was closed with 100.00 USD." in text
    summary = world("summary", "-p", "2026-10", code=1)
    assert "you earned 100.00 USD" in summary.out


@pytest.mark.parametrize("words", [("summary",), ("report", "statement"), ("balance",)], ids=" ".join)
def test_a_creator_that_is_nowhere_is_refused_in_a_closed_month_too(world: World, words: tuple[str, ...]) -> None:
    done = world(*words, "-p", "2026-10", "--creator", "nobody", code=2)
    assert done.err.startswith("A010 nothing of creator 'nobody' in the ledger") or "A010" in done.err


def test_another_version_is_told_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it computes the same, nothing is said."""
    monkeypatch.setattr("diamondctl.__version__", "9.9.9")
    assert "Not corrected" not in world("summary", "-p", "2026-10").out


def test_closing_again_changes_no_byte(world: World) -> None:
    """The second time nothing is written."""
    stored = (world.ledger / catalog.FILE).read_bytes()
    world("period", "close", "2026-10")
    assert (world.ledger / catalog.FILE).read_bytes() == stored


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("close", "2026-11"), 4, "is not over"),
        (("close", "2026-W44"), 4, "whole months"),
        (("close", "2026-10", "--accept", "nothing", "--reason", "x"), 2, "--accept"),
        (("close", "2026-10", "--accept", "ranges"), 2, "--reason"),
        (("close", "2026-10", "--reason", "x"), 2, "--accept"),
        (("reopen", "2026-11", "--reason", "x"), 4, "is not closed"),
        (("reopen", "2026-10"), 2, "--reason"),
    ],
)
def test_what_cannot_be_is_refused(world: World, words: tuple[str, ...], code: int, text: str) -> None:
    """With the reason, and nothing is changed."""
    done = world("period", *words, code=code)
    assert text in done.err


def test_the_latest_close_is_reopened_first_and_no_month_is_left_out(world: World) -> None:
    """In both directions."""
    world.today = "2027-02-05"
    assert "close it first: diamondctl period close 2026-11" in world("period", "close", "2026-12", code=4).err
    accept = ("--accept", "documents", "--accept", "balances", "--accept", "open", "--accept", "ranges", "--reason", "x")
    world("period", "close", "2026-11", *accept)
    assert "the latest first: diamondctl period reopen 2026-11" in world(
        "period", "reopen", "2026-10", "--reason", "x", code=4
    ).err.replace("\n", " ")
    world("period", "reopen", "2026-11", "--reason", "x")
    world("period", "reopen", "2026-10", "--reason", "x")
    assert "No month is closed any more." in world("period", "list").out


def test_what_is_looked_through_before_a_close(tmp_path: Path) -> None:
    """Every kind of finding, each from what makes it; JUnit has a suite for each kind."""
    world = World(tmp_path / "world")
    rows = [(f"2026-{month:02d}-{day:02d}T20:00:00Z", "mara", 900) for month in (8, 9) for day in range(1, 29, 3)]
    rows += [
        ("2026-10-01T20:00:00Z", "mara", 900),
        ("2026-10-28T20:00:00Z", "mara", 900),
        ("2026-09-03T20:00:00Z", "noor", 500),
    ]
    rows += [("2026-10-03T20:00:00Z", "lia", 500)]
    world("import", world.gifts("a.csv", *rows))
    (world.folder / "bad.csv").write_text(f"{HEADER}\n2026-10-09T20:00:00Z,mara,Rose,x,1,b1,US,s\n", "utf-8")
    world("import", "bad.csv", "--keep-good", code=3)
    (world.folder / "zz.csv").write_text(f"{HEADER}\n2026-10-09T20:00:00Z,zoe,Rose,5,1,z1,AF,s\n", "utf-8")
    world("import", "zz.csv", code=None)
    world("record", "payout", "5", "--date", "2026-10-12", "--by", "paypal", "--creator", "mara")
    world("record", "balance", "900", "--date", "2026-10-30", "--creator", "mara")
    world("config", "set", "creators.kim.region", "US")
    found = json.loads(world("period", "check", "2026-10", "--json", code=1).out)["data"]["findings"]
    kinds = {(item["kind"], item["creator"]) for item in found}
    assert kinds >= {
        ("documents", "noor"), ("documents", "kim"), ("days", "mara"), ("rejects", None), ("unrated", "zoe"), ("ranges", "lia"),
        ("payouts", "mara"), ("balances", "mara"), ("rates", None),
    }  # fmt: skip
    world("period", "check", "2026-10", "-f", "junit", "-o", "check.xml", code=1)
    root = ElementTree.parse(world.folder / "check.xml").getroot()
    stops = [item for item in found if item["stops"]]
    assert (int(root.get("failures", "")), len(root)) == (len(stops), 12)
    assert len(root.findall(".//failure")) == len(stops)
    accept = [word for item in stops for word in ("--accept", item["kind"])]
    world("period", "close", "2026-10", *accept[:-2], "--reason", "x", code=1)
    world("period", "close", "2026-10", *accept, "--reason", "x")


def test_a_seal_that_is_not_what_was_written_is_a_damage(world: World) -> None:
    """A report of the month refuses; doctor names the month."""
    with closed_after(sqlite3.connect(world.ledger / catalog.FILE)) as connection, connection:
        connection.execute("UPDATE sealed_months SET seal = substr(seal, 1, 100) WHERE month = '2026-10'")
    assert "L005" in world("summary", "-p", "2026-10", code=4).err
    assert "not what was written: 2026-10" in world("doctor", code=4).out
    world("summary", "-p", "2026-09")


def test_an_erased_name_stays_in_no_seal(world: World) -> None:
    """Not in what was recorded, not in why something was accepted."""
    world("period", "reopen", "2026-10", "--reason", "Edna Fan said so")
    world("undo", "p001")
    world("record", "adjustment", "bonus", "3", "--date", "2026-10-10", "--reason", "from Edna Fan", "--creator", "mara")
    world("period", "close", "2026-10", "--accept", "ranges", "--reason", "Edna Fan agrees")
    assert "Edna Fan" in str(world.seal("2026-10").entries)
    world("privacy", "erase", "Edna Fan")
    assert "Edna" not in str(plain(world.seal("2026-10")))
    assert "Edna" not in world("period", "list", "--json").out
    assert world("doctor", code=None).code == 0


def test_a_seal_is_read_as_it_was_written(world: World) -> None:
    """Position by position, exact."""
    seal = world.seal("2026-10")
    assert back(Seal, json.loads(json.dumps(plain(seal)))) == seal
    for basis in BASES:
        assert {figure.month for figure in seal.figures if figure.basis == basis} <= {"2026-10"}
    earned = sum(credit.reward.low for credit in seal.credits if credit.creator == "mara")
    (figure,) = [amount for figure, amount in seal.figures.items() if figure[::3] == ("mara", "earned")]
    assert (earned, figure.low) == (Decimal("50.00"), Decimal("50.00"))
    assert len({credit.id for credit in seal.credits}) == len(seal.credits)


def _days() -> st.SearchStrategy[date]:
    return st.integers(0, 85).map(lambda number: date(2026, 9, 1) + timedelta(days=number))


Step = Callable[[World, int], None]


def _import(day: date, coins: int) -> Step:
    def step(world: World, number: int) -> None:
        world("import", world.gifts(f"g{number}.csv", (f"{day}T{number:02d}:30:00Z", "mara", coins)), "--correct", code=None)

    return step


def _share(percent: int) -> Step:
    return lambda world, number: world("config", "set", "creators.mara.share", str(percent), code=None) and None


def _payout(day: date, amount: int) -> Step:
    def step(world: World, number: int) -> None:
        world("record", "payout", str(amount), "--date", str(day), "--by", "paypal", "--arrived", str(amount), "--arrived-on",
              str(day), "--creator", "mara", "--correct", code=None)  # fmt: skip

    return step


def _undo(number: int) -> Step:
    return lambda world, _: world("undo", f"d{number:03d}", "--correct", code=None) and None


STEPS = st.one_of(
    st.builds(_import, _days(), st.integers(1, 9_999)),
    st.builds(_share, st.integers(30, 60)),
    st.builds(_payout, _days(), st.integers(1, 30)),
    st.builds(_undo, st.integers(1, 4)),
)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A closed world to copy, of files that are not written again for every example."""
    folder = tmp_path_factory.mktemp("closed")
    made = World(folder / "base")
    rows = [(f"2026-{month:02d}-{day:02d}T19:00:00Z", "mara", 1_000 + day) for month in (9, 10) for day in (4, 14, 24, 30)]
    made("import", made.gifts("first.csv", *rows))
    made("period", "close", "2026-10")
    yield folder


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=4))
def test_sealed_and_corrections_are_what_comes_out_now(worlds: Path, steps: list[Step]) -> None:
    """Whatever is imported, undone, recorded or set: the month reads as it was closed, and what it would be now is its sealed
    figure, what was corrected, and what is told as not corrected.
    """
    shutil.rmtree(worlds / "world", ignore_errors=True)
    shutil.copytree(worlds / "base", worlds / "world")
    world = World(worlds / "world")
    told = world.data("summary", "-p", "2026-10")
    sealed = {**world.seal("2026-09").figures, **world.seal("2026-10").figures}
    for number, step in enumerate(steps):
        step(world, number)
    if not any(figure for figure in world.figures()):
        return
    assert world.data("summary", "-p", "2026-10") == told
    chosen = choose(Inputs(ledger=str(world.ledger), config=str(world.folder / "config.yaml")))
    with opening.open_ledger(world.ledger) as book, book.reading():
        now = figures(book, chosen, everybody(book))
        corrections = closes.corrections(book)
        left = {item.figure: item.amount for item in closing.moved_since(book, now)}
    for figure in {*sealed, *(figure for figure in now.figures if figure.month <= "2026-10")}:
        mine = [item.amount for item in corrections if (item.creator, item.month, item.currency, item.basis) == figure]
        for end in ("low", "high"):
            expected = getattr(sealed.get(figure), end, Decimal(0)) + sum(getattr(item, end) for item in mine)
            expected += getattr(left.get(figure), end, Decimal(0))
            assert getattr(now.figures.get(figure), end, Decimal(0)) == expected, figure
    if not any(step.__qualname__.startswith("_share") for step in steps):
        assert not left, "everything that was let in is booked"
