"""What stands in the way of closing a period, and what a close sealed: values. Pure.

A finding that `stops` has to be settled, or accepted with a reason; the others are told, because they may be as they should.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, total
from diamondctl.periods import Period
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.rating.places import is_there
from diamondctl.records import Close, Correction
from diamondctl.reports.completeness import Gaps
from diamondctl.reports.remarks import booked_day, money_text, stale_warnings
from diamondctl.reports.scope import Scope, entries_of
from diamondctl.reports.sealed import NotCorrected, Seal, signed_text
from diamondctl.reports.values import Account
from diamondctl.reports.wallets import Wallet, wallet_warnings
from diamondctl.words import counted

# Kind of a finding -> what it is called on a screen, in the order in which they are told.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not-priced": "No price",
        "documents": "No document",
        "days": "Days without a gift",
        "cross-checks": "Cross-check off",
        "rejects": "Rows left out",
        "unrated": "Gifts without a rate",
        "ranges": "Still a range",
        "open": "Not over yet",
        "payouts": "Payout on the way",
        "balances": "App shows another",
        "not-corrected": "Closed month moved",
        "rates": "Old rates",
    }
)
_NEVER: Final = frozenset(("not-priced",))  # nothing can be sealed of whom nothing is known


class Finding(NamedTuple):
    """One thing that a period leaves open. `creator` blank: of no single one."""

    kind: str
    creator: str
    text: str
    remedy: str = ""  # a command
    stops: bool = True
    accepted: str = ""  # why it may stay

    @property
    def title(self) -> str:
        """Its kind in words."""
        return KINDS[self.kind]

    @property
    def open(self) -> bool:
        """Whether it keeps the period from being closed."""
        return self.stops and not self.accepted

    def accept(self, reasons: Mapping[str, str]) -> Finding:
        """With the reason why it may stay, of those given for its kind, or for its kind and creator."""
        if not self.stops or self.kind in _NEVER:
            return self
        return self._replace(accepted=reasons.get(f"{self.kind}:{self.creator}") or reasons.get(self.kind, ""))


class Check(NamedTuple):
    """A period that was looked through."""

    period: Period
    creators: tuple[str, ...]
    findings: tuple[Finding, ...]
    closed: bool = False  # it is closed already

    @property
    def open(self) -> list[Finding]:
        """What keeps it from being closed."""
        return [item for item in self.findings if item.open]


class Closing(NamedTuple):
    """What became of a close: closed | known (it was closed before) | refused | dry-run."""

    done: str
    check: Check
    close: Close | None = None
    seals: tuple[Seal, ...] = ()
    corrections: tuple[Correction, ...] = ()


class Sealed(NamedTuple):
    """One creator's sealed figures of a closed period, by basis, in one currency."""

    creator: str
    currency: str
    earned: Range
    credited: Range
    paid: Range


class Closes(NamedTuple):
    """Every close, with the corrections of its months."""

    closes: tuple[tuple[Close, tuple[Correction, ...]], ...]


def sealed_rows(seals: Iterable[Seal], first: str) -> list[Sealed]:
    """The figures of the months from one on, added up by creator and currency."""
    sums: dict[tuple[str, str], dict[str, list[Range]]] = {}
    for seal in seals:
        for figure, amount in seal.figures.items():
            if figure.month >= first:
                sums.setdefault((figure.creator, figure.currency), {}).setdefault(figure.basis, []).append(amount)
    return [
        Sealed(*key, *(total(by_basis.get(basis, ())) for basis in ("earned", "credited", "paid")))
        for key, by_basis in sorted(sums.items())
    ]


class Looked(NamedTuple):
    """What findings are worked out from, beside the report itself."""

    today: date
    gaps: Gaps  # of the period
    rejects: tuple[tuple[str, int], ...]  # documents with rows that are left out, and how many
    not_corrected: tuple[NotCorrected, ...]


def not_priced(untold: Mapping[str, str]) -> list[Finding]:
    """Creators of whom no figure can be told, and why."""
    return [Finding("not-priced", name, why) for name, why in sorted(untold.items())]


