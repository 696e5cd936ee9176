"""Laws of statements in the ledger: order, repetition and overlap of imports, undo, the states of a payout, legs that meet."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl import legs
from diamondctl.desk.staged import Importing
from diamondctl.ledger import checkup, opening, recorded
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Refusal
from diamondctl.profiles import store
from diamondctl.readers.gift_rows import MoneyRows, Payer
from diamondctl.records import Record
from tests.ledger.support import bring_in, undone
from tests.support import run

FEW = settings(max_examples=max(settings.default.max_examples // 25, 1))  # type: ignore[union-attr]
HEADER = "Date,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID\n"
CREDITS = """\
schema: 1
name: my-credits
kind: credits
file: csv
columns: {timestamp: Day, amount: Reward}
values: {currency: USD}
"""
INCOME = """\
schema: 1
name: my-income
kind: income
file: csv
columns: {timestamp: Day, amount: Paid, product: What}
values: {currency: USD, account: Kick}
"""
STATES = ("Pending", "Completed")


class Paid(NamedTuple):
    """A payment in a PayPal account, by a number that decides the rest of it."""

    number: int
    status: str = "Completed"

    @property
    def row(self) -> str:
        """Its line."""
        amount = Decimal(self.number % 4 + 1)
        day = date(2026, 10, 20) + timedelta(days=self.number % 3 - (self.status == "Pending"))
        return f"{day},TikTok,Mass Pay,{self.status},USD,{amount:.2f},-0.10,{amount - Decimal('0.10'):.2f},T{self.number},\n"


paid = st.builds(Paid, st.integers(0, 6), st.sampled_from(STATES))
statements = st.lists(st.lists(paid, min_size=1, max_size=5), min_size=2, max_size=3)
told = st.lists(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 2)), min_size=1, max_size=5), min_size=2, max_size=2)


@contextmanager
def ledger() -> Iterator[Path]:
    """A ledger that is gone afterwards, with room beside it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "ledger"


def bring(book: Path, name: str, text: str, profile: str = "") -> None:
    """Import a statement of mara's."""
    file = book.parent / name
    file.write_text(text, "utf-8")
    (book.parent / "p.yaml").write_text(profile, "utf-8")
    profiles = store.find(str(book.parent / "p.yaml")) if profile else ()
    bring_in(book, [file], Importing(Reading(creator="mara"), profiles=profiles, money=MoneyRows((Payer("tiktok"),))))


def held(book: Path) -> list[Record]:
    """What the ledger tells, without numbers and documents, in one order; its documents agree with it."""
    with opening.open_ledger(book) as open_book:
        assert not [item for item in checkup.examine(open_book) if item.status == "damaged"]
        with open_book.reading():
            found = recorded.records(open_book)
    return sorted((item._replace(number=0, places="", also="") for item in found), key=repr)


def text_of(rows: Sequence[Paid]) -> str:
    """A statement."""
    return HEADER + "".join(dict.fromkeys(item.row for item in rows))


@FEW
@given(statements)
def test_order_and_repetition_of_statements_change_nothing(files: list[list[Paid]]) -> None:
    """Nor does it matter that one file holds what others hold; the latest state of a transaction is the one told."""
    results = []
    texts = [text_of(rows) for rows in files]
    for order in (*itertools.islice(itertools.permutations(range(len(texts))), 3), None):
        with ledger() as book:
            for number in order if order is not None else ():
                bring(book, f"{number}.csv", texts[number])
                bring(book, "again.csv", texts[number])
            if order is None:
                bring(book, "all.csv", text_of([item for rows in files for item in rows]))
            results.append(held(book))
    assert all(result == results[0] for result in results)
    transactions = {item.number for rows in files for item in rows}
    assert len(results[0]) == len(transactions)
    arrived = {item.number for rows in files for item in rows if item.status == "Completed"}
    assert sum(item.arrived is not None for item in results[0]) == len(arrived)


@FEW
@given(statements)
def test_undo_is_as_if_it_had_never_been_imported(files: list[list[Paid]]) -> None:
    with ledger() as book, ledger() as never:
        for number, rows in enumerate(files):
            bring(book, f"{number}.csv", text_of(rows))
        undone(book, 1)
        for number, rows in enumerate(files[1:]):
            bring(never, f"{number}.csv", text_of(rows))
        # What the first file had alone is gone; if all of it was known already, nothing is.
        first, rest = {*files[0]}, {item for rows in files[1:] for item in rows}
        if text_of(files[0]) not in map(text_of, files[1:]):
            assert held(book) == held(never)
        else:
            assert first <= rest


@FEW
@given(told)
def test_rows_without_a_transaction_count_as_often_as_one_file_has_them(files: list[list[tuple[int, int]]]) -> None:
    """Of equal rows over files the greatest number counts: an overlap adds nothing twice, and equal tips are two."""
    texts = ["Day,Paid,What\n" + "".join(f"2026-10-{day:02d},{paid}.50,tip\n" for day, paid in rows) for rows in files]
    results = []
    for order in ((0, 1), (1, 0)):
        with ledger() as book:
            for number in order:
                bring(book, f"{number}.csv", texts[number], INCOME)
            results.append(held(book))
    assert results[0] == results[1]
    counts = {row: max(rows.count(row) for rows in files) for rows in files for row in rows}
    assert len(results[0]) == sum(counts.values())
    assert sum(item.amount for item in results[0]) == sum(
        (Decimal(paid) + Decimal("0.5")) * count for (_, paid), count in counts.items()
    )


