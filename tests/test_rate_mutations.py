"""Random edits of the shipped rate files are caught by `check`, or shown by `diff` and, where they move money, by `impact`.

Seeded: the number in a failing test's name makes the same edit again. The money of a changed reward is computed here once
more, with whole fractions.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from diamondctl import periods
from diamondctl.desk.impact import sample
from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.compare import compare
from diamondctl.ratebook.entries import COINS, Bands, Missions, NotKnown, RateEntry, Reward, Settlement, Zone, look_up
from diamondctl.ratebook.lints import Wanted
from diamondctl.records import Usage
from diamondctl.render.diff import after_text, before_text
from diamondctl.reports.check import check
from diamondctl.reports.impact import impact
from diamondctl.yamlfile import nodes
from tests.fractions_oracle import rounded
from tests.rating.test_missions import truth_of

ON = date(2026, 11, 24)
FILES = store.paths_in(store.shipped_folder())


class Word(NamedTuple):
    """A scalar of a file: where it stands (offset), and the text there."""

    start: int
    text: str


def words(text: str) -> list[Word]:
    """Every scalar that stands in the file as it is read, values and keys alike."""
    log = ProblemLog()
    root = nodes.parse(text, "x", log)
    assert root is not None and not log.total
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for place, word in scalars(root):
        start = starts[place.line - 1] + place.column - 1
        if text.startswith(word, start):
            found.append(Word(start, word))
    return found


def scalars(node: nodes.Node) -> Iterator[tuple[nodes.Place, str]]:
    if isinstance(node, nodes.Scalar):
        yield node.place, node.text
    elif isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        for key, (place, item) in node.items.items():
            yield place, key
            yield from scalars(item)


def other(word: str, choice: random.Random) -> str:
    """Another word of the same kind, near enough to be a plausible slip."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        shifted = date.fromisoformat(word).toordinal() + choice.choice((-400, -31, -1, 1, 31, 400))
        return date.fromordinal(shifted).isoformat()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", word):
        return choice.choice(
            [str(int(Fraction(word) * factor)) for factor in (2, 3, 10)]
            + [word + "1", "0." + word.replace(".", ""), f"{int(Fraction(word)) + 1}", "0"]
        )
    known = (
        "up",
        "down",
        "half_up",
        "day",
        "week",
        "stream",
        "start",
        "first_seen",
        "official",
        "reported",
        "none",
        "GB",
        "EUR",
    )
    return choice.choice([*known, word + "x", word[:-1] or "x", word.upper(), word.replace("_", "")])


def mutate(text: str, choice: random.Random) -> str:
    """One edit: a word for another, or a line that is gone, doubled or swapped with the next."""
    kind = choice.choice(("word", "number", "number", "number", "gone", "double", "swap"))
    if kind in ("word", "number"):
        word = choice.choice([word for word in words(text) if kind == "word" or word.text[0].isdigit()])
        return text[: word.start] + other(word.text, choice) + text[word.start + len(word.text) :]
    lines = text.splitlines(keepends=True)
    at = choice.randrange(len(lines) - 1)
    if kind == "gone":
        del lines[at]
    elif kind == "double":
        lines.insert(at, lines[at])
    else:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "".join(lines)


def load(text: str, path: Path) -> tuple[Zone | None, int]:
    log = ProblemLog()
    zone = store.load_data(text.encode(), name=path.stem, file=path.name, origin="user", log=log)
    return zone, log.total


def meaning(zone: Zone) -> object:
    """Everything that a file says, without where it says it."""
    entries = {rate: [item._replace(file="", line=0) for item in history] for rate, history in zone.rates.items()}
    sources = {slug: source._replace(line=0) for slug, source in zone.sources.items()}
    examples = sorted(repr(item._replace(file="", line=0, column=0)) for item in zone.examples)
    return zone.platform, zone.regions, zone.timezone, sources, entries, examples


@cache
def original(path: Path) -> Zone:
    zone, _ = load(path.read_text("utf-8"), path)
    assert zone is not None
    return zone


@cache
def gifts(platform: str, region: str, timezone: str) -> tuple[Usage, ...]:
    """The sample for one region."""
    zone = next(zone for path in FILES if (zone := original(path)).platform == platform and region in zone.regions)
    return tuple(row._replace(region=region) for row in sample({region: zone}, {region: zone}).usage)


def ends_of(bands: Bands, low: int, high: int | None, cap: Decimal) -> tuple[Fraction, Fraction]:
    """The least and the most of a table over all numbers from `low` on: tried at every number where it may change."""
    numbers = [low, *(band.at_least for band in bands.bands if band.at_least > low and (high is None or band.at_least <= high))]
    tried = [Fraction(truth_of(bands, number, Decimal(hidden), cap)) for number in numbers for hidden in (0, 1)]
    return min(tried), max(tried)


