"""Event logs in the ledger: the frames of a document as Parquet, and the gifts of all logs of a creator together.

What a combo amounts to may need frames of several documents, so gifts are never stored: they are folded anew from every log
of a creator (`combos.fold`) whenever one comes or goes, and then merged like the rows of any other source. Everything that
folding needs stands beside the frames: the catalogue's price on the day of import, and aliases in place of people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl import columns, combos
from diamondctl.ledger import staging
from diamondctl.ledger.families import EVENTS, EVENTS_WITHOUT_IDS
from diamondctl.ledger.merge import MEMORY, Rows, Span
from diamondctl.ledger.staging import Staged
from diamondctl.records import Frame, Gift

TYPES: Final = {
    "line": "BIGINT",
    "time": "BIGINT",  # microseconds since 1970 UTC
    "creator": "VARCHAR",
    "room": "VARCHAR",
    "sender": "VARCHAR",  # alias
    "gift_id": "VARCHAR",
    "gift": "VARCHAR",
    "gift_type": "BIGINT",
    "coins": "BIGINT",  # -1: the log does not say
    "listed": "BIGINT",  # of one unit by the gift catalogue, on the day of import; -1: not listed
    "repeat_count": "BIGINT",
    "repeat_end": "BIGINT",
    "combo": "VARCHAR",
    "message_id": "VARCHAR",
    "receiver": "VARCHAR",  # alias, unless it is the creator; so are the others
    "receiver_name": "VARCHAR",
    "receiver_rounded": "VARCHAR",  # alias of all ids that one double stands for
    "host": "VARCHAR",
    "host_rounded": "VARCHAR",  # filled where the id looks rounded
    "occurrence": "BIGINT",
}
_ALIASED: Final = ("sender", "receiver_rounded", "host_rounded")
_OR_CREATOR: Final = ("receiver", "receiver_name", "host")
LIMITS: Final = {
    **columns.LIMITS,
    **dict.fromkeys(_ALIASED, columns.LIMITS["gifter"]),
    **dict.fromkeys(_OR_CREATOR, columns.LIMITS["receiver"]),
    **dict.fromkeys(("coins", "listed"), "{column} BETWEEN -1 AND 999999999999999"),
    "repeat_count": "{column} BETWEEN 0 AND 999999999",
    "repeat_end": "{column} BETWEEN -1 AND 1",
    "occurrence": "{column} >= 0",
}
# The frame of each row, but for region and file, and what else folding asks.
_STORED: Final = (
    *(name for name in Frame._fields if name not in ("region", "file")),
    "listed",
    "receiver_rounded",
    "host_rounded",
)
_COLUMNS: Final = {"sender_name": "''", "group": "combo"}
_READ: Final = f"""
SELECT {", ".join(_COLUMNS.get(name, name) for name in _STORED)} FROM read_parquet({{file}}, hive_partitioning = false)
WHERE creator IN (SELECT unnest(?)) ORDER BY line, occurrence
"""
# Numbers under which folded gifts are merged: no document has them.
_NUMBERS: Final = {EVENTS: -1, EVENTS_WITHOUT_IDS: -2}


class Log(NamedTuple):
    """One document with frames. `families`: by creator."""

    path: Path
    document: int
    label: str  # as problems name it
    region: str
    families: Mapping[str, str]


class Gifts(NamedTuple):
    """What all logs of some creators amount to: rows to merge, and by family what became of every frame."""

    rows: tuple[Rows, ...]
    folded: Mapping[str, combos.Folded]


def stage(frames: Sequence[Frame], price: combos.Price, key: bytes, target: Path) -> Staged:
    """Write the frames of one document to the Parquet file `target`, people as aliases under `key`."""
    names: dict[str, str] = {}
    people: dict[tuple[str, ...], tuple[str, ...]] = {}  # senders, receivers and hosts as they are stored

    def alias(name: str) -> str:
        if name and name not in names:
            names[name] = columns.alias_of(key, name)
        return names.get(name, "")

    def aliased(creator: str, sender: str, receiver: str, receiver_name: str, spelled: str) -> tuple[str, ...]:
        host = spelled.removeprefix(combos.ROUNDED)
        return (
            alias(sender),
            receiver if receiver == creator else alias(receiver),
            receiver_name if receiver_name == creator else alias(receiver_name),
            columns.alias_of(key, combos.rounded(receiver)),
            host if host == creator else columns.alias_of(key, host),
            columns.alias_of(key, combos.rounded(host)) if host != spelled and host.endswith("00") else "",
        )

    def row(frame: Frame) -> tuple[object, ...]:
        """In the order of `TYPES`."""
        of = frame.creator, frame.sender, frame.receiver, frame.receiver_name, frame.host
        known = people.get(of)
        if known is None:
            known = people[of] = aliased(*of)
        listed = price(frame.gift_id, frame.gift, frame.time)
        return (
            frame.line, frame.time, frame.creator, frame.room, known[0], frame.gift_id, frame.gift, frame.gift_type,
            frame.coins, -1 if listed is None else listed, frame.repeat_count, frame.repeat_end, frame.group,
            frame.message_id, *known[1:], frame.occurrence,
        )  # fmt: skip

    staging.write_rows(target, TYPES, map(row, frames))
    return staging.sealed(target, _spans(frames), {alias: name for name, alias in names.items()})


def _spans(frames: Sequence[Frame]) -> tuple[Span, ...]:
    by_creator: dict[str, list[Frame]] = {}
    for frame in frames:
        by_creator.setdefault(frame.creator, []).append(frame)
    spans = []
    for creator, mine in sorted(by_creator.items()):
        times = [frame.time for frame in mine]
        ids = [frame.message_id for frame in mine if frame.message_id]
        spans.append(
            Span(creator, len(mine), min(times), max(times), min(ids, default=""), max(ids, default=""), (), EVENTS)
        )  # fmt: skip
    return tuple(spans)


def gifts_of(logs: Iterable[Log], creators: Iterable[str], folder: str, mine: Container[int] = ()) -> Gifts:
    """Fold all frames of some creators, of the documents `mine` last, and write their gifts into a private folder.

    The logs must be all that the ledger has of these creators, and whole. Problems are those of `combos.fold`.
    """
    names = sorted(set(creators))
    ordered = sorted(logs, key=lambda log: (log.document in mine, log.document))
    by_family: dict[str, combos.Folded] = {}
    rows: list[Rows] = []
    for family, number in _NUMBERS.items():
        stored = _Stored()
        for log in ordered:
            of = [creator for creator in names if log.families.get(creator) == family]
            if of:
                stored.read(log, of)
        if not stored.frames:
            continue
        folded = by_family[family] = combos.fold(stored.frames, stored.price, stored.same, aliased=True)
        if folded.problems:
            continue
        path = Path(folder) / f"{family}.parquet"
        labels = {log.label for log in ordered if log.document in mine}
        staging.write_rows(path, columns.TYPES | {"mine": "BOOLEAN", "pieces": "VARCHAR"}, _as_rows(folded, labels))
        of_family = {creator: family for log in ordered for creator in names if log.families.get(creator) == family}
        rows.append(Rows(path, number, number, "", of_family))
    return Gifts(tuple(rows), by_family)


def _as_rows(folded: combos.Folded, mine: Container[str]) -> Iterator[tuple[object, ...]]:
    of_gift = attrgetter(*columns.TYPES)
    for item in folded.gifts:
        pieces = [[piece.quarter, piece.quantity, int(piece is item.pieces[0]), *piece[2:]] for piece in item.pieces]
        yield *of_gift(item.gift), item.file in mine, pieces


class _Stored:
    """Frames read back from their documents, with what folding asks about them."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._listed: dict[tuple[str, int], int] = {}
        self._listed_ever: dict[str, int] = {}
        self._receivers: dict[str, str] = {}
        self._hosts: dict[str, str] = {}

    def read(self, log: Log, creators: list[str]) -> None:
        """The frames of some creators in one document."""
        region, label = log.region, log.label
        for *stored, occurrence, line, listed, of_receiver, of_host in columns.query(
            log.path, _READ, [creators], memory=MEMORY, types=TYPES, limits=LIMITS
        ):
            frame = Frame._make((*stored, region, occurrence, label, line))
            self.frames.append(frame)
            if listed >= 0:
                # Documents of different days may know different catalogues; their order must not decide.
                for name in (frame.gift_id, frame.gift):
                    if name and listed > self._listed.get((name, frame.time), -1):
                        self._listed[name, frame.time] = listed
                        self._listed_ever[name] = max(listed, self._listed_ever.get(name, -1))
            if of_receiver:
                self._receivers[frame.receiver] = of_receiver
            if of_host:
                self._hosts[frame.host] = of_host

    def price(self, gift_id: str, gift: str, time: int) -> int | None:
        """The catalogue's price, as it was noted beside the frames."""
        name = gift_id or gift
        return self._listed.get((name, time), self._listed_ever.get(name))

    def same(self, receiver: str, host: str) -> bool:
        """Whether two aliases are of one id, that of the host possibly rounded."""
        return receiver == host or self._hosts.get(host, " ") == self._receivers.get(receiver)


