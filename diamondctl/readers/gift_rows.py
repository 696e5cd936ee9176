"""The plain gift format: which columns there are, and how one row becomes a `Gift`.

CSV and JSON share this: they only differ in how cells are found and where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.records import Gift
from diamondctl.words import counted

if TYPE_CHECKING:  # read only where it is needed
    from diamondctl.combos import Difference
    from diamondctl.readers.profile import Profile

REQUIRED: Final = ("timestamp", "creator", "gift", "coins")
OPTIONAL: Final = ("quantity", "event_id", "gifter", "gift_id", "stream", "receiver", "region")
COLUMNS: Final = REQUIRED + OPTIONAL
_CHECKS: Final = {
    "event_id": cells.event_id,
    "gift_id": cells.identifier,
    "stream": cells.identifier,
    "region": cells.region,
}

# Names under which other tools export the quantity, without their blanks and strokes. To keep such a column out as unknown
# would count one gift where there were many. `price`, `value` and `total` say something of their own beside the coins of one
# unit, and change nothing.
_QUANTITIES: Final = frozenset(
    "amount combocount count counts giftamount giftcount giftqty giftquantity qty repeat repeatcount repeats".split()  # noqa: SIM905
)
# Names under which they export the coins of one unit: a remedy where `coins` is missing, not a problem beside it.
_COINS: Final = frozenset(
    "coincost coincount coinprice coinvalue cost diamond diamondcost diamondcount diamonds price value".split()  # noqa: SIM905
)

# Ids of so many characters are watched for lost digits.
LONG_ID: Final = 18

# Gives (line, column) of a cell by the index of its column in `COLUMNS`, or of the row for None.
Locate = Callable[[int | None], tuple[int, int]]


class Payer(NamedTuple):
    """Who pays the rewards, as statements name it: a part of the name, or a pattern with `*`. `creator`: into whose wallet."""

    pattern: str
    creator: str = ""


class MoneyRows(NamedTuple):
    """What the command line and the settings say about rows of statements."""

    payers: tuple[Payer, ...] = ()
    shares: tuple[tuple[str, Decimal], ...] = ()  # of one deposit for several creators: percent of each
    date_format: str = ""
    only: str = ""  # the one creator that is known, where nobody is named


class Settings(NamedTuple):
    """What the command line says about rows: the creator and zone where they name none."""

    creator: str = ""
    input_timezone: str = ""  # blank: UTC with a notice
    salvage: bool = False  # leave out what is cut off, instead of refusing the file
    profiles: tuple[Profile, ...] = ()  # mappings for files of any shape
    earning_unit: str = ""  # of a data export's session totals: diamonds; blank: not known
    saved: tuple[Profile, ...] = ()  # mappings of the config, for files that are nothing else
    repaired_as: Profile | None = None  # of the document whose repaired rows these are: how it writes cells
    fast: bool = False  # whether large logs may be read by typed decoding, and what is doubtful then strictly
    money: MoneyRows = MoneyRows()  # how statements are read


class Facts(NamedTuple):
    """What is known of a source once it has been read to its end."""

    rows: int
    notices: tuple[str, ...] = ()
    columns: tuple[str, ...] = COLUMNS  # as the file spells them; for JSON the plain ones
    repairs: tuple[tuple[int, tuple[str, ...]], ...] = ()  # line -> document and place of a rejected row
    lost: tuple[tuple[int, str], ...] = ()  # what a salvaged file misses: line, words
    kind: str = ""
    gives: str = ""  # what its rows are: gifts, frames or totals
    sha256: str = ""
    differences: tuple[Difference, ...] | None = None  # with the gift catalogue; of a log that was folded while it was read


def one_edit_apart(left: str, right: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours turns one word into the other."""
    if len(left) > len(right):
        left, right = right, left
    same = 0
    while same < len(left) and left[same] == right[same]:
        same += 1
    rest, longer = left[same:], right[same:]
    if len(left) < len(right):
        return longer[1:] == rest
    return rest[1:] == longer[1:] or (rest[:2] == longer[1::-1] and rest[2:] == longer[2:])