def stream_share(rules: Missions, first: int, last: int) -> tuple[Fraction, Fraction]:
    """Both ends of a stream's points when only its gifts are known."""
    minutes = max(last - first - 1, 0) * 15 if last - first - 1 <= 192 else 0
    live = ends_of(rules.duration, minutes, None, rules.stream_cap)
    followers = ends_of(rules.new_followers, 0, None, rules.stream_cap)
    cap = Fraction(rules.stream_cap)
    low, high = (min(one + other, cap) for one, other in zip(live, followers, strict=True))
    low = max(low - Fraction(rules.penalty), Fraction(0))
    if rules.others is None:
        return low, high
    return min(low, Fraction(rules.others)), max(high, Fraction(rules.others))  # nobody says who is in the scheme


def week_share(
    rules: Missions, monday: date, spans: list[tuple[int, int]], timezone: str
) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
    """Both ends of a week's points when only the gifts are known, and how much of each is the league's."""
    valid = 0
    for offset in range(7):
        start, end = (periods.day_start(monday + timedelta(days=offset + more), timezone) for more in (0, 1))
        pieces = [(max(first + 1, start), min(last, end)) for first, last in spans if last - first <= 192]
        longest = max((last - first for first, last in pieces), default=0)
        together = len({quarter for first, last in pieces for quarter in range(first, last)})
        valid += (together if rules.valid_in_total else longest) * 15 >= rules.valid_minutes
    cap, most = rules.week_cap, [rules.week_cap if value is None else value for _, value in rules.league]
    parts = [
        ends_of(rules.valid_days, valid, 7, cap),
        ends_of(rules.active_fans, 0, None, cap),
        (Fraction(0), Fraction(min(max(most, default=Decimal(0)), cap))),
    ]
    low, high = (min(sum((part[end] for part in parts), Fraction(0)), Fraction(cap)) for end in (0, 1))
    rest = [min(sum((part[end] for part in parts[:2]), Fraction(0)), Fraction(cap)) for end in (0, 1)]
    league = (low - rest[0], high - rest[1])
    return ((low, high), league) if rules.others is None else ((Fraction(0), high), (Fraction(0), league[1]))


def reward_by_hand(zone: Zone, usage: tuple[Usage, ...], timezone: str) -> dict[str, tuple[Fraction, Fraction]]:
    """Month -> both ends of the reward: exact sums per credit, rounded once; for credits per stream, and the parts of weeks."""
    streams: dict[str, list[Usage]] = {}
    for row in usage:
        streams.setdefault(row.stream, []).append(row)
    months: dict[str, list[Fraction]] = {}
    weeks: dict[date, list[tuple[int, int, str, dict[str, tuple[Missions, Fraction]]]]] = {}
    spans: list[tuple[int, int]] = []

    def add(last: int, ends: Iterable[Fraction], rounding: str) -> None:
        sums = months.setdefault(str(periods.local_day(last, timezone))[:7], [Fraction(0), Fraction(0)])
        for index, end in enumerate(ends):
            sums[index] += rounded(end, 2, rounding)

    for rows in streams.values():
        rows.sort(key=lambda row: row.quarter)
        settlement = look_up(zone, "settlement", rows[0].quarter)
        if isinstance(settlement, NotKnown):
            continue  # nothing says how it is added up
        assert isinstance(settlement.value, Settlement)
        assert settlement.value.credit == "stream"
        priced = [(row, entry) for row in rows if not isinstance(entry := look_up(zone, "reward", row.quarter), NotKnown)]
        if not priced:
            continue
        first, last = priced[0][0].quarter, priced[-1][0].quarter
        spans.append((first, last))
        ends = [Fraction(0), Fraction(0)]
        built: dict[str, tuple[Missions, Fraction]] = {}
        for row, entry in priced:
            assert isinstance(entry.value, Reward)
            value = row.coins * Fraction(entry.value.diamonds_per_coin) * Fraction(entry.value.cash_per_diamond)
            share, rules = entry.value.share, entry.value.share.missions
            low, high = (Fraction(share.percent.low), Fraction(share.percent.high))
            if rules is not None:
                low, high = stream_share(rules, first, last)
                built[entry.where] = (rules, built.get(entry.where, (rules, Fraction(0)))[1] + value)
            ends = [ends[0] + value * low / 100, ends[1] + value * high / 100]
        add(last, ends, settlement.value.rounding)
        if built:
            day = periods.local_day(last, zone.timezone)
            week = weeks.setdefault(day - timedelta(days=day.weekday()), [])
            week.append((first, last, settlement.value.rounding, built))
    for monday, parts in weeks.items():
        start, end = (periods.day_start(monday + timedelta(days=days), zone.timezone) for days in (0, 7))
        near = [span for span in spans if span[1] >= start and span[0] < end]
        sums, of_league, limits = [Fraction(0), Fraction(0)], [Fraction(0), Fraction(0)], []
        for *_, built in parts:
            for rules, value in built.values():
                points, league = week_share(rules, monday, near, zone.timezone)
                limits += [] if rules.league_amount is None else [Fraction(rules.league_amount)]
                for index in (0, 1):
                    sums[index] += value * points[index] / 100
                    of_league[index] += value * league[index] / 100
        if limits:
            sums = [amount - max(part - min(limits), Fraction(0)) for amount, part in zip(sums, of_league, strict=True)]
        add(max(last for _, last, *_ in parts), sums, min(parts)[2])
    return {month: (low, high) for month, (low, high) in months.items()}


