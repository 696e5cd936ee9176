"""Random edits of the shipped rate files are caught by `check`, or shown by `diff` and, where they move money, by `impact`.

Seeded: the number in a failing test's name makes the same edit again. The money of a changed reward is computed here once
more, with whole fractions, from the words of rates.md.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from diamondctl import periods
from diamondctl.cli.impact import sample
from diamondctl.problems import ProblemLog
from diamondctl.ratebook import nodes, store
from diamondctl.ratebook.compare import compare
from diamondctl.ratebook.entries import NotKnown, Reward, Settlement, Zone, look_up
from diamondctl.ratebook.lints import Wanted
from diamondctl.records import Usage
from diamondctl.render.diff import after_text, before_text
from diamondctl.reports.check import check
from diamondctl.reports.impact import impact
from tests.fractions_oracle import rounded

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
def gifts(region: str, timezone: str) -> tuple[Usage, ...]:
    """The sample for one region."""
    zone = next(original(path) for path in FILES if region in original(path).regions)
    return tuple(row._replace(region=region) for row in sample({region: zone}, {region: zone}).usage)


def reward_by_hand(zone: Zone, usage: tuple[Usage, ...], timezone: str) -> dict[str, tuple[Fraction, Fraction]]:
    """Month -> both ends of the reward: exact sums per credit, rounded once; for credits per stream."""
    streams: dict[str, list[Usage]] = {}
    for row in usage:
        streams.setdefault(row.stream, []).append(row)
    months: dict[str, list[Fraction]] = {}
    for rows in streams.values():
        rows.sort(key=lambda row: row.quarter)
        settlement = look_up(zone, "settlement", rows[0].quarter)
        if isinstance(settlement, NotKnown):
            continue  # nothing says how it is added up
        assert isinstance(settlement.value, Settlement)
        assert settlement.value.credit == "stream"
        ends, last = [Fraction(0), Fraction(0)], None
        for row in rows:
            entry = look_up(zone, "reward", row.quarter)
            if isinstance(entry, NotKnown) or not isinstance(entry.value, Reward):
                continue
            last = row.quarter
            value = row.coins * Fraction(entry.value.diamonds_per_coin) * Fraction(entry.value.cash_per_diamond)
            share = entry.value.share.percent
            ends = [ends[0] + value * Fraction(share.low) / 100, ends[1] + value * Fraction(share.high) / 100]
        if last is not None:
            month = str(periods.local_day(last, timezone))[:7]
            sums = months.setdefault(month, [Fraction(0), Fraction(0)])
            for index, end in enumerate(ends):
                sums[index] += rounded(end, 2, settlement.value.rounding)
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
    usage = gifts(region, new.timezone)
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
    money = any(change.rate == "reward" and "value" in change.fields for change in found.changes if change.kind == "changed")
    if money:
        values = [(c.before, c.after) for c in found.changes if c.rate == "reward" and "value" in c.fields]
        assert effect.changed or checked.failed, f"an edited reward moves money: {values}"
    if effect.changed or effect.left_out or effect.crossings:
        return "shown with its money"
    return "caught" if checked.failed else "shown"


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
    """Otherwise the test above would say little."""
    outcomes = [outcome(seed) for seed in range(120)]
    counts = {word: outcomes.count(word) for word in ("refused", "no difference", "caught", "shown", "shown with its money")}
    assert all(number >= 2 for number in counts.values()), counts
