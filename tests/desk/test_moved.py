"""What a write says it moved is what reports say before it and after it, of every creator, month and basis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diamondctl.cli.choose import choose
from diamondctl.cli.options import Inputs
from diamondctl.desk.figures import everybody, figures
from diamondctl.ledger import opening
from diamondctl.reports.moved import Figures, Taken, moved
from tests import state_worlds as worlds
from tests.state_oracle import Gift
from tests.support import run

HEADER = "timestamp,creator,gift,coins,quantity,event_id,region\n"


class Book:
    """A ledger with its settings, and what commands on it answer."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder / "ledger", folder / "config.yaml"
        self.config.write_text("region: US\n")
        self.place = ["--ledger", str(self.folder), "--config", str(self.config)]

    def run(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The JSON of a command."""
        done = run(*words, *self.place, "--json")
        assert done.code == code, done.err
        found: dict[str, Any] = json.loads(done.out)
        return found

    def figures(self) -> Figures:
        """All figures, from all gifts."""
        with opening.open_ledger(self.folder, create=True) as book, book.reading():
            chosen = choose(Inputs(ledger=str(self.folder), config=str(self.config)))
            return figures(book, chosen, everybody(book)).figures

    def last(self) -> str:
        """The last document."""
        return str(self.run("records", "list")["data"]["documents"][-1]["document"])

    def write(self, *words: str, dry: bool = True) -> list[dict[str, Any]]:
        """What a command says it moved, which has to be so, and with --dry-run too."""
        first = self.run(*words, "--dry-run")["data"]["moved"] if dry else None
        before = self.figures()
        told: list[dict[str, Any]] = self.run(*words)["data"]["moved"]
        real = moved(Taken(before), Taken(self.figures()), ())
        assert [tuple(item[key] for key in ("creator", "month", "currency", "basis")) for item in told] == [
            item.figure for item in real.moves
        ]
        ends = [[[item[side]["low"], item[side]["high"]] for side in ("before", "after")] for item in told]
        assert ends == [
            [[f"{amount.ordered.low:.2f}", f"{amount.ordered.high:.2f}"] for amount in (item.before, item.after)]
            for item in real.moves
        ]
        assert all(item["cause"] for item in told)
        assert first in (None, told)
        return told


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Half a year of several creators, in files that were not imported in order."""

    def cut(gift: Gift) -> str:
        return str(gift.time.month // 3)

    files = worlds.write(worlds.world(11, lives=14), tmp_path / "world", cut).files
    made = Book(tmp_path)
    for file in (files[0], *files[2:], files[1]):
        made.write("import", str(file))
    return made


def late(folder: Path, *rows: str) -> str:
    """A file of a few gifts."""
    path = folder / f"late-{len(list(folder.glob('late-*')))}.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return str(path)


def test_every_write_tells_what_moved(book: Book, tmp_path: Path) -> None:
    """Files, records, undoing them, settings: from states that are kept what comes out of all gifts."""
    creator = next(iter(book.figures())).creator
    file = late(
        tmp_path, f"2025-03-20T19:00:00Z,{creator},Lion,29999,1,late-1,US", "2025-11-20T19:00:00Z,nova,Lion,500,1,late-2,US"
    )
    told = book.write("import", file)
    assert {item["creator"] for item in told} == {creator, "nova"}
    assert {tuple(item["cause"]) for item in told} == {
        (f"{book.run('records', 'list')['data']['documents'][-1]['document']} {file}",)
    }
    payout = ["record", "payout", "20", "--creator", creator, "--region", "US", "--date", "2025-12-12", "--by", "paypal"]
    assert not book.write(*payout)
    told = book.write(*payout[:3], "--id", "p001", *payout[3:], "--arrived", "19", "--arrived-on", "2026-01-03")
    assert [(item["month"], item["basis"], item["after"]["low"], item["cause"]) for item in told] == [
        ("2026-01", "paid", "19.00", ["p001"])
    ]
    assert book.write("record", "balance", "900", "--creator", creator, "--region", "US", "--date", "2026-02-03")
    assert book.write("undo", "b001")
    assert book.write("config", "set", f"creators.{creator}.share", "41", "--from", "2025-08-01", dry=False)
    assert book.write("config", "unset", f"creators.{creator}.share", "--from", "2025-08-01", dry=False)
    assert book.write("undo", book.last(), "p001")
    assert book.run("privacy", "erase", "somebody")["data"]["moved"] == []


def test_only_its_period_moves_or_nothing(tmp_path: Path) -> None:
    """What the platform books later of the month's own gifts is no other period's; a late gift is."""
    book = Book(tmp_path)
    book.run("import", late(tmp_path, "2026-09-14T19:00:00Z,mara,Lion,5000,1,e1,US"))
    own = late(tmp_path, "2026-10-31T19:00:00Z,mara,Lion,5000,1,e2,US")
    assert {item["month"] for item in book.write("import", own, "--only-period", "2026-10")} == {"2026-10", "2026-11"}
    for words in (
        ("import", late(tmp_path, "2026-09-15T19:00:00Z,mara,Lion,5000,1,e3,US")),
        ("import", late(tmp_path, "2026-11-02T19:00:00Z,mara,Lion,5000,1,e4,US")),
        ("undo", "d001"),
        ("record", "payout", "5", "--date", "2026-09-20", "--by", "bank", "--arrived", "5", "--arrived-on", "2026-09-21"),
    ):
        before = book.figures(), book.run("records", "list")
        done = run(*words, *book.place, "--only-period", "2026-10")
        assert done.code == 4
        assert "L016 this moves mara 2026-" in done.err
        assert (book.figures(), book.run("records", "list")) == before
        assert len(list((book.folder / "documents").iterdir())) == 2
    done = run("undo", "d002", *book.place, "--only-period", "2026-W44")
    assert (done.code, "whole months" in done.err) == (2, True)


def test_a_creator_who_cannot_be_priced_is_named(tmp_path: Path) -> None:
    """The others are told all the same, and nothing is let through unseen."""
    book = Book(tmp_path)
    book.config.write_text("{}\n")
    file = late(tmp_path, "2026-09-14T19:00:00Z,mara,Lion,5000,1,e1,US", "2026-09-14T19:00:00Z,nova,Lion,5000,1,e2,")
    done = run("import", file, *book.place, "--only-period", "2026-09")
    assert (done.code, "What moved cannot be told of nova" in done.err) == (4, True)
    done = run("import", file, *book.place)
    assert (done.code, "What moved cannot be told of nova: gifts of nova name no payout region." in done.out) == (0, True)
    assert "New figures of mara for 2026-09" in done.out


def test_what_could_not_be_told_and_now_can_is_told(tmp_path: Path) -> None:
    """The reason that was just mended is not named again."""
    book = Book(tmp_path)
    book.config.write_text("{}\n")
    run("import", late(tmp_path, "2026-09-14T19:00:00Z,mara,Lion,5000,1,e1,"), *book.place)
    done = run("config", "set", "creators.mara.region", "US", "--ledger", str(book.folder), "--config", str(book.config))
    assert "2026-09" in done.out and "cannot be told" not in done.out


def test_what_the_app_showed_is_no_credit_on_a_screen(tmp_path: Path) -> None:
    """Neither a negative one; files tell it as before, within what is credited."""
    book = Book(tmp_path)
    run("import", late(tmp_path, "2026-09-14T19:00:00Z,mara,Lion,5000,1,e1,US"), *book.place)
    done = run("record", "balance", "1", "--date", "2026-09-20", *book.place)
    rows = [line.split() for line in done.out.splitlines() if line.startswith("mara")]
    assert [row[2:4] for row in rows] == [["not", "explained"]]
    done = run("record", "credit", "9", "--for", "2026-09-14", "--date", "2026-09-21", *book.place)
    rows = [line.split() for line in done.out.splitlines() if line.startswith("mara")]
    assert [row[2] for row in rows] == ["credited"]
    run("undo", "b001", *book.place)
    found = book.write("record", "balance", "1", "--date", "2026-09-20")
    assert [item["basis"] for item in found] == ["credited"]
