"""The oracle of states by hand-computed cases and by its own laws, and the product compared with it, to the cent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

import pytest

from tests import state_worlds as worlds
from tests import support
from tests.state_oracle import LONGEST, Account, Figures, Gift, Key, Oracle, Own, Personal, Settings, Zone, monday
from tests.state_worlds import DAY, SHIPPED, Span, World, Written

UNTIL_BUILT = pytest.mark.skip(reason="until states are built")
ANN_US = Account("ann", "US", "USD")
# Los Angeles; in 2026 eight hours behind UTC to 8 March. As the file was when its missions were everybody's.
US = {"US": Zone((SHIPPED / "tiktok" / "us.yaml").read_text("utf-8"), "2026-11-28")}
NO_PENALTY = Settings(personal={"ann": [Personal(penalty=Fraction(0))]})
INVENTED = """\
regions: [XX]
timezone: {timezone}
rates:
  reward: [{reward}]
  settlement:
    - {{effective: 2020-01-01, recorded: 2020-01-01, value: {{credit: {credit}, rounding: {rounding}}}}}
"""


def entry(share: str, currency: str = "USD", cash: str = "0.01", effective: str = "2020-01-01") -> str:
    value = f"{{diamonds_per_coin: 1, cash_per_diamond: {cash}, currency: {currency}, share: {{{share}}}}}"
    return f"{{effective: {effective}, recorded: 2020-01-01, value: {value}}}"


def zone(*reward: str, credit: str = "stream", rounding: str = "down", timezone: str = "UTC") -> dict[str, Zone]:
    text = INVENTED.format(timezone=timezone, reward=", ".join(reward), credit=credit, rounding=rounding)
    return {"XX": Zone(text)}


def gift(time: str, coins: int, stream: str = "live", region: str = "US") -> Gift:
    return Gift(datetime.fromisoformat(time).replace(tzinfo=UTC), "ann", region, stream, coins, 1, time)


def cents(figures: Figures) -> tuple[int, int]:
    return int(figures.least * 100), int(figures.most * 100)


def by_unit(parts: Iterable[tuple[Key, Figures]]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(key.unit, key.name): cents(figures) for key, figures in parts}


def credits_at(oracle: Oracle, day: str) -> dict[tuple[str, str], tuple[int, int]]:
    return by_unit((key, credit.figures) for key, credit in oracle.state(date.fromisoformat(day)).credits.items())


# --- Worked out by hand ---


def test_one_rose_after_midnight_completes_the_credit_in_april_and_leaves_march_as_it_was() -> None:
    flat = zone(entry("kind: flat, percent: 50"))
    gifts = [gift("2026-03-31 23:50:00", 30_999, region="XX"), gift("2026-04-01 00:10:00", 1, region="XX")]
    oracle, account = Oracle(gifts, Settings(), flat), Account("ann", "XX", "USD")
    # 30,999 x 0.01 x 50 % = 154.995, down: 154.99. All of it: 31,000 x 0.005 = 155.00. So April has one cent, and no LIVE.
    march = oracle.activity(date(2026, 3, 1), date(2026, 3, 31))[account]
    april = oracle.activity(date(2026, 4, 1), date(2026, 4, 30))[account]
    assert (march.coins, march.lives, cents(march)) == (30_999, 1, (15_499, 15_499))
    assert (april.coins, april.lives, cents(april), april.gift_value) == (1, 0, (1, 1), Fraction("0.01"))


@pytest.mark.parametrize(
    ("last", "stream", "weekly"),
    [
        # 100.00 USD. 24:59 lie in the band that is not known, from 20 points on; it may have been longer, so up to 38, and 2 of
        # followers. The week: 0 to 8 points of valid days, 0 to 2 of fans, 0 to 3 of the league, cap 13.
        ("2026-03-04 20:24:59", (2_000, 4_000), (0, 1_300)),
        # To the second: 25:00 prove 38 points, and a valid day, 6 points at least.
        ("2026-03-04 20:25:00", (3_800, 4_000), (600, 1_300)),
        # 4:59 may be the lowest band or any other: 20 points as well.
        ("2026-03-04 20:04:59", (2_000, 4_000), (0, 1_300)),
    ],
)
def test_what_gifts_prove_is_proved_to_the_second(last: str, stream: tuple[int, int], weekly: tuple[int, int]) -> None:
    oracle = Oracle([gift("2026-03-04 20:00:00", 9_999), gift(last, 1)], NO_PENALTY, US)
    assert credits_at(oracle, "2026-03-04") == {("stream", "live"): stream, ("weekly", "2026-03-02"): weekly}


def test_a_penalty_that_is_not_known_takes_up_to_20_points_and_one_that_is_known_those() -> None:
    gifts = [gift("2026-03-04 20:00:00", 5_000), gift("2026-03-04 21:00:00", 5_000)]
    # 38 to 40 points less 0 to 20.
    assert credits_at(Oracle(gifts, Settings(), US), "2026-03-04")["stream", "live"] == (1_800, 4_000)
    # Said from the day of the first gift on: less 2.5. From the day after: not known.
    said = {"ann": [Personal(date(2026, 3, 4), penalty=Fraction("2.5"))]}
    assert credits_at(Oracle(gifts, Settings(personal=said), US), "2026-03-04")["stream", "live"] == (3_550, 3_750)
    late = {"ann": [Personal(date(2026, 3, 5), penalty=Fraction("2.5"))]}
    assert credits_at(Oracle(gifts, Settings(personal=late), US), "2026-03-04")["stream", "live"] == (1_800, 4_000)


def test_the_week_is_known_by_what_is_said_of_its_sunday() -> None:
    gifts = [gift("2026-03-04 20:00:00", 5_000), gift("2026-03-04 21:00:00", 5_000)]
    said = {"ann": [Personal(date(2026, 3, 8), 120, "held"), Personal(date(2026, 3, 9), 0, "none")]}
    # One valid day 6, a second is open: 8. 120 fans 1.5. League held 1. 8.5 to 10.5 points of 100.00.
    assert credits_at(Oracle(gifts, Settings(personal=said), US), "2026-03-04")["weekly", "2026-03-02"] == (850, 1_050)


def test_a_completion_can_be_more_in_the_least_story() -> None:
    # Los Angeles: ten minutes before midnight of 4 March (08:00 UTC), fifty after it.
    gifts = [gift("2026-03-05 07:50:00", 9_000), gift("2026-03-05 07:59:59", 1_000), gift("2026-03-05 08:50:00", 100)]
    oracle = Oracle(gifts, NO_PENALTY, US)
    # At the end of the 4th 9:59 are proved: 20 to 40 points of 100.00. Of the whole hour 38 to 40 of 101.00: 38.38 to 40.40.
    assert credits_at(oracle, "2026-03-04")["stream", "live"] == (2_000, 4_000)
    parts = oracle.changes(date(2026, 3, 5), date(2026, 3, 5))
    assert all(began_before for _, began_before in parts.values())
    # The week: 50 minutes of the 5th make one valid day: 6 to 13 points of 101.00 less 0 to 13 of 100.00.
    assert by_unit((key, part) for key, (part, _) in parts.items()) == {
        ("stream", "live"): (1_838, 40),
        ("weekly", "2026-03-02"): (606, 13),
    }


def test_a_live_over_sunday_midnight_has_gifts_in_two_weeks_and_valid_minutes_on_two_days() -> None:
    # Los Angeles, winter: Sunday 1 March 23:30 is 07:30 UTC.
    gifts = [gift("2026-03-02 07:30:00", 10_000), gift("2026-03-02 08:25:00", 5_000)]
    oracle = Oracle(gifts, NO_PENALTY, US)
    # 30 minutes on Sunday: valid. 25 on Monday: valid. 6 to 13 points of 100.00 and of 50.00; 38 to 40 of 150.00.
    assert credits_at(oracle, "2026-03-02") == {
        ("stream", "live"): (5_700, 6_000),
        ("weekly", "2026-02-23"): (600, 1_300),
        ("weekly", "2026-03-02"): (300, 650),
    }
    # At the end of Sunday one gift is known, and nothing proved.
    assert credits_at(oracle, "2026-03-01") == {("stream", "live"): (2_000, 4_000), ("weekly", "2026-02-23"): (0, 1_300)}


def test_a_name_over_more_than_two_days_proves_nothing() -> None:
    gifts = [gift("2026-03-03 20:00:00", 5_000), gift("2026-03-05 20:00:00", 5_000)]
    # Two days to the second: one LIVE. Three of its days are valid, the whole Wednesday among them: 8 points.
    assert credits_at(Oracle(gifts, NO_PENALTY, US), "2026-03-05") == {
        ("stream", "live"): (3_800, 4_000),
        ("weekly", "2026-03-02"): (800, 1_300),
    }
    longer = [*gifts, gift("2026-03-05 20:15:00", 0)]
    assert credits_at(Oracle(longer, NO_PENALTY, US), "2026-03-05") == {
        ("stream", "live"): (2_000, 4_000),
        ("weekly", "2026-03-02"): (0, 1_300),
    }


def test_a_day_in_the_rate_zone_that_the_reporting_zone_cuts_in_two_is_rounded_once() -> None:
    yen = zone(entry("kind: flat, percent: 50", "JPY", "1"), credit="day", timezone="Asia/Tokyo")
    # Both on 2 March in Tokyo (from 15:00 UTC on the day before); the UTC midnight lies between.
    gifts = [gift("2026-03-01 20:00:00", 9, "", "XX"), gift("2026-03-02 10:00:00", 9, "", "XX")]
    oracle, account = Oracle(gifts, Settings(timezone="UTC"), yen), Account("ann", "XX", "JPY")
    # 9 x 50 % = 4.5, down 4. 18 x 50 % = 9: the second day has the 5 that lack, not 4.
    days = [oracle.activity(day, day)[account] for day in (date(2026, 3, 1), date(2026, 3, 2))]
    assert [[int(money) for money in (part.least, part.most, part.gift_value)] for part in days] == [[4, 4, 9], [5, 5, 9]]


def test_a_credit_is_booked_at_one_instant() -> None:
    share = entry("kind: flat, percent: 50")
    gifts = [gift("2026-03-04 20:00:00", 200, "", "XX")]
    booked = {
        credit: [
            item.booked
            for item in Oracle(gifts, Settings(), zone(share, credit=credit)).state(date(2026, 3, 4)).credits.values()
        ]
        for credit in ("stream", "week", "month")
    }
    assert booked["stream"] == [datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)]  # without a stream: by day
    assert booked["week"] == [datetime(2026, 3, 8, 23, 59, 59, tzinfo=UTC)]
    assert booked["month"] == [datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)]
    # The stream at its last gift up to the day, the weekly part at midnight of the Monday after, Los Angeles (summer by then).
    oracle = Oracle([gift("2026-03-05 07:50:00", 100), gift("2026-03-05 08:50:00", 100)], NO_PENALTY, US)
    for day, minute in ((date(2026, 3, 4), datetime(2026, 3, 5, 7, 50)), (date(2026, 3, 5), datetime(2026, 3, 5, 8, 50))):
        stream, weekly = oracle.state(day).credits.values()
        assert (stream.booked, weekly.booked) == (minute.replace(tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC))


def test_credited_has_the_money_when_it_is_booked_and_the_gifts_when_they_are_sent() -> None:
    oracle = Oracle([gift("2026-03-04 20:00:00", 5_000), gift("2026-03-04 21:00:00", 5_000)], NO_PENALTY, US)
    wednesday = oracle.activity(date(2026, 3, 4), date(2026, 3, 4), "credited")[ANN_US]
    assert (wednesday.coins, wednesday.gift_value, cents(wednesday)) == (10_000, Fraction(100), (3_800, 4_000))
    monday = oracle.activity(date(2026, 3, 9), date(2026, 3, 9), "credited")[ANN_US]
    assert (monday.coins, monday.gifts, cents(monday)) == (0, 0, (600, 1_300))
    # In Honolulu it is still Sunday, nine in the evening, when Monday begins in Los Angeles.
    west = Oracle(oracle.gifts["ann", "US"], NO_PENALTY._replace(timezone="Pacific/Honolulu"), US)
    assert cents(west.activity(date(2026, 3, 8), date(2026, 3, 8), "credited")[ANN_US]) == (600, 1_300)


def test_an_own_share_from_a_day_on_splits_a_live_that_is_rounded_once() -> None:
    flat = zone(entry("kind: flat, percent: 50"))
    gifts = [gift("2026-03-31 23:59:59", 1_001, region="XX"), gift("2026-04-01 00:00:00", 999, region="XX")]
    oracle = Oracle(gifts, Settings(shares={"ann": [Own(date(2026, 4, 1), Fraction(49))]}), flat)
    # 10.01 x 50 % = 5.005 and 9.99 x 49 % = 4.8951: 9.9001, down 9.90 (rounded one by one: 5.00 + 4.89).
    assert credits_at(oracle, "2026-04-01") == {("stream", "live"): (990, 990)}
    assert credits_at(oracle, "2026-03-31") == {("stream", "live"): (500, 500)}


def test_gifts_under_an_own_share_are_on_no_weekly_part_but_their_live_makes_a_valid_day() -> None:
    settings = NO_PENALTY._replace(shares={"ann": [Own(date(2026, 3, 4), Fraction(48))]})
    gifts = [
        gift("2026-03-03 20:00:00", 10_000, "a"),
        gift("2026-03-04 20:00:00", 300, "b"),
        gift("2026-03-04 21:00:00", 700, "b"),
    ]
    assert credits_at(Oracle(gifts, settings, US), "2026-03-04") == {
        ("stream", "a"): (2_000, 4_000),
        ("stream", "b"): (480, 480),
        ("weekly", "2026-03-02"): (600, 1_300),
    }


def test_unknown_bands_and_a_limit_on_the_money_of_a_week() -> None:
    share = (
        "kind: missions, cap: 60, "
        "per_stream: {{cap: 45, duration: {{mode: {mode}, minutes: {{0: 10, 10: unknown, 20: 30, 40: unknown}}}}}}, "
        "weekly: {{cap: 15, valid_minutes: 20, max_amount: 2.509, valid_days: {{1: 4, 3: unknown}}, league: {{held: unknown}}}}"
    )
    gifts = [gift("2026-03-04 20:00:00", 5_000, region="XX"), gift("2026-03-04 20:41:00", 5_000, region="XX")]
    # 41 minutes lie in the last band. Rising: from 30 up to the cap. Step: anything up to it. No penalty in the file.
    # The week: one valid day 4, three or more anything from 4 up to the cap: 4.00 to 15.00, of which 2.50 at most.
    for mode, least in (("rising", 3_000), ("step", 0)):
        oracle = Oracle(gifts, Settings(), zone(entry(share.format(mode=mode))))
        assert credits_at(oracle, "2026-03-04") == {("stream", "live"): (least, 4_500), ("weekly", "2026-03-02"): (250, 250)}
    # Eleven minutes, step: of the unknown band 0 to 45, and 20 or 40 minutes are open too. Rising: from 10.
    short = [gifts[0], gift("2026-03-04 20:11:00", 5_000, region="XX")]
    for mode, least in (("rising", 1_000), ("step", 0)):
        oracle = Oracle(short, Settings(), zone(entry(share.format(mode=mode))))
        assert credits_at(oracle, "2026-03-04")["stream", "live"] == (least, 4_500)


def test_gifts_without_a_rate_are_in_no_account() -> None:
    flat = zone(entry("kind: flat, percent: 50", effective="2026-03-01"))
    gifts = [gift("2026-02-28 23:00:00", 100, region="XX"), gift("2026-03-01 00:00:00", 100, region="XX")]
    state = Oracle(gifts, Settings(), flat).state(date(2026, 3, 1))
    half = Fraction("0.5")
    assert state.accounts() == {
        Account("ann", "XX", ""): Figures(gifts=1, coins=100, lives=1),  # the LIVE counts where its first gift is
        Account("ann", "XX", "USD"): Figures(1, 100, Fraction(100), 0, Fraction(1), half, half),
    }


# --- Laws ---

BASES = ("earned", "credited")
K = TypeVar("K")
N = TypeVar("N", int, Fraction)


class Case(NamedTuple):
    """A world with its files and its oracle."""

    made: World
    written: Written
    oracle: Oracle
    arguments: list[str]  # of a command that reads it


def case_of(folder: Path, seed: int, **how: Any) -> Case:
    made = worlds.world(seed, **how)
    written = worlds.write(made, folder)
    return Case(made, written, Oracle(made.gifts, made.settings, worlds.zones_of(written)), written.arguments)


@pytest.fixture(scope="module", params=["shipped rates", "own rates"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    own = request.param == "own rates"
    return case_of(tmp_path_factory.mktemp("world"), 20 + own, own_rates=own)


def summed(parts: Iterable[Mapping[Account, Figures]]) -> dict[Account, Figures]:
    sums: dict[Account, Figures] = {}
    for part in parts:
        for account, figures in part.items():
            sums[account] = sums.get(account, Figures()).plus(figures)
    return without_empty(sums)


def without_empty(accounts: Mapping[Account, Figures]) -> dict[Account, Figures]:
    return {account: figures for account, figures in accounts.items() if figures != Figures()}


def pieces(seed: int, first: date, last: date, longest: int) -> Iterator[tuple[date, date]]:
    random = Random(seed)
    while first <= last:
        end = min(first + random.randrange(longest) * DAY, last)
        yield first, end
        first = end + DAY


def test_worlds_hold_what_is_rare_in_life(case: Case) -> None:
    gifts = case.made.gifts
    assert any(not gift.stream for gift in gifts)
    assert len({(gift.creator, gift.region) for gift in gifts}) > len({gift.creator for gift in gifts})
    # Credits over the end of a month; some complete more in the least story.
    parts = [part for n in range(1, 13) for part in case.oracle.changes(worlds.month(n).first, worlds.month(n).last).items()]
    over = {key: figures for key, (figures, began_before) in parts if began_before}
    assert {"stream", "weekly"} <= {key.unit for key in over}
    assert any(figures.least > figures.most for figures in over.values())
    # LIVEs over Sunday midnight, and names over more than two days.
    lives: dict[tuple[str, str, str], list[datetime]] = {}
    for gift in gifts:
        lives.setdefault((gift.creator, gift.region, gift.stream), []).append(gift.time)
    of_names = [(case.oracle.zones[region], times) for (_, region, name), times in lives.items() if name]
    assert any(
        monday(zone.day(times[0])) < monday(zone.day(times[-1])) for zone, times in of_names if times[-1] - times[0] < DAY
    )
    assert any(times[-1] - times[0] > LONGEST for _, times in of_names)


@pytest.mark.parametrize("basis", BASES)
def test_months_weeks_and_odd_days_add_up_to_the_year(case: Case, basis: str) -> None:
    months = [worlds.month(number) for number in range(1, 13)]
    first, last = months[0].first, months[-1].last
    year = case.oracle.activity(first, last, basis)
    assert summed(case.oracle.activity(month.first, month.last, basis) for month in months) == year
    assert summed(case.oracle.activity(*piece, basis) for piece in pieces(1, first, last, 40)) == year


@pytest.mark.parametrize("basis", BASES)
def test_opening_and_activity_are_closing_credit_by_credit(case: Case, basis: str) -> None:
    for span in worlds.spans(2, 7):
        opening, closing = (case.oracle.state(day) for day in (span.first - DAY, span.last))
        activity = case.oracle.activity(span.first, span.last, basis)
        assert summed([opening.accounts(basis), activity]) == without_empty(closing.accounts(basis))
        changes = case.oracle.changes(span.first, span.last, basis)
        for key in closing.credits:
            part, began_before = changes.get(key, (Figures(), False))
            assert opening.of(key, basis).plus(part) == closing.of(key, basis)
            assert key not in changes or began_before == (key in opening.credits)


def test_no_later_gift_changes_a_state(case: Case) -> None:
    """Files that are cut by month, by LIVE or anywhere: only what was sent up to the day counts."""
    random = Random(3)
    for span in worlds.spans(4, 4):
        state = case.oracle.state(span.last)
        early = [gift for gift in case.made.gifts if gift.time < state.ends[gift.creator, gift.region]]
        late = [gift for gift in case.made.gifts if gift.time >= state.ends[gift.creator, gift.region]]
        for gifts in (early, [*early, *random.sample(late, len(late) // 2)]):
            again = Oracle(gifts, case.made.settings, case.oracle.zones).state(span.last)
            assert (again.credits, without_empty(again.accounts())) == (state.credits, without_empty(state.accounts()))


def test_every_credit_is_booked_once_and_whole_when_the_year_is_long_over(case: Case) -> None:
    state = case.oracle.state(date(worlds.YEAR + 1, 2, 15))
    assert state.accounts("credited") == state.accounts("earned")
    assert all(figures.least <= figures.most for figures in state.accounts().values())


# --- The product, through the command line ---
# Only `product_activity` and `product_state` read JSON: adapt names of fields there.


class Shown(NamedTuple):
    """What a report prints: counts of a creator in a region, money of an account, and the range of each currency's total."""

    counts: dict[tuple[str, str], tuple[int, ...]]  # gifts, coins, LIVEs; gifts without a rate stand with some account
    money: dict[Account, tuple[Fraction, ...]]  # diamonds, gift value, reward from, to
    totals: dict[str, tuple[Fraction, ...]]  # reward from, to


