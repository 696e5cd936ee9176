"""One stream explained: what is its own in a credit that it shares, and what a limit in money leaves of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from diamondctl.money import Range, exact
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.missions import EVERYBODY, OPTION, Facts, Personal
from diamondctl.rating.rewards import Rating
from diamondctl.records import Usage
from diamondctl.reports.explain import StreamReport, find_stream, stream
from diamondctl.reports.scope import Scope, make_scope
from diamondctl.reports.values import Asked
from tests import build, strategies
from tests.support import run

MONDAY = build.quarter("2026-03-02")
DONE = Facts(people={EVERYBODY: [Personal(None, 120, "held", Decimal(0), OPTION)]})


def at(day: int, hour: int, minute: int = 0) -> int:
    return MONDAY + day * 96 + hour * 4 + minute // 15


def scope_of(usage: list[Usage], *zones: Zone, facts: Facts = DONE) -> Scope:
    by_region = {code: zone for zone in zones for code in zone.regions}
    asked = Asked(as_of=date(2026, 4, 30), facts=facts)
    return make_scope(Rating(usage, by_region, facts=facts), (), asked, about_period=False)


def explained(usage: list[Usage], zone: Zone, wanted: str, quarter: int | None = None, facts: Facts = DONE) -> StreamReport:
    scope = scope_of(usage, zone, facts=facts)
    return stream(scope, *find_stream(scope, wanted, quarter), quarter, (), 0)


def zone_of(credit: str = "stream", *, limit: str = "") -> Zone:
    rules = build.MISSIONS._replace(week_amount=Decimal(limit) if limit else None)
    return build.zone(build.reward(0, share=rules), build.settlement(0, credit))


def live(name: str, day: int, coins: int) -> list[Usage]:
    """Gifts in the first and the last quarter of a LIVE from 20:00 to 21:30."""
    return [build.usage(at(day, 20), coins, stream=name), build.usage(at(day, 21, 30), coins, stream=name)]


def money(report: StreamReport, what: str) -> list[Range]:
    return [item.part for item in report.bookings if item.credit.unit == what]


def test_a_time_between_two_nameless_gifts_of_a_day_means_the_gifts_of_that_day() -> None:
    usage = [build.usage(at(0, 10), 100), build.usage(at(0, 14), 200), build.usage(at(1, 12), 400)]
    found = explained(usage, zone_of(), "2026-03-02T12:00", at(0, 12))
    assert (found.stream, found.first, found.last, found.coins) == ("", at(0, 10), at(0, 14), 300)


def test_a_time_between_nameless_gifts_can_be_typed(tmp_path: Path) -> None:
    gifts = tmp_path / "gifts.csv"
    gifts.write_text(
        "timestamp,creator,gift,coins,quantity\n2026-03-02T10:00:00Z,mara,Rose,1,1\n2026-03-02T20:00:00Z,mara,Rose,1,2\n"
    )
    found = run("explain", "stream", "2026-03-02T12:00Z", str(gifts), "--region", "DE")
    assert (found.code, found.err) == (0, "")
    assert "Gifts that name no stream   mara" in found.out
    assert found.out.count("gifts.csv:") == 2


@pytest.mark.parametrize("credit", ["day", "week", "month"])
def test_of_a_credit_that_it_shares_a_stream_has_what_its_own_coins_make(credit: str) -> None:
    usage = [*live("a", 0, 500), build.usage(at(0, 10), 3_000, stream="b"), build.usage(at(0, 11), 10)]
    found = explained(usage, zone_of(credit), "a")
    (paid,) = found.with_stream
    assert (found.coins, found.diamonds, paid.gift_value) == (1_000, Decimal(1_000), Decimal("10.00"))
    with exact():
        assert paid.money == Range(paid.share.low * 10 / 100, paid.share.high * 10 / 100)
    assert money(found, credit) == [paid.money]
    assert [item.credit.reward.high for item in found.bookings if item.credit.unit == credit] > [paid.money.high]
    (of_week,) = found.with_week
    assert (of_week.gift_value, of_week.share) == (Decimal("10.00"), Range(Decimal("8.5"), Decimal("10.5")))


def test_of_a_month_a_stream_has_weekly_parts_of_its_own_weeks_only() -> None:
    usage = [*live("a", 0, 500), *live("b", 8, 500), *live("a", 15, 250)]
    found = explained(usage, zone_of("month"), "a")
    weeks = [(item.credit.name, item.part.low) for item in found.bookings if item.credit.unit == "weekly"]
    # 1.5 for fans and 1 for the league: a name over two weeks proves no valid day.
    assert weeks == [("2026-03-02", Decimal("0.25")), ("2026-03-16", Decimal("0.125"))]


@given(strategies.usages(most=14).filter(bool))
def test_the_parts_of_all_streams_are_their_credits(usage: list[Usage]) -> None:
    rules = build.MISSIONS._replace(week_amount=Decimal("0.05"))
    zone = build.zone(build.reward(0), build.reward(at(3, 0), share=rules), build.settlement(0, "month"))
    named = [row._replace(stream=row.stream or "s0", creator="mara") for row in usage]
    scope = scope_of(named, zone)
    (account,) = scope.accounts
    parts: dict[tuple[str, str], Range] = {}
    for name in sorted({row.stream for row in named}):
        for item in stream(scope, account, name, None, (), 0).bookings:
            unit = (item.credit.unit, item.credit.name)
            parts[unit] = parts.get(unit, Range.of(0)) + item.part
    for credit in account.until:
        for end in ("low", "high"):
            difference = getattr(parts[credit.unit, credit.name], end) - getattr(credit.reward, end)
            # Rounded down once by the credit, or each stream to six decimals where the credit is limited.
            assert Decimal("-0.0001") < difference < Decimal("0.01")


def test_of_a_limited_week_a_stream_has_its_proportion() -> None:
    usage = [*live("a", 0, 1_000), *live("b", 3, 3_000)]
    found = explained(usage, zone_of(limit="4.00"), "a")
    # 10.5 % of 80.00 are 8.40, of which 4.00 are paid; a quarter of the gifts are those of the stream.
    assert money(found, "weekly") == [Range.of(Decimal("1.000000"))]
    assert [item.next.more for item in found.with_week[0].missions if item.next] == [Range.of(0)]


def test_the_next_band_of_a_week_pays_no_more_than_the_limit_leaves() -> None:
    usage = [*live("a", 0, 1_000), *live("b", 3, 3_000)]
    for limit, more in (("", "0.1"), ("8.60", "0.05"), ("8.90", "0.1")):
        missions = explained(usage, zone_of(limit=limit), "a").with_week[0].missions
        assert [item.next.more.low for item in missions if item.next] == [Decimal(more)], limit


def test_a_name_that_streams_of_two_regions_share_is_told_apart_by_a_time() -> None:
    zones = (zone_of(), zone_of()._replace(regions=("GB",), file="tiktok/gb.yaml"))
    usage = [build.usage(at(0, 10), 1, stream="a"), build.usage(at(5, 10), 1, stream="a", region="GB")]
    scope = scope_of(usage, *zones)
    with pytest.raises(Refusal) as refused:
        find_stream(scope, "a", None)
    (problem,) = refused.value.problems
    assert problem.message == "several streams go by 'a': a of mara in GB, a of mara in US"
    assert problem.hint == "choose one by a time at which only it had gifts"
    account, name = find_stream(scope, "2026-03-07T10:00", at(5, 10))
    assert (account.region, name) == ("GB", "a")


def test_a_stream_shows_only_the_gifts_of_its_own_region(tmp_path: Path) -> None:
    gifts = tmp_path / "gifts.csv"
    rows = [
        "05T20:00:00Z,mara,s,US,Rose",
        "05T20:40:00Z,mara,s,GB,Panda",
        "05T21:00:00Z,mara,s,US,Rose",
        "06T20:00:00Z,mara,s,GB,Panda",
    ]
    gifts.write_text(
        "timestamp,creator,stream,region,gift,coins,quantity\n" + "".join(f"2026-03-{row},1,1\n" for row in rows), "utf-8"
    )
    found = run("explain", "stream", "2026-03-05T20:00Z", str(gifts))
    assert (found.code, found.err) == (0, "")
    assert "Rose" in found.out
    assert "Panda" not in found.out


def test_nothing_is_said_of_a_period_that_is_not_shown() -> None:
    found = run("explain", "stream", "7482242120385090473", "examples/2026-10.csv", "--region", "US")
    assert found.code == 0
    assert "before the period" not in found.out


def test_standard_input_is_refused_because_it_is_read_twice() -> None:
    done = run("explain", "stream", "s", "-", "--region", "US", stdin=b"timestamp\n")
    assert done.code == 2 and "stdin F001 explain stream reads the gifts twice" in done.err


def test_least_and_most_of_credits_add_up_where_a_completion_is_larger_in_the_least_story(tmp_path: Path) -> None:
    """Ten minutes before midnight and an hour after it are one LIVE: what was 20 % at least became a proved 38 %."""
    at_midnight = "07:50:00Z 9000 a0 A, 07:59:59Z 1000 a1 A, 08:50:00Z 100 a2 A, 20:50:00Z 1000 b2 B"
    rows = [
        f"2026-03-05T{time},ann,G,{coins},1,{event},{name}"
        for time, coins, event, name in map(str.split, at_midnight.split(", "))
    ]
    (tmp_path / "g.csv").write_text("\n".join(["timestamp,creator,gift,coins,quantity,event_id,stream", *rows, ""]), "utf-8")
    words = (
        "explain",
        "reward",
        str(tmp_path / "g.csv"),
        "--region",
        "US",
        "--penalty",
        "0",
        "-p",
        "2026-03-05..2026-03-05",
        "--scheme",
        "missions",
    )
    of_ann = json.loads(run(*words, "--json").out)["data"]["accounts"][0]
    least, most = (sum(Decimal(credit["stories"][end]) for credit in of_ann["credits"]) for end in ("least", "most"))
    assert (least, most) == (Decimal("27.04"), Decimal("5.83"))
    assert (of_ann["reward"]["low"], of_ann["reward"]["high"]) == (str(most), str(least))
    assert "Least  Most" in run(*words).out
