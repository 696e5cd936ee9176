"""What the catalog holds of usage, kept equal to the live documents: recomputed over windows of days of some creators."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from diamondctl import columns, combos, periods
from diamondctl.ledger import catalog, disk, frames, merge, packs
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import BESIDE, EVENTS, GIFTS
from diamondctl.ledger.merge import Merged, Rows, Window
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Usage
from diamondctl.words import document_name


class Live(NamedTuple):
    """A live document as merging needs it."""

    rows: Rows
    name: str
    sha256: str  # of its Parquet file
    sort: str  # of its rows

    @property
    def label(self) -> str:
        """As problems name it: `d014 (gifts.csv)`."""
        return f"{document_name(self.rows.document)} ({self.name})"


class Sources(NamedTuple):
    """Rows to merge. `folded`: by family of event logs, what became of every frame."""

    rows: list[Rows]
    folded: Mapping[str, combos.Folded]


def live(ledger: Ledger, where: str = "1", values: Sequence[object] = ()) -> list[Live]:
    """Live documents (of table `documents d`) for which the condition holds, by number."""
    documents = ledger.sql.execute(
        "SELECT d.id, d.name, d.part_of, d.region, d.file, d.file_sha256, d.sort, "
        " json_group_object(s.creator, s.family) FILTER (WHERE s.creator IS NOT NULL)"
        # A document whose rows were all left out has no spans.
        f" FROM documents d LEFT JOIN spans s ON s.document = d.id WHERE {where} GROUP BY d.id ORDER BY d.id",
        values,
    ).fetchall()
    return [
        Live(
            Rows(ledger.rows_file(file), number, part_of or number, region, json.loads(families)),
            name,
            sha256,
            sort,
        )
        for number, name, part_of, region, file, sha256, sort, families in documents
    ]


def verified(ledger: Ledger, documents: Iterable[Live]) -> list[Rows]:
    """Rows of documents whose files are what was written, to the byte; else refuses (L005)."""
    checked = []
    for item in documents:
        if hash_of(item) != item.sha256:
            what = f"{document_name(item.rows.document)} ({item.name}), {item.rows.path.name}"
            raise catalog.damaged(ledger.folder, what)
        checked.append(item.rows)
    return checked


def hash_of(item: Live) -> str:
    """SHA-256 of the rows' file; blank when it is not there."""
    return disk.sha256(item.rows.path)


def meeting(ledger: Ledger, windows: Iterable[Window], ids: Mapping[str, tuple[str, str]]) -> list[Live]:
    """Live documents that hold gifts of these days, or ids between a creator's first and last new one."""
    numbers: set[int] = set()
    for window in windows:
        first_id, last_id = ids.get(window.creator, ("", ""))
        numbers.update(
            number
            for (number,) in ledger.sql.execute(
                "SELECT document FROM spans WHERE creator = ? AND (first_time < ? AND last_time >= ?"
                " OR (? <> '' AND last_id >= ? AND first_id <= ? AND last_id <> ''))",
                (window.creator, (window.last + 1) * periods.DAY, window.first * periods.DAY, last_id, first_id, last_id),
            )
        )
    # The repaired rows of a document count together with it.
    families = ledger.sql.execute("SELECT id, part_of FROM documents WHERE part_of IS NOT NULL").fetchall()
    for number, part_of in families:
        if part_of in numbers or number in numbers:
            numbers |= {number, part_of}
    return [item for item in live(ledger, f"d.sort NOT IN {BESIDE}") if item.rows.document in numbers] if numbers else []


def reach(ledger: Ledger, windows: Iterable[Window]) -> list[Window]:
    """The windows, each over all event logs of its creator where it comes near one of them.

    A combo may have frames in several logs, and what it brings counts where they are.
    """
    day = periods.DAY
    reaching = []
    for window in windows:
        first, last, near = ledger.sql.execute(
            "SELECT min(first_time) / ?2, max(last_time) / ?2, max(first_time < ?4 AND last_time >= ?3) FROM spans"
            " WHERE creator = ?1 AND family IN ('events', 'events-no-ids')",
            # A day more, for what two programs log of one gift may lie on both sides of midnight.
            (window.creator, day, (window.first - 1) * day, (window.last + 2) * day),
        ).fetchone()
        reaching.append(Window(window.creator, min(window.first, first), max(window.last, last)) if near else window)
    return reaching


