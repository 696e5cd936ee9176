"""What readers produce and the ledger keeps: gifts, frames, totals, documents, usage, records, findings. Values only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl.money import Range, exact

# What the names of streams begin with that were inferred from pauses.
INFERRED: Final = "inferred "


class Gift(NamedTuple):
    """One sent gift after combos are folded. Blank text means the source does not say.

    A tuple, not a dataclass: a million of them are made per import, and a tuple costs a third.
    """

    time: int  # instant, microseconds since 1970 UTC
    creator: str
    gift: str
    coins: int  # of one unit
    quantity: int
    event_id: str
    gifter: str
    gift_id: str
    stream: str
    receiver: str
    region: str
    line: int  # where the row starts in its file, from 1


class Frame(NamedTuple):
    """One gift event of a LIVE log. A combo sends many, each with the count so far; `combos.fold` makes gifts of them.

    Blank text means the log does not say; so does -1 where a number could be 0.
    """

    time: int  # instant, microseconds since 1970 UTC
    creator: str
    room: str
    sender: str  # the stable id where the log has one, else the handle, else the nickname
    sender_name: str
    gift_id: str
    gift: str
    gift_type: int  # 1: may be sent as a combo; 0: not said; any other comes once
    coins: int  # of one unit; -1: not said
    repeat_count: int
    repeat_end: int  # 1: the combo is over; 0: it goes on, or is none; -1: the log has no such thing
    group: str  # of the frames of one combo
    message_id: str
    receiver: str
    receiver_name: str
    host: str  # the room's own user id, where the log names it; after a `~` possibly rounded by JavaScript
    region: str = ""  # said for the whole log when it was imported
    occurrence: int = 0  # which of the equal frames of its document, where it has no message id
    file: str = ""
    line: int = 0


class Total(NamedTuple):
    """What a dashboard or a data export says of a session, a day or a month. Never summed with gifts: a cross-check."""

    creator: str
    span: str  # stream | day | month
    first_day: date
    last_day: date
    start: int  # of a session: instant, microseconds since 1970 UTC; 0: not said
    end: int
    stream: str
    diamonds: int  # -1: not said
    approximate: bool  # rounded by the dashboard, such as 2.98M
    raw: str  # the amount as the source writes it, where its unit is not known
    seconds: int  # live; -1: not said
    streams: int  # -1: not said
    new_followers: int  # -1: not said
    source: str  # "LIVE Center", "LIVE Backstage", "TikTok data export"
    file: str
    line: int
    timezone: str = ""  # of its days; blank: not said
    version: int = 0  # of two that were told apart the greater counts; 0: of a file
    viewers: int = -1  # people who watched, where the source tells them apart, else views; -1: not said
    likes: int = -1
    comments: int = -1  # people who commented, where the source tells them apart


class Consent(NamedTuple):
    """That a gifter agreed to be named on what is made to be shown, from a day on."""

    alias: str
    since: date
    name: str = ""  # blank: not known any more


class Difference(NamedTuple):
    """What a source that does not count says of some days of a creator, and what counts there."""

    creator: str
    source: str
    beside: str  # what counts: gifts, or totals that count
    first_day: date
    last_day: date
    says: int
    counts: int

    @property
    def off(self) -> bool:
        """Whether it is off by more than 1 %."""
        return abs(self.says - self.counts) * 100 > self.says


class Usage(NamedTuple):
    """What one creator received in one stream and one quarter of an hour: the narrow waist between sources and money."""

    creator: str
    region: str
    stream: str  # blank: the source names none
    quarter: int
    coins: int  # of all units
    gifts: int  # that began in it; a combo's later frames bring coins alone
    first: int = 0  # second of the first gift or frame in it, since 1970 UTC; 0: not known
    last: int = 0

    @property
    def until(self) -> int:
        """The quarter of its last gift: a later one only where several quarters of a stream were added up."""
        return max(self.quarter, self.last // 900)

    def plus(self, other: Usage) -> Usage:
        """Both, of one creator, region, stream and quarter."""
        firsts = [first for first in (self.first, other.first) if first]
        return self._replace(
            coins=self.coins + other.coins,
            gifts=self.gifts + other.gifts,
            first=min(firsts, default=0),
            last=max(self.last, other.last),
        )


class GiftUsage(NamedTuple):
    """Usage told apart by gift and gifter: what one sent of one gift in a stream and a quarter of an hour.

    A combo of an event log counts where its frames are, and as a gift where it begins.
    """

    creator: str
    region: str  # blank: neither the rows nor their document name one
    stream: str
    quarter: int
    gift_id: str
    gift: str  # its name
    each: int  # coins of one unit
    gifter: str  # an alias; blank: not said
    gifts: int
    coins: int  # of all units
    largest: int  # coins of the largest single gift (all units of a combo) that begins here; 0: none does

    @property
    def place(self) -> tuple[str, str, str, int]:
        """The usage that it is a part of, as far as the source names one."""
        return self.creator, self.region, self.stream, self.quarter


class Document(NamedTuple):
    """One file as it was read. `rows == new + known + elsewhere + folded + totals`."""

    name: str
    kind: str  # "gift CSV", "gift JSON", "gift JSONL", "LIVE events", ...
    sha256: str
    rows: int
    new: int  # gifts that count
    known: int  # rows that repeat a gift already counted
    elsewhere: int  # gifts to another receiver than the creator
    notices: tuple[str, ...]
    folded: int = 0  # frames of a combo that another frame closes
    folded_coins: int = 0  # what they would add if each were a gift
    unterminated: int = 0  # gifts whose closing frame is missing: the highest count that was seen
    unterminated_coins: int = 0
    heuristic: int = 0  # gifts whose frames were put together without a combo id
    heuristic_coins: int = 0
    catalogued: int = 0  # gifts whose coin value is the gift catalogue's
    catalogued_coins: int = 0
    totals: int = 0  # of a dashboard or a data export; never summed with gifts


class Record(NamedTuple):
    """What a person recorded because no file holds it. What a sort has no use for is blank.

    payout: `amount` left the wallet on `day`. balance: the app showed `amount` on `day`. credit: the platform credited
    `amount` for a LIVE, day, week or month, known by `day`. income: `amount` from elsewhere, paid on `day`. adjustment: of
    the wallet from `day` on, signed.
    """

    sort: str  # payout | balance | credit | income | adjustment
    number: int  # 0: said by an option, and in no ledger
    creator: str
    region: str  # blank: said of the whole wallet
    day: date
    amount: Decimal  # in minor units of `currency`
    currency: str
    kind: str = ""  # adjustment: opening, refund, ...; credit: live, day, week, month
    name: str = ""  # credit: the LIVE, or the day, week or month; income: from whom
    at: str = ""  # balance: the time of the day, HH:MM; blank: its end
    after: str = ""  # balance: payouts of that day that had left by then, such as `p001 p002`
    method: str = ""  # payout: how it leaves, and so where it arrives; income: where it arrives
    arrived: Decimal | None = None  # payout: what arrived; None: it is on the way
    arrived_currency: str = ""
    arrived_on: date | None = None
    tax: Decimal | None = None  # payout: what a tax office held back of it, in `currency`
    exchange: str = ""  # payout: units of the other currency for one, as text; blank: not known
    exchange_source: str = ""  # who says so, and of which day
    invoice: str = ""  # income
    invoiced: date | None = None
    paid: bool = True  # income: False where only the invoice is known
    key: str = ""  # what a script calls it; of a row of a statement: its transaction
    reason: str = ""
    # What only rows of imported statements say.
    account: str = ""  # whose statement: paypal, Twitch; transactions are told apart inside it
    fee: Decimal | None = None  # payout: what the account took of it, as its statement says
    leg: str = ""  # payout: `in`, what came into an account; `out`, what left the wallet; blank: both; `back`: it came back
    status: str = ""  # payout: requested | on the way | failed | reversed; blank: as `arrived` says
    ended: date | None = None  # payout: when it failed or was reversed, and so was in the wallet again
    places: str = ""  # the rows that say so, such as `d003:14 d007:2`; blank: a person recorded it
    also: str = ""  # other ids of it: those of legs that met, such as `p004`

    @property
    def id(self) -> str:
        """`p001`; blank where it is in no ledger."""
        return f"{self.sort[0]}{self.number:03d}" if self.number else ""

    @property
    def names(self) -> frozenset[str]:
        """All by which it may be asked for."""
        return frozenset((self.id, self.key, *self.also.split())) - {""}


class Movement(NamedTuple):
    """One row of a statement, a list of credits or a table of income, as the record that it is: amounts as they were paid."""

    item: Record  # without a number; `key` is the transaction
    line: int
    occurrence: int = 0  # which of the equal rows of its document, where it has no transaction


class Finding(NamedTuple):
    """One thing that was looked at. `status`: ok | damaged | note."""

    what: str
    status: str
    detail: str
    remedy: str = ""


class Close(NamedTuple):
    """A close of some months. One that was reopened is kept, with the reason."""

    number: int
    period: str  # as it was asked for
    first: str  # of its months: 2026-10
    last: str
    version: str  # of diamondctl
    accepted: tuple[tuple[str, str], ...]  # findings, each with the reason
    closed: str  # UTC
    reopened: str = ""  # UTC; blank: it stands
    reason: str = ""

    @property
    def stands(self) -> bool:
        """Whether its months are closed."""
        return not self.reopened


class Correction(NamedTuple):
    """What moved a figure of a closed month. The difference counts in `booked`, the first open month then."""

    creator: str
    month: str  # of the figure
    currency: str
    basis: str
    cause: str
    before: Range
    after: Range
    booked: str
    number: int = 0
    close: int = 0  # whose figure it is
    added: str = ""  # UTC

    @property
    def amount(self) -> Range:
        """What it adds, story by story."""
        with exact():
            return Range(self.after.low - self.before.low, self.after.high - self.before.high)
