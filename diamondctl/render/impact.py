"""What a change of rate files does to money, in all forms."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from diamondctl.money import percent_change
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.check import LET_STAND, PROBLEM
from diamondctl.render.formats import as_markdown, markdown
from diamondctl.render.page import Part, said
from diamondctl.render.shape import table
from diamondctl.render.view import CLOSING, View
from diamondctl.reports.impact import FIGURES, Crossing, Effect, Limit, exceeds
from diamondctl.reports.reference import Compared, Priced
from diamondctl.words import counted

_NAMED: Final = 12  # changes in a list
_ROWS: Final = 100  # in a comment, which has at most 65,536 characters
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
        texts={"github": lambda: commands(found), "comment": lambda: comment(found)},
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
        f.cell("In money", difference_text, f.FIGURE),
    )
    crossings = (
        f.cell("Threshold crossed", _crossed),
        *f.pick(CROSSING, "creator", "region", "month", "before", "after"),
    )
    return [
        said(f"{found.base} -> {found.head}; gifts of {files}{share}"),
        *_weeks(found),
        table(effects, impact.changed) if impact.changed else (),
        table(crossings, impact.crossings) if impact.crossings else (),
        table(TOTAL, impact.totals) if impact.totals else (),
        said(*warnings(found), kind="warning", mark="! "),
        said(*(f"base: {problem}" for problem in found.problems), mark="- "),
        said(*(item.text for item in found.let_stand), mark="- "),
        said(*found.notes, mark="- "),
    ]


def _weeks(found: Compared) -> list[Part]:
    """What every change does to the reference week, and the changes that move no figure of it."""
    if not found.sampled:
        title = "Changed, and none of these gifts was sent under it:"
        return [_names(title, found.untouched)] if found.untouched else []
    rows = [(entry, found) for entry in found.entries if entry.shown is not None]
    silent = [entry for entry in found.entries if entry.shown is None]
    parts: list[Part] = [f.table(WEEK, rows, "A reference week, wherever the sides differ")] if rows else []
    if silent:
        parts.append(_names("Changed, and no gift of the week shows it:", silent))
    return parts


def _names(title: str, entries: Sequence[Priced]) -> Part:
    rest = len(entries) - _NAMED
    more = [f"{rest:,} more: --json"] if rest > 0 else []
    return (said(title, kind="label"), said(*map(_named, entries[:_NAMED]), *more, mark="- "))


def _week_change(effect: Effect) -> str:
    return "begins" if effect.before is None else "ends" if effect.after is None else change_text(effect)


def _named(entry: Priced) -> str:
    """`tiktok/us US: reward from 2025-03-01`."""
    return " ".join(part for part in (entry.stretch.place, entry.stretch.region) if part) + f": {entry.name} from {entry.day}"


def duration(entry: Priced, found: Compared) -> str:
    """`for 20 months`; where it goes on, as long as it has until now."""
    if entry.day > found.on:
        return "to come"
    days = ((entry.last or found.on) - entry.day).days
    months = round(entry.months(found.on))
    length = counted(days, "day") if days < 31 else counted(months, "month")
    return f"for {length}" + ("" if entry.last else " so far")


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


def difference_text(effect: Effect) -> str:
    """`-19.25`, `0.00 to +1.90` where the ends move apart, in the currency of the row; blank where a side has nothing, and
    with `about` before it where it rests on what is assumed.
    """
    moved = effect.difference
    if moved is None:
        return ""
    low, high = (_signed(end, effect.key.currency) for end in (moved.low, moved.high))
    return moved.about + (low if low == high else f"{low} to {high}")


def _signed(amount: Decimal, currency: str) -> str:
    sign = "-" if amount < 0 else "+" if amount else ""
    return sign + numbers.money(abs(amount), currency)


def _end(before: Decimal, after: Decimal) -> str:
    if not before:
        return "0.0%" if not after else "from 0"
    return numbers.change(percent_change(after, before))


def warnings(found: Compared) -> list[str]:
    """What could not be rated, per side."""
    missing = [found.incomplete] if found.incomplete else []
    return missing + [
        f"Incomplete {item.side}: {counted(item.gifts, 'gift')} ({counted(item.coins, 'coin')}): {item.reason}."
        for item in found.impact.left_out
    ]


def verdict(found: Compared) -> str:
    """One line: how much comes out differently, and whether that is more than was allowed."""
    impact = found.impact
    months = counted(len(impact.months), "month")
    inside = f"{counted(len(impact.effects), 'figure')} of {counted(impact.creators, 'creator')} in {months}"
    text = f"{len(impact.changed):,} of {inside} come out differently" if impact.changed else f"None of {inside} changes"
    text += f"; {counted(len(impact.crossings), 'threshold')} crossed." if impact.crossings else "; no threshold is crossed."
    if found.limits:
        limit = " or ".join(item.text for item in found.limits)
        over = len(found.exceeding)
        text += f" {over:,} of them by more than {limit}." if over else f" None by more than {limit}."
    return text + _entries_text(found)


def _entries_text(found: Compared) -> str:
    """`2 changes of rates, 1 beyond the limit.`; blank where there is none."""
    if not found.entries or not found.sampled:
        return ""
    text = f" {counted(len(found.entries), 'change')} of rates"
    over = len(found.exceeding_entries)
    return f"{text}, {over:,} beyond the limit." if over else f"{text}."


def commands(found: Compared) -> str:
    """The verdict as a GitHub annotation: an error beyond what is allowed, else a notice where money moves."""
    kind = "error" if found.exceeding or found.exceeding_entries else "notice" if found.complete else "warning"
    line = f"::{kind} title=rates impact::{verdict(found)}\n" if moves(found) or kind != "notice" else ""
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
    f.money("difference", currency="key.currency", maybe=True),
    f.Field("changed", f.FLAG),
)
# Of an effect and of what is allowed.
_EFFECT: f.Fields = (
    *f.under(lambda row: row[0], EFFECT),
    f.Field("exceeds", f.FLAG, lambda row: exceeds(row[0], row[1])),
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


def _effects(found: Compared) -> list[tuple[Effect, tuple[Limit, ...]]]:
    return [(effect, found.limits) for effect in found.impact.effects]


def _plain_limit(found: Compared) -> Decimal | None:
    """The limit in percent that holds both ways; where there are others too, `limits` has all."""
    return next((item.number for item in found.limits if not item.direction and not item.currency), None)


def _shown(row: tuple[Priced, Compared]) -> Effect | None:
    return row[0].shown


# Of a change and the report.
WEEK: f.Fields = (
    f.Field("file", of=lambda row: row[0].stretch.place, title="File"),
    f.Field("region", f.REGION, lambda row: row[0].stretch.region, title="Region", maybe=True),
    f.Field("change", of=lambda row: row[0].name, title="Change"),
    f.Field("from", f.DAY, lambda row: row[0].day, title="From"),
    f.Field("until", f.DAY, lambda row: row[0].last, maybe=True),
    f.Field("months", f.DECIMAL, lambda row: row[0].months(row[1].on)),
    f.cell("For", lambda row: duration(*row)),
    *f.under(_shown, (f.Field("figure", f.word(*FIGURES), "key.figure", title="Figure", show=_label, maybe=True),)),
    *f.under(
        _shown,
        (
            f.money("before", currency="key.currency", title="Before", maybe=True),
            f.money("after", currency="key.currency", title="After", maybe=True),
            f.cell("Change", _week_change, f.FIGURE),
            f.cell("In money", difference_text, f.FIGURE),
        ),
    ),
    f.Field("touched", f.FLAG, lambda row: row[1].entries.index(row[0]) in row[1].touched),
    f.Field("exceeds", f.FLAG, lambda row: row[0].exceeding(row[1].limits)),
)


DOCUMENT = f.Document(
    "rates-impact",
    (
        f.Field("base"),
        f.Field("head"),
        f.Field("max_change", f.DECIMAL, _plain_limit, maybe=True),
        f.Field("limits", f.WORDS, lambda found: [item.text for item in found.limits]),
        f.Field("exceeding", f.COUNT, lambda found: len(found.exceeding)),
        f.Field("effects", f.many(_EFFECT), _effects),
        f.Field("crossings", f.many(CROSSING), "impact.crossings"),
        f.Field("totals", f.many(TOTAL), "impact.totals"),
        f.Field("left_out", f.many(LEFT_OUT), "impact.left_out"),
        f.Field("entries", f.many(WEEK), lambda found: [(entry, found) for entry in found.entries]),
        f.Field("accepted", f.many(LET_STAND), "let_stand"),
        f.Field("base_problems", f.many(PROBLEM), "problems"),
    ),
    _EFFECT,
    (f.Field("inputs", f.one(INPUTS), lambda found: found),),
    notes=True,
    answer=verdict,
)


def _crossed(crossing: Crossing) -> str:
    return crossing.rule + ("" if crossing.method == "any" else f" ({crossing.method})")


def job_summary(found: Compared) -> str:
    """What comes out differently as Markdown, for the summary of a GitHub job."""
    changed = [row for row in _effects(found) if row[0].changed]
    table = as_markdown(f.records_of(DOCUMENT.flat, changed)) if changed else ""
    return f"### diamondctl rates impact\n\n{weeks(found)}{table}\n{verdict(found)}\n"


MARK: Final = "<!-- diamondctl rates impact -->"


def moves(found: Compared) -> bool:
    """Whether money moves anywhere."""
    return bool(found.impact.changed or found.impact.crossings or any(entry.shown for entry in found.entries))


def comment(found: Compared) -> str:
    """A comment for a pull request, in Markdown; nothing where no money moves. By its first line it is found again, so that it
    is updated in place.
    """
    if not moves(found):
        return ""
    kept = "".join(f"- {markdown(item.text)}\n" for item in found.let_stand)
    return f"{MARK}\n### What this change does to money\n\n{weeks(found)}{kept}\n{markdown(verdict(found))}\n"


def weeks(found: Compared) -> str:
    """Every change and the reference week, as a Markdown table; blank where nothing changed."""
    rows = [(entry, found) for entry in found.entries]
    rest = f"{len(rows) - _ROWS:,} more: rates impact --json\n\n" if len(rows) > _ROWS else ""
    return as_markdown(f.records_of(_MARKDOWN, rows[:_ROWS])) + f"\n{rest}" if rows else ""


_MARKDOWN: f.Fields = (
    f.Field("what", of=lambda row: _named(row[0])),
    f.Field("for", of=lambda row: duration(*row)),
    f.Field("figure", of=lambda row: _label(row[0].shown) if row[0].shown else "no figure of the week"),
    f.Field("change", of=lambda row: _week_change(row[0].shown) if row[0].shown else "-"),
    f.Field("in money", of=lambda row: (row[0].shown and difference_text(row[0].shown)) or "-"),
    f.Field("before", of=lambda row: _money_text(row[0].shown, "before")),
    f.Field("after", of=lambda row: _money_text(row[0].shown, "after")),
)


def _money_text(effect: Effect | None, side: str) -> str:
    amount = getattr(effect, side) if effect else None
    return f"{numbers.money_range(amount, effect.key.currency)} {effect.key.currency}" if effect and amount else "-"