@contextmanager
def sources(ledger: Ledger, documents: Iterable[Live], mine: Container[int] = ()) -> Iterator[Sources]:
    """The rows of some documents, verified (L005). Where one of them is an event log, the gifts that all logs of its creators
    amount to stand in for it; `mine` are the logs that are being imported.

    Refuses logs that cannot be folded together: with exit code 2 while one is imported, else as a state (4).
    """
    documents = list(documents)
    creators = {creator for item in documents if item.sort == EVENTS for creator in item.rows.families}
    rows = verified(ledger, (item for item in documents if item.sort == GIFTS))
    if not creators:
        yield Sources(rows, {})
        return
    items = [item for item in live(ledger, "d.sort = 'events'") if creators & item.rows.families.keys()]
    logs = [
        frames.Log(checked.path, checked.document, item.label, checked.region, checked.families)
        for item, checked in zip(items, verified(ledger, items), strict=True)
    ]
    with columns.workshop() as folder:
        gifts = frames.gifts_of(logs, creators, folder, mine)
        if problems := [problem for folded in gifts.folded.values() for problem in folded.problems]:
            if not mine:
                hint = "the logs that would be left cannot be folded together: undo them too"
                problems = [problem._replace(hint=hint) for problem in problems]
            raise Refusal(problems[:20], exit_code=2 if mine else catalog.STATE, total=len(problems))
        yield Sources([*rows, *gifts.rows], gifts.folded)


def preferences(ledger: Ledger) -> dict[str, str]:
    """The preferred family of each creator that has one: what was said last."""
    return dict(ledger.sql.execute("SELECT creator, family FROM preferences ORDER BY creator, document"))


def store(ledger: Ledger, windows: Iterable[Window], merged: Merged) -> None:
    """Put usage and cross-checks of the windows in place of what was there, and seal the creators."""
    if too_many := next((run for run in merged.runs if run.most > packs.MAX_COINS), None):
        message = f"more than {packs.MAX_COINS:,} coins of {too_many.creator} in one quarter of an hour"
        raise Refusal(Problem("L011", message, "is the column of coins what it seems?"))
    windows = list(windows)
    verify_usage(ledger, {window.creator for window in windows})  # what is damaged must not be sealed again
    months = {(run.creator, run.month) for run in merged.runs}
    for creator, first, last in windows:
        between = (creator, first * merge.DAY, (last + 1) * merge.DAY)
        ledger.sql.execute("DELETE FROM cross_checks WHERE creator = ? AND quarter >= ? AND quarter < ?", between)
        months |= {(creator, month) for month in range(packs.month_of(between[1]), packs.month_of(between[2] - 1) + 1)}
    put_usage(ledger, _with_days_around(ledger, merged.runs, months, windows), months)
    ledger.sql.executemany("INSERT INTO cross_checks VALUES (?, ?, ?, ?, ?)", sorted(merged.cross_checks))
    for creator, month in sorted(months):
        _seal(ledger, creator, month, month_rows(ledger, creator, month))


def _with_days_around(
    ledger: Ledger, runs: Sequence[packs.Run], months: Iterable[tuple[str, int]], windows: Iterable[Window]
) -> list[packs.Run]:
    """Runs of some windows, with what is stored of the same months outside of all windows."""
    days: dict[str, list[tuple[int, int]]] = {}
    for creator, first, last in windows:
        days.setdefault(creator, []).append((first * merge.DAY, (last + 1) * merge.DAY))
    around: dict[tuple[str, int], list[Usage]] = {}
    for creator, month in months:
        start, end = packs.month_quarters(month)
        inside = days.get(creator, [])
        if not any(first <= start and end <= after for first, after in inside):
            rows = _unpacked(ledger, creator, _stored(ledger, creator, month))
            rows = [row for row in rows if not any(first <= row.quarter < after for first, after in inside)]
            around |= {(creator, month): rows} if rows else {}
    rows = [row for rows in around.values() for row in rows]
    rows += (row for stored in packs.packed(run for run in runs if run[:2] in around) for row in packs.unpack(stored))
    return [*(run for run in runs if run[:2] not in around), *packs.runs_of(rows)]


