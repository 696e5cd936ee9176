"""Any history of commands leaves the ledger that `model` describes: imports, undos, repairs, erasures, in any order.

Real files go through the real import into a real ledger; after every step everything that a report could read is compared.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from diamondctl.desk.staged import Importing
from diamondctl.ledger import backups, checkup, derive, documents, gifters, leftovers, opening, recorded, rejects
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Refusal
from diamondctl.records import Gift, Record
from tests.build import gift
from tests.ledger import model
from tests.ledger.model import Document, Refused
from tests.ledger.support import as_csv, bring_in, forms

# Two instants on each side of a midnight, a third day, and one more second to meet in.
TIMES = (1_790_035_199_000_000, 1_790_035_200_000_000, 1_790_035_200_500_000, 1_790_121_700_000_000)
GIFTERS = ("Jörg Ø", '=an "odd", name', "fan 7")
FAMILIES = ("ids", "no-ids", "no-ids+gifter+gift_id+stream", "no-ids+stream")
BAD = "many"  # a cell of coins that makes its row a rejected one


class Row(NamedTuple):
    """A row of a file, good or bad."""

    gift: Gift
    bad: bool = False


class Left(NamedTuple):
    """A rejected row: what it would be if it were repaired, and its state."""

    gift: Gift
    state: str = "open"


# What an id stands for is the same in every file, but columns may be left out. Rarely it is not the same: a conflict.
named = st.builds(
    lambda number, full, coins: gift(
        TIMES[number % 4],
        coins or number % 3 + 1,
        number % 2 + 1,
        creator=("mara", "noor")[number % 2],
        event_id=f"e{number // 2}",
        gifter=GIFTERS[number % 3],
        stream=("", "s1")[number // 4 % 2] if full else "",
        receiver=("", "", "guest")[number % 3] if full else "",
        region=("", "", "GB")[number // 3 % 3] if full else "",
    ),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from((0, 0, 0, 0, 0, 0, 0, 0, 0, 99)),
)
bare = st.builds(
    gift,
    st.sampled_from(TIMES),
    st.integers(1, 2),
    creator=st.sampled_from(("mara", "mara", "noor")),
    name=st.sampled_from(("Rose", "Lion")),
    receiver=st.sampled_from(("", "", "", "mara", "guest")),
)
filled = st.builds(
    lambda row, gifter, gift_id: row._replace(gifter=gifter, gift_id=gift_id, stream="s1"),
    bare,
    st.sampled_from(GIFTERS),
    st.sampled_from(("5655", "7934")),
)
streams = bare.map(lambda row: row._replace(stream="s1"))
good_rows = st.one_of(
    st.lists(named, min_size=1, max_size=5),
    st.lists(bare, min_size=1, max_size=5),
    st.lists(filled, min_size=1, max_size=5),
    st.lists(streams | bare | named, min_size=1, max_size=4),
)


# What a refused command and a dry run leave alone.
STATE = ("documents", "stated", "bytes", "rejected", "repaired", "last_document")


class LedgerMachine(RuleBasedStateMachine):
    """A ledger in a folder, beside what it has to be."""

    def __init__(self) -> None:
        super().__init__()
        self.umask = os.umask(0o022)
        self.work = Path(tempfile.mkdtemp(prefix="machine-"))
        self.ledger = self.work / "ledger"
        self.documents: dict[int, Document] = {}
        self.stated: dict[str, list[tuple[int, str]]] = {}  # by creator: which document's import preferred which family
        self.bytes: dict[str, int] = {}  # SHA-256 -> document
        self.rejected: dict[tuple[int, str], Left] = {}
        self.repaired: dict[tuple[int, str], int] = {}
        self.erased: set[str] = set()
        self.adjustments: dict[int, Record] = {}
        self.last_document = self.last_adjustment = self.files = 0
        opening.open_ledger(self.ledger, create=True).raw.close()

    def teardown(self) -> None:
        os.umask(self.umask)
        shutil.rmtree(self.work)

    # Importing

    @initialize(data=st.data())
    def something_to_begin_with(self, data: st.DataObject) -> None:
        self._import_files(data, spoiled=True)

    @rule(data=st.data())
    def import_files(self, data: st.DataObject) -> None:
        """One or several files: new ones, or any part of what is there already, in any order."""
        self._import_files(data, spoiled=data.draw(st.booleans(), label="spoiled"))

    @rule(data=st.data())
    def import_more(self, data: st.DataObject) -> None:
        """The same: imports are half of what is done."""
        self._import_files(data, spoiled=False)

    def _import_files(self, data: st.DataObject, *, spoiled: bool) -> None:
        files = []
        for _ in range(data.draw(st.sampled_from((1, 1, 1, 2)), label="files")):
            rows = [Row(row) for row in data.draw(good_rows, label="rows")]
            if bool(self.documents) and data.draw(st.booleans(), label="overlapping"):
                known = data.draw(st.sampled_from(sorted(self.documents)), label="with")
                old = [Row(row) for row in self.documents[known].rows]
                old = data.draw(st.permutations(old), label="shuffled")[: data.draw(st.integers(0, 6))]
                rows = old + (rows if data.draw(st.booleans(), label="and more") else [])
            if spoiled:
                rows.insert(data.draw(st.integers(0, len(rows))), Row(data.draw(bare | filled | named), bad=True))
            files.append(rows or [Row(data.draw(bare))])
        region = data.draw(st.sampled_from(("", "", "US")), label="region")
        prefer = data.draw(st.sampled_from(("", *(self._contending(files) or FAMILIES))), label="prefer")
        keep_good = data.draw(st.sampled_from((True, True, True, True, False)), label="keep good")
        dry_run = data.draw(st.sampled_from((False,) * 9 + (True,)), label="dry run")
        self._import([(as_csv([row.gift for row in rows], bad=_bad(rows)), rows) for rows in files],
                     Importing(Reading(region=region), keep_good=keep_good, prefer=prefer, dry_run=dry_run))  # fmt: skip

    def import_the_same_bytes(self, data: st.DataObject) -> None:
        """Nothing happens, whatever the options; another region is refused."""
        if not self.bytes:
            return
        digest = data.draw(st.sampled_from(sorted(self.bytes)))
        region = data.draw(st.sampled_from(("", "GB")))
        path = self.work / f"{digest}.csv"
        self._import([(path.read_text("utf-8"), [])], Importing(Reading(region=region)))

    def _import(self, files: list[tuple[str, list[Row]]], wanted: Importing) -> None:
        before = self._state()
        codes: set[str] = set()
        names = []
        for text, _ in files:
            self.files += 1
            path = self.work / f"{self.files}.csv"
            path.write_text(text, "utf-8")
            names.append(str(path))
        try:
            self._expect(files, wanted)
        except Refused as refused:
            codes = set(str(refused).split())
        if codes or wanted.dry_run:
            self._back(before)
        if codes:
            with pytest.raises(Refusal) as refusal:
                bring_in(self.ledger, names, wanted)
            assert {problem.code for problem in refusal.value.problems} <= codes
            return
        report = bring_in(self.ledger, names, wanted)
        for file in report.files:
            assert file.rows == file.new + file.known + file.aside + file.elsewhere
        if not wanted.dry_run:
            for (text, _), name in zip(files, names, strict=True):
                shutil.copy(name, self.work / f"{_sha256(text)}.csv")

    def _expect(self, files: list[tuple[str, list[Row]]], wanted: Importing) -> None:
        """What the import makes of the state, or the codes of which it may say some."""
        region = wanted.reading.region
        for text, _ in files:
            known = self.bytes.get(_sha256(text))
            if known and region and region != self.documents[known].region:
                # Read otherwise it is read again, and may be refused for what was left out the first time.
                raise Refused("L008 G020" if BAD in text and not wanted.keep_good else "L008")
        fresh = [(text, rows) for text, rows in files if _sha256(text) not in self.bytes]
        if not wanted.keep_good and any(row.bad for _, rows in fresh for row in rows):
            raise Refused("G020")
        for text, rows in fresh:
            if _sha256(text) in self.bytes:
                continue  # the same file twice in one command
            number = self.last_document = self.last_document + 1
            self.bytes[_sha256(text)] = number
            self.documents[number] = Document(tuple(row.gift for row in rows if not row.bad), region)
            for line, row in enumerate(rows, 2):
                if row.bad:
                    self.rejected[number, str(line)] = Left(row.gift)
            self._state_preference(number, wanted.prefer)
            try:
                model.gifts(self.documents)
            except Refused:
                # Later files are compared as well, so their problems may be said instead.
                raise Refused("G040 L010" if len(fresh) > 1 else "G040") from None
            if self._objection():
                raise Refused("L010")

    def _state_preference(self, number: int, prefer: str) -> None:
        """--prefer is remembered for creators of the file of whom it decides something, as long as the document stays."""
        with suppress(Refused):
            for creator in {row.creator for row in self.documents[number].rows}:
                days = [day for day in model.contested(self.documents) if day[0] == creator]
                if prefer and days and self._preferred().get(creator) != prefer:
                    self.stated.setdefault(creator, []).append((number, prefer))

    def _preferred(self) -> dict[str, str]:
        return {creator: stated[-1][1] for creator, stated in self.stated.items() if stated}

    def _objection(self) -> str:
        """The code with which the documents as they are would be refused; blank when all is well."""
        try:
            model.figures(self.documents, self._preferred())
        except Refused as refused:
            return str(refused)
        return ""

    def _contending(self, files: list[list[Row]]) -> list[str]:
        """Families between which these files would make a choice necessary."""
        new = {-number: Document(tuple(row.gift for row in rows if not row.bad)) for number, rows in enumerate(files, 1)}
        with suppress(Refused):
            return sorted({name for names in model.contested(self.documents | new).values() for name in names})
        return []

    # Repairing

    @precondition(lambda self: bool(self.rejected))
    @rule(data=st.data())
    def repair(self, data: st.DataObject) -> None:
        """Bring rejected rows back, with --keep-good or without; rows still bad or settled already are refused."""
        number = data.draw(st.sampled_from(sorted({number for number, _ in self.rejected})))
        mine = {place: left for (document, place), left in self.rejected.items() if document == number}
        places = data.draw(st.sets(st.sampled_from(sorted(mine)), min_size=1), label="places")
        some = data.draw(st.sampled_from((False, False, False, False, True)), label="only some")
        mended = data.draw(st.sets(st.sampled_from(sorted(places))), label="mended") if some else places
        before = self._state()
        with opening.open_ledger(self.ledger) as book, book.reading():
            text = rejects.chosen(rejects.get(book, number), places)
        header, *rows = csv.reader(io.StringIO(text))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            if row[1] in mended:
                row[header.index("coins")] = str(mine[row[1]].gift.coins)
            writer.writerow(row)
        self.files += 1
        path = self.work / f"{self.files}.csv"
        path.write_text(out.getvalue(), "utf-8")
        wanted = Importing(Reading(), keep_good=data.draw(st.booleans(), label="keep good"))
        expected = ""
        known = self.bytes.get(_sha256(out.getvalue()))
        if not known:
            if mended != places:
                expected = "G020"
            elif any(mine[place].state != "open" for place in mended):
                expected = "L013"
            else:
                new = self.last_document = self.last_document + 1
                self.bytes[_sha256(out.getvalue())] = new
                repaired = tuple(mine[place].gift for place in sorted(mended))
                self.documents[new] = Document(repaired, self.documents[number].region, number)
                for place in mended:
                    self.rejected[number, place] = mine[place]._replace(state="repaired")
                    self.repaired[number, place] = new
                expected = self._objection()
        if expected:
            self._back(before)
            with pytest.raises(Refusal) as refusal:
                bring_in(self.ledger, [path], wanted)
            assert {problem.code for problem in refusal.value.problems} == {expected}
            return
        bring_in(self.ledger, [path], wanted)
        shutil.copy(path, self.work / f"{_sha256(out.getvalue())}.csv")

    def dismiss(self, data: st.DataObject) -> None:
        if not self.rejected:
            return
        number = data.draw(st.sampled_from(sorted({number for number, _ in self.rejected})))
        with opening.open_ledger(self.ledger) as book, book.writing():
            documents.dismiss(book, [number], "a test")
        for key, left in self.rejected.items():
            if key[0] == number and left.state == "open":
                self.rejected[key] = left._replace(state="dismissed")

    # Taking out

    @precondition(lambda self: bool(self.documents))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """What is left is what would be there if the documents had never come, or the undo is refused."""
        gone = data.draw(st.sets(st.sampled_from(sorted(self.documents)), min_size=1, max_size=2))
        before = self._state()
        self._without(gone)
        objection = self._objection()
        with opening.open_ledger(self.ledger) as book:
            if objection:
                self._back(before)
                with pytest.raises(Refusal) as refusal, book.writing():
                    documents.undo(book, sorted(gone))
                assert {problem.code for problem in refusal.value.problems} == {objection}
                return
            with book.writing():
                _, files = documents.undo(book, sorted(gone))
            documents.remove_files(files)

    def _without(self, numbers: set[int]) -> None:
        gone = numbers | {number for number, document in self.documents.items() if document.part_of in numbers}
        self.documents = {number: document for number, document in self.documents.items() if number not in gone}
        self.bytes = {digest: number for digest, number in self.bytes.items() if number not in gone}
        self.rejected = {key: left for key, left in self.rejected.items() if key[0] not in gone}
        for key, document in list(self.repaired.items()):
            if document in gone:
                del self.repaired[key]
                if key in self.rejected:
                    self.rejected[key] = self.rejected[key]._replace(state="open")
        contests = model.contested(self.documents)
        for creator, stated in list(self.stated.items()):
            left = [statement for statement in stated if statement[0] not in gone]
            names = [families for (name, _), families in contests.items() if name == creator]
            if not names:
                del self.stated[creator]
            elif left and all(left[-1][1] in families for families in names):
                self.stated[creator] = left

    # Names

    def erase(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(GIFTERS))
        with opening.open_ledger(self.ledger) as book:
            with book.writing():
                _, old = gifters.erase(book, name)
            documents.remove_files(old)
            assert gifters.traces(book.folder, name) == []
        self.erased.add(name)

    # Adjustments

    def adjust(self, data: st.DataObject) -> None:
        creator, cents = data.draw(st.sampled_from(("mara", "noor"))), data.draw(st.integers(-999, 999))
        number = self.last_adjustment = self.last_adjustment + 1
        item = Record(
            "adjustment", number, creator, "", date(2026, 10, 1), Decimal(cents).scaleb(-2), "USD", "opening", reason="a test"
        )
        with opening.open_ledger(self.ledger) as book, book.writing():
            assert recorded.add(book, item._replace(number=0), "2026-11-01 00:00:00") == item
        self.adjustments[number] = item

    def undo_adjustment(self, data: st.DataObject) -> None:
        if not self.adjustments:
            return
        number = data.draw(st.sampled_from(sorted(self.adjustments)))
        with opening.open_ledger(self.ledger) as book, book.writing():
            assert recorded.remove(book, [f"a{number:03d}"]) == [self.adjustments[number]]
        del self.adjustments[number]

    # Upkeep

    def doctor_fix_changes_nothing(self, data: st.DataObject) -> None:
        with opening.open_ledger(self.ledger) as book:
            checkup.fix(book)

    def move_to_a_restored_backup(self, data: st.DataObject) -> None:
        self.files += 1
        archive, folder = self.work / f"{self.files}.zip", self.work / f"restored-{self.files}"
        with opening.open_ledger(self.ledger) as book:
            backups.write(book, archive)
        backups.restore(archive, folder)
        archive.unlink()  # it holds names that may be erased later
        shutil.rmtree(self.ledger)
        self.ledger = folder

    @rule(data=st.data(), which=st.sampled_from((dismiss, erase, import_the_same_bytes, adjust, undo_adjustment,
                                                 doctor_fix_changes_nothing, move_to_a_restored_backup)))  # fmt: skip
    def something_else(self, data: st.DataObject, which: Callable[[LedgerMachine, st.DataObject], None]) -> None:
        """Rarer things, as one rule, so that they do not crowd out the others."""
        which(self, data)

    # What holds after every step

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        usage, cross = model.figures(self.documents, self._preferred())
        with opening.open_ledger(self.ledger) as book, book.reading():
            found, checks = derive.read_usage(book, dict.fromkeys(derive.creators(book)))
            assert sorted(found) == usage
            assert sorted(tuple(check) for check in checks) == cross
            assert derive.preferences(book) == self._preferred()
            assert {item.number: item.part_of for item in documents.stored(book)} == {
                number: document.part_of for number, document in self.documents.items()
            }
            assert {(row.document, row.place): (row.state, row.repaired) for row in documents.rejected_rows(book)} == {
                key: (left.state, self.repaired.get(key, 0)) for key, left in self.rejected.items()
            }
            assert {name for (name,) in book.raw.execute("SELECT name FROM gifters WHERE name IS NOT NULL")} == self._names()
            assert recorded.records(book) == list(self.adjustments.values())
            assert [item for item in checkup.examine(book) if item.status != "ok"] == []
            named = leftovers.named_files(book)
        there = {path.name for folder in ("documents", "rejected") for path in (self.ledger / folder).iterdir()}
        assert there == named
        data = b"".join(path.read_bytes() for path in self.ledger.rglob("*") if path.is_file())
        assert [name for name in self.erased if any(form in data for form in forms(name))] == []

    def _names(self) -> set[str]:
        rows = [row for document in self.documents.values() for row in document.rows]
        people = {row.gifter for row in rows} | {row.receiver for row in rows if row.receiver != row.creator}
        return people - {""} - self.erased

    def _state(self) -> dict[str, Any]:
        return {name: copy.deepcopy(getattr(self, name)) for name in STATE}

    def _back(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


def _bad(rows: list[Row]) -> dict[int, str]:
    return {number: BAD for number, row in enumerate(rows) if row.bad}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=settings.default.max_examples // 5, stateful_step_count=10)  # type: ignore[union-attr]