def misspelt(name: str) -> str | None:
    """The known column that `name` looks like, when it is none itself."""
    plain = name.replace(" ", "_").replace("-", "_")
    if len(plain) > 20:
        return None
    first = plain.partition("_")[0]
    for column in COLUMNS:
        if first in COLUMNS and first != column.partition("_")[0]:
            continue  # gifter_id is about the gifter, not a misspelt gift_id
        if name != column and one_edit_apart(plain, column):
            return column
    return None


@dataclass(slots=True)
class GiftRows:
    """Turns rows of cells (text, in the order of `COLUMNS`) into gifts, logs problems, and remembers what to notice."""

    file: str
    settings: Settings
    log: ProblemLog
    naive_times: int = 0
    odd_texts: int = 0
    dressed: int = 0  # ids that are dressed for a spreadsheet
    repairs: dict[int, tuple[str, ...]] = field(default_factory=dict)  # line -> document and place of a rejected row
    _texts: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _coins: dict[str, int] = field(default_factory=dict)
    _quantities: dict[str, int] = field(default_factory=lambda: {"": 1})
    _long_ids: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)
    _long_id_count: dict[str, int] = field(default_factory=dict)

    def read(self, gifts: Iterable[Gift], take: Callable[[Gift], None], *, kept_out: Collection[str]) -> Facts:
        """Hand every gift to `take`; `kept_out` has the columns that are none of ours when the last one is read."""
        count = 0
        for gift in gifts:
            take(gift)
            count += 1
        return Facts(count, with_kept_out(self.finish(), kept_out), repairs=tuple(self.repairs.items()))

    def gift(self, row: Sequence[str], locate: Locate) -> Gift | None:
        """The gift of one row, or None when problems were logged. `row` has one cell per entry of `COLUMNS`."""
        try:
            time_text, creator, gift, coins_text, quantity_text, event_id, gifter, gift_id, stream, receiver, region = row
            if not (time_text and gift and coins_text and (creator or self.settings.creator)):
                raise CellError("", "")
            texts, ids = self._texts, self._ids
            time, has_zone = cells.timestamp(time_text, self.settings.input_timezone or "UTC")
            coins = self._coins.get(coins_text, -1)
            if coins < 0:
                coins = self._coins[coins_text] = cells.whole(coins_text, cells.MAX_COINS, "coins")
            quantity = self._quantities.get(quantity_text, 0)
            if not quantity:
                quantity = self._quantities[quantity_text] = cells.whole(quantity_text, cells.MAX_QUANTITY, "quantity")
                if not quantity:
                    raise CellError("", "")
            if coins * quantity > cells.MAX_PRODUCT:
                raise CellError("", "")
            line = locate(None)[0]
            result = Gift(
                time,
                texts.get(creator) or self._text(creator) or self.settings.creator,
                texts.get(gift) or self._text(gift),
                coins,
                quantity,
                self._event_id(event_id) if event_id else "",
                texts.get(gifter) or self._text(gifter),
                ids.get(gift_id) or self._id("gift_id", gift_id, locate),
                ids.get(stream) or self._id("stream", stream, locate),
                texts.get(receiver) or self._text(receiver),
                cells.region(region) if region else "",
                line,
            )
        except CellError:
            self._explain(row, locate)
            return None
        if not has_zone:
            self.naive_times += 1
        if len(event_id) >= LONG_ID:
            self._watch_long_id("event_id", result.event_id, locate)
        return result

    def _text(self, cell: str) -> str:
        if not cell:
            return ""
        if cells.is_dressed(cell):
            self.dressed += 1
            return cells.undressed(cell)
        return self._remember(self._texts, cell, cells.text(cell))

    def _event_id(self, cell: str) -> str:
        value = cells.event_id(cell)
        if value != cell:
            self.dressed += cells.undressed(cell) != cell
        return value

    def _id(self, name: str, cell: str, locate: Locate) -> str:
        if not cell:
            return ""
        value = cells.identifier(cell)
        if value != cell and cells.undressed(cell) != cell:
            self.dressed += 1
        else:
            self._remember(self._ids, cell, value)
        if len(value) >= LONG_ID:
            self._watch_long_id(name, value, locate)
        return value

    def _remember(self, values: dict[str, str], cell: str, value: str) -> str:
        """Names and ids repeat: check each spelling once. Odd ones are not remembered, so that every one is counted."""
        if cells.is_odd(value):
            self.odd_texts += 1
        elif len(values) < 200_000:
            values[cell] = value
        return value

    def _explain(self, row: Sequence[str], locate: Locate) -> None:
        """Log every problem of a row that was refused, cell by cell."""
        before = self.log.total
        numbers: dict[str, int] = {}
        for index, (name, cell) in enumerate(zip(COLUMNS, row, strict=True)):
            try:
                if not cell:
                    if name in REQUIRED and not (name == "creator" and self.settings.creator):
                        hint = "fill it in, or give --creator NAME" if name == "creator" else "fill it in, or remove the row"
                        raise CellError("G010", f"{name} is blank", hint)
                elif name == "timestamp":
                    cells.timestamp(cell, self.settings.input_timezone or "UTC")
                elif name in ("coins", "quantity"):
                    limit = cells.MAX_COINS if name == "coins" else cells.MAX_QUANTITY
                    numbers[name] = cells.whole(cell, limit, name)
                    if name == "quantity" and not numbers[name]:
                        raise CellError("G021", "quantity is 0", "a gift that was sent counts at least once; blank means 1")
                else:
                    _CHECKS.get(name, cells.text)(cell)
            except CellError as error:
                self._log(error, index, locate)
        product = numbers.get("coins", 0) * numbers.get("quantity", 1)
        if product > cells.MAX_PRODUCT:
            message = f"coins x quantity is {product:,}, more than {cells.MAX_PRODUCT:,}"
            self._log(CellError("G022", message, "coins are those of one unit"), COLUMNS.index("coins"), locate)
        if self.log.total == before:
            raise AssertionError("a refused row must have a problem")

    def _log(self, error: CellError, index: int | None, locate: Locate) -> None:
        def make() -> Problem:
            line, column = locate(index)
            # These speak of any text; say which.
            which = f"{COLUMNS[index]}: " if index is not None and error.code in ("G030", "G031", "G032") else ""
            return Problem(error.code, which + error.message, error.hint, self.file, line, column)

        self.log.add(make)

    def count_long_ids(self, name: str, number: int) -> None:
        """Count ids of 18 and more characters that were seen elsewhere and do not end in zeros."""
        self._long_id_count[name] = self._long_id_count.get(name, 0) + number

    def _watch_long_id(self, name: str, value: str, locate: Locate) -> None:
        """Count an id of 18 or more characters (of gift ids and streams: a spelling), and keep it if it ends in zeros."""
        self._long_id_count[name] = self._long_id_count.get(name, 0) + 1
        if value.endswith("000") and cells.looks_zeroed(value):
            self._long_ids.setdefault(name, []).append((value, *locate(COLUMNS.index(name))))

    def finish(self) -> list[str]:
        """Log what only the whole file can tell, and return the notices about it."""
        tolerated = {}
        for name, ids in self._long_ids.items():
            count = self._long_id_count[name]
            if not damaged(len(ids), count):
                tolerated[name] = (len(ids), count)
                continue
            for value, line, column in ids:
                message = f"{name} '{value}' has lost its last digits in a spreadsheet"
                hint = f"{len(ids):,} of {count:,} ids end so; export the ids as text"
                self.log.add(Problem("G032", message, hint, self.file, line, column))
        return self.notices(tolerated)

    def notices(self, zeroed: dict[str, tuple[int, int]]) -> list[str]:
        """What is worth saying about the file; `zeroed` has the ids per column that end in zeros by chance, of how many."""
        notices = [
            f"{number:,} of {count:,} values of {name} end in zeros past their 15th digit"
            for name, (number, count) in zeroed.items()
        ]
        notices += naive_notice(self.naive_times, self.settings)
        notices += dressed_notice(self.dressed)
        if self.odd_texts:
            texts = f"{counted(self.odd_texts, 'text')} hold{'s' if self.odd_texts == 1 else ''}"
            notices.append(f"{texts} control or format characters; they are shown as <U+...>")
        return notices


