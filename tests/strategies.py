"""Random histories and usage for the laws of look-up, rating and reports.

Everything happens within seven weeks, in steps of two hours, so that entries, streams, days and months cross each other
often. The weeks hold a change of month, the start of summer time in the US and in Europe, and the end of a quarter.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.rating.credits import OwnShare
from diamondctl.records import Usage
from tests import build

FIRST = build.quarter("2026-02-20")
LAST = build.quarter("2026-04-10")
TIMEZONES = ("UTC", "America/Los_Angeles", "America/New_York", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe")
ROUNDINGS = ("down", "half_even", "half_up", "up")
CREDITS = ("stream", "day", "week", "month")

quarters = st.integers(0, (LAST - FIRST) // 8).map(lambda step: FIRST + 8 * step)
# Entries begin on the same few days more often than not, so that rewards and settlements change together.
beginnings = st.integers(0, 6).map(lambda week: FIRST + 672 * week) | quarters
recorded_days = st.dates(date(2026, 1, 1), date(2026, 1, 5))
states = st.sampled_from(("known", "known", "known", "none", "unknown"))
percents = st.sampled_from(("0", "7.5", "33.333333333333", "36.5", "48", "50", "99.9", "100"))
shares = percents | st.tuples(percents, percents).map(lambda pair: (min(pair, key=float), max(pair, key=float)))


def dated_shares() -> st.SearchStrategy[dict[str, list[OwnShare]]]:
    """Own shares of no creator, one or both, in any order: some from a day on, some always."""
    days = st.none() | st.dates(date(2026, 2, 18), date(2026, 4, 12))
    shares = st.builds(OwnShare, percents.map(Decimal), days)
    listed = st.lists(shares, min_size=1, max_size=4, unique_by=lambda share: share.start)
    return st.dictionaries(st.sampled_from(("mara", "noor")), listed)


def reward_entries(
    *,
    currencies: tuple[str, ...] = ("USD",),
    states: st.SearchStrategy[str] = states,
    effective: st.SearchStrategy[int] = beginnings,
) -> st.SearchStrategy[RateEntry]:
    """Reward entries in one or several currencies."""
    return st.builds(
        build.reward,
        effective,
        share=shares,
        per_coin=st.sampled_from(("1", "0.5", "1.25", "0.333333333333", "210")),
        cash=st.sampled_from(("0.01", "0.005", "0.0033", "1.7", "0.004761904762")),
        currency=st.sampled_from(currencies),
        recorded=recorded_days,
        state=states,
    )


def settlement_entries(
    *, states: st.SearchStrategy[str] = states, effective: st.SearchStrategy[int] = beginnings
) -> st.SearchStrategy[RateEntry]:
    """Settlement entries of all kinds."""
    return st.builds(
        build.settlement,
        effective,
        st.sampled_from(CREDITS),
        st.sampled_from(ROUNDINGS),
        recorded=recorded_days,
        state=states,
    )


def histories(entries: st.SearchStrategy[RateEntry], *, most: int = 5) -> st.SearchStrategy[list[RateEntry]]:
    """Several entries of one rate, none with the same effective and recorded dates."""
    return st.lists(entries, min_size=1, max_size=most, unique_by=lambda entry: (entry.effective, entry.recorded))


def zones(
    rewards: st.SearchStrategy[list[RateEntry]],
    settlements: st.SearchStrategy[list[RateEntry]],
    *,
    region: str = "US",
) -> st.SearchStrategy[Zone]:
    """Zones with these histories, in some time zone."""
    return st.builds(
        lambda reward, settlement, timezone: build.zone(
            *reward, *settlement, regions=(region,), timezone=timezone, name=region.lower()
        ),
        rewards,
        settlements,
        st.sampled_from(TIMEZONES),
    )


def usages(*, regions: tuple[str, ...] = ("US",), most: int = 14) -> st.SearchStrategy[list[Usage]]:
    """Usage of two creators in a few streams, and some that names no stream; one row for each of its keys."""
    rows = st.builds(
        build.usage,
        quarters,
        st.sampled_from((1, 3, 7, 99, 101, 29_999)) | st.integers(0, 10**6),
        stream=st.sampled_from(("", "", "s1", "s2")),
        creator=st.sampled_from(("mara", "noor")),
        region=st.sampled_from(regions),
        gifts=st.integers(1, 9),
    )
    return st.lists(rows, max_size=most, unique_by=lambda row: row[:4])