def test_another_list_of_credits_must_agree(tmp_path: Path) -> None:
    """A day told twice with other amounts is refused with both places, and nothing is stored."""
    book = tmp_path / "ledger"
    bring(book, "a.csv", "Day,Reward\n2026-10-05,3.10\n2026-10-05,1.00\n", CREDITS)
    assert [(item.amount, item.places) for item in records(book)] == [(Decimal("4.10"), "d001:2 d001:3")]
    with pytest.raises(Refusal) as refused:
        bring(book, "b.csv", "Day,Reward\n2026-10-05,3.20\n2026-10-06,1.00\n", CREDITS)
    problem = refused.value.problems[0]
    assert (problem.code, problem.line) == ("S009", 2) and "d001:2" in problem.message
    assert len(records(book)) == 1


def test_a_transaction_with_another_amount_is_refused(tmp_path: Path) -> None:
    book = tmp_path / "ledger"
    bring(book, "a.csv", text_of([Paid(1)]))
    with pytest.raises(Refusal, match="S009"):
        bring(book, "b.csv", text_of([Paid(2), Paid(1)]).replace("2.00,-0.10,1.90", "3.00,-0.10,2.90"))


def records(book: Path) -> list[Record]:
    """What the ledger tells, as it stands."""
    with opening.open_ledger(book) as open_book, open_book.reading():
        return recorded.records(open_book)


def test_a_failed_payout_is_in_the_wallet_again(tmp_path: Path) -> None:
    """It left, it came back, and it is on no way; a reversal takes back what had arrived."""
    book = tmp_path / "ledger"
    rows = (
        "2026-10-12,TikTok,Mass Pay,Pending,USD,300.00,0.00,300.00,T1,\n"
        "2026-10-14,TikTok,Mass Pay,Denied,USD,300.00,0.00,300.00,T1,\n"
        "2026-10-15,TikTok,Mass Pay,Completed,USD,50.00,-1.00,49.00,T2,\n"
        "2026-10-20,TikTok,Payment Reversal,Completed,USD,-50.00,1.00,-49.00,T3,T2\n"
    )
    bring(book, "a.csv", HEADER + rows)
    found = [(str(item.day), item.amount, item.leg, item.status, item.arrived) for item in records(book)]
    assert found == [
        ("2026-10-12", Decimal("300.00"), "in", "failed", None),
        ("2026-10-14", Decimal("-300.00"), "back", "failed", None),
        ("2026-10-15", Decimal("50.00"), "in", "reversed", Decimal("49.00")),
        ("2026-10-20", Decimal("-50.00"), "back", "reversed", Decimal("-49.00")),
    ]


LEFT = ("record", "payout", "300", "USD", "--date", "2026-10-12", "--by", "paypal", "--creator", "mara", "--region", "US")
CAME = HEADER + "2026-10-15,TikTok,Mass Pay,Completed,USD,287.40,0.00,287.40,T1,\n"


@pytest.mark.parametrize("out_first", [True, False])
def test_the_two_legs_of_a_payout_meet_whichever_comes_first(tmp_path: Path, out_first: bool) -> None:
    book = tmp_path / "ledger"

    def leave() -> None:
        done = run(*LEFT, "--ledger", str(book))
        assert not done.code, done.err

    if out_first:
        leave()
    bring(book, "a.csv", CAME)
    if not out_first:
        leave()
    (item,) = records(book)
    assert (item.id, item.also, str(item.day), item.amount) == ("p001", "p002", "2026-10-12", Decimal(300))
    assert (item.arrived, str(item.arrived_on), item.leg) == (Decimal("287.40"), "2026-10-15", "")
    undone(book, 1)
    (item,) = records(book)
    assert item.arrived is None and item.amount == 300


def test_what_a_person_noted_as_arrived_is_the_same_payout(tmp_path: Path) -> None:
    book = tmp_path / "ledger"
    done = run(*LEFT, "--arrived", "287.40", "--arrived-on", "2026-10-15", "--ledger", str(book))
    assert not done.code, done.err
    bring(book, "a.csv", CAME)
    (item,) = records(book)
    assert (item.arrived, item.places) == (Decimal("287.40"), "d001:2")


def leg(number: int, day: int, amount: str, *, came: bool) -> Record:
    """A leg of October, in USD."""
    on = date(2026, 10, day)
    made = Record(
        "payout", number, "mara", "", on, Decimal(amount), "USD", leg="in" if came else "out", places=f"d001:{number}"
    )
    return made._replace(arrived=made.amount, arrived_currency="USD", arrived_on=on) if came else made


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 12), st.sampled_from(("100", "98", "70", "20"))), max_size=6), st.randoms()
)
def test_legs_are_never_lost_and_their_order_is_no_matter(made: list[tuple[bool, int, str]], random: object) -> None:
    """Every leg is in just one payout; where two could be the other of one, none of them meets."""
    items = [leg(number, day, amount, came=came) for number, (came, day, amount) in enumerate(made, 1)]
    found = legs.settled([], items)
    assert sorted(place for item in found for place in item.places.split()) == sorted(item.places for item in items)
    assert legs.settled([], items[::-1]) == found


def test_two_that_could_be_one_stay_apart() -> None:
    """100 left, and both 98 and 97 came: which of them it was, nobody knows."""
    legs_of = [leg(1, 1, "100", came=False), leg(2, 3, "98", came=True), leg(3, 4, "97", came=True)]
    assert len(legs.settled([], legs_of)) == 3
    assert len(legs.settled([], legs_of[:2])) == 1