def naive_notice(times: int, settings: Settings) -> list[str]:
    """A notice about times that name no zone, when nothing else names it; none about none."""
    if not times or settings.input_timezone:
        return []
    what = f"{counted(times, 'time')} name{'s' if times == 1 else ''} no zone and {'was' if times == 1 else 'were'}"
    return [f"{what} read as UTC; if local: --input-timezone"]


def dressed_notice(ids: int) -> list[str]:
    """A notice about ids that were undressed; none about none."""
    if not ids:
        return []
    return [f'{counted(ids, "id")} dressed for a spreadsheet (="...", an apostrophe, a tab or blanks): read without that']


def with_kept_out(notices: list[str], columns: Collection[str]) -> tuple[str, ...]:
    """Notices, and one about columns that are none of ours."""
    return (*notices, "columns kept out: " + cells.listed(tuple(columns))) if columns else tuple(notices)


def damaged(zeroed: int, count: int) -> bool:
    """Whether so many of `count` long ids end in zeros that a spreadsheet must have cut them to 15 digits.

    One id in 10,000 of 19 digits does so by itself, so a column is refused when at least one in a hundred does, and more
    than one or all of them.
    """
    return bool(zeroed) and zeroed * 100 >= count and (zeroed > 1 or count == 1)


def check_names(names: Sequence[str], *, file: str, place: Callable[[int], tuple[int, int]], what: str) -> list[Problem]:
    """Problems of the names in a header (or of the keys of an object): twice, misspelt. `place` gives line and column."""
    problems = []
    seen: set[str] = set()
    every = frozenset(names)
    for index, name in enumerate(names):
        if name in COLUMNS and name in seen:
            message = f"{what} '{name}' appears twice"
            problems.append(Problem("G002", message, "keep one of them", file, *place(index)))
        elif name not in COLUMNS and (column := misspelt(name) or _quantity(name, every)):
            hint = f"rename it to {column}, or to something else if it is not meant"
            message = f"{what} '{cells.short(name)}' looks like '{column}'"
            problems.append(Problem("G003", message, hint, file, *place(index)))
        seen.add(name)
    return problems


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "")


