"""What every report on gifts shows of its frame: header, rates used, accounts, in each form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from diamondctl.ratebook.entries import Zone
from diamondctl.render import entries
from diamondctl.render.page import Part, Words, said
from diamondctl.render.shape import (
    COUNT,
    CURRENCY,
    DAY,
    DECIMAL,
    FLAG,
    ORIGIN,
    REGION,
    SHA256,
    WORDS,
    Document,
    Field,
    Fields,
    cell,
    many,
    one,
    pick,
    table,
    under,
)
from diamondctl.render.view import CLOSING, View
from diamondctl.reports.remarks import show_commands
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse

FILE: Fields = (
    Field("name"),
    Field("kind"),
    Field("sha256", SHA256),
    *(Field(name, COUNT) for name in ("rows", "new", "known", "elsewhere")),
    Field("notices", WORDS),
    *(Field(f"{name}{of}", COUNT) for name in ("folded", "unterminated", "heuristic", "catalogued") for of in ("", "_coins")),
    Field("totals", COUNT),
)
RATE_FILE: Fields = (Field("file"), Field("sha256", SHA256), Field("origin", ORIGIN), Field("platform"))
PERIOD: Fields = (Field("label"), Field("first_day", DAY, "start"), Field("last_day", DAY))


def _zones(scope: Scope) -> list[Zone]:
    zones = {account.zone.file: account.zone for account in scope.accounts}
    return [zones[file] for file in sorted(zones)]


INPUTS: Fields = (
    Field(
        "ledger",
        one((Field("documents", COUNT, lambda scope: len(scope.documents)),)),
        lambda scope: scope if scope.origin.ledger else None,
        maybe=True,
    ),
    Field("files", many(FILE), "documents"),
    Field("rates", many(RATE_FILE), _zones),
    Field("share", DECIMAL, "asked.own_share", maybe=True),
    Field("rates_as_of", DAY, "asked.rates_as_of", maybe=True),
    Field("config", one((Field("file"), Field("sha256", SHA256))), "asked.config", maybe=True),
)
UNRATED: Fields = (
    Field("gifts", COUNT, lambda items: sum(item.row.gifts for item in items)),
    Field("coins", COUNT, lambda items: sum(item.row.coins for item in items)),
)
ACCOUNT: Fields = (
    Field("creator", title="Creator"),
    Field("region", REGION, title="Region"),
    Field("currency", CURRENCY, title="Currency", maybe=True),
    Field("timezone"),
    Field("rates", of="zone.file"),
    Field("unrated", one(UNRATED), forms="json"),
)
WHOSE: Fields = under("account", ACCOUNT)


def _seen(use: RateUse) -> str:
    age = f", {use.unverified_days:,} days before" if use.unverified_days else ""
    return f"{use.entry.verified}{age}"


USE: Fields = (
    *under("entry", entries.FIELDS[:4]),
    Field("verified", DAY, "entry.verified", "Seen to hold", drop=1, show=_seen),
    Field("unverified_days", COUNT, after="text"),
    *under("entry", entries.FIELDS[5:]),
)


class Row(NamedTuple):
    """A flat row of a report: its account, and what else its fields are made of."""

    report: Any
    account: Account
    complete: bool  # the report's: a row taken by itself must not claim more
    item: Any


HEAD: Fields = (
    Field("period", of="report.scope.period.label"),
    Field("first_day", DAY, "report.scope.period.start"),
    Field("last_day", DAY, "report.scope.period.last_day"),
    Field("as_of", DAY, "report.scope.as_of"),
    *WHOSE,
    Field("complete", FLAG),
)
AS_OF = Field("as_of", DAY, "scope.as_of", after="period")  # of a document


def document(
    name: str, data: Fields, flat: Fields, *more: Field, head: Fields = HEAD, period: str = "scope.period"
) -> Document:
    """A document of a report on gifts: what frames it, around `data`, and `flat` of the `item` of a `Row`.

    `more` stands beside the data; another `period` than that of the scope need not be.
    """
    inputs = Field("inputs", one(INPUTS), "scope")
    front = (Field("period", one(PERIOD), period, maybe=period != "scope.period"), inputs, *more)
    rates = Field("rates", many(USE))
    return Document(name, (*data, rates), (*head, *under("item", flat)), front, notes=True)


def view(
    made: Document,
    report: Any,
    page: Callable[[], Sequence[Part]],
    items: Callable[[], Iterable[tuple[Account, Any]]],
    *,
    header: bool = True,
    complete: bool | None = None,
    beside: Collection[str] = (),
    left_out: Sequence[str] = (),
    note: str = "",
    closing: str = CLOSING,
) -> View:
    """A report on gifts in all its forms: its page between header and rates, warnings, notes and closing.

    `beside` are places of entries that the page shows itself, `left_out` warnings of the screen alone; `note` comes first.
    A closing of its own is a note of the JSON too.
    """
    scope: Scope = report.scope
    whole = scope.complete if complete is None else complete
    notes = [*([note] if note else []), *scope.notes]
    whole_notes = notes if closing == CLOSING else [*notes, closing]

    def framed() -> list[Part]:
        uses = [use for use in report.rates if use.entry.where not in beside]
        warnings = said(*left_out, *report.warnings, kind="warning", mark="! ")
        return [*([header_of(scope)] if header else []), *page(), _rates(uses), warnings, said(*notes, mark="- ")]

    return made.view(
        report,
        framed,
        lambda: (Row(report, account, whole, item) for account, item in items()),
        complete=whole,
        warnings=report.warnings,
        notes=whole_notes,
        closing=closing,
    )


def header_of(scope: Scope) -> Words:
    """Period, creator or number of accounts, region, currency, time zones, rate files with their fingerprints."""
    accounts = scope.accounts
    words = [scope.period.title]
    if len(accounts) == 1:
        words += [f"creator {accounts[0].creator}", accounts[0].region, accounts[0].currency]
    else:
        words.append(f"{len(accounts):,} accounts")
    words += sorted({account.timezone for account in accounts})
    for zone in _zones(scope):
        yours = " (yours)" if zone.origin == "user" else ""
        words.append(f"rates {zone.file} {zone.sha256[:8]}{yours}")
    if scope.asked.rates_as_of:
        words.append(f"as the files said on {scope.asked.rates_as_of}")
    return Words(tuple(words))


def _rates(uses: Sequence[RateUse]) -> Part:
    """Every entry the figures rest on."""
    if not uses:
        return ()
    fields = (
        *pick(USE, rate="Rate used"),
        *pick(USE, "effective", "text", "confidence", "verified"),
        cell("Where", lambda use: use.entry.where),
        *pick(USE, "sources"),
    )
    return (table(fields, uses), said(*(f"Sources in full: {command}" for command in show_commands(uses))))
