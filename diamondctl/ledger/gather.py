"""Gifts of several documents to usage, each gift once, in memory: what `summary FILE` uses instead of the ledger on disk.

Identity: rows with an event id by (creator, id), and the same id with other content is a conflict;
rows without id by content, and over documents the maximum count per content, so that equal gifts inside one file are all
kept and an overlapping export adds nothing twice. The order of documents and rows never matters.

Content can only be compared between documents of one family, that have the same columns filled: a row with a gifter never
equals the same gift without one. Documents of two families over one day of a creator are refused (`doubtful`).

Frames of event logs are folded over all logs together (`fold`); gifts with a message id meet rows of that event id.

Whoever looks gifts up again asks here too: `gifts` hands on each that is left, with the rows in which it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.ledger.families import TELLING, WITH_IDS, family_of, family_words
from diamondctl.problems import Problem, ProblemLog, two_contents
from diamondctl.records import Document, Frame, Gift, Total, Usage
from diamondctl.words import counted

if TYPE_CHECKING:  # read only where there are frames
    from diamondctl import combos

IDS: Final = 1
_UNIT: Final = itemgetter(0, 1, 2, 3)  # of usage: creator, region, stream, quarter
# A bit for each column that tells families without ids apart.
FILLED: Final = tuple((name, 2 << place) for place, name in enumerate(TELLING))


class Cover:
    """What one document holds of one creator: which columns are filled, and gifts and coins by UTC day."""

    def __init__(self) -> None:
        self.log = False  # whether its gifts were folded from the frames of an event log
        self.filled = 0
        self.days: dict[int, list[int]] = {}

    def add(self, gift: Gift) -> None:
        """One more row. Its bits are those of `IDS` and `FILLED`, written out: this runs once per row."""
        self.filled |= (
            (gift.event_id != "" and IDS)
            | (gift.gifter != "" and 2)
            | (gift.gift_id != "" and 4)
            | (gift.stream != "" and 8)
            | (gift.region != "" and 16)
        )
        day = self.days.setdefault(gift.time // periods.DAY, [0, 0])
        day[0] += 1
        day[1] += gift.coins * gift.quantity

    @property
    def family(self) -> str:
        """The family of sources that the document is of, for this creator."""
        return family_of(bool(self.filled & IDS), tuple(name for name, bit in FILLED if self.filled & bit))

    @property
    def compares(self) -> tuple[str, bool]:
        """Equal gifts of two with the same one can be told: by their ids, or by content that is written in the same way.

        Logs are folded together, so they compare with each other; the content of a folded gift is not that of a row.
        """
        return self.family, self.family != WITH_IDS and self.log

    @property
    def words(self) -> str:
        """The family as a message says it."""
        if self.log:
            return "events " + ("with ids" if self.family == WITH_IDS else "without ids")
        return family_words(self.family)

    def on(self, days: set[int]) -> str:
        """What these days hold, in words."""
        gifts, coins = (sum(self.days[day][place] for day in days) for place in (0, 1))
        return f"{counted(gifts, 'gift')} ({counted(coins, 'coin')})"


def _meeting(covers: Mapping[int, Cover]) -> Iterator[tuple[int, int]]:
    """Documents that cannot be compared and cover a day both: each with the first such one before it, of every other kind."""
    if len({cover.compares for cover in covers.values()}) == 1:
        return
    first_of: dict[tuple[str, bool], dict[int, int]] = {}  # kind -> day -> document
    for number, cover in sorted(covers.items()):
        kind = cover.compares
        for other, by_day in sorted(first_of.items(), key=lambda item: min(item[1].values())):
            if other != kind and (met := [by_day[day] for day in cover.days if day in by_day]):
                yield min(met), number
        by_day = first_of.setdefault(kind, {})
        for day in cover.days:
            by_day.setdefault(day, number)


class Place:
    """Rows of one region: how many, where the first stands, and whether it names the region itself."""

    def __init__(self, file: str, line: int, named: bool) -> None:
        self.rows, self.file, self.line, self.named = 0, file, line, named


class Row(NamedTuple):
    """A gift as one row says it, and the file of the row."""

    file: str
    gift: Gift


class Kept(NamedTuple):
    """A gift that is left when all documents are compared, blanks filled, and the rows of it that are looked up."""

    gift: Gift
    rows: list[Row]
    pieces: tuple[combos.Piece, ...] = ()  # of a gift of event logs: what of it came when


class Gathering:
    """Takes documents one after the other: `begin`, `take` for each gift, `end`; then `usage` and `documents`.

    Rows that name no region get that of their creator at their quarter by `region_of`, blank where it is not known. With
    `looks_up` it takes several documents, `gifts` stands for `usage`, and the rows for which it holds are kept.
    """

    def __init__(
        self,
        *,
        region_of: Callable[[str, int], str],
        log: ProblemLog,
        one_document: bool,
        looks_up: Callable[[Gift], bool] | None = None,
    ) -> None:
        self._region_of, self._log = region_of, log
        self._one = one_document and looks_up is None
        self._looks_up = looks_up
        self._file = ""
        self._by_id: dict[tuple[str, str], tuple[Gift, int, bool]] = {}
        # ... the gift, which document named it first, and whether it counted as new there
        self._names: list[str] = []  # of every document begun
        self._documents: dict[int, Document] = {}  # those that were ended, by their place in `_names`
        self._content: Counter[Gift] = Counter()  # of the document at hand
        self._most: Counter[Gift] = Counter()  # maximum over documents
        self._covers: dict[str, dict[int, Cover]] = {}  # creator -> document -> cover; only when there are several
        self._usage: dict[tuple[str, str, str, int], list[int]] = {}
        self._ready: list[Usage] = []  # added up already
        self._counts: Mapping[str, int] = {}  # of the document at hand, when it was added up elsewhere
        self._rows = self._new = self._elsewhere = 0
        self._frames: list[Frame] = []  # of all event logs
        self._totals: list[Total] = []  # of dashboards and data exports
        self._total_documents: set[int] = set()
        self._logs: set[int] = set()  # the documents that are event logs
        self._log_coins: dict[tuple[str, str], Counter[int]] = {}  # (creator, log) -> coins by quarter of gifts with id
        self._shared: set[tuple[str, str]] = set()  # (log, document): they have a gift in common
        self._rows_of: dict[tuple[object, ...], list[Row]] = {}  # what is looked up, by (creator, id) or (content, which)
        self._of_logs: dict[
            tuple[object, ...], combos.FoldedGift
        ] = {}  # gifts that only logs hold, when something is looked up
        self.regions: dict[str, Place] = {}
        self.elsewhere_coins = 0
        self.known_coins = 0
        self.differences: tuple[combos.Difference, ...] = ()  # where a log and the gift catalogue disagree

    def expect_several(self) -> None:
        """What was taken for one document holds several. Call before any of them begins."""
        self._one = False

    def begin(self, file: str) -> None:
        """Start a document."""
        self._file = file
        self._names.append(file)
        self._content = Counter()
        self._counts = {}
        self._rows = self._new = self._elsewhere = 0

    def forget(self) -> None:
        """The document at hand was none that counts: it is not among `documents`. None of its rows was taken."""
        self._content = Counter()

    @property
    def begun(self) -> bool:
        """Whether any document was started."""
        return bool(self._names)

    def take(self, gift: Gift) -> None:
        """One row of the document."""
        self._rows += 1
        region = self._region(gift)
        place = self.regions.get(region)
        if place is None:
            place = self.regions[region] = Place(self._file, gift.line, bool(gift.region))
        place.rows += 1
        if not self._one:
            self._cover(gift.creator, len(self._names)).add(gift)
        key: tuple[object, ...] = (gift.creator, gift.event_id)
        if gift.event_id:
            self._take_id(gift)
        elif self._one:
            self._count(gift, region, 1)
        else:
            # The name only where there is no gift id: names are translated, ids are not.
            name = "" if gift.gift_id else gift.gift
            receiver = "" if gift.receiver == gift.creator else gift.receiver
            content = gift._replace(region=region, gift=name, receiver=receiver, line=0)
            self._content[content] += 1
            key = (content, self._content[content])
        if self._looks_up is not None and self._looks_up(gift):
            self._rows_of.setdefault(key, []).append(Row(self._file, gift))

    def _region(self, gift: Gift) -> str:
        return gift.region or self._region_of(gift.creator, gift.time // periods.QUARTER)

    def _cover(self, creator: str, document: int) -> Cover:
        covers = self._covers.setdefault(creator, {})
        if document not in covers:
            covers[document] = Cover()
        return covers[document]

    def take_frame(self, frame: Frame) -> None:
        """One frame of an event log. What it amounts to is known when all documents are: `fold`."""
        region = self._region_of(frame.creator, frame.time // periods.QUARTER)
        if region not in self.regions:
            self.regions[region] = Place(frame.file, frame.line, False)
        self.regions[region].rows += 1
        self._rows += 1
        self._frames.append(frame)
        self._logs.add(len(self._names))

    def take_total(self, total: Total) -> None:
        """One total of a dashboard or a data export."""
        self._rows += 1
        self._totals.append(total)
        self._total_documents.add(len(self._names))

    @property
    def totals(self) -> tuple[Total, ...]:
        """Every total that was taken."""
        return tuple(self._totals)

    def fold(self, price: combos.Price | None = None) -> None:
        """Gifts of the frames of all documents. Call once, after the last document; problems go to the log."""
        if not self._frames:
            return
        from diamondctl import combos

        folded = combos.fold(self._frames, price or combos.no_price)
        self.differences = folded.differences
        for problem in folded.problems:
            self._log.add(problem)
        new: Counter[str] = Counter()
        elsewhere: Counter[str] = Counter()
        known: Counter[str] = Counter()
        numbers = {self._names[number - 1]: number for number in sorted(self._logs, reverse=True)}  # a name's first
        for item in folded.gifts:
            gift = self.take_folded(item)
            coins = gift.coins * gift.quantity
            if not self._one:
                cover = self._cover(gift.creator, numbers[item.file])
                cover.log = True
                cover.add(item.gift)
            if gift.event_id and (gift.creator, gift.event_id) in self._by_id:
                self._known_elsewhere(item)
                known[item.file] += 1
                continue
            if gift.event_id:
                quarters = self._log_coins.setdefault((gift.creator, item.file), Counter())
                quarters[gift.time // periods.QUARTER] += coins
            if gift.receiver:
                elsewhere[item.file] += 1
                self.elsewhere_coins += coins
            else:
                new[item.file] += 1
                for number, piece in enumerate(item.pieces):
                    usage = gift.coins * piece.quantity, int(not number), piece.first, piece.last
                    region = item.gift.region or self._region_of(gift.creator, piece.quarter)
                    self._add(gift.creator, region, gift.stream, piece.quarter, *usage)
        counts = combos.counts(folded)
        for number, facts in self._documents.items():
            # A file that is named twice repeats itself: all its frames were counted for the first.
            if number in self._logs and facts.name not in self._names[: number - 1]:
                of: dict[str, Any] = {**counts.get(facts.name, {})}
                mine = facts._replace(new=new[facts.name], elsewhere=elsewhere[facts.name], **of)
                self._documents[number] = mine._replace(known=mine.rows - mine.new - mine.elsewhere - mine.folded)
                if self._documents[number].known < known[facts.name]:
                    raise AssertionError("clearing equation: frames = new + known + elsewhere + folded")

    def take_folded(self, item: combos.FoldedGift) -> Gift:
        """A gift of event logs, with its region; call when every row of other documents was taken."""
        gift = item.gift._replace(region=self._region(item.gift))
        if self._looks_up is not None:
            key = (gift.creator, gift.event_id) if gift.event_id else (item.file, gift.line)
            if key not in self._by_id:
                self._of_logs.setdefault(key, item._replace(gift=gift))
            if self._looks_up(gift):
                self._rows_of.setdefault(key, []).append(Row(item.file, gift))
        return gift

    def gifts(self) -> Iterator[Kept]:
        """Every gift that is left, each once; several without id that are equal one by one. Call after `fold`."""
        for key, (gift, _, _) in self._by_id.items():
            yield Kept(gift._replace(region=self._region(gift)), self._rows_of.get(key, []))
        for content, count in self._most.items():
            for number in range(1, count + 1):
                yield Kept(content, self._rows_of.get((content, number), []))
        for place, item in self._of_logs.items():
            yield Kept(item.gift, self._rows_of.get(place, []), item.pieces)

    def _known_elsewhere(self, item: combos.FoldedGift) -> None:
        """A gift that a document of gifts holds too, under the same id."""
        from diamondctl.combos import SAME_TIME

        gift, (first, document, _) = item.gift, self._by_id[item.gift.creator, item.gift.event_id]
        self.known_coins += gift.coins * gift.quantity
        self._shared.add((item.file, self._names[document - 1]))
        different = [name for name in ("coins", "quantity") if getattr(first, name) != getattr(gift, name)]
        if abs(first.time - gift.time) > SAME_TIME:
            different.append("time")
        if different:
            where = f"{self._names[document - 1]}:{first.line}"
            self._log.add(two_contents(gift.event_id, different, where, item.file, gift.line))

    def _take_id(self, gift: Gift) -> None:
        key = (gift.creator, gift.event_id)
        if key not in self._by_id:
            is_new = not gift.receiver or gift.receiver == gift.creator
            self._by_id[key] = (gift, len(self._names), is_new)
            self._new += is_new
            self._elsewhere += not is_new
            return
        first, document, was_new = self._by_id[key]
        self.known_coins += gift.coins * gift.quantity
        different = [name for name in ("time", "coins", "quantity") if getattr(first, name) != getattr(gift, name)]
        # A re-export with more columns is no conflict, so a blank agrees with everything.
        different += [
            name
            for name in ("receiver", "region", "stream", "gift_id")
            if getattr(first, name) and getattr(gift, name) and getattr(first, name) != getattr(gift, name)
        ]
        if different:
            here = document == len(self._names)
            where = f"line {first.line}" if here else f"{self._names[document - 1]}:{first.line}"
            self._log.add(two_contents(gift.event_id, different, where, self._file, gift.line))
            return
        # Blanks are filled from the other row; which document came first makes no difference.
        merged = first._replace(
            receiver=first.receiver or gift.receiver,
            region=first.region or gift.region,
            stream=first.stream or gift.stream,
            gift_id=first.gift_id or gift.gift_id,
            gifter=max(first.gifter, gift.gifter),
        )
        self._by_id[key] = (merged, document, was_new)

    def take_usage(
        self,
        usage: list[Usage],
        rows: int,
        elsewhere: int,
        elsewhere_coins: int,
        counts: Mapping[str, int] = MappingProxyType({}),
        differences: tuple[combos.Difference, ...] = (),
    ) -> None:
        """A whole document at once, added up elsewhere; for a single document whose ids are all different.

        `counts` and `differences` are those of an event log.
        """
        self._counts, self.differences = counts, differences
        self._rows, self._elsewhere, self._new = rows, elsewhere, rows - elsewhere - counts.get("folded", 0)
        self.elsewhere_coins += elsewhere_coins
        self._ready += self._placed(usage)

    def take_many(self, documents: Sequence[Document], usage: list[Usage], elsewhere_coins: int, known_coins: int) -> None:
        """Several whole documents at once, compared and added up elsewhere."""
        for facts in documents:
            self.begin(facts.name)
            self._documents[len(self._names)] = facts
        self._ready += self._placed(usage)
        self.elsewhere_coins += elsewhere_coins
        self.known_coins += known_coins

    def _placed(self, usage: list[Usage]) -> list[Usage]:
        region_of = self._region_of
        # Often tens of thousands: `_replace` would take four times as long.
        return [row if row.region else Usage(row[0], region_of(row[0], row[3]), *row[2:]) for row in usage]

    def end(self, kind: str, sha256: str, notices: tuple[str, ...]) -> None:
        """Finish the document; its clearing equation is checked here."""
        for content, count in self._content.items():
            more = max(count - self._most[content], 0)
            if more:
                self._most[content] += more
                self._count(content, content.region, more)
            self.known_coins += (count - more) * content.coins * content.quantity
        totals = self._rows if len(self._names) in self._total_documents else 0
        folded = self._counts.get("folded", 0)
        known = self._rows - self._new - self._elsewhere - folded - totals  # of an event log: until `fold`
        if known < 0:
            raise AssertionError("clearing equation: rows read = new + known + elsewhere")
        facts = Document(
            self._file, kind, sha256, self._rows, self._new, known, self._elsewhere, notices, totals=totals, **self._counts
        )
        self._documents[len(self._names)] = facts

    def _count(self, gift: Gift, region: str, times: int) -> None:
        """So many equal gifts without id: the creator's, or somebody else's."""
        coins = times * gift.coins * gift.quantity
        if gift.receiver and gift.receiver != gift.creator:
            self._elsewhere += times
            self.elsewhere_coins += coins
        else:
            self._new += times
            self._add_at(gift.time, gift.creator, region, gift.stream, coins, times)

    def _add_at(self, time: int, creator: str, region: str, stream: str, coins: int, gifts: int) -> None:
        second = time // periods.MICROSECONDS
        self._add(creator, region, stream, time // periods.QUARTER, coins, gifts, second, second)

    def _add(self, creator: str, region: str, stream: str, quarter: int, coins: int, gifts: int, first: int, last: int) -> None:
        cell = self._usage.setdefault((creator, region, stream, quarter), [0, 0, first, last])
        cell[0] += coins
        cell[1] += gifts
        cell[2] = min(cell[2], first)
        cell[3] = max(cell[3], last)

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, in the order in which it came; final after `usage`."""
        return tuple(self._documents.values())

    @property
    def has_frames(self) -> bool:
        """Whether any document is an event log."""
        return bool(self._frames)

    @property
    def frames_known(self) -> int:
        """Frames that repeat another, of all event logs; final after `fold`."""
        return sum(facts.known for number, facts in self._documents.items() if number in self._logs)

    def doubtful(self) -> list[Problem]:
        """Documents of two families that cover the same UTC day of a creator (G041).

        Nothing tells whether their rows are the same gifts, so the person has to say which document counts.
        """
        problems = []
        for creator, covers in sorted(self._covers.items()):
            for first, second in _meeting(covers):
                one, other = covers[first], covers[second]
                days = one.days.keys() & other.days.keys()
                span = f"{periods.day_text(min(days))} to {periods.day_text(max(days))}"
                when = f"{counted(len(days), 'day')} ({span if len(days) > 1 else periods.day_text(min(days))}, UTC)"
                message = (
                    f"{creator} on {when}: {other.on(days)} here in {other.words}, "
                    f"{one.on(days)} in {self._names[first - 1]} in {one.words}"
                )
                hint = "if they are the same gifts they would count twice: leave one of the files out"
                problems.append(Problem("G041", message, hint, self._names[second - 1]))
        return problems + self._two_sources()

    def _two_sources(self) -> list[Problem]:
        """Event logs beside documents with ids of another kind: no gift in common, and yet gifts at the same time."""
        problems = []
        quarters: dict[tuple[str, str], set[int]] = {}
        for gift, document, _ in self._by_id.values() if self._log_coins else ():
            quarters.setdefault((gift.creator, self._names[document - 1]), set()).add(gift.time // periods.QUARTER)
        for (creator, log), coins in self._log_coins.items():
            for (other_creator, other), at in quarters.items():
                if creator == other_creator and (log, other) not in self._shared and (both := coins.keys() & at):
                    message = (
                        f"gifts with other ids than those of {other} in the same {counted(len(both), 'quarter')} of an hour"
                    )
                    stake = sum(coins[quarter] for quarter in both)
                    hint = f"{stake:,} coins would be counted twice if they are the same gifts: leave one of the files out"
                    problems.append(Problem("G041", message, hint, log))
        return problems

    def usage(self) -> list[Usage]:
        """All gifts as usage, sorted. Call once, after the last document and `fold`."""
        for gift, document, was_new in self._by_id.values():
            coins = gift.coins * gift.quantity
            if gift.receiver and gift.receiver != gift.creator:
                self.elsewhere_coins += coins
                if was_new:  # a later document named the receiver
                    facts = self._documents[document]
                    self._documents[document] = facts._replace(new=facts.new - 1, elsewhere=facts.elsewhere + 1)
            else:
                self._add_at(gift.time, gift.creator, self._region(gift), gift.stream, coins, 1)
        self._by_id.clear()
        if not self._usage:
            rows = sorted(self._ready)
            if len(set(map(_UNIT, rows))) == len(rows):
                return rows
        for row in self._ready:
            self._add(*row)
        return [Usage(*key, *cell) for key, cell in sorted(self._usage.items())]