def outcome(seed: int) -> str:
    """Make one edit and say what became of it; every assertion of this module stands here."""
    choice = random.Random(seed)
    path = choice.choice(FILES)
    old, text = original(path), path.read_text("utf-8")
    edited = mutate(text, choice)
    new, problems = load(edited, path)
    if new is None:
        assert problems
        return "refused"
    found = compare({("tiktok", "x"): old}, {("tiktok", "x"): new}, ON)
    if meaning(new) == meaning(old):
        assert not found.changes and not found.problems
        return "no difference"
    checked = check([("", new)], [], [path.name], Wanted(ON))
    moved = new.platform != old.platform
    assert found.changes or moved, "an edit that means something else is shown"
    for change in found.changes:
        same = change.kind in ("added", "corrected")  # a value may be said again
        assert same or before_text(change) != after_text(change), "what differs can be seen"
    region = old.regions[0]
    if moved or region not in new.regions:
        return "shown"
    usage = gifts(old.platform, region, new.timezone)
    effect = impact(usage, {region: old}, {region: new})
    rewards = {
        (e.key.month): (e.before, e.after) for e in effect.effects if e.key.figure == "reward" and e.key.currency == "USD"
    }
    if any(e.key.currency != "USD" for e in effect.effects if e.key.figure == "reward") or not per_stream(new):
        return "caught" if checked.failed else "shown"
    for index, zone in enumerate((old, new)):
        by_hand = reward_by_hand(zone, usage, new.timezone)
        said = {month: sides[index] for month, sides in rewards.items()}
        assert {m: (Fraction(r.low), Fraction(r.high)) for m, r in said.items() if r is not None} == by_hand
    # A corrected entry moves nothing, and a mission may matter only once its fact is known.
    money = any(
        change.rate == "reward" and "value" in change.fields and counts_alone(old, change.before)
        for change in found.changes
        if change.kind == "changed" and without_names(change.before) != without_names(change.after)
    )
    if money:
        values = [(c.before, c.after) for c in found.changes if c.rate == "reward" and "value" in c.fields]
        assert effect.changed or checked.failed, f"an edited reward moves money: {values}"
    if effect.changed or effect.left_out or effect.crossings:
        return "shown with its money"
    return "caught" if checked.failed else "shown"


def without_names(entry: RateEntry | None) -> object:
    """A reward without what its units are called, which moves no money."""
    return entry.value._replace(unit=COINS) if entry is not None and isinstance(entry.value, Reward) else entry


def counts_alone(zone: Zone, entry: RateEntry | None) -> bool:
    """Whether a reward entry is in force, and its share one number or one range."""
    later = [item for item in zone.rates["reward"] if entry is not None and item.effective == entry.effective]
    share = entry.value.share if entry is not None and isinstance(entry.value, Reward) else None
    return later[-1:] == [entry] and share is not None and share.missions is None


def per_stream(zone: Zone) -> bool:
    return all(
        isinstance(entry.value, Settlement) and entry.value.credit == "stream" for entry in zone.rates.get("settlement", ())
    )


SEEDS = 1_000


@pytest.mark.parametrize("seed", range(0, SEEDS, 10))
def test_a_random_edit_is_caught_or_shown_with_its_money(seed: int) -> None:
    for number in range(seed, seed + 10):
        assert outcome(number)


def test_the_edits_reach_every_outcome() -> None:
    """Otherwise the test above would say little. What moves no money is caught by a rule by now, not only shown."""
    outcomes = [outcome(seed) for seed in range(120)]
    counts = {word: outcomes.count(word) for word in ("refused", "no difference", "caught", "shown with its money")}
    assert all(number >= 2 for number in counts.values()), counts