def put_usage(ledger: Ledger, runs: Iterable[packs.Run], months: Iterable[tuple[str, int]] = ()) -> None:
    """Put runs in place of all usage of some creators and months."""
    ledger.sql.executemany("DELETE FROM usage WHERE creator = ? AND month = ?", months)
    ledger.sql.executemany("INSERT INTO usage VALUES (?, ?, ?, ?)", packs.packed(sorted(runs)))


def _stored(ledger: Ledger, creator: str, month: int) -> list[tuple[Any, ...]]:
    return ledger.sql.execute(
        "SELECT creator, month, runs, packed FROM usage WHERE creator = ? AND month = ?", (creator, month)
    ).fetchall()


def _unpacked(ledger: Ledger, creator: str, stored: Iterable[tuple[Any, ...]], edges: Sequence[int] = ()) -> list[Usage]:
    with _whole(ledger, creator):
        return [row for item in stored for row in packs.unpack(packs.Packed._make(item), edges)]


def _seal(ledger: Ledger, creator: str, month: int, rows: list[Any]) -> None:
    ledger.sql.execute("DELETE FROM seals WHERE creator = ? AND month = ?", (creator, month))
    if any(rows):
        ledger.sql.execute("INSERT INTO seals VALUES (?, ?, ?)", (creator, month, catalog.digest(rows)))


def month_rows(ledger: Ledger, creator: str, month: int) -> list[Any]:
    """Derived usage and cross-checks of a creator in a UTC month, as they are stored."""
    return [
        _stored(ledger, creator, month),
        ledger.sql.execute(
            "SELECT creator, family, quarter, coins, gifts FROM cross_checks"
            " WHERE creator = ? AND quarter >= ? AND quarter < ? ORDER BY quarter, family",
            (creator, *packs.month_quarters(month)),
        ).fetchall(),
    ]


def _verified(ledger: Ledger, creator: str, month: int, digest: str) -> list[Any]:
    rows = month_rows(ledger, creator, month)
    if digest != catalog.digest(rows):
        raise catalog.damaged(ledger.folder, f"the usage of {creator}")
    return rows


def verify_usage(ledger: Ledger, creators: Container[str]) -> None:
    """Refuse (L005) usage of some creators that is not what was written."""
    for (creator, month), digest in _seals(ledger).items():
        if creator in creators:
            _verified(ledger, creator, month, digest)


def read_usage(
    ledger: Ledger, months: Mapping[str, Container[int] | None], edges: Sequence[int] = ()
) -> tuple[list[Usage], list[merge.Cross]]:
    """Usage and cross-checks of creators, each in some UTC months (None: in all), verified against their seals (L005).

    With `edges`, quarters in their order, usage between two of them is one row for each stream.
    """
    usage: list[Usage] = []
    cross: list[merge.Cross] = []
    seals: dict[str, list[tuple[int, str]]] = {}
    for (creator, month), digest in _seals(ledger).items():
        wanted = months.get(creator, ())
        if wanted is None or month in wanted:
            seals.setdefault(creator, []).append((month, digest))
    for creator in months:
        for month, digest in sorted(seals.get(creator, ())):
            rows = _verified(ledger, creator, month, digest)
            ledger.check("usage", rows[0])
            ledger.check("cross_checks", rows[1])
            usage += _unpacked(ledger, creator, rows[0], edges)
            cross += map(merge.Cross._make, rows[1])
    return usage, cross


@contextmanager
def _whole(ledger: Ledger, creator: str) -> Iterator[None]:
    """Texts that no command of ours wrote, whatever their seal says, are a damage."""
    try:
        yield
    except (LookupError, RecursionError, TypeError, ValueError):
        raise catalog.damaged(ledger.folder, f"the usage of {creator}") from None


class Extent(NamedTuple):
    """In which region and stream a creator received something, and the quarters of the first and the last gift there."""

    creator: str
    region: str
    stream: str
    first: int
    last: int


def extents(ledger: Ledger, creator: str = "") -> list[Extent]:
    """Of everybody or of one, month by month; not verified."""
    where = "WHERE creator = ?" if creator else ""
    rows = ledger.sql.execute(f"SELECT creator, runs FROM usage {where} ORDER BY creator, month", (creator,) if creator else ())
    found = []
    for name, runs in rows.fetchall():
        with _whole(ledger, name):
            found += _extents(name, runs)
    return found


def _extents(creator: str, runs: str) -> list[Extent]:
    return [
        Extent(creator, str(region), str(stream), int(first), int(last)) for region, stream, first, last in json.loads(runs)
    ]


