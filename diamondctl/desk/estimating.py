"""An estimate, made by the same path as every report: from a file of one gift, and of the same coins in a LIVE that lasted."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.desk.intake import Opening
from diamondctl.money import ZERO
from diamondctl.periods import days
from diamondctl.rating.missions import EVERYBODY, IN_SCHEME, OPTION, Personal
from diamondctl.reports.estimate import LASTED, Estimate, decided_by_lives, estimate
from diamondctl.reports.scope import Scope


def estimate_of(coins: int, chosen: Chosen, day: date, creator: str) -> Estimate:
    """What coins come to in the region that is chosen on a day. Facts that are known of the creator count."""
    noon = datetime(day.year, day.month, day.day, 12)
    alone = _scope(chosen, day, [(noon, creator, coins)])
    lasting = None
    if decided_by_lives(alone) and coins > 1:
        people = dict(chosen.asked.facts.people)
        known = [person for name in (creator, EVERYBODY) for person in people.get(name, ())]
        if not any(person.scheme or person.penalty is not None for person in known):
            person = Personal(None, None, None, ZERO.low, OPTION, IN_SCHEME)
            people[EVERYBODY] = [*people.get(EVERYBODY, ()), person]
        went_well = chosen._replace(asked=chosen.asked._replace(facts=chosen.asked.facts._replace(people=people)))
        end = noon + timedelta(minutes=LASTED)
        lasting = _scope(went_well, day, [(noon, creator, coins - 1), (end, creator, 1)])
    return estimate(coins, day, alone, lasting)


def _scope(chosen: Chosen, day: date, gifts: list[tuple[datetime, str, int]]) -> Scope:
    """The frame of a file of these gifts, in one stream."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["timestamp", "creator", "gift", "coins", "stream"])
    writer.writerows([f"{time:%Y-%m-%dT%H:%M:%SZ}", name, "estimate", coins, "1"] for time, name, coins in gifts)
    only = Opening(stdin=io.BytesIO(text.getvalue().encode()))
    asked = chosen.asked._replace(as_of=day + timedelta(days=1), period=days(day - timedelta(days=1), day + timedelta(days=2)))
    return frame(chosen._replace(files=("-",), opening=only, asked=asked, roster=()), about_period=False).scope
