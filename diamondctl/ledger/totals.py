"""Totals beside gifts: a cross-check where a creator has gifts, the only source where there are none. Never both. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.problems import Problem
from diamondctl.records import Difference, Total, Usage
from diamondctl.words import counted

SHOWN: Final = 5
_BESIDE: Final = ("seconds", "streams", "new_followers", "viewers", "likes", "comments")
FINEST: Final = ("stream", "day", "month")  # where several sources without gifts speak of one creator, one counts


class Kept(NamedTuple):
    """Totals once each, the latest state of every month, and what was replaced."""

    totals: tuple[Total, ...]
    replaced: int
    problems: tuple[Problem, ...]
    restated: int = 0  # replaced by a later export of the same day, session or state of a month


class Used(NamedTuple):
    """What totals amount to: usage of creators without gifts, and what is to be said."""

    usage: tuple[Usage, ...]
    warnings: tuple[str, ...]
    notices: tuple[str, ...]
    checks: tuple[Difference, ...]  # what is compared with what counts


def keep(totals: Iterable[Total]) -> Kept:
    """One total per creator and session, day or month, whatever the order of documents.

    Backstage counts a month to date and may restate it: the state with the latest last day counts. Two totals of one day
    or session that say different diamonds are a contradiction (T003), unless their versions tell which is the later one.
    """
    kept: dict[tuple[object, ...], Total] = {}
    problems: list[Problem] = []
    replaced = restated = 0
    for total in sorted(totals, key=lambda item: (item.last_day, item.version, item.file, item.line)):
        key: tuple[object, ...] = (total.creator, total.source, total.span, total.stream or total.start, total.first_day)
        if total.span == "month":
            key = (total.creator, total.source, total.span, total.first_day.year, total.first_day.month)
        first = kept.get(key)
        if first is None:
            kept[key] = total
            continue
        same_state = first.last_day == total.last_day
        if same_state and not _agree(first, total) and first.version < total.version:
            restated += 1
            kept[key] = _restated(first, total)
        elif same_state and not _agree(first, total):
            message = (
                f"{total.diamonds:,} diamonds of {total.creator} for {_span(total)}, and {first.diamonds:,} in {first.file}"
            )
            hint = "leave out the file that is not right, or import both, the newer one with --prefer later"
            problems.append(Problem("T003", message, f"{hint}; the other stands on line {first.line}", total.file, total.line))
        elif same_state:
            kept[key] = _filled(first, total)
        else:
            replaced += 1
            kept[key] = total
    return Kept(tuple(kept.values()), replaced, tuple(problems), restated)


def _agree(first: Total, other: Total) -> bool:
    """Whether two totals say the same diamonds, one of them possibly rounded by the dashboard, or one says none."""
    if -1 in (first.diamonds, other.diamonds) or first.diamonds == other.diamonds:
        return True
    if first.approximate == other.approximate:
        return False
    return abs(first.diamonds - other.diamonds) <= max(_tolerance(first), _tolerance(other))


def _tolerance(total: Total) -> int:
    """What rounding such as 2.98M may have taken or added."""
    return total.diamonds // 100 if total.approximate else 0


def _restated(first: Total, later: Total) -> Total:
    """The later one, with what only the earlier one knows."""
    numbers = {name: getattr(first, name) for name in _BESIDE if getattr(later, name) < 0}
    return later._replace(**numbers)


def _filled(first: Total, other: Total) -> Total:
    """Several files of one dashboard each know a part of a day."""
    numbers = {name: max(getattr(first, name), getattr(other, name)) for name in ("diamonds", *_BESIDE)}
    file, line = (first.file, first.line) if first.file == other.file else (f"{first.file} and {other.file}", 0)
    approximate = first.approximate or other.approximate
    if -1 not in (first.diamonds, other.diamonds) and first.approximate != other.approximate:
        # The exact figure of two that agree.
        numbers["diamonds"], approximate = (other if first.approximate else first).diamonds, False
    timezone = first.timezone or other.timezone
    version = max(first.version, other.version)
    return first._replace(**numbers, file=file, line=line, approximate=approximate, timezone=timezone, version=version)


def _span(total: Total) -> str:
    return str(total.first_day) if total.first_day == total.last_day else f"{total.first_day} to {total.last_day}"


def use(totals: Sequence[Total], usage: Sequence[Usage], *, account: Callable[[Total], tuple[str, str]]) -> Used:
    """Compare totals with the gifts of their creators, and make usage of those of creators without gifts.

    `account` gives region and time zone of a total; a total may name its own zone. A day has no hour: it is placed at noon
    in that zone, a month at noon of its last day.
    """
    with_gifts = {row.creator for row in usage}
    made: list[Usage] = []
    notices: list[str] = []
    alone: list[Total] = []
    checks: list[Total] = []
    sources: dict[str, str] = {}  # creator without gifts -> the one source that counts
    for total in sorted(totals, key=lambda item: (FINEST.index(item.span), item.source)):
        if total.diamonds < 0:
            continue
        if total.creator in with_gifts or sources.setdefault(total.creator, total.source) != total.source:
            checks.append(total)
            continue
        alone.append(total)
        if total.diamonds:
            region, timezone = account(total)
            quarter = _quarter(total, total.timezone or timezone)
            made.append(Usage(total.creator, region, total.stream, quarter, total.diamonds, 0))
    warnings: list[str] = []
    if alone:
        named = " and ".join(sorted({total.source for total in alone}))
        spans = ", ".join(
            counted(sum(total.span == span for total in alone), word)
            for span, word in (("stream", "session"), ("day", "day"), ("month", "month"))
            if any(total.span == span for total in alone)
        )
        warnings.append(
            f"Worked out from totals of {named} ({spans}), not from gifts: gifts are not counted, and each total is "
            "rounded once."
        )
        if rounded := sum(total.approximate for total in alone):
            warnings.append(f"Rounded by the dashboard (such as 2.98M), so approximate: {counted(rounded, 'total')}.")
    compared: list[Difference] = []
    for what, rows, mine in (
        ("gifts", usage, [total for total in checks if total.creator in with_gifts]),
        ("totals that count", made, [total for total in checks if total.creator not in with_gifts]),
    ):
        notices += _checks(mine, rows, account, what, compared)
    notices += _facts(totals)
    return Used(tuple(made), tuple(warnings), tuple(notices), tuple(compared))


def _quarter(total: Total, timezone: str) -> int:
    if total.span == "stream":
        return max(total.start, total.end) // periods.QUARTER
    return periods.day_start(total.last_day, timezone) + 48


def _checks(
    totals: list[Total],
    usage: Sequence[Usage],
    account: Callable[[Total], tuple[str, str]],
    what: str,
    compared: list[Difference],
) -> list[str]:
    """How totals compare with the gifts, or with the totals that count, of the same creator and days.

    `compared` takes each comparison.
    """
    same = 0
    different: list[tuple[date, str]] = []
    for total in totals:
        if total.span == "stream" and total.stream:
            coins = sum(row.coins for row in usage if row.creator == total.creator and row.stream == total.stream)
        else:
            timezone = total.timezone or account(total)[1]
            start = periods.day_start(total.first_day, timezone)
            end = periods.day_start(total.last_day + timedelta(days=1), timezone)
            coins = sum(row.coins for row in usage if row.creator == total.creator and start <= row.quarter < end)
        agrees = abs(coins - total.diamonds) <= _tolerance(total)
        says = coins if agrees else total.diamonds
        compared.append(Difference(total.creator, total.source, what, total.first_day, total.last_day, says, coins))
        if agrees:
            same += 1
        else:
            more = "more" if coins > total.diamonds else "fewer"
            text = (
                f"cross-check: {total.source} says {total.diamonds:,} diamonds of {total.creator} for {_span(total)}, "
                f"the {what} have {coins:,} coins, {abs(coins - total.diamonds):,} {more}"
            )
            different.append((total.first_day, text))
    notices = [f"cross-check: {counted(same, 'total')} agree{'s' if same == 1 else ''} with the {what}"] if same else []
    notices += [text for _, text in sorted(different)[:SHOWN]]
    if len(different) > SHOWN:
        notices.append(f"cross-check: {len(different) - SHOWN:,} more totals differ from the {what}")
    return notices


def _facts(totals: Sequence[Total]) -> list[str]:
    """What totals know of streams, as their source says it."""
    notices = []
    for source in sorted({total.source for total in totals}):
        mine = [total for total in totals if total.source == source]
        parts = []
        if any(total.streams >= 0 for total in mine):
            parts.append(counted(sum(max(total.streams, 0) for total in mine), "LIVE"))
        if any(total.seconds >= 0 for total in mine):
            parts.append(f"{sum(max(total.seconds, 0) for total in mine) / 3_600:,.1f} hours live")
        if any(total.new_followers >= 0 for total in mine):
            parts.append(f"{sum(max(total.new_followers, 0) for total in mine):,} new followers")
        if parts:
            notices.append(f"{source} says: {', '.join(parts)}")
    return notices