_SHOWN: Final = """
SELECT time, creator, gift, greatest(coins, 0), greatest(repeat_count, 1), message_id, sender, gift_id, room,
       coalesce(nullif(receiver, ''), receiver_name), '', line
FROM read_parquet({file}, hive_partitioning = false) ORDER BY line, occurrence LIMIT ?
"""
_ALIASES: Final = """
SELECT DISTINCT unnest([sender, nullif(receiver, creator), nullif(receiver_name, creator)]) AS alias
FROM read_parquet({file}, hive_partitioning = false)
"""


def rows_of(path: Path, limit: int) -> list[Gift]:
    """The first frames of a document as gifts, by line; 0 is all. The quantity is the count so far."""
    return [Gift._make(row) for row in columns.query(path, _SHOWN, [limit or None], memory=MEMORY, types=TYPES, limits=LIMITS)]


def aliases(path: Path) -> set[str]:
    """Every alias of a person in the frames of a document."""
    return {alias for (alias,) in columns.query(path, _ALIASES, memory=MEMORY, types=TYPES, limits=LIMITS) if alias}


def uncertain(folded: Mapping[str, combos.Folded], label: str) -> dict[str, dict[str, int]]:
    """What is uncertain about the gifts of one log, counted by creator; what was folded is no doubt."""
    counts: dict[str, dict[str, int]] = {}
    for of_family in folded.values():
        by_creator: dict[str, list[combos.FoldedGift]] = {}
        for item in of_family.gifts:
            if (item.unterminated or item.heuristic or item.catalogued) and item.file == label:
                by_creator.setdefault(item.gift.creator, []).append(item)
        for creator, items in by_creator.items():
            counts[creator] = combos.counts(of_family._replace(gifts=tuple(items), folded=()))[label]
    return counts


def added_up(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counts of several creators or logs together."""
    return dict(sum(map(Counter, counts), Counter[str]()))


def words(counts: Iterable[Mapping[str, int]]) -> list[str]:
    """The same in words, with the coins at stake."""
    return combos.words(added_up(counts))
