"""Laws of what was earned by a day: no gift is lost on the way from earned over pending to credited."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range
from diamondctl.periods import parse_period
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.rewards import Rating, rate
from diamondctl.records import Usage
from diamondctl.reports.balance import Balance, balance
from diamondctl.reports.scope import Scope, make_scope
from diamondctl.reports.values import Asked
from diamondctl.reports.wallets import State
from tests import build, strategies

TODAY = date(2026, 11, 22)
days = st.dates(date(2026, 2, 18), date(2026, 4, 12))
timezones = st.sampled_from(("", *strategies.TIMEZONES))
usages = strategies.usages(regions=("US", "GB"))
steady = strategies.zones(
    strategies.histories(strategies.reward_entries(states=st.just("known"), effective=st.just(strategies.FIRST))),
    strategies.histories(strategies.settlement_entries(states=st.just("known"), effective=st.just(strategies.FIRST))),
)
steady_gb = strategies.zones(
    strategies.histories(strategies.reward_entries(states=st.just("known"), effective=st.just(strategies.FIRST))),
    strategies.histories(strategies.settlement_entries(states=st.just("known"), effective=st.just(strategies.FIRST))),
    region="GB",
)


def scope_of(usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str, period: str = "2026") -> Scope:
    zones = {"US": us, "GB": gb}
    asked = Asked(parse_period(period, TODAY) if period else None, as_of, timezone=timezone)
    return make_scope(Rating(usage, zones), (), asked)


def up_to(usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str) -> list[Usage]:
    zones = {"US": us, "GB": gb}
    return [row for row in usage if build.moment(row.quarter, timezone or zones[row.region].timezone).date() <= as_of]


def gifts(rows: list[Usage]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[row.creator, row.region] += row.gifts
    return found


@given(usages, steady, steady_gb, days, timezones)
def test_no_gift_up_to_as_of_is_lost_and_no_later_one_is_counted(
    usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str
) -> None:
    accounts = scope_of(usage, us, gb, as_of, timezone).accounts
    counted = gifts([row for account in accounts for credit in account.until for row in credit.rows])
    assert counted == gifts(up_to(usage, us, gb, as_of, timezone))
    # The year is cut at the same day, and holds everything there is.
    assert gifts([row for account in accounts for credit in account.now for row in credit.rows]) == counted


@given(usages, steady, steady_gb, days, timezones)
def test_earned_is_credited_and_pending(usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str) -> None:
    for state in balance(scope_of(usage, us, gb, as_of, timezone)).states:
        assert state.credited + state.pending == state.earned
        if state.pending_until is not None:
            assert state.pending_until > as_of


@given(usages, steady, steady_gb, days, timezones)
def test_a_state_is_what_the_gifts_up_to_its_day_are_worth_and_nothing_later(
    usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str
) -> None:
    """A calendar credit is booked at the end of its day, week or month, a stream with its last gift so far."""
    zones = {"US": us, "GB": gb}
    credited: dict[tuple[str, str], Decimal] = {}
    for credit in rate(up_to(usage, us, gb, as_of, timezone), zones).credits:
        zone = zones[credit.region]
        over = True
        if credit.unit != "stream":
            first = date.fromisoformat(credit.name)
            after = {"day": 1, "week": 7}.get(credit.unit, 0)
            next_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            end = first + timedelta(days=after) if after else next_month
            over = build.quarter(str(end), zone.timezone) <= build.quarter(
                str(as_of + timedelta(days=1)), timezone or zone.timezone
            )
        key = (credit.creator, credit.region)
        credited[key] = credited.get(key, Decimal(0)) + (credit.reward.low if over else 0)
    found = {
        (state.account.creator, state.account.region): state.credited.low for state in _states(usage, us, gb, as_of, timezone)
    }
    assert {key: amount for key, amount in found.items() if amount} == {
        key: amount for key, amount in credited.items() if amount
    }


def _states(usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str) -> tuple[State, ...]:
    return balance(scope_of(usage, us, gb, as_of, timezone)).states


@given(usages, steady, steady_gb, timezones)
def test_nothing_is_pending_when_everything_is_over(usage: list[Usage], us: Zone, gb: Zone, timezone: str) -> None:
    for state in balance(scope_of(usage, us, gb, date(2026, 5, 2), timezone)).states:
        assert (state.pending, state.pending_until) == (Range.of(0), None)
        assert state.credited == state.earned


@given(usages.filter(bool), steady, steady_gb, days, timezones)
def test_without_a_period_it_is_the_last_month_in_which_a_live_began_not_after_as_of(
    usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str
) -> None:
    zones = {"US": us, "GB": gb}
    early = up_to(usage, us, gb, as_of, timezone)
    begins: dict[object, Usage] = {}
    for row in early:
        key = (row.creator, row.region, row.stream) if row.stream else row
        begins[key] = min(row, begins.get(key, row), key=lambda one: one.quarter)
    dates = [build.moment(row.quarter, timezone or zones[row.region].timezone).date() for row in begins.values()]
    period = scope_of(usage, us, gb, as_of, timezone, period="").period
    assert period.label == f"{max(dates, default=as_of):%Y-%m}"


@given(usages, steady, steady_gb, st.sampled_from(("2026-02", "2026-03", "2026-04")), timezones)
def test_the_last_day_of_the_period_as_the_date_changes_no_figure_of_the_period(
    usage: list[Usage], us: Zone, gb: Zone, period: str, timezone: str
) -> None:
    asked = parse_period(period, TODAY)
    zones = {"US": us, "GB": gb}
    plain = make_scope(Rating(usage, zones), (), Asked(asked, None, timezone=timezone))
    found = scope_of(usage, us, gb, asked.last_day, timezone, period)
    assert [(account.now, account.before, account.until) for account in found.accounts] == [
        (account.now, account.before, account.until) for account in plain.accounts
    ]
    assert (found.as_of, found.notes) == (plain.as_of, plain.notes)


# By hand


def stream_over_midnight(as_of: str, credit: str = "stream") -> Balance:
    """A stream of 31 October that ends on 1 November; 50 % of 0.01 USD a coin."""
    start = build.quarter("2026-01-01")
    zone = build.zone(build.reward(start), build.settlement(start, credit, "down"))
    rows = [
        build.usage(build.quarter("2026-10-28T12:00"), 400, stream="s0", gifts=2),
        build.usage(build.quarter("2026-10-31T23:30"), 1_000, stream="s1", gifts=3),
        build.usage(build.quarter("2026-11-01T00:30"), 600, stream="s1", gifts=1),
    ]
    asked = Asked(as_of=date.fromisoformat(as_of))
    return balance(make_scope(Rating(rows, {"US": zone}), (), asked))


def figures(report: Balance) -> tuple[str, str, str, str]:
    (state,) = report.states
    return str(state.credited.low), str(state.pending.low), str(state.earned.low), str(state.pending_until)


def test_a_stream_over_midnight_has_in_the_evening_what_it_has_by_then() -> None:
    assert figures(stream_over_midnight("2026-10-30")) == ("2.00", "0", "2.00", "None")
    assert figures(stream_over_midnight("2026-10-31")) == ("7.00", "0", "7.00", "None"), "as if no more came"
    assert figures(stream_over_midnight("2026-11-01")) == ("10.00", "0", "10.00", "None")


def test_a_stream_goes_on_with_gifts_that_no_rate_covers() -> None:
    start = build.quarter("2026-01-01")
    withdrawn = build.reward(build.quarter("2026-11-01"), state="none")
    zone = build.zone(build.reward(start), withdrawn, build.settlement(start, "stream", "down"))
    rows = [build.usage(build.quarter(time), 1_000, stream="s1") for time in ("2026-10-31T23:30", "2026-11-01T00:30")]
    asked = Asked(as_of=date(2026, 10, 31))
    report = balance(make_scope(Rating(rows, {"US": zone}), (), asked))
    assert figures(report) == ("5.00", "0", "5.00", "None")


def test_an_unfinished_week_and_month_are_pending_until_they_are_credited() -> None:
    assert figures(stream_over_midnight("2026-10-31", "week")) == ("0", "7.00", "7.00", "2026-11-01")
    assert figures(stream_over_midnight("2026-11-02", "week")) == ("10.00", "0", "10.00", "None")
    assert figures(stream_over_midnight("2026-10-30", "month")) == ("0", "2.00", "2.00", "2026-10-31")
    assert figures(stream_over_midnight("2026-11-01", "month")) == ("7.00", "3.00", "10.00", "2026-11-30")


def test_a_period_that_as_of_cuts_short_says_so() -> None:
    scope = stream_over_midnight("2026-10-30").scope
    assert (scope.period.label, scope.accounts[0].now[0].last) == ("2026-10", build.quarter("2026-10-28T12:00"))
    assert scope.notes[0] == (
        "October 2026 only up to 2026-10-30: 3 later gifts are left out. "
        "It is compared with the same days before: 2026-09-01 to 2026-09-30."
    )
    assert not any("only up to" in note for note in stream_over_midnight("2026-10-31").scope.notes)


def test_a_share_that_only_later_gifts_would_need_is_not_asked_for() -> None:
    start, later = build.quarter("2026-01-01"), build.quarter("2026-10-31")
    zone = build.zone(build.reward(start), build.reward(later, share=("0", "53")), build.settlement(start, "day"))
    rows = [build.usage(build.quarter(time), 1_000) for time in ("2026-10-20", "2026-10-31T12:00")]
    rating = Rating(rows, {"US": zone})
    for as_of, asks in ((date(2026, 10, 30), False), (date(2026, 10, 31), True)):
        warnings = make_scope(rating, (), Asked(as_of=as_of)).warnings
        assert any("--share" in warning for warning in warnings) == asks