def product_activity(case: Case, span: Span, basis: str) -> Shown | None:
    """What `summary -p` says; None where it refuses because nothing has a rate."""
    data = said(case, "summary", "-p", span.text, *(("--basis", basis) if basis != "earned" else ()))
    if data is None:
        return None
    counts: dict[tuple[str, str], tuple[int, ...]] = {}
    money = {}
    for row in data["accounts"]:
        figures = {name: ends_of(line["now"]) for name, line in row["figures"].items() if line["now"] is not None}
        mine = tuple(int(figures.get(name, (0, 0))[0]) for name in ("gifts", "coins", "streams"))
        person = (row["creator"], row["region"])
        counts[person] = tuple(map(sum, zip(mine, counts.get(person, (0, 0, 0)), strict=True)))
        if row["currency"]:
            money[Account(*person, row["currency"])] = (figures["diamonds"][0], figures["gift_value"][0], *figures["reward"])
    return Shown(some(counts), some(money), {row["currency"]: ends_of(row["reward"]) for row in data["totals"]})


def product_state(case: Case, day: date) -> dict[Account, tuple[Fraction, ...]]:
    """What `balance --as-of` says: diamonds, and earned, credited and pending from, to."""
    data = said(case, "balance", "--as-of", str(day))
    names = ("earned", "credited", "pending")
    return some(
        {
            Account(row["creator"], row["region"], row["currency"]): (
                Fraction(row["diamonds"]),
                *(end for name in names for end in ends_of(row[name])),
            )
            for row in (data["accounts"] if data else ())
            if row["currency"]
        }
    )


