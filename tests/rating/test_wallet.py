"""Laws of wallets: what is in one is what was recorded and booked, in any order of recording, and every entry sums to zero."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.money import ZERO, Range
from diamondctl.rating.credits import WEEKLY, Credit
from diamondctl.rating.places import WALLET, entries_of, income_entries, payout_entries
from diamondctl.rating.wallet import Held, first_day, held
from diamondctl.records import Record
from tests import build

DAYS = [date(2026, 10, day) for day in range(1, 8)]
ZONES = ("UTC", "America/Los_Angeles", "Asia/Kolkata")


def cents(number: int) -> Decimal:
    return Decimal(number).scaleb(-2)


def credit(day: date, slot: int, low: int, high: int, timezone: str, name: str) -> Credit:
    """A credit of a LIVE that is booked in a quarter of a day, or of a week at its first."""
    booked = periods.day_start(day, timezone) + slot
    return Credit(
        "mara", "US", "stream" if slot else WEEKLY, name, "USD", build.settlement(0, "stream"), (), (), Decimal(0),
        Range(cents(low), cents(high)), Decimal(0), booked, booked, booked,
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Credit], list[Record], str]:
    """Credits and records of a week, in cents."""
    timezone = draw(st.sampled_from(ZONES))
    slots = draw(st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from((0, 1, 40, 81, 82, 95))), max_size=8, unique=True))
    credits = []
    for number, (day, slot) in enumerate(slots):
        low = draw(st.integers(0, 500))
        credits.append(credit(day, slot, low, low + draw(st.sampled_from((0, 0, 70))), timezone, f"s{number}"))
    records: list[Record] = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        day, amount = draw(st.sampled_from(DAYS)), draw(st.integers(1, 900))
        item = Record("payout", number, "mara", "", day, cents(amount), "USD", method="paypal")
        if draw(st.booleans()):
            there = cents(draw(st.integers(0, amount)))
            item = item._replace(
                arrived=there, arrived_currency="USD", arrived_on=day + timedelta(days=draw(st.integers(0, 3)))
            )
        records.append(item)
    kinds = (("opening", 1), ("bonus", 1), ("refund", -1))
    for number in range(1, draw(st.integers(0, 2)) + 1):
        kind, sign = draw(st.sampled_from(kinds))
        money = cents(sign * draw(st.integers(0, 400)))
        records.append(Record("adjustment", number, "mara", "", draw(st.sampled_from(DAYS)), money, "USD", kind))
    for number, day in enumerate(draw(st.lists(st.sampled_from(DAYS), max_size=2, unique=True)), 1):
        of_live = bool(credits) and draw(st.integers(0, 1))
        what = draw(st.sampled_from([one.name for one in credits])) if of_live else str(day)
        kind = "day" if what == str(day) else "live"
        records.append(Record("credit", number, "mara", "", day, cents(draw(st.integers(0, 500))), "USD", kind, what))
    moments = st.tuples(st.sampled_from(DAYS), st.sampled_from(("", "10:00", "20:15", "20:20")), st.booleans())
    for number, (day, at, late) in enumerate(draw(st.lists(moments, max_size=3, unique=True)), 1):
        after = " ".join(item.id for item in records if item.sort == "payout" and item.day == day) if late else ""
        records.append(Record("balance", number, "mara", "", day, cents(draw(st.integers(0, 900))), "USD", at=at, after=after))
    return credits, _apart(records), timezone


def _apart(records: list[Record]) -> list[Record]:
    """Without a second balance of the same moment, which cannot be recorded."""
    kept: list[Record] = []
    for item in records:
        if item.sort != "balance" or (item.day, item.at, item.after) not in [(o.day, o.at, o.after) for o in kept]:
            kept.append(item)
    return kept


def oracle(credits: list[Credit], records: list[Record], timezone: str, end: str) -> Fraction:
    """What one story leaves in the wallet, in another way: by seconds, one after the other, in fractions."""
    happened: list[tuple[Any, str, Fraction]] = []
    balances = [item for item in records if item.sort == "balance"]

    def midnight(day: date) -> int:
        return periods.day_start(day, timezone) * 900

    def moment(item: Record) -> tuple[int, int, int]:
        count = len(item.after.split())
        if not item.at:
            return midnight(item.day + timedelta(days=1)) - 1, 5, 2 * count
        hours, minutes = map(int, item.at.split(":"))
        return midnight(item.day) + hours * 3_600 + minutes * 60 + 59, 5, 2 * count

    for one in credits:
        second = one.booked * 900 + (0 if one.unit == WEEKLY else 899)
        happened.append(((second, 4, 0), "add", Fraction(getattr(one.reward, end))))
    for item in records:
        if item.sort == "adjustment":
            happened.append(((midnight(item.day), 0, 0), "add", Fraction(item.amount)))
        elif item.sort == "credit":
            mine = [
                one
                for one in credits
                if (one.unit == "stream" and one.name == item.name)
                or (item.kind == "day" and str(periods.local_day(one.booked, timezone)) == item.name)
            ]
            was = sum((Fraction(getattr(one.reward, end)) for one in mine), Fraction(0))
            happened.append(((midnight(item.day + timedelta(days=1)) - 1, 4, 1), "add", Fraction(item.amount) - was))
        elif item.sort == "balance":
            happened.append((moment(item), "is", Fraction(item.amount)))
        else:
            seen = [moment(shown) for shown in balances if shown.day == item.day and item.id in shown.after.split()]
            at = min(seen) if seen else (midnight(item.day + timedelta(days=1)) - 1, 6, 0)
            happened.append(((*at[:2], at[2] - 1) if seen else at, "add", -Fraction(item.amount)))
    inside = Fraction(0)
    for _, what, amount in sorted(happened, key=lambda event: event[0]):
        inside = max(amount if what == "is" else inside + amount, Fraction(0))
    return inside


@given(worlds())
def test_it_holds_what_an_oracle_says_in_both_stories(world: tuple[list[Credit], list[Record], str]) -> None:
    credits, records, timezone = world
    if any(item.sort == "adjustment" and item.amount < 0 for item in records) or _ties(credits, records, timezone):
        return  # of events of one moment the order is not what is tested here
    found = held(credits, records, timezone)
    assert (Fraction(found.available.low), Fraction(found.available.high)) == (
        oracle(credits, records, timezone, "low"), oracle(credits, records, timezone, "high"),
    )  # fmt: skip


def _ties(credits: list[Credit], records: list[Record], timezone: str) -> bool:
    """Whether corrections and payouts meet on one day, where which comes first decides what lacked."""
    days = [item.day for item in records if item.sort in ("credit", "payout")]
    return len(set(days)) != len(days)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_recording_never_matters(world: tuple[list[Credit], list[Record], str], chance: random.Random) -> None:
    """Nor the order of the credits."""
    credits, records, timezone = world
    mixed_credits, mixed = credits[:], records[:]
    chance.shuffle(mixed_credits)
    chance.shuffle(mixed)
    assert held(mixed_credits, mixed, timezone) == held(credits, records, timezone)


def entries(found: Held, credits: list[Credit]) -> list[Any]:
    whole = Range(sum((c.reward.low for c in credits), Decimal(0)), sum((c.reward.high for c in credits), Decimal(0)))
    return entries_of(found, whole, ZERO, "USD", date(2026, 10, 31))


@given(worlds())
def test_every_entry_sums_to_zero_and_all_of_them_are_what_is_in_the_wallet(
    world: tuple[list[Credit], list[Record], str],
) -> None:
    credits, records, timezone = world
    found = held(credits, records, timezone)
    inside = ZERO
    for entry in entries(found, credits):
        sums: dict[str, Decimal] = {}
        for posting in entry.postings:
            for end in ("low", "high"):
                key = posting.currency + end
                sums[key] = sums.get(key, Decimal(0)) + getattr(posting.amount, end)
            if posting.place == WALLET:
                inside = inside + posting.amount
        assert set(sums.values()) == {Decimal(0)}, entry
    assert (inside.low, inside.high) == (found.available.low, found.available.high)


@given(worlds())
def test_a_wallet_is_never_negative_and_its_lines_add_up(world: tuple[list[Credit], list[Record], str]) -> None:
    credits, records, timezone = world
    found = held(credits, records, timezone)
    assert found.available.low >= 0
    assert found.available.high >= 0
    for end in ("low", "high"):
        assert sum(getattr(change.amount, end) for change in found.changes) == getattr(found.available, end)


@given(worlds())
def test_after_a_balance_only_what_was_booked_since_is_a_range(world: tuple[list[Credit], list[Record], str]) -> None:
    """What came before it, and whether that was known exactly, decides nothing any more."""
    credits, records, timezone = world
    found = held(credits, records, timezone)
    if found.observed is None or any(item.sort == "credit" for item in records):
        return
    base = next(change for change in found.changes if change.key == "observed")
    assert base.amount == Range.of(found.observed.amount)
    exact = [item._replace(reward=Range(item.reward.low, item.reward.low)) for item in credits]
    assert held(exact, records, timezone).available.is_exact


@given(worlds())
def test_balances_of_before_a_period_matter_only_by_the_last_of_them(world: tuple[list[Credit], list[Record], str]) -> None:
    """So what is older than that one need not be read."""
    credits, records, timezone = world
    since = date(2026, 10, 5)
    assert held(credits, records, timezone, since).available == held(credits, records, timezone).available
    needed = first_day(records, since)
    if records:
        assert needed is not None
        assert needed <= max(item.day for item in records)


PAYOUT = Record(
    "payout", 1, "mara", "", date(2026, 10, 12), cents(30_000), "USD", method="paypal", arrived=cents(25_000),
    arrived_currency="EUR", arrived_on=date(2026, 10, 15), tax=cents(1_000),
)  # fmt: skip


def test_a_payout_in_another_currency_is_two_legs_and_what_the_exchange_took() -> None:
    """Without a rate the exchange has no price; with one, the difference is a line."""
    plain = list(payout_entries(PAYOUT, date(2026, 10, 31)))
    assert [(posting.place, str(posting.amount.low), posting.currency) for entry in plain for posting in entry.postings] == [
        ("wallet", "-300.00", "USD"), ("on the way", "300.00", "USD"),
        ("on the way", "-300.00", "USD"), ("tax", "10.00", "USD"), ("fx", "290.00", "USD"), ("fx", "-250.00", "EUR"),
        ("paypal", "250.00", "EUR"),
    ]  # fmt: skip
    priced = list(payout_entries(PAYOUT._replace(exchange="0.90"), date(2026, 10, 31)))[1]
    assert [(posting.place, str(posting.amount.low)) for posting in priced.postings] == [
        ("on the way", "-300.00"), ("tax", "10.00"), ("fx", "290.00"), ("fx", "-261.00"), ("fee", "11.00"),
        ("paypal", "250.00"),
    ]  # fmt: skip
    assert len(list(payout_entries(PAYOUT, date(2026, 10, 14)))) == 1


def test_other_income_is_an_entry_once_it_was_paid_and_never_in_a_wallet() -> None:
    item = Record("income", 1, "mara", "", date(2026, 10, 5), cents(25_000), "EUR", name="Acme", method="bank")
    (entry,) = income_entries([item, item._replace(paid=False)], date(2026, 10, 31))
    assert [(posting.place, str(posting.amount.low)) for posting in entry.postings] == [
        ("elsewhere", "-250.00"),
        ("bank", "250.00"),
    ]
