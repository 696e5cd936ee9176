"""Usage is the same from files and from the ledger, row by row and to the second, whatever the files and their order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.ledger.gather import Gathering
from diamondctl.periods import DAY, MICROSECONDS
from diamondctl.problems import ProblemLog
from diamondctl.readers import recognise
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Gift, Usage
from tests import live
from tests.build import gift
from tests.ledger.support import as_csv, undone
from tests.ledger.test_logs import brought, usage

FEW = settings(max_examples=max(settings.default.max_examples // 5, 1))  # type: ignore[union-attr]
MILLISECONDS = 1_000
MIDNIGHT = live.START // (DAY // 1_000) * (DAY // 1_000)  # milliseconds, as the logs have them
AT = MIDNIGHT * 1_000
SENDERS = 3


class Combo(NamedTuple):
    """A gift as a fan sent it: how long after midnight it began, and the pauses between its taps, in seconds."""

    start: int
    sender: int
    taps: tuple[int, ...]
    closed: bool
    coins: int


combos = st.builds(
    Combo,
    st.sampled_from((-1_000, -901, -900, -899, -30, -1, 0, 1, 880, 899, 900)) | st.integers(-2_000, 2_000),
    st.integers(0, SENDERS - 1),
    st.lists(st.sampled_from((1, 2, 59, 110, 900)), max_size=4).map(tuple),
    st.sampled_from((True, True, True, False)),
    st.sampled_from((1, 5, 1_000)),
)
seconds = st.sampled_from((-90_000, -901, -900, -1, 0, 1, 899, 900, 90_000)) | st.integers(-2_000, 2_000)


def events(sent: Sequence[Combo]) -> list[live.Event]:
    """Their frames: the gift id says whose combo it is, so that those of one fan may overlap."""
    found = []
    for number, combo in enumerate(sent):
        at = MIDNIGHT + combo.start * MILLISECONDS
        item = live.Sent(at, combo.sender, f"Gift {number}", 5_000 + number, combo.coins, 1, len(combo.taps) + 1)
        times = [at]
        for pause in combo.taps:
            times.append(times[-1] + pause * MILLISECONDS)
        taps = [(time, count, 0) for count, time in enumerate(times, 1)]
        if combo.closed:
            taps.append((times[-1] + 900, len(times), 1))
        for step, (time, count, end) in enumerate(taps):
            found.append(live.Event(item, time, count, end, f"73900{number:06}{step:03}10457", f"{number + 1}"))
    return sorted(found, key=lambda event: event.time)


def log_text(found: Sequence[live.Event], *, ids: bool) -> str:
    """A log; without ids it has none of messages, and combos are told by fan and gift."""
    objects = [live.connector_2(event) for event in found]
    if not ids:
        for item in objects:
            del item["common"]["msgId"], item["groupId"]
    return "".join(json.dumps(item) + "\n" for item in objects)


class File(NamedTuple):
    path: Path
    creator: str  # --creator


def of_files(files: Sequence[File]) -> list[Usage]:
    """Usage as a report on files has it."""
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=len(files) == 1)
    for file in files:
        with open_source(str(file.path), encoding="utf-8", stdin=None) as source:
            gathering.begin(source.name)
            facts = recognise.read(
                source, Settings(file.creator), log, gathering.take, gathering.take_frame, gathering.take_total
            )
            gathering.end(facts.kind, facts.sha256, facts.notices)
    gathering.fold()
    log.refuse_if_any()
    assert gathering.doubtful() == []
    return sorted(gathering.usage())


def imported_one_by_one(ledger: Path, files: Sequence[File]) -> list[int]:
    """Import them; their numbers, 0 for a file whose bytes came before."""
    reports = [brought(ledger, file.path, creator=file.creator, prefer="ids").files[0] for file in files]
    return [int(report.document.removeprefix("d") or 0) for report in reports]


def pages(data: st.DataObject, length: int) -> list[range]:
    """Parts of a list, which may overlap; together they are all of it."""
    cuts = sorted(data.draw(st.lists(st.integers(0, length), max_size=3), label="cuts"))
    overlap = data.draw(st.integers(0, 2), label="overlap")
    parts = [range(max(start - overlap, 0), end) for start, end in zip([0, *cuts], [*cuts, length], strict=True) if end > start]
    return data.draw(st.permutations(parts), label="order")


def rows_of(logged: Sequence[live.Event], data: st.DataObject) -> list[Gift]:
    """An export of the gifts of a log, under the same ids; it may date them a little later."""
    last: dict[str, live.Event] = {}
    for event in logged:
        last[event.group] = event
    return [
        gift(event.time * 1_000 + data.draw(st.sampled_from((0, 0, 1, 59)), label="late") * MICROSECONDS,
             event.sent.coins, event.times, event_id=event.message_id, name=event.sent.gift)
        for event in last.values()
    ]  # fmt: skip


@FEW
@given(
    st.lists(combos, min_size=1, max_size=5),
    st.lists(st.tuples(seconds, st.integers(1, 9)), max_size=6),
    st.sampled_from(("ids", "no ids", "exported")),
    st.data(),
)
def test_the_ledger_has_the_usage_of_the_files(
    sent: list[Combo], others: list[tuple[int, int]], logs: str, data: st.DataObject
) -> None:
    """Logs whose combos cross quarters of an hour and midnight, with ids and without, also beside an export of the same gifts;
    and another creator's gifts, with ids and without.
    """
    logged = events(sent)
    with_ids = data.draw(st.booleans(), label="other rows have ids")
    rows = [
        gift(AT + second * MICROSECONDS, coins, creator="noor", event_id=f"e{number}" if with_ids else "", gifter="fan")
        for number, (second, coins) in enumerate(others)
    ]  # fmt: skip
    exported = rows_of(logged, data) if logs == "exported" else []
    with TemporaryDirectory() as folder:
        files: list[File] = []

        def add(text: str, ending: str, creator: str) -> None:
            path = Path(folder) / f"{len(files)}.{ending}"
            path.write_text(text, "utf-8")
            files.append(File(path, creator))

        for part in pages(data, len(logged)):
            add(log_text([logged[place] for place in part], ids=logs != "no ids"), "jsonl", "mara")
        for of_one in (rows, exported):
            for part in pages(data, len(of_one)) if of_one else ():
                add(as_csv([of_one[place] for place in part]), "csv", "")
        order = data.draw(st.permutations(files), label="files")
        expected = of_files(order)
        ledger = Path(folder) / "ledger"
        numbers = imported_one_by_one(ledger, order)
        assert sorted(usage(ledger)) == expected
        # A part of an export would make its days those of two sources, of which one counts: all of it goes, or none.
        gone = [data.draw(st.sampled_from(order), label="undone")]
        if gone[0].path.suffix == ".csv" or exported:
            gone = [file for file in order if file.path.suffix == ".csv"]
        left = [file for file in order if file not in gone]
        if left and all(numbers):
            undone(ledger, *(numbers[order.index(file)] for file in gone))
            assert sorted(usage(ledger)) == of_files(left)