def said(case: Case, command: str, *words: str) -> Any:
    """The data of a command's JSON, or None where it refuses."""
    done = support.run(command, *case.arguments, *words, "--json")
    assert done.code in (0, 3), done.err
    return json.loads(done.out)["data"]


def ends_of(figure: Any) -> tuple[Fraction, Fraction]:
    return Fraction(figure["low"]), Fraction(figure["high"])


def some(rows: Mapping[K, tuple[N, ...]]) -> dict[K, tuple[N, ...]]:
    """Without rows of nothing."""
    return {key: row for key, row in rows.items() if any(row)}


def span_of(figures: Figures) -> tuple[Fraction, Fraction]:
    """A printed range runs from the smaller story to the greater."""
    return min(figures.least, figures.most), max(figures.least, figures.most)


def expected_activity(oracle: Oracle, span: Span, basis: str) -> Shown:
    accounts = oracle.activity(span.first, span.last, basis)
    counts: dict[tuple[str, str], tuple[int, ...]] = {}
    totals: dict[str, Figures] = {}
    for account, part in accounts.items():
        mine = (part.gifts, part.coins, part.lives)
        counts[account[:2]] = tuple(map(sum, zip(mine, counts.get(account[:2], (0, 0, 0)), strict=True)))
        totals[account.currency] = totals.get(account.currency, Figures()).plus(part)
    money = {account: (part.diamonds, part.gift_value, *span_of(part)) for account, part in accounts.items()}
    return Shown(some(counts), some(money), {currency: span_of(total) for currency, total in totals.items()})


