"""What every report on gifts shows of its frame: header, rates used, accounts, in each form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from diamondctl.ratebook.entries import COINS, Units, Zone
from diamondctl.render import entries
from diamondctl.render import shape as f
from diamondctl.render.page import Part, Words, said
from diamondctl.render.view import CLOSING, View
from diamondctl.reports.remarks import show_commands
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import BASES, Account, RateUse

FILE: f.Fields = (
    f.Field("name"),
    f.Field("kind"),
    f.Field("sha256", f.SHA256),
    f.Field("rows", f.COUNT),
    *(f.told(name) for name in ("new", "known", "elsewhere")),
    f.Field("notices", f.WORDS),
    *(f.told(f"{name}{of}") for name in ("folded", "unterminated", "heuristic", "catalogued") for of in ("", "_coins")),
    f.Field("totals", f.COUNT),
)
# What a platform calls the thing that fans buy, and the thing that it becomes.
UNIT = f.Field("unit", f.one((f.Field("fan"), f.Field("creator"))))
RATE_FILE: f.Fields = (f.Field("file"), f.Field("sha256", f.SHA256), f.Field("origin", f.ORIGIN), f.Field("platform"), UNIT)
PERIOD: f.Fields = (f.Field("label"), f.Field("first_day", f.DAY, "start"), f.Field("last_day", f.DAY))


def _zones(scope: Scope) -> list[Zone]:
    both = (zone for account in scope.accounts for zone in (account.zone, account.home.zone))
    zones = {zone.file: zone for zone in both if zone.covered}
    return [zones[file] for file in sorted(zones)]


INPUTS: f.Fields = (
    f.Field(
        "ledger",
        f.one((f.Field("documents", f.COUNT, lambda scope: len(scope.documents)),)),
        lambda scope: scope if scope.origin.ledger else None,
        maybe=True,
    ),
    f.Field("files", f.many(FILE), "documents"),
    f.Field("rates", f.many(RATE_FILE), _zones),
    f.Field("basis", f.word(*BASES), "asked.basis"),
    f.Field("share", f.DECIMAL, "asked.own_share", maybe=True),
    f.Field("rates_as_of", f.DAY, "asked.rates_as_of", maybe=True),
    f.Field("config", f.one((f.Field("file"), f.Field("sha256", f.SHA256))), "asked.config", maybe=True),
)
UNRATED: f.Fields = (
    f.Field("gifts", f.COUNT, lambda items: sum(item.row.gifts for item in items)),
    f.Field("coins", f.COUNT, lambda items: sum(item.row.coins for item in items)),
)
ACCOUNT: f.Fields = (
    f.Field("creator", title="Creator"),
    f.Field("region", f.REGION, title="Region"),
    f.Field("currency", f.CURRENCY, title="Currency", maybe=True),
    f.Field("timezone"),
    f.Field("rates", of="zone.file"),
    f.Field("unrated", f.one(UNRATED), forms="json"),
)
WHOSE: f.Fields = f.under("account", ACCOUNT)


def seen(use: RateUse) -> str:
    """The day on which it was last seen to hold, and how long before the figures that is."""
    age = f", {use.unverified_days:,} days before" if use.unverified_days else ""
    return f"{use.entry.verified}{age}"


USE: f.Fields = (
    *f.under("entry", entries.FIELDS[:4]),
    f.Field("verified", f.DAY, "entry.verified", "Seen to hold", drop=1, show=seen),
    f.Field("unverified_days", f.COUNT, after="text"),
    *f.under("entry", entries.FIELDS[5:]),
)
# On a screen and on a page.
USE_SHOWN: f.Fields = (
    *f.pick(USE, rate="Rate used"),
    *f.pick(USE, "effective", "text", "confidence", "verified"),
    f.cell("Where", lambda use: use.entry.where),
    *f.pick(USE, "sources"),
)


class Row(NamedTuple):
    """A flat row of a report: its account, and what else its fields are made of."""

    report: Any
    account: Account
    complete: bool  # the report's: a row taken by itself must not claim more
    item: Any


HEAD: f.Fields = (
    f.Field("period", of="report.scope.period.label"),
    f.Field("first_day", f.DAY, "report.scope.period.start"),
    f.Field("last_day", f.DAY, "report.scope.period.last_day"),
    f.Field("as_of", f.DAY, "report.scope.as_of"),
    *WHOSE,
    f.Field("complete", f.FLAG),
)
# The file of exchange rates that was given, of a document.
EXCHANGE = f.Field(
    "exchange",
    f.one((f.Field("file", of="source"), f.Field("sha256", f.SHA256))),
    lambda exchange: exchange if exchange.source else None,
    maybe=True,
)
AS_OF = f.Field("as_of", f.DAY, "scope.as_of", after="period")  # of a document


def document(
    name: str,
    data: f.Fields,
    flat: f.Fields,
    *more: f.Field,
    head: f.Fields = HEAD,
    period: str = "scope.period",
    answer: Callable[[Any], str] | None = None,
    version: int = 1,
) -> f.Document:
    """A document of a report on gifts: what frames it, around `data`, and `flat` of the `item` of a `Row`.

    `more` stands beside the data; another `period` than that of the scope need not be.
    """
    inputs = f.Field("inputs", f.one(INPUTS), "scope")
    front = (f.Field("period", f.one(PERIOD), period, maybe=period != "scope.period"), inputs, *more)
    rates = f.Field("rates", f.many(USE))
    return f.Document(name, (*data, rates), (*head, *f.under("item", flat)), front, True, answer, version)


def view(
    made: f.Document,
    report: Any,
    page: Callable[[], Sequence[Part]],
    items: Callable[[], Iterable[tuple[Account, Any]]],
    *,
    complete: bool | None = None,
    evidence: Callable[[], Sequence[Part]] = tuple,
    notes: Sequence[str] = (),
    closing: str = CLOSING,
) -> View:
    """A report on gifts in all its forms: its answer, its page, and with `-v` header, its own evidence, rates and remarks.

    `notes` come first. A closing of its own is a note of the JSON too.
    """
    scope: Scope = report.scope
    whole = scope.complete if complete is None else complete
    notes = [*notes, *scope.notes]
    whole_notes = notes if closing in ("", CLOSING) else [*notes, closing]

    return made.view(
        report,
        page,
        lambda: (Row(report, account, whole, item) for account, item in items()),
        complete=whole,
        warnings=report.warnings,
        notes=whole_notes,
        closing=closing,
        units=units_of(scope),
        evidence=lambda: [header_of(scope), *evidence(), rates(report.rates)],
    )


def units_of(scope: Scope) -> Units:
    """What the platform of a report calls coins and diamonds: all its accounts are of one."""
    return next((zone.unit for zone in _zones(scope)), COINS)


def header_of(scope: Scope) -> Words:
    """Period, creator or number of accounts, region, currency, time zones, rate files with their fingerprints."""
    return rests_on(scope, scope.period.title)


def rests_on(scope: Scope, when: str) -> Words:
    """The same with other words for when."""
    accounts = scope.accounts
    words = [when]
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


def rates(uses: Sequence[RateUse]) -> Part:
    """Every entry the figures rest on."""
    if not uses:
        return ()
    return (f.table(USE_SHOWN, uses), said(*(f"Sources in full: {command} -v" for command in show_commands(uses))))
