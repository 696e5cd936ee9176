"""What every report on gifts shows of its frame: header, rates used, accounts, in each form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.periods import Period
from diamondctl.render import numbers
from diamondctl.render.entries import value_text
from diamondctl.render.tables import Column, Laid, Line, Table, lay_out, notes, wrap
from diamondctl.render.view import Clean
from diamondctl.reports.remarks import show_commands
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import Account, RateUse

HARD = "\u00a0"
HEAD_COLUMNS = ("period", "first_day", "last_day", "as_of", "creator", "region", "currency", "timezone", "rates", "complete")


def header(scope: Scope, width: int | None, clean: Clean) -> Laid:
    """Period, creator or number of accounts, region, currency, time zones, rate files with their fingerprints."""
    accounts = scope.accounts
    words = [scope.period.title]
    if len(accounts) == 1:
        words += [f"creator {clean(accounts[0].creator)}", accounts[0].region, accounts[0].currency]
    else:
        words.append(f"{len(accounts):,} accounts")
    words += sorted({account.timezone for account in accounts})
    zones = {account.zone.file: account.zone for account in accounts}
    for file in sorted(zones):
        yours = " (yours)" if zones[file].origin == "user" else ""
        words.append(f"rates {clean(file)} {zones[file].sha256[:8]}{yours}")
    if scope.asked.rates_as_of:
        words.append(f"as the files said on {scope.asked.rates_as_of}")
    # Words stay whole: their own blanks are hidden from `wrap` as hard ones, and two more set them apart.
    glued = " ".join(word.replace(" ", HARD) + HARD * 2 for word in words if word)
    lines = wrap(glued, None if width is None else width + 2)
    return Laid(tuple(Line("title", line.replace(HARD, " ").rstrip()) for line in lines))


def rates(uses: Sequence[RateUse], width: int | None, rule: str, clean: Clean) -> Laid:
    """Every entry the figures rest on."""
    if not uses:
        return Laid(())
    columns = (
        Column("Rate used", figure=False),
        Column("From", figure=False),
        Column("Value", figure=False),
        Column("Confidence", figure=False),
        Column("Seen to hold", figure=False, drop=1),
        Column("Where", figure=False),
        Column("Sources", figure=False, drop=2),
    )
    rows = []
    for use in uses:
        entry = use.entry
        first = "first seen " if entry.since == "first_seen" else ""
        age = f", {use.unverified_days:,} days before" if use.unverified_days else ""
        rows.append(
            (
                entry.rate,
                first + entry.effective_text,
                clean(value_text(entry)),
                entry.confidence,
                f"{entry.verified}{age}",
                clean(entry.where),
                clean(", ".join(entry.sources)),
            )
        )
    commands = [clean(f"Sources in full: {command}") for command in show_commands(uses)]
    return Laid(
        (
            *lay_out(Table(columns, tuple(rows)), width, rule).parts,
            *notes(commands, width).parts,
        )
    )


def document_head(name: str, scope: Scope) -> dict[str, Any]:
    """What every JSON report begins with."""
    zones = {account.zone.file: account.zone for account in scope.accounts}
    asked = scope.asked
    return {
        "schema": f"diamondctl.{name}/1",
        "complete": scope.complete,
        "period": period_json(scope.period),
        "inputs": {
            "ledger": {"documents": len(scope.documents)} if scope.origin.ledger else None,
            "files": [item._asdict() | {"notices": list(item.notices)} for item in scope.documents],
            "rates": [
                {"file": zone.file, "sha256": zone.sha256, "origin": zone.origin, "platform": zone.platform}
                for _, zone in sorted(zones.items())
            ],
            "share": None if asked.own_share is None else numbers.plain(asked.own_share),
            "rates_as_of": None if asked.rates_as_of is None else str(asked.rates_as_of),
            "config": None if asked.config is None else asked.config._asdict(),
        },
    }


def period_json(period: Period) -> dict[str, str]:
    """Label, first and last day."""
    return {"label": period.label, "first_day": str(period.start), "last_day": str(period.last_day)}


def money_json(amount: Range, currency: str) -> dict[str, str]:
    """Money as decimal text, always with both ends."""
    low, high = (f"{end:.{MINOR_UNITS[currency]}f}" for end in (amount.low, amount.high))
    return {"currency": currency, "low": low, "high": high}


def use_json(use: RateUse) -> dict[str, Any]:
    """An entry that was used, where it stands, and how old its last sighting is."""
    entry = use.entry
    return {
        "rate": entry.rate,
        "effective": entry.effective_text,
        "since": entry.since,
        "recorded": str(entry.recorded),
        "verified": str(entry.verified),
        "unverified_days": use.unverified_days,
        "confidence": entry.confidence,
        "sources": list(entry.sources),
        "file": entry.file,
        "line": entry.line,
        "text": value_text(entry),
    }


def account_json(account: Account) -> dict[str, Any]:
    """Whose wallet, and what of its period could not be rated."""
    return {
        "creator": account.creator,
        "region": account.region,
        "currency": account.currency or None,
        "timezone": account.timezone,
        "rates": account.zone.file,
        "unrated": {
            "gifts": sum(item.row.gifts for item in account.unrated),
            "coins": sum(item.row.coins for item in account.unrated),
        },
    }


def head_record(scope: Scope, account: Account, complete: bool) -> dict[str, object]:
    """The first columns of every flat row. `complete` is the report's: a row taken by itself must not claim more."""
    return {
        "period": scope.period.label,
        "first_day": scope.period.start,
        "last_day": scope.period.last_day,
        "as_of": scope.as_of,
        "creator": account.creator,
        "region": account.region,
        "currency": account.currency,
        "timezone": account.timezone,
        "rates": account.zone.file,
        "complete": complete,
    }