def expected_state(oracle: Oracle, day: date) -> dict[Account, tuple[Fraction, ...]]:
    state = oracle.state(day)
    earned, credited = (state.accounts(basis) for basis in BASES)
    rows = {}
    for account, figures in earned.items():
        parts = (figures, credited[account], figures.minus(credited[account]))
        rows[account] = (figures.diamonds, *(end for part in parts for end in span_of(part)))
    return some(rows)


def unequal(product: Mapping[K, tuple[N, ...]], expected: Mapping[K, tuple[N, ...]]) -> list[str]:
    """Rows that differ, for people."""
    keys = [key for key in dict.fromkeys((*product, *expected)) if product.get(key) != expected.get(key)]
    texts = [[[f"{float(number):.2f}" for number in rows.get(key, ())] for rows in (product, expected)] for key in keys]
    return [f"{key}: product {theirs}, oracle {ours}" for key, (theirs, ours) in zip(keys, texts, strict=True)]


def agree_on_period(case: Case, span: Span, basis: str = "earned") -> None:
    product, expected = product_activity(case, span, basis), expected_activity(case.oracle, span, basis)
    if product is None:
        assert not expected.money, span.text
        return
    assert not unequal(product.counts, expected.counts), span.text
    assert not unequal(product.money, expected.money), span.text
    for currency, total in product.totals.items():
        assert total == expected.totals.get(currency, (0, 0)), span.text