def _quantity(name: str, names: Collection[str]) -> str | None:
    return "quantity" if _plain(name) in _QUANTITIES and "quantity" not in names else None


# The way on for a file whose names are other words, of another language too.
SNIFF: Final = "under other names: diamondctl profile sniff FILE"


def missing_problem(name: str, names: Sequence[str], *, file: str, line: int, column: int = 0, what: str) -> Problem:
    """G001 for a required column or key, with the remedy that fits the names there are."""
    hint = f"found: {cells.listed(names)}; {SNIFF}" if names else "found: nothing"
    if name == "creator":
        hint = f"give --creator NAME, or add the {what}"
    elif name == "coins" and (other := next((other for other in names if _plain(other) in _COINS), None)):
        hint = f"if '{cells.short(other)}' holds the coins of one gift, rename it to coins; " + hint
    return Problem("G001", f"no {what} '{name}'", hint, file, line, column)


def name_problems(
    names: Sequence[str],
    settings: Settings,
    *,
    file: str,
    at: tuple[int, int],
    place: Callable[[int], tuple[int, int]],
    what: str,
) -> list[Problem]:
    """Problems of the names in a header, or of the keys of an object, that stands `at` a line and column."""
    problems = check_names(names, file=file, place=place, what=what)
    suspects = {problem.message.rsplit("'", 2)[1] for problem in problems if problem.code == "G003"}
    missing = (name for name in REQUIRED if name not in (*names, *suspects) and not (name == "creator" and settings.creator))
    return problems + [missing_problem(name, names, file=file, line=at[0], column=at[1], what=what) for name in missing]
