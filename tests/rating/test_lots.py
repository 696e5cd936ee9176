"""Laws of lots: what left is what paid for it, to the cent, and what nobody took is what the wallet holds."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given

from diamondctl.rating.credits import Credit
from diamondctl.rating.lots import paid_for
from diamondctl.rating.wallet import held
from diamondctl.records import Record
from tests.rating.test_wallet import DAYS, cents, credit, worlds

World = tuple[list[Credit], list[Record], str]


@given(worlds())
def test_every_payout_is_its_lots_in_both_stories(world: World) -> None:
    credits, records, timezone = world
    found, rest = paid_for(credits, records, timezone)
    assert {item.payout for item in found} == {item for item in records if item.sort == "payout"}
    for item in found:
        for end in ("low", "high"):
            parts = sum((getattr(part.amount, end) for part in item.parts), Decimal(0))
            assert parts + getattr(item.before, end) == item.payout.amount
            assert all(getattr(part.amount, end) >= 0 for part in item.parts)
    inside = held(credits, records, timezone).available
    for end in ("low", "high"):
        assert sum((getattr(part.amount, end) for part in rest), Decimal(0)) == getattr(inside, end)


@given(worlds())
def test_no_lot_pays_more_than_it_is(world: World) -> None:
    """Over all payouts and what is left, a credit that is known exactly is spent once, or was taken back by a record."""
    credits, records, timezone = world
    found, rest = paid_for(credits, records, timezone)
    for one in credits:
        spent = [part.amount for item in found for part in item.parts if part.lot.credit is one]
        left = [part.amount for part in rest if part.lot.credit is one]
        for end in ("low", "high"):
            assert sum((getattr(amount, end) for amount in (*spent, *left)), Decimal(0)) <= getattr(one.reward, end)


def test_first_booked_pays_first() -> None:
    first, second = (credit(DAYS[at], 40, 300, 300, "UTC", f"s{at}") for at in (0, 1))
    payout = Record("payout", 1, "mara", "", DAYS[2], cents(400), "USD")
    ((item,), rest) = paid_for([second, first], [payout], "UTC")
    assert [(part.lot.credit, part.amount.low) for part in item.parts] == [(first, cents(300)), (second, cents(100))]
    assert [(part.lot.credit, part.amount.low) for part in rest] == [(second, cents(200))]


def test_what_came_back_paid_for_nothing() -> None:
    booked = credit(DAYS[0], 40, 300, 300, "UTC", "s0")
    failed = Record("payout", 1, "mara", "", DAYS[2], cents(300), "USD", status="failed", ended=DAYS[3])
    back = failed._replace(day=DAYS[3], amount=cents(-300), leg="back")
    found, rest = paid_for([booked], [failed, back], "UTC")
    assert not found and [part.amount.low for part in rest] == [cents(300)]
