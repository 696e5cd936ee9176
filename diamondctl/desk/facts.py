"""What is known beside the gifts, for shares that are built from missions: from totals, and from what people say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import Reward, Zone
from diamondctl.rating.missions import LEAGUE_NONE, OPTION, DayFact, Facts, Personal, StreamFact
from diamondctl.records import Total


def facts_of(totals: Iterable[Total], people: Mapping[str, Sequence[Personal]], zones: Mapping[str, Zone]) -> Facts:
    """Facts of streams and days, from totals: each with its source and place. Months say nothing of a week.

    Refuses what `people` say and no zone could mean: too many points of penalty (A004), an unknown league (A019).
    """
    streams: dict[tuple[str, str], StreamFact] = {}
    days: dict[tuple[str, date], DayFact] = {}
    for total in totals:
        source = f"{total.source} ({total.file}{f':{total.line}' if total.line else ''})"
        if total.span == "stream" and total.stream:
            streams[total.creator, total.stream] = StreamFact(
                total.seconds, total.new_followers, source, total.start, total.end
            )  # fmt: skip
        elif total.span == "day":
            days[total.creator, total.first_day] = DayFact(
                total.seconds, total.streams, total.new_followers, source, total.timezone
            )
    _refuse_what_no_file_knows(people, zones)
    return Facts(streams, days, people)


def _refuse_what_no_file_knows(people: Mapping[str, Sequence[Personal]], zones: Mapping[str, Zone]) -> None:
    known = {LEAGUE_NONE}
    most = Decimal(0)
    named = False  # whether a league may be named too: held-a1
    for zone in zones.values():
        for entry in zone.rates.get("reward", ()):
            if isinstance(entry.value, Reward) and entry.value.share.missions is not None:
                known.update(word for word, _ in entry.value.share.missions.league)
                named |= bool(entry.value.share.missions.leagues)
                most = max(most, entry.value.share.missions.penalty)
    if known == {LEAGUE_NONE}:
        return  # nothing is built from missions here
    for said in people.values():
        for item in said:
            if item.penalty is not None and item.penalty > most:
                where = "--penalty" if item.source == OPTION else item.source
                message = f"{where}: {item.penalty:f} points are more than breaches can take"
                raise Refusal(Problem("A004", message, f"from 0 to {most:f}"))
            of_league = (
                named and item.league is not None and any(item.league.startswith(f"{word}-") for word in known - {LEAGUE_NONE})
            )
            if item.league is not None and item.league not in known and not of_league:
                where = "--league" if item.source == OPTION else item.source
                raise Refusal(
                    Problem(
                        "A019", f"{where}: no rate file knows league '{item.league}'", f"one of: {', '.join(sorted(known))}"
                    )
                )