def findings(scope: Scope, wallets: Sequence[Wallet], looked: Looked) -> list[Finding]:
    """Everything that a period leaves open, in the order of `KINDS`."""
    period = scope.period
    next_close = f"diamondctl period close {period.label} --correct"
    lacks = looked.gaps
    found = [
        Finding("documents", name, f"no gift and no total in {period.label}", f"diamondctl import FILE --creator {name}")
        for name in (*lacks.without, *sorted(scope.origin.undocumented))
    ]
    found += [Finding("days", name, f"no gift {when}", "diamondctl import FILE") for name, when in lacks.pauses.items()]
    found += [Finding("cross-checks", "", text, f"diamondctl explain reward -p {period.label} -v") for text in lacks.off]
    found += [
        Finding("rejects", "", f"{counted(count, 'row')} of {name} in no total", f"diamondctl records rejected {name}")
        for name, count in looked.rejects
    ]
    for account in scope.accounts:
        found += [*_unrated(account), *_range(account, period), *_open(account, looked.today)]
    for wallet in wallets:
        found += [*_payouts(wallet, period), *_balances(wallet, period)]
    found += [
        Finding(
            "not-corrected",
            item.figure.creator,
            f"{item.figure.month}, {item.figure.basis}: {signed_text(item.amount, item.figure.currency)} since it was closed",
            next_close,
        )
        for item in looked.not_corrected
    ]
    uses = scope.uses([(a.zone, entry) for a in scope.accounts for entry in entries_of([*a.now, *a.until])])
    found += [Finding("rates", "", text, stops=False) for text in stale_warnings(uses, scope.as_of)]
    order = list(KINDS)
    return sorted(found, key=lambda item: (order.index(item.kind), item.creator))


def _unrated(account: Account) -> list[Finding]:
    gifts, coins = (sum(getattr(item.row, name) for item in account.unrated) for name in ("gifts", "coins"))
    text = f"{counted(gifts, 'gift')} ({counted(coins, 'coin')}) in {account.region} have no price"
    return [Finding("unrated", account.creator, text, "diamondctl rates coverage")] if account.unrated else []


def _range(account: Account, period: Period) -> list[Finding]:
    earned = total(credit.reward for credit in account.now)
    if earned.is_exact or not account.currency:
        return []
    text = f"{money_text(earned.ordered, account.currency)} earned"
    return [Finding("ranges", account.creator, text, f"diamondctl explain reward -p {period.label}")]


def _open(account: Account, today: date) -> list[Finding]:
    """LIVEs and weeks that go on over the end, with what they have by then."""
    found = []
    for credit in account.pending:
        day = booked_day(credit, account)
        what = "the weekly part" if credit.unit == WEEKLY else _name(credit)
        text = f"{what}, {money_text(credit.reward.ordered, account.currency)} by then, comes on {day:%a} {day}"
        found.append(Finding("open", account.creator, text, stops=day > today))
    after = {row.stream for row in account.person.rows if row.stream and row.quarter > account.as_of_quarter}
    for credit in account.until:
        if credit.unit == "stream" and credit.name in after:
            amount = money_text(credit.reward.ordered, account.currency)
            text = f"{_name(credit)} goes on over the end: {amount} of it by then"
            found.append(Finding("open", account.creator, text, stops=False))
    return found


def _name(credit: Credit) -> str:
    return f"LIVE {credit.name}" if credit.unit == "stream" else f"the {credit.unit} {credit.name}"


def _payouts(wallet: Wallet, period: Period) -> list[Finding]:
    account = wallet.state.account
    found = []
    for item in wallet.held.payouts:
        if is_there(item, period.last_day):
            continue
        left = f"{item.id}: {money_text(Range.of(item.amount), item.currency)} left on {item.day}"
        if item.arrived is None:
            command = f"diamondctl record payout {item.amount:f} --id {item.id} --arrived AMOUNT --arrived-on DATE"
            found.append(Finding("payouts", account.creator, f"{left}, no arrival is recorded", command))
        else:
            found.append(Finding("payouts", account.creator, f"{left}, and arrived on {item.arrived_on}", stops=False))
    return found


def _balances(wallet: Wallet, period: Period) -> list[Finding]:
    account = wallet.state.account
    found = [
        Finding(
            "balances",
            account.creator,
            f"{item.record.id}: {money_text(Range.of(item.record.amount), account.currency)} shown on {item.record.day}, "
            f"{money_text(item.computed.ordered, account.currency)} worked out",
            f"diamondctl balance --creator {account.creator} --as-of {item.record.day}",
        )
        for item in wallet.held.differences
        if item.outside and period.start <= item.record.day <= period.last_day
    ]
    return found + [Finding("balances", account.creator, text) for text in wallet_warnings([wallet])]


def months_of(period: Period) -> list[Period]:
    """The calendar months of a period that is made of whole ones; else none."""
    months = []
    month = periods.month_of(period.start)
    if month.start != period.start:
        return []
    while month.end <= period.end:
        months.append(month)
        if month.end == period.end:
            return months
        month = periods.month_of(month.end)
    return []
