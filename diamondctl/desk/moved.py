"""What a change moved: the figures of a ledger taken before it and after it. Those of closed months may not move unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.figures import everybody, figures
from diamondctl.ledger import closes, documents
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import GIFTS
from diamondctl.money import ZERO, Range
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Correction, Record
from diamondctl.reports.moved import MOST_SHOWN, STATE, Cause, Figure, Months, Move, Moved, Taken, move_text, moved
from diamondctl.reports.sealed import signed_text
from diamondctl.reports.values import BASES
from diamondctl.words import document_name

# A change is felt a week before its first gift at most: a dashboard tells of weeks, and zones of days.
_EARLIER: Final = timedelta(days=9)
# What a record moves: other income is in no wallet.
_BASES: Final = {"payout": ("credited", "paid"), "income": ()} | dict.fromkeys(
    ("balance", "credit", "adjustment"), ("credited",)
)


class Reach(NamedTuple):
    """What a change may move: figures of these creators, each from a day on (`date.min`: all), and what causes it."""

    since: Mapping[str, date]
    causes: tuple[Cause, ...] = ()


class Allowed(NamedTuple):
    """Which figures a change may move: of some months alone, and of closed ones only where the difference is booked."""

    only: Months | None = None
    correct: bool = False  # book what it moves in closed months as corrections
    moment: str = ""  # UTC, to note down beside them


ALL: Final = Allowed()


class Watched:
    """What looks at the figures again after a change, and tells what moved."""

    def __init__(self, after: Callable[[Sequence[Cause], Sequence[Record], Sequence[Record]], Moved]) -> None:
        self._after = after

    def __call__(self, causes: Sequence[Cause], stored: Sequence[Record] = (), taken: Sequence[Record] = ()) -> Moved:
        """After a change by some causes; `stored` are new records and `taken` those that are gone."""
        return self._after(causes, stored, taken)


def watch(book: Ledger, chosen: Chosen, since: Mapping[str, date], allowed: Allowed = ALL) -> Watched:
    """Take the figures of a ledger that is open, inside `reading` or `writing`, before a change.

    What comes back takes them again after it, tells what moved, and refuses what is not `allowed`: figures of other months
    than those meant (L016), and of closed ones (L017) unless the difference is booked.
    """
    before = figures(book, chosen, since)

    def after(causes: Sequence[Cause], stored: Sequence[Record], taken: Sequence[Record]) -> Moved:
        now = figures(book, chosen, since)
        found = moved(before, now, causes)
        if allowed.only is not None:
            allowed.only.refuse_others(found)
        wallet = [*(_in_wallet(item, 1) for item in stored), *(_in_wallet(item, -1) for item in taken)]
        return _closed(book, found, [move for move in wallet if move], {*now.untold} - {*before.untold}, allowed)

    return Watched(after)


def _in_wallet(item: Record, sign: int) -> Move | None:
    """What a record that is stored or gone moves in its wallet without being earned, credited or paid."""
    if item.sort not in ("payout", "adjustment"):
        return None
    amount = Range.of(item.amount * sign * (-1 if item.sort == "payout" else 1))
    figure = Figure(item.creator, periods.month_of(item.day).label, item.currency, "wallet")
    return Move(figure, ZERO, amount, (item.id,))


def _closed(book: Ledger, found: Moved, wallet: Sequence[Move], lost: set[str], allowed: Allowed) -> Moved:
    """What a change moved in closed months, booked as corrections where that is allowed; `lost` cannot be priced any more."""
    closed = closes.last_month(book)
    moves = [move for move in (*found.moves, *wallet) if move.figure.month <= closed]
    if not moves and not (lost and closed):
        return found
    texts = [f"{closed} is closed, and this moves {_text(move)}" for move in moves]
    texts += [f"{closed} is closed, and what this moves of {name} cannot be told" for name in sorted(lost)]
    if not allowed.correct or lost:
        raise refusal(closed, texts)
    numbers = {move.figure.month: close.number for move in moves if (close := closes.close_of(book, move.figure.month))}
    booked = next_month(closed)
    items = [
        Correction(
            *move.figure, ", ".join(cause.split(" ")[0] for cause in move.cause), move.before, move.after, booked,
            close=numbers[move.figure.month], added=allowed.moment,
        )
        for move in moves
    ]  # fmt: skip
    return found._replace(corrections=tuple(closes.correct(book, items)))


def _text(move: Move) -> str:
    """What a move is, as a refusal says it; of a wallet only the difference is known."""
    creator, month, currency, basis = move.figure
    if basis != "wallet":
        return move_text(move)
    return f"the wallet of {creator} in {month} by {signed_text(move.after, currency)}, by {', '.join(move.cause)}"


def refusal(closed: str, texts: Sequence[str]) -> Refusal:
    """The refusal (L017, as a state) of what would change closed months."""
    hint = (
        f"nothing was stored; to book the difference in {next_month(closed)}: --correct; "
        f"to open it again: diamondctl period reopen {closed} --reason TEXT"
    )
    return Refusal([Problem("L017", text, hint) for text in texts[:MOST_SHOWN]], exit_code=STATE, total=len(texts))


def next_month(month: str) -> str:
    """The month after one written 2026-10."""
    return periods.month_of(periods.parse_period(month, date.min).end).label


def reach_of_spans(sort: str, spans: Sequence[tuple[str, int]]) -> dict[str, date]:
    """The reach of a document by its creators and the time of the first gift of each.

    What an event log brings may belong to a combo of another log, and totals to any day.
    """
    return {
        creator: periods.utc_day(first // periods.QUARTER) - _EARLIER if sort == GIFTS else date.min for creator, first in spans
    }


def reach_of_undo(book: Ledger, numbers: Sequence[int], records: Sequence[Record]) -> Reach:
    """The reach of taking documents and records out, before they are."""
    since: dict[str, date] = {}
    causes = [cause_of(item) for item in records]
    for item in records:
        _earliest(since, reach_of_record(item))
    preferring = {number for (number,) in book.sql.execute("SELECT document FROM preferences")}
    for stored in documents.stored(book):
        if stored.number in numbers or stored.part_of in numbers:
            spans = spans_of(book, stored.number)
            sort = "" if stored.number in preferring else stored.sort  # another source may count then, on all days
            _earliest(since, reach_of_spans(sort, [(creator, first) for creator, first, _ in spans]))
            causes.append(document_cause(stored.number, stored.name, spans))
    return Reach(since, tuple(causes))


def spans_of(book: Ledger, number: int) -> list[tuple[str, int, int]]:
    """The creators of a document, each with the times of the first and the last row."""
    return book.sql.execute(
        "SELECT creator, first_time, last_time FROM spans WHERE document = ? ORDER BY creator", (number,)
    ).fetchall()


def document_cause(number: int, name: str, spans: Sequence[tuple[str, int, int]]) -> Cause:
    """A document as what moved figures: what its gifts brought is booked a week later at most."""
    days = [periods.utc_day(time // periods.QUARTER) for span in spans for time in span[1:]]
    months = [periods.month_of(day).label for at in days for day in (at - timedelta(days=1), at + _EARLIER)]
    creators = frozenset(creator for creator, *_ in spans)
    return Cause(f"{document_name(number)} {name}", creators, min(months, default=""), max(months, default="9999"), BASES[:2])


def reach_of_record(item: Record) -> dict[str, date]:
    """The reach of one record: a credit may be of a month before its day."""
    return {item.creator: date.min if item.sort == "credit" else item.day - _EARLIER}


def cause_of(item: Record) -> Cause:
    """A record as what moved figures."""
    return Cause(item.id, frozenset({item.creator}), periods.month_of(item.day).label, bases=_BASES[item.sort])


def reach_of_settings(book: Ledger, creator: str) -> dict[str, date]:
    """From which day on settings may move figures: of everybody, or of one creator, all of them."""
    return everybody(book, creator)


def by_settings(
    book: Ledger,
    since: Mapping[str, date],
    chosen: tuple[Callable[[], Chosen], Callable[[], Chosen]],
    change: Callable[[], None],
    setting: str,
) -> Moved:
    """What a change of settings moved: figures by what is `chosen` before it and after it, inside `reading`."""
    before = _by(book, chosen[0], since)
    change()
    found, closed = moved(before, _by(book, chosen[1], since), [Cause(setting)]), closes.last_month(book)
    return found._replace(closed=closed if any(move.figure.month <= closed for move in found.moves) else "")


def _by(book: Ledger, chosen: Callable[[], Chosen], since: Mapping[str, date]) -> Taken:
    """Figures by the settings as they are now."""
    try:
        return figures(book, chosen(), since)
    except Refusal as refusal:
        return Taken(untold=dict.fromkeys(since, refusal.problems[0].message))


def _earliest(since: dict[str, date], more: Mapping[str, date]) -> None:
    for creator, day in more.items():
        since[creator] = min(since.get(creator, day), day)


def earliest(reaches: Sequence[Mapping[str, date]]) -> dict[str, date]:
    """Several reaches as one."""
    since: dict[str, date] = {}
    for more in reaches:
        _earliest(since, more)
    return since