def agree_on_day(case: Case, day: date) -> None:
    assert not unequal(product_state(case, day), expected_state(case.oracle, day)), day


def test_where_nothing_crosses_a_boundary_the_product_agrees(tmp_path: Path) -> None:
    """Whole weeks, so that no weekly part is cut, and a month before there were missions."""
    case = case_of(tmp_path, 7, plain=True, lives=20)
    for span in (worlds.month(1), worlds.week(8), worlds.week(33), worlds.year()):
        agree_on_period(case, span)
    agree_on_day(case, worlds.week(20).last)


@pytest.fixture(scope="module", params=["from files", "from the ledger"])
def read(request: pytest.FixtureRequest, case: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A world as commands read it: its files, or a ledger into which they were imported, the last one first."""
    if request.param == "from files":
        return case
    ledger = str(tmp_path_factory.mktemp("ledger") / "ledger")
    for file in reversed(case.written.files):
        done = support.run("import", str(file), "--ledger", ledger, "--config", str(case.written.config))
        assert done.code == 0, done.err
    return case._replace(arguments=["--ledger", ledger, *case.written.options])


@pytest.mark.parametrize("number", range(5))
def test_the_product_agrees_on_a_period(read: Case, number: int) -> None:
    agree_on_period(read, worlds.spans(5, 5)[number])


@pytest.mark.parametrize("number", range(2))
def test_the_product_agrees_on_what_was_credited_in_a_period(read: Case, number: int) -> None:
    agree_on_period(read, worlds.spans(8, 2)[number], "credited")


@pytest.mark.parametrize("number", range(3))
def test_the_product_agrees_on_a_state(read: Case, number: int) -> None:
    agree_on_day(read, worlds.spans(6, 3)[number].last)
