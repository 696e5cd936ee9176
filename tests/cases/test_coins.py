"""Whose coins a column holds, and what a log says a gift cost: decided on evidence, else asked."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import people

HEADER: Final = people.row("timestamp", "user", "gift", "coins", "count")
LISTED: Final = {"Rose": 1, "Finger Heart": 5}  # in the shipped gift catalogue


def table(gifts: list[tuple[str, int, int]], of_row: bool) -> str:
    """Gifts (name, price, count), minutes apart, with the coins of one or of the row."""
    rows = [
        people.row(f"2026-10-03T19:{index:02}:00Z", f"fan{index}", name, price * (count if of_row else 1), count)
        for index, (name, price, count) in enumerate(gifts)
    ]
    return HEADER + "".join(rows)


counts = st.integers(2, 30)


@given(st.lists(st.tuples(st.sampled_from(tuple(LISTED.items())), counts), min_size=1, max_size=5), st.booleans())
@settings(max_examples=6)
def test_the_catalogue_decides_where_everything_divides(sent: list[tuple[tuple[str, int], int]], of_row: bool) -> None:
    gifts = [(name, price, count) for (name, price), count in sent]
    told = people.sniffed(table(gifts, of_row))
    worth = sum(price * count for _, price, count in gifts)
    assert (told.code, told.coins) == (0, worth)


@given(st.integers(1, 500), st.lists(counts, min_size=2, max_size=5, unique=True), st.booleans())
@settings(max_examples=6)
def test_one_gift_in_several_numbers_decides(price: int, numbers: list[int], of_row: bool) -> None:
    told = people.sniffed(table([("Puffin Ride", price, count) for count in numbers], of_row))
    assert (told.code, told.coins) == (0, price * sum(numbers))


@given(st.integers(1, 50), counts)
@settings(max_examples=6)
def test_what_nothing_decides_is_asked(price: int, count: int) -> None:
    """60 coins beside 3 gifts nobody knows are 60 or 180."""
    told = people.sniffed(table([("Puffin Ride", price, count)], True))
    assert (told.code, "coins: of one gift or of the row?" in told.said) == (3, True)
    decided = people.sniff(table([("Puffin Ride", price, count)], True))[1]
    head, _, rest = decided.partition("decide:\n")
    answered = head + "coins_are: row\n" + rest[rest.index("schema:") :]
    assert people.read({"x.csv": table([("Puffin Ride", price, count)], True), "p.yaml": answered}).coins == price * count


def test_a_value_that_its_count_does_not_divide_is_of_one() -> None:
    assert people.sniffed(table([("Puffin Ride", 7, 2)], False)).coins == 14


# What a log says itself


def event(second: int, **keys: Any) -> str:
    """One event of a log, flat."""
    fixed = {"type": "gift", "userId": "6800000000000000201", "giftName": "Puffin Ride", "giftId": 999_777}
    return json.dumps(fixed | {"timestamp": 1_791_400_000_000 + 1_000 * second} | keys) + "\n"


def combo(**price: int) -> str:
    """Taps 1 to 4 and the end, with the price of one as it is, of all times the count."""
    said = []
    for second, (count, end) in enumerate(((1, False), (2, False), (4, False), (4, True))):
        keys = {name: value * count if name.startswith("all_") else value for name, value in price.items()}
        said.append(
            event(
                second, repeatCount=count, repeatEnd=end, **{name.removeprefix("all_"): value for name, value in keys.items()}
            )
        )
    return "".join(said)


@pytest.mark.parametrize(
    "name",
    [
        "diamondUnit",
        "giftValue",
        "giftCost",
        "diamondCost",
        "gift_price",
        "CoinCost",
        "coinsPerGift",
        "unitPrice",
        "giftDiamondCount",
    ],
)
def test_the_price_of_one_is_read_under_its_known_names(name: str) -> None:
    assert people.read({"x.jsonl": combo(**{name: 9})}).coins == 36


@pytest.mark.parametrize("name", ["totalCost", "giftTotalDiamonds", "total_gift_cost"])
def test_a_total_is_parted_by_the_count_and_checked_beside_a_price(name: str) -> None:
    assert people.read({"x.jsonl": combo(**{f"all_{name}": 9})}).coins == 36
    assert people.read({"x.jsonl": combo(**{f"all_{name}": 9, "giftValue": 9})}).coins == 36
    assert "E010" in people.read({"x.jsonl": combo(**{f"all_{name}": 8, "giftValue": 9})}).said


@pytest.mark.parametrize("name", ["precioDelRegalo", "valorX", "gift_coins", "worthInDiamonds"])
def test_a_price_under_any_other_name_is_what_its_combos_show(name: str) -> None:
    for text in (combo(**{name: 9}), combo(**{f"all_{name}": 9})):
        told = people.read({"x.jsonl": text})
        assert (told.coins, f"coins read from '{name}'" in told.said) == (36, True)
    one = event(0, repeatCount=4, repeatEnd=True, **{name: 36})
    told = people.read({"x.jsonl": one})
    assert (told.code, f"E010 '{name}' may be what this gift cost: of one, or of all 4?" in told.said) == (2, True)
    # The way out that it names.
    code, proposal = people.sniff(one, "x.jsonl")
    assert ("kind: events" in proposal, code) == (True, 3)


def test_the_catalogue_never_wins_over_a_price() -> None:
    told = people.read({"x.jsonl": event(0, giftName="Rose", giftId=5655, repeatCount=2, repeatEnd=True, giftValue=1_500)})
    assert (told.coins, "the log says 1,500 coins, the gift catalogue 1" in told.said) == (3_000, True)


@pytest.mark.parametrize(
    "name", ["ts", "receivedAt", "received_at", "timeStamp", "TIMESTAMP_MS", "logged", "arrival_time", "when", "t", "recv_ts"]
)
@pytest.mark.parametrize("value", [1_791_400_003_000, 1_791_400_003, "2026-10-07T19:06:43Z"])
def test_the_time_may_stand_around_the_event_under_any_name(name: str, value: Any) -> None:
    data = {
        "giftId": 5655,
        "giftType": 1,
        "repeatCount": 5,
        "repeatEnd": True,
        "diamondCount": 1,
        "userId": "6800000000000001302",
    }
    for log in ({"type": "gift", "data": data, name: value}, {"type": "gift", "data": data | {name: value}}):
        told = people.read({"x.jsonl": json.dumps(log)}, period="2026-10")
        assert (told.code, told.coins) == (0, 5)


def test_what_is_not_known_can_be_said_by_a_profile_and_still_folds() -> None:
    log = "".join(
        json.dumps({"k": "g", "wer": "ana", "was": "Rose", "kost": 2, "n": count, "aus": end, "uhr": 1_791_400_000_000 + count})
        + "\n"
        for count, end in ((1, 0), (3, 0), (3, 1))
    ) + json.dumps({"k": "chat", "wer": "ana", "uhr": 1_791_400_000_009}) + "\n"  # fmt: skip
    mine = (
        "schema: 1\nname: x\nkind: events\nfile: json\ndate_format: epoch_ms\nwhere: {k: g}\n"
        "columns: {timestamp: uhr, gift: was, coins: kost, quantity: n, gifter: wer, end: aus}\n"
    )
    told = people.read({"x.jsonl": log, "p.yaml": mine})
    assert (told.code, told.gifts, told.coins) == (0, 1, 6)
    assert "1 row left out by where: chat 1" in told.said
