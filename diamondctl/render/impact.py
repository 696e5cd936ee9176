"""What a change of rate files does to money, in all forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from diamondctl.money import percent_change
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.formats import as_markdown
from diamondctl.render.page import Part, said
from diamondctl.render.shape import table
from diamondctl.render.view import CLOSING, View
from diamondctl.reports.impact import FIGURES, Compared, Crossing, Effect
from diamondctl.words import counted

_LABELS: Final = {"gift_value": "gift value", "reward": "reward", "net": "reaches the bank", "fans_paid": "fans paid"}


def view(found: Compared) -> View:
    """The report in all its forms; flat, one row per figure, changed or not."""
    return DOCUMENT.view(
        found,
        lambda: _page(found),
        lambda: _effects(found),
        complete=found.complete,
        warnings=warnings(found),
        notes=found.notes,
        closing=CLOSING,
        texts={"github": lambda: commands(found)},
    )


def _page(found: Compared) -> list[Part]:
    """What comes out differently, thresholds, totals. What stays equal is only counted."""
    impact = found.impact
    files = ", ".join(document.name for document in found.documents)
    share = f"; share {numbers.plain(found.own_share)}% (config)" if found.own_share is not None else ""
    effects = (
        *f.pick(EFFECT, "creator", "region", "month"),
        f.cell("Figure", _label),
        *f.pick(EFFECT, "currency", "before", "after"),
        f.cell("Change", change_text, f.FIGURE),
    )
    crossings = (
        f.cell("Threshold crossed", _crossed),
        *f.pick(CROSSING, "creator", "region", "month", "before", "after"),
    )
    return [
        said(f"{found.base} -> {found.head}; gifts of {files}{share}", kind="title"),
        table(effects, impact.changed) if impact.changed else (),
        table(crossings, impact.crossings) if impact.crossings else (),
        table(TOTAL, impact.totals) if impact.totals else (),
        said(*warnings(found), kind="warning", mark="! "),
        said(*found.notes, mark="- "),
        said(verdict(found), kind="row"),
    ]


def _label(effect: Effect) -> str:
    way = effect.key.way.replace("_", "-")
    label = _LABELS[effect.key.figure]
    return f"{label} ({way})" if way and way != "any" else label


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


KEY: f.Fields = (
    f.Field("creator", title="Creator"),
    f.Field("region", f.REGION, title="Region"),
    f.Field("month", f.FIGURE, title="Month"),
    f.Field("figure", f.word(*FIGURES)),
    f.Field("way", maybe=True),
    f.Field("currency", f.CURRENCY, title="Currency"),
)
EFFECT: f.Fields = (
    *f.under("key", KEY),
    f.money("before", currency="key.currency", title="Before", maybe=True),
    f.money("after", currency="key.currency", title="After", maybe=True),
    f.Field("changed", f.FLAG),
)
# Of an effect and of what is allowed.
_EFFECT: f.Fields = (
    *f.under(lambda row: row[0], EFFECT),
    f.Field("exceeds", f.FLAG, lambda row: row[1] is not None and row[0].beyond(row[1])),
)
CROSSING: f.Fields = (
    f.Field("creator", title="Creator"),
    f.Field("region", f.REGION, title="Region"),
    f.Field("month", f.FIGURE, title="Month"),
    f.Field("currency", f.CURRENCY),
    f.Field("rule", f.word("minimum_payout", "maximum_payout")),
    f.Field("method"),
    f.Field("before", f.FIGURE, title="Before", maybe=True),
    f.Field("after", f.FIGURE, title="After", maybe=True),
)
TOTAL: f.Fields = (
    f.Field("currency", f.CURRENCY, lambda total: total[0], "All rewards"),
    f.money("before", lambda total: total[1], lambda total: total[0], title="Before"),
    f.money("after", lambda total: total[2], lambda total: total[0], title="After"),
)
LEFT_OUT: f.Fields = (
    f.Field("side", f.word("before", "after")),
    f.Field("reason"),
    f.Field("gifts", f.COUNT),
    f.Field("coins", f.COUNT),
)
INPUTS: f.Fields = (
    f.Field("files", f.many(frame.FILE), "documents"),
    f.Field("base", f.many(frame.RATE_FILE), lambda found: found.zones[0]),
    f.Field("head", f.many(frame.RATE_FILE), lambda found: found.zones[1]),
    f.Field("share", f.DECIMAL, "own_share", maybe=True),
)


def _effects(found: Compared) -> list[tuple[Effect, Decimal | None]]:
    return [(effect, found.max_change) for effect in found.impact.effects]


DOCUMENT = f.Document(
    "rates-impact",
    (
        f.Field("base"),
        f.Field("head"),
        f.Field("max_change", f.DECIMAL, maybe=True),
        f.Field("exceeding", f.COUNT, lambda found: len(found.exceeding)),
        f.Field("effects", f.many(_EFFECT), _effects),
        f.Field("crossings", f.many(CROSSING), "impact.crossings"),
        f.Field("totals", f.many(TOTAL), "impact.totals"),
        f.Field("left_out", f.many(LEFT_OUT), "impact.left_out"),
    ),
    _EFFECT,
    (f.Field("inputs", f.one(INPUTS), lambda found: found),),
    notes=True,
)


def _crossed(crossing: Crossing) -> str:
    return crossing.rule + ("" if crossing.method == "any" else f" ({crossing.method})")


def job_summary(found: Compared) -> str:
    """What comes out differently as Markdown, for the summary of a GitHub job."""
    changed = [row for row in _effects(found) if row[0].changed]
    table = as_markdown(f.records_of(DOCUMENT.flat, changed)) if changed else ""
    return f"### diamondctl rates impact\n\n{table}\n{verdict(found)}\n"
