"""What changed between two sets of rate files, entry by entry, and whether history was kept. Pure.

An entry is told by its rate, its effective date as written and its recorded day. History is append-only: entries are
added, a later `recorded` corrects, `verified` may be edited; everything else is a problem (R201 to R205).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.problems import Problem
from diamondctl.ratebook.accepted import DECIDED, LetStand
from diamondctl.ratebook.entries import (
    FACTS_PLATFORM,
    RATES,
    Example,
    Fact,
    GiftCoins,
    NotKnown,
    RateEntry,
    Source,
    Zone,
    look_up,
)

KINDS: Final = ("added", "corrected", "changed", "removed", "verified", "regions", "timezone", "source", "example")
Zones = Mapping[tuple[str, str], Zone]


class Change(NamedTuple):
    """One change. Entries have `before` and `after` (for an added one: what was in force on its first day); of regions, time
    zones, sources and examples the words stand in `said`.
    """

    kind: str
    when: str  # past | future; blank where it changes no money at any time
    zone: Zone  # of the later side where it is there
    rate: str  # blank for what is no entry
    before: RateEntry | None
    after: RateEntry | None
    fields: tuple[str, ...]  # what differs between the entries
    said: tuple[str, str] = ("", "")


class Comparison(NamedTuple):
    """The whole difference. `on` divides past from future; `notices` are problems of the base, which the head may mend."""

    base: str
    head: str
    on: date
    zones: int
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()
    let_stand: tuple[LetStand, ...] = ()  # everything that the files of the head accept
    first: frozenset[tuple[str, str]] = frozenset()  # new files of regions of which the base, having none, told nothing

    @property
    def history_kept(self) -> bool:
        """Whether files only grew. What a person has to decide about is another matter."""
        return all(problem.code in DECIDED for problem in self.problems)

    def number(self, **wanted: str) -> int:
        """How many changes have these words."""
        return sum(1 for change in self.changes if all(getattr(change, key) == word for key, word in wanted.items()))


def compare(
    base: Zones,
    head: Zones,
    on: date,
    *,
    names: tuple[str, str] = ("", ""),
    latest: date = date.max,
    broken: frozenset[tuple[str, str]] = frozenset(),
) -> Comparison:
    """Everything that changed, zone by zone.

    What the base says was written after `latest` is a slip of a year, and may be mended; so may zones that are `broken` there.
    """
    changes: list[Change] = []
    problems: list[Problem] = []
    for key in sorted({*base, *head}):
        old, new = base.get(key), head.get(key)
        if old is not None and new is not None:
            changes += _zone(old, new, on)
            problems += _history(old, new, latest, key in broken)
        elif new is not None:
            changes += [_change(key, None, entry, new, None, on) for key, entry in _entries(new)]
        elif old is not None:
            changes += [_removed(entry, old, on) for _, entry in _entries(old)]
            problems.append(Problem("R202", f"the file is gone with all its entries: {old.file}", "bring it back", old.file))
    problems += _uncovered(base, head)
    zones = {key for side in (base, head) for key, zone in side.items() if not is_catalogue(zone)}
    covered = {(zone.platform, region) for zone in base.values() for region in zone.regions}
    first = {key for key, zone in head.items() if key not in base and not is_catalogue(zone)}
    first = {key for key in first if covered.isdisjoint((key[0], region) for region in head[key].regions)}
    return Comparison(*names, on, len(zones), tuple(changes), tuple(problems), first=frozenset(first))


def is_catalogue(zone: Zone) -> bool:
    """Whether it is a gift catalogue: its histories are named by gift ids."""
    return not zone.regions and not set(zone.rates) & set(RATES)


def is_facts(zone: Zone) -> bool:
    """Whether it is the list of facts about platforms."""
    return is_catalogue(zone) and zone.platform == FACTS_PLATFORM


def _keys(*zones: Zone) -> list[str]:
    """Names of histories: rates in their order, then gifts."""
    return [*RATES, *sorted({key for zone in zones for key in zone.rates} - set(RATES))]


def _entries(zone: Zone) -> Iterator[tuple[str, RateEntry]]:
    for key in _keys(zone):
        for entry in zone.rates.get(key, ()):
            yield key, entry


def what(entry: RateEntry) -> str:
    """What an entry is of, in messages: its rate, or the gift."""
    if isinstance(entry.value, Fact):
        return entry.value.key
    return f"the price of gift {entry.value.gift_id}" if isinstance(entry.value, GiftCoins) else entry.rate


def _pairs(old: Zone, new: Zone) -> Iterator[tuple[str, RateEntry | None, RateEntry | None]]:
    """Entries of both sides that are the same one: equal dates as written, else the same instant and recorded day."""
    for rate in _keys(old, new):
        before = {(entry.effective_text, entry.recorded): entry for entry in old.rates.get(rate, ())}
        added = []
        for entry in new.rates.get(rate, ()):
            earlier = before.pop((entry.effective_text, entry.recorded), None)
            if earlier is None:
                added.append(entry)
            else:
                yield rate, earlier, entry
        instants = {(entry.effective, entry.recorded): entry for entry in before.values()}
        for entry in added:
            earlier = instants.pop((entry.effective, entry.recorded), None)
            if earlier is not None:
                del before[earlier.effective_text, earlier.recorded]
            yield rate, earlier, entry
        for entry in before.values():
            yield rate, entry, None


def _differs(one: RateEntry, other: RateEntry) -> tuple[str, ...]:
    """Names of the keys that differ. The instant is not one: it follows from the date and the time zone."""
    fields = {
        "effective": (one.effective_text, other.effective_text),
        "since": (one.since, other.since),
        "value": ((one.state, one.value), (other.state, other.value)),
        "confidence": (one.confidence, other.confidence),
        "sources": (one.sources, other.sources),
        "verified": (one.verified, other.verified),
    }
    return tuple(name for name, (before, after) in fields.items() if before != after)


def _zone(old: Zone, new: Zone, on: date) -> Iterator[Change]:
    if old.regions != new.regions:
        said = " ".join(old.regions), " ".join(new.regions)
        yield Change("regions", "past" if set(old.regions) != set(new.regions) else "", new, "", None, None, (), said)
    if old.timezone != new.timezone:
        yield Change("timezone", "past", new, "", None, None, (), (old.timezone, new.timezone))
    for slug in sorted({*old.sources, *new.sources}):
        was, now = old.sources.get(slug), new.sources.get(slug)
        if was is None or now is None or was._replace(line=now.line) != now:
            filled = _filled(was, now) if was is not None and now is not None and _source(was) == _source(now) else ()
            said = (f"{slug}: {_source(was)}" if was else "", f"{slug}: {_source(now)}" if now else "")
            yield Change("source", "", new, "", None, None, (), (slug, f"{slug}: {', '.join(filled)}") if filled else said)
    for key, before, after in _pairs(old, new):
        if after is None and before is not None:
            yield _removed(before, new, on)
        elif after is not None and (before is None or _differs(before, after)):
            yield _change(key, before, after, new, old, on)
    lost, gained = ({_example(example) for example in zone.examples} for zone in (old, new))
    for text in sorted(lost - gained):
        yield Change("example", "", new, "", None, None, (), (text, ""))
    for text in sorted(gained - lost):
        yield Change("example", "", new, "", None, None, (), ("", text))


def _source(source: Source) -> str:
    """A source in words."""
    published = f", published {source.published}" if source.published else ""
    return f"{source.title}{published}, retrieved {source.retrieved}"


def _filled(was: Source, now: Source) -> tuple[str, ...]:
    """What a source says of itself that it did not say before, or says otherwise."""
    before, after = was._asdict(), now._asdict()
    changed = [key for key in after if key != "line" and before[key] != after[key]]
    return tuple(f"{key} {'filled in' if not before[key] else 'changed'}" for key in changed)


def _example(example: Example) -> str:
    share = f", share {example.share:f}" if example.share is not None else ""
    if example.facts is not None:
        facts = [f"{name} {value}" for name, value in example.facts._asdict().items() if value is not None]
        share += f", {', '.join(facts) or 'nothing known'}"
    expected = ", ".join(f"{name} {value:f}" for name, value in example.expect.items())
    return f"{example.name}: {example.coins} coins on {example.day}{share} = {expected}"


def _change(key: str, before: RateEntry | None, after: RateEntry, new: Zone, old: Zone | None, on: date) -> Change:
    if before is not None:
        fields = _differs(before, after)
        if fields == ("verified",):
            return Change("verified", "", new, after.rate, before, after, fields)
        when = _when(min(before.effective, after.effective), new, on)
        return Change("changed", when, new, after.rate, before, after, fields)
    history = old.rates.get(key, ()) if old else ()
    corrects = any(entry.effective == after.effective and entry.recorded < after.recorded for entry in history)
    in_force = look_up(old, key, after.effective) if old else NotKnown("missing", "")
    held = None if isinstance(in_force, NotKnown) else in_force
    kind = "corrected" if corrects else "added"
    return Change(kind, _when(after.effective, new, on), new, after.rate, held, after, _differs(held, after) if held else ())


def _removed(entry: RateEntry, zone: Zone, on: date) -> Change:
    return Change("removed", _when(entry.effective, zone, on), zone, entry.rate, entry, None, ())


def _when(effective: int, zone: Zone, on: date) -> str:
    """What begins after the last moment of `on` is future: no gift or payout until then can come out differently."""
    return "future" if effective >= periods.day_start(on + timedelta(days=1), zone.timezone) else "past"


def _history(old: Zone, new: Zone, latest: date, broken: bool) -> Iterator[Problem]:
    """Whether a zone only grew."""
    newest = max((entry.recorded for _, entry in _entries(old) if entry.recorded <= latest), default=date.min)
    for _, before, after in _pairs(old, new):
        if before is not None and before.recorded > latest:
            continue
        if after is None and before is not None:
            message = f"{what(before)} from {before.effective_text}, recorded {before.recorded}, was taken out ({before.where})"
            yield Problem("R202", message, "put it back; value: none ends a rate", new.file, new.line)
        elif after is not None and before is not None:
            fields = [name for name in _differs(before, after) if name != "verified"]
            if fields:
                message = f"{what(after)} from {after.effective_text} was edited: {', '.join(fields)} ({before.where})"
                hint = "undo it, and add an entry with a later recorded; only verified may be edited"
                yield Problem("R201", message, hint, after.file, after.line)
        elif after is not None and after.recorded < newest and not broken:
            message = f"{what(after)} from {after.effective_text} is new, and recorded {after.recorded}"
            hint = f"the file already holds entries recorded {newest}: write the day on which you add it"
            yield Problem("R205", message, hint, after.file, after.line)
    for slug, source in old.sources.items():
        now = new.sources.get(slug)
        slip = source.retrieved > latest or (source.published or date.min) > latest
        if (now is None or _rewritten(source, now)) and not slip:
            word = "taken out" if now is None else f"edited: {', '.join(_rewritten(source, now))}"
            line = new.line if now is None else now.line
            yield Problem("R203", f"source '{slug}' was {word}", "put it back; a new source gets a new name", new.file, line)


def _rewritten(source: Source, now: Source) -> list[str]:
    """Keys of a source that say something else than before. What was blank may be filled in, a contradiction may come to
    light, and whoever looks again writes the day.
    """
    fields = {
        key: (before, getattr(now, key))
        for key, before in source._asdict().items()
        if key not in ("line", "checked", "contradicts") and before
    }
    edited = [key for key, (before, after) in fields.items() if before != after]
    if not set(source.contradicts) <= set(now.contradicts):
        edited.append("contradicts")
    if source.checked is not None and (now.checked is None or now.checked < source.checked):
        edited.append("checked")
    return edited


def _uncovered(base: Zones, head: Zones) -> Iterator[Problem]:
    """Regions that no file of their platform covers any more, in zones that are still there."""
    covered = {(zone.platform, region) for zone in head.values() for region in zone.regions}
    for key, old in sorted(base.items()):
        new = head.get(key)
        lost = [region for region in old.regions if (old.platform, region) not in covered]
        if new is not None and lost:
            message = f"no file covers {' '.join(lost)} any more"
            yield Problem("R204", message, "keep it here or in another file of the platform", new.file, new.line)