def _seals(ledger: Ledger) -> dict[tuple[str, int], str]:
    rows = ledger.sql.execute("SELECT creator, month, digest FROM seals").fetchall()
    return {(creator, month): digest for creator, month, digest in rows}


def creators(ledger: Ledger) -> list[str]:
    """Everybody the ledger holds gifts or cross-checks of; of whom there are only totals, `totals.stored` knows."""
    return [name for (name,) in ledger.sql.execute("SELECT DISTINCT creator FROM seals ORDER BY creator")]


def cross_checked(ledger: Ledger) -> set[str]:
    """Creators of whom a source may say what does not count: those with a preferred one."""
    return set(preferences(ledger))


def last_quarters(ledger: Ledger, creators: Iterable[str]) -> dict[str, int]:
    """The quarter of the last gift of each creator, verified (L005)."""
    months: dict[str, list[int]] = {}
    seals = _seals(ledger)
    for creator, month in seals:
        months.setdefault(creator, []).append(month)
    last = {}
    for creator in creators:
        for month in sorted(months.get(creator, ()), reverse=True):
            usage, _ = _verified(ledger, creator, month, seals[creator, month])
            if usage:
                with _whole(ledger, creator):
                    last[creator] = max(run.last for run in _extents(creator, usage[0][2]))
                break
    return last


def recompute(ledger: Ledger, windows: Sequence[Window]) -> Merged:
    """Derive the windows again from the live documents, and store the result."""
    windows = reach(ledger, windows)
    with sources(ledger, meeting(ledger, windows, {})) as documents, merge.opened(documents.rows) as merger:
        merged = merger.merge(windows, preferences(ledger))
    store(ledger, windows, merged)
    note_uncertain(ledger, documents.folded)
    return merged


def note_uncertain(ledger: Ledger, folded: Mapping[str, combos.Folded]) -> None:
    """Keep with every log of the creators that were folded what is uncertain about its gifts now."""
    creators = {item.gift.creator for of_family in folded.values() for item in of_family.gifts}
    for item in live(ledger, "d.sort = 'events'") if creators else ():
        if creators.isdisjoint(item.rows.families):
            continue
        number = item.rows.document
        (text,) = ledger.sql.execute("SELECT uncertain FROM documents WHERE id = ?", (number,)).fetchone()
        others = {creator: counts for creator, counts in json.loads(text).items() if creator not in creators}
        now = json.dumps(others | frames.uncertain(folded, item.label), sort_keys=True)
        ledger.sql.execute("UPDATE documents SET uncertain = ? WHERE id = ?", (now, number))


def sums(ledger: Ledger, windows: Iterable[Window]) -> tuple[int, int]:
    """Gifts and coins that count for the creators of the windows."""
    gifts = coins = 0
    for creator in {window.creator for window in windows}:
        for (packed,) in ledger.sql.execute("SELECT packed FROM usage WHERE creator = ?", (creator,)).fetchall():
            with _whole(ledger, creator):
                of_month = packs.sums(packed)
            gifts, coins = gifts + of_month[0], coins + of_month[1]
    return gifts, coins


def whole(ledger: Ledger, creator: str) -> list[Window]:
    """The window of all gifts a creator has."""
    row = ledger.sql.execute(
        f"SELECT min(first_time), max(last_time) FROM spans WHERE creator = ? AND family NOT IN {BESIDE}", (creator,)
    ).fetchone()
    return [] if row[0] is None else [Window.around(creator, *row)]


def everything(ledger: Ledger) -> list[Window]:
    """The windows of all gifts of everybody."""
    names = ledger.sql.execute("SELECT DISTINCT creator FROM spans ORDER BY creator").fetchall()
    return [window for (name,) in names for window in whole(ledger, name)]


def foreign_rows(ledger: Ledger) -> list[str]:
    """Creators with derived rows that no seal covers: such rows were put there by somebody else."""
    months = set(ledger.sql.execute("SELECT creator, month FROM seals"))
    cross = ledger.sql.execute("SELECT creator, quarter FROM cross_checks").fetchall()
    rows = {
        *ledger.sql.execute("SELECT creator, month FROM usage"),
        *((name, packs.month_of(quarter)) for name, quarter in cross),
    }
    return sorted({creator for creator, _ in rows - months})
