"""What a change of rate files does to money, in all forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from diamondctl.money import Range, percent_change
from diamondctl.ratebook.entries import Zone
from diamondctl.render import frame, numbers
from diamondctl.render.formats import as_markdown
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import CLOSING, Clean, Records, View, ends, records
from diamondctl.reports.impact import Compared, Effect, Impact
from diamondctl.words import counted

FORMATS: Final = {"github": ""}
_LABELS: Final = {"gift_value": "gift value", "reward": "reward", "net": "reaches the bank", "fans_paid": "fans paid"}


def view(found: Compared) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(found, width, rule, clean),
        lambda: document(found),
        lambda: flat(found),
        {"github": lambda: commands(found)},
    )


def screen(found: Compared, width: int | None, rule: str, clean: Clean) -> Laid:
    """What comes out differently, thresholds, totals. What stays equal is only counted."""
    impact = found.impact
    files = ", ".join(document.name for document in found.documents)
    share = f"; share {numbers.plain(found.own_share)}% (config)" if found.own_share is not None else ""
    parts = [notes([clean(f"{found.base} -> {found.head}; gifts of {files}{share}")], width, kind="title")]
    columns = (
        Column("Creator", figure=False),
        Column("Region", figure=False),
        Column("Month", right=True),
        Column("Figure", figure=False),
        Column("Currency", figure=False),
        Column("Before", right=True),
        Column("After", right=True),
        Column("Change", right=True),
    )
    rows = [
        (
            clean(effect.key.creator),
            effect.key.region,
            effect.key.month,
            clean(_label(effect)),
            effect.key.currency,
            _money(effect.before, effect.key.currency),
            _money(effect.after, effect.key.currency),
            change_text(effect),
        )
        for effect in impact.changed
    ]
    if rows:
        parts.append(lay_out(Table(columns, tuple(rows)), width, rule))
    if impact.crossings:
        parts.append(_crossings(impact, width, rule, clean))
    parts.append(_totals(impact, width, rule))
    parts.append(notes([clean(text) for text in warnings(found)], width, kind="warning", mark="! "))
    parts.append(notes([clean(text) for text in found.notes], width, mark="- "))
    parts.append(notes([verdict(found)], width, kind="row"))
    return Laid((*join(parts).parts, *notes([CLOSING], width, kind="closing").parts))


def _label(effect: Effect) -> str:
    way = effect.key.way.replace("_", "-")
    label = _LABELS[effect.key.figure]
    return f"{label} ({way})" if way and way != "any" else label


def _money(amount: Range | None, currency: str) -> str:
    return "-" if amount is None else numbers.money_range(amount, currency)


def change_text(effect: Effect) -> str:
    """`-4.0%`, `0.0% to +1.9%` where the ends move apart, `new` and `gone` where a side has nothing."""
    if effect.before is None:
        return "new"
    if effect.after is None:
        return "gone"
    pairs = ((effect.before.low, effect.after.low), (effect.before.high, effect.after.high))
    texts = [_end(before, after) for before, after in pairs]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"


def _end(before: Decimal, after: Decimal) -> str:
    if not before:
        return "0.0%" if not after else "from 0"
    return numbers.change(percent_change(after, before))


def _crossings(impact: Impact, width: int | None, rule: str, clean: Clean) -> Laid:
    columns = (
        Column("Threshold crossed", figure=False),
        Column("Creator", figure=False),
        Column("Region", figure=False),
        Column("Month", right=True),
        Column("Before", right=True),
        Column("After", right=True),
    )
    rows = []
    for crossing in impact.crossings:
        method = "" if crossing.method == "any" else f" ({crossing.method})"
        rows.append(
            (
                clean(crossing.rule + method),
                clean(crossing.creator),
                crossing.region,
                crossing.month,
                clean(crossing.before or "-"),
                clean(crossing.after or "-"),
            )
        )
    return lay_out(Table(columns, tuple(rows)), width, rule)


def _totals(impact: Impact, width: int | None, rule: str) -> Laid:
    columns = (Column("All rewards", figure=False), Column("Before", right=True), Column("After", right=True))
    rows = tuple(
        (currency, numbers.money_range(before, currency), numbers.money_range(after, currency))
        for currency, before, after in impact.totals
    )
    return lay_out(Table(columns, rows), width, rule) if rows else Laid(())


def warnings(found: Compared) -> list[str]:
    """What could not be rated, per side."""
    return [
        f"Incomplete {item.side}: {counted(item.gifts, 'gift')} ({item.coins:,} coins): {item.reason}."
        for item in found.impact.left_out
    ]


def verdict(found: Compared) -> str:
    """One line: how much comes out differently, and whether that is more than was allowed."""
    impact = found.impact
    months = counted(len(impact.months), "month")
    inside = f"{counted(len(impact.effects), 'figure')} of {counted(impact.creators, 'creator')} in {months}"
    text = f"{len(impact.changed):,} of {inside} come out differently" if impact.changed else f"None of {inside} changes"
    text += f"; {counted(len(impact.crossings), 'threshold')} crossed." if impact.crossings else "; no threshold is crossed."
    if found.max_change is not None:
        limit = numbers.plain(found.max_change)
        over = len(found.exceeding)
        text += f" {over:,} of them by more than {limit}%." if over else f" None by more than {limit}%."
    return text


def commands(found: Compared) -> str:
    """The verdict as a GitHub annotation: an error beyond what is allowed, else a notice where money moves."""
    kind = "error" if found.exceeding else "notice" if found.complete else "warning"
    line = f"::{kind} title=rates impact::{verdict(found)}\n" if found.impact.changed or kind != "notice" else ""
    return line + verdict(found) + "\n"


def job_summary(found: Compared) -> str:
    """What comes out differently as Markdown, for the summary of a GitHub job."""
    rows = flat(found)
    changed = rows.columns.index("changed")
    table = as_markdown(rows._replace(rows=tuple(row for row in rows.rows if row[changed] == "true")))
    return f"### diamondctl rates impact\n\n{table if found.impact.changed else ''}\n{verdict(found)}\n"


def document(found: Compared) -> dict[str, Any]:
    """`diamondctl.rates-impact/1`."""
    impact = found.impact
    return {
        "schema": "diamondctl.rates-impact/1",
        "complete": found.complete,
        "inputs": {
            "files": [item._asdict() | {"notices": list(item.notices)} for item in found.documents],
            "base": [_zone_json(zone) for zone in found.zones[0]],
            "head": [_zone_json(zone) for zone in found.zones[1]],
            "share": None if found.own_share is None else numbers.plain(found.own_share),
        },
        "data": {
            "base": found.base,
            "head": found.head,
            "max_change": None if found.max_change is None else numbers.plain(found.max_change),
            "exceeding": len(found.exceeding),
            "effects": [_effect_json(effect, found) for effect in impact.effects],
            "crossings": [
                crossing._asdict() | {"before": crossing.before or None, "after": crossing.after or None}
                for crossing in impact.crossings
            ],
            "totals": [
                {
                    "currency": currency,
                    "before": frame.money_json(before, currency),
                    "after": frame.money_json(after, currency),
                }
                for currency, before, after in impact.totals
            ],
            "left_out": [item._asdict() for item in impact.left_out],
        },
        "warnings": warnings(found),
        "notes": list(found.notes),
    }


def _zone_json(zone: Zone) -> dict[str, str]:
    return {"file": zone.file, "sha256": zone.sha256, "origin": zone.origin, "platform": zone.platform}


def _effect_json(effect: Effect, found: Compared) -> dict[str, Any]:
    key = effect.key
    before, after = (None if side is None else frame.money_json(side, key.currency) for side in (effect.before, effect.after))
    limit = found.max_change
    return {
        **key._asdict(),
        "way": key.way or None,
        "before": before,
        "after": after,
        "changed": effect.changed,
        "exceeds": limit is not None and effect.beyond(limit),
    }


_COLUMNS: Final = (
    "creator", "region", "month", "figure", "way", "currency",
    "before_low", "before_high", "after_low", "after_high", "changed", "exceeds",
)  # fmt: skip


def flat(found: Compared) -> Records:
    """One row per figure, changed or not."""
    limit = found.max_change
    rows: list[dict[str, object]] = [
        {
            **effect.key._asdict(),
            **ends("before", effect.before, effect.key.currency),
            **ends("after", effect.after, effect.key.currency),
            "changed": effect.changed,
            "exceeds": limit is not None and effect.beyond(limit),
        }
        for effect in found.impact.effects
    ]
    return records(rows, _COLUMNS, [name for name in _COLUMNS if name.endswith(("_low", "_high"))])
