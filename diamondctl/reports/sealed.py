"""What a closed month was when it was closed, and what would make it another one now: values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from diamondctl.money import ZERO, Range, amount_text, exact, total
from diamondctl.rating.credits import Credit
from diamondctl.records import Correction, Record
from diamondctl.reports.moved import Figure
from diamondctl.reports.remark import PERIOD, Brief, Cause, Command, Remark, stated
from diamondctl.reports.values import BASES
from diamondctl.words import counted


@dataclass(frozen=True, slots=True)
class SealedCredit:
    """What the gifts of a closed month brought to one credit: all of it, or of one begun before only the rest."""

    creator: str
    region: str
    unit: str  # stream | day | week | month | weekly
    name: str
    currency: str
    booked: int  # the quarter in which it is in the wallet
    coins: int
    diamonds: Decimal
    gift_value: Decimal
    reward: Range
    begun: bool  # whether it had begun before the month

    @property
    def id(self) -> str:
        """Whose it is and of what: no other of its month is alike."""
        return "/".join((self.creator, self.region, self.currency, self.unit, self.name))


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A rate file, or the settings, as they were; `text` is whole."""

    file: str
    sha256: str
    text: str
    regions: tuple[str, ...] = ()  # of a rate file: whose rates it has
    name: str = ""
    origin: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Seal:
    """A closed month: `figures` are those that reports print, by creator, currency and basis, whatever comes later."""

    month: str  # 2026-10
    first_day: date
    last_day: date
    version: str  # of diamondctl
    platform: str
    timezones: Mapping[str, str]  # in which it was a month, by creator
    settings: SealedFile | None  # None: there were none
    rates: tuple[SealedFile, ...]
    documents: tuple[tuple[int, str], ...]  # number and SHA-256
    credits: tuple[SealedCredit, ...]
    entries: tuple[Record, ...]  # recorded of its days
    figures: Mapping[Figure, Range]
    corrections: tuple[Correction, ...] = ()  # of earlier months, that count in this one

    @property
    def creators(self) -> list[str]:
        """Of whom it has figures."""
        return sorted({figure.creator for figure in self.figures})


class NotCorrected(NamedTuple):
    """A sealed figure that would come out otherwise now, by something that no correction answers for."""

    figure: Figure
    sealed: Range
    corrected: Range  # what corrections added
    now: Range
    anew: bool = False  # the report is not as it was closed: another version, or one made of what is there now

    @property
    def text(self) -> str:
        """`+4.20 USD of mara in 2026-10, earned`."""
        creator, month, currency, basis = self.figure
        return f"{signed_text(self.amount, currency)} of {creator} in {month}, {basis}"

    @property
    def told(self) -> str:
        """What the report has of it."""
        sealed = f"{amount_text(self.sealed, self.figure.currency)} {self.figure.currency}"
        return f"This report is made anew; it was closed with {sealed}." if self.anew else f"It is told as closed: {sealed}."

    @property
    def amount(self) -> Range:
        """What is not corrected, story by story."""
        with exact():
            return Range(
                self.now.low - self.sealed.low - self.corrected.low, self.now.high - self.sealed.high - self.corrected.high
            )


def sealed_credit(credit: Credit) -> SealedCredit:
    """What of a credit is sealed."""
    return SealedCredit(
        creator=credit.creator,
        region=credit.region,
        unit=credit.unit,
        name=credit.name,
        currency=credit.currency,
        booked=credit.booked,
        coins=sum(part.coins for part in credit.parts),
        diamonds=credit.diamonds,
        gift_value=credit.gift_value,
        reward=credit.reward,
        begun=credit.begun is not None,
    )


def not_corrected(
    sealed: Mapping[Figure, Range], now: Mapping[Figure, Range], corrections: Iterable[Correction]
) -> list[NotCorrected]:
    """Figures of closed months that corrections do not explain; all of `now` are of those months."""
    added: dict[Figure, list[Range]] = {}
    for item in (item for item in corrections if item.basis in BASES):
        added.setdefault(Figure(item.creator, item.month, item.currency, item.basis), []).append(item.amount)
    found = [
        NotCorrected(figure, sealed.get(figure, ZERO), total(added.get(figure, ())), now.get(figure, ZERO))
        for figure in sorted({*sealed, *now, *added}, key=_in_order)
    ]
    return [item for item in found if item.amount != ZERO]


def _in_order(figure: Figure) -> tuple[str, str, str, int]:
    return figure.creator, figure.month, figure.currency, [*map(str, BASES)].index(figure.basis)


def signed_text(amount: Range, currency: str) -> str:
    """`+4.20 USD`, `-1.00 to +2.50 USD`."""
    ends = amount.ordered
    return f"{' to '.join(dict.fromkeys(_signed(end, currency) for end in (ends.low, ends.high)))} {currency}"


def _signed(amount: Decimal, currency: str) -> str:
    return f"{'-' if amount < 0 else '+'}{amount_text(Range.of(abs(amount)), currency)}"


def not_corrected_texts(items: Sequence[NotCorrected], because: Sequence[str]) -> list[str]:
    """What a closed month would be otherwise by, and why: one remark for each figure, and one on a screen."""
    return [Remark(f"Not corrected: {item.text}{_why(because)}. {item.told}", _OTHERWISE, (item, because)) for item in items]


def _why(because: Sequence[str]) -> str:
    return f" because of {' and '.join(because)}" if because else ""


def _otherwise_brief(abouts: Sequence[tuple[NotCorrected, Sequence[str]]]) -> Brief:
    item, because = abouts[0]
    more = f", and {counted(len(abouts) - 1, 'more figure')}" if len(abouts) > 1 else ""
    closed = f" {item.told}" if item.anew else ""
    booked = "To book it with the next month:"
    return (
        f"Not corrected: {item.text}{more}{_why(because)}.{closed} {booked}",
        Command("diamondctl period close MONTH --correct"),
    )


_OTHERWISE = Cause(0, _otherwise_brief)


def month_start(month: str) -> date:
    """The first day of a month written 2026-10."""
    return date.fromisoformat(f"{month}-01")


def what_if_note(month: str) -> str:
    """That a report of a closed month was asked for otherwise than it was closed."""
    return stated(PERIOD, f"{month} is closed. This is worked out anew, by what was asked for, and is not the closed month.")


def later_notes(items: Iterable[Correction], last: str, *, sealed: bool = False) -> list[str]:
    """What of a period whose last month is closed was corrected after it: it is in a report as things are known now, and not
    in one that is told as it was `sealed`.
    """
    mine = [item for item in items if item.booked > last]
    if not mine:
        return []
    first = f"{signed_text(mine[0].amount, mine[0].currency)} of {mine[0].creator} in {mine[0].month} ({mine[0].basis})"
    more = f" and {len(mine) - 1:,} more" if len(mine) > 1 else ""
    of = "Not in it: " if sealed else "Of it "
    text = f"{of}{first}{more} was corrected after it was closed, and is booked in {mine[0].booked}."
    return [stated(PERIOD, text, "diamondctl period list")]


def correction_notes(items: Iterable[Correction]) -> list[str]:
    """What of closed months was corrected in a period, one line for each creator and cause."""
    by_cause: dict[tuple[str, str], list[Correction]] = {}
    for item in items:
        by_cause.setdefault((item.creator, item.cause), []).append(item)
    return [
        Remark(
            f"Corrected in {mine[0].booked}, because of {cause or 'what was not known'}: {creator} "
            + "; ".join(f"{item.month} {item.basis} {signed_text(item.amount, item.currency)}" for item in mine),
            _CORRECTED,
            mine,
        )
        for (creator, cause), mine in by_cause.items()
    ]


def _corrected_brief(abouts: Sequence[Sequence[Correction]]) -> Brief:
    item = abouts[0][0]
    first = f"{signed_text(item.amount, item.currency)} of {item.creator} in {item.month} ({item.basis}, {item.cause})"
    rest = sum(map(len, abouts)) - 1
    more = f" and {rest:,} more" if rest else ""
    return (f"Corrections of closed months count in {item.booked}: {first}{more}.", Command("diamondctl period list"))


_CORRECTED = Cause(PERIOD, _corrected_brief)
