"""Import truth: which gifts count, whatever the documents, their order, their overlap and their repetitions.

The brute force is written from the rules: rows with an event id are one gift per (creator, id); rows without
one are as many as the document that holds most of them says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ledger.gather import Gathering
from diamondctl.periods import QUARTER
from diamondctl.problems import Problem, ProblemLog
from diamondctl.records import Document, Gift, Usage
from tests.build import gift

Rows = list[Gift]
MINUTE = 60_000_000
START = 1_790_000_000_000_000 // QUARTER * QUARTER


class Gathered(NamedTuple):
    usage: list[Usage]
    documents: list[Document]
    problems: list[Problem]
    known_coins: int
    elsewhere_coins: int


def gather(*documents: Rows, region: str = "US", one_document: bool | None = None) -> Gathered:
    """Take whole documents as a command does; they are named a.csv, b.csv, ..."""
    log = ProblemLog()
    one = len(documents) == 1 if one_document is None else one_document
    gathering = Gathering(region_of=lambda *_: region, log=log, one_document=one)
    for number, rows in enumerate(documents):
        gathering.begin(f"{chr(ord('a') + number)}.csv")
        for row in rows:
            gathering.take(row)
        gathering.end("gift CSV", "", ())
    usage = gathering.usage()
    return Gathered(usage, list(gathering.documents), log.problems, gathering.known_coins, gathering.elsewhere_coins)


def brute_force(*documents: Rows, region: str = "US") -> list[Usage]:
    """The gifts that count, summed by quarter of an hour."""
    by_id: dict[tuple[str, str], list[Gift]] = defaultdict(list)
    most: Counter[Gift] = Counter()
    for rows in documents:
        here: Counter[Gift] = Counter()
        for row in rows:
            if row.event_id:
                by_id[row.creator, row.event_id].append(row)
            else:
                # Time, creator, receiver, region, stream, gifter, gift id or else name, coins, quantity.
                name = "" if row.gift_id else row.gift
                receiver = "" if row.receiver == row.creator else row.receiver
                here[row._replace(gift=name, receiver=receiver, region=row.region or region, line=0)] += 1
        most |= here
    counted = list(most.elements())
    for rows in by_id.values():
        filled = rows[0]
        for row in rows[1:]:
            filled = filled._replace(
                receiver=filled.receiver or row.receiver,
                region=filled.region or row.region,
                stream=filled.stream or row.stream,
            )
        counted.append(filled._replace(region=filled.region or region))
    cells: dict[tuple[str, str, str, int], Rows] = {}
    for row in counted:
        if row.receiver in ("", row.creator):
            cells.setdefault((row.creator, row.region, row.stream, row.time // QUARTER), []).append(row)
    usage = []
    for key, mine in cells.items():
        seconds = [row.time // 1_000_000 for row in mine]
        usage.append(Usage(*key, sum(row.coins * row.quantity for row in mine), len(mine), min(seconds), max(seconds)))
    return sorted(usage)


# Few values, so that rows are often equal, and often differ in one thing only.

times = st.integers(0, 5).map(lambda step: START + step * 7 * MINUTE)
nameless = st.builds(
    gift,
    times,
    st.integers(1, 2),
    st.integers(1, 2),
    creator=st.sampled_from(("mara", "noor")),
    name=st.sampled_from(("Rose", "Lion")),
    gifter=st.sampled_from(("", "fan")),
    gift_id=st.sampled_from(("", "5655")),
    stream=st.sampled_from(("", "s1", "s2")),
    receiver=st.sampled_from(("", "", "mara", "guest")),
    region=st.sampled_from(("", "GB")),
    line=st.integers(2, 99),
)
# What an id stands for is the same in every document: the id decides everything but the line.
named = st.builds(
    lambda number, line: gift(
        START + number * 4 * MINUTE,
        number % 3 + 1,
        number % 2 + 1,
        creator=("mara", "noor")[number % 2],
        event_id=f"e{number // 2}",
        stream=("", "s1")[number // 4 % 2],
        receiver=("", "mara", "guest")[number % 3],
        region=("", "GB")[number // 3 % 2],
        line=line,
    ),
    st.integers(0, 11),
    st.integers(2, 99),
)
rows_of_a_document = st.lists(nameless | named, max_size=10)
several_documents = st.lists(rows_of_a_document, min_size=1, max_size=4)


@given(several_documents)
def test_usage_equals_brute_force(documents: list[Rows]) -> None:
    found = gather(*documents)
    assert found.usage == brute_force(*documents)
    assert not found.problems


@given(several_documents, st.data())
def test_the_order_of_documents_and_of_rows_never_matters(documents: list[Rows], data: st.DataObject) -> None:
    shuffled = [data.draw(st.permutations(rows)) for rows in data.draw(st.permutations(documents))]
    one, other = gather(*documents), gather(*shuffled)
    assert (one.usage, one.problems) == (other.usage, other.problems)
    assert (one.known_coins, one.elsewhere_coins) == (other.known_coins, other.elsewhere_coins)


@given(several_documents, st.data())
def test_repeating_documents_changes_nothing(documents: list[Rows], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(documents), max_size=3))
    assert gather(*documents, *again).usage == gather(*documents).usage


def test_repeating_a_document_does_not_leave_out_its_coins_to_others_twice() -> None:
    rows = [gift(START, 100, receiver="guest"), gift(START, 10_000, receiver="guest", event_id="e1")]
    assert gather(rows).elsewhere_coins == 10_100
    assert gather(rows, rows).elsewhere_coins == 10_100


@given(rows_of_a_document, st.integers(1, 3))
def test_a_split_that_parts_no_equal_rows_without_id_changes_nothing(rows: Rows, parts: int) -> None:
    pages: list[Rows] = [[] for _ in range(parts)]
    for number, row in enumerate(rows):
        # Rows with an id may go anywhere, equal rows without one stay together.
        key = number if row.event_id else row.time // MINUTE + row.coins + len(row.stream)
        pages[key % parts].append(row)
    assert gather(*pages).usage == gather(rows).usage == gather(rows, one_document=False).usage


@given(rows_of_a_document, st.integers(0, 6), st.integers(0, 6))
def test_overlapping_exports_of_whole_minutes_add_nothing_twice(rows: Rows, one: int, other: int) -> None:
    begin, end = sorted((START + one * 7 * MINUTE, START + other * 7 * MINUTE))
    # Both hold everything from `begin` to `end`, and together they hold all.
    early = [row for row in rows if row.time < end]
    late = [row for row in rows if row.time >= begin]
    assert gather(early, late).usage == gather(rows).usage


@given(nameless, st.integers(1, 5), st.integers(1, 5))
def test_equal_rows_without_id_are_all_kept_and_the_maximum_over_documents_counts(row: Gift, one: int, other: int) -> None:
    counts = row.receiver in ("", row.creator)
    for documents, expected in (([[row] * one], one), ([[row] * one, [row] * other], max(one, other))):
        usage = gather(*documents).usage
        assert sum(item.gifts for item in usage) == (expected if counts else 0)
        assert sum(item.coins for item in usage) == (expected * row.coins * row.quantity if counts else 0)


@given(named, st.integers(1, 5), st.integers(0, 5))
def test_rows_with_the_same_id_and_content_are_one_gift(row: Gift, one: int, other: int) -> None:
    usage = gather([row] * one, [row] * other).usage
    assert usage == gather([row]).usage
    assert sum(item.gifts for item in usage) == (1 if row.receiver in ("", row.creator) else 0)


@given(several_documents)
def test_rows_and_coins_of_every_import_are_cleared(documents: list[Rows]) -> None:
    found = gather(*documents)
    for document, rows in zip(found.documents, documents, strict=True):
        assert document.rows == len(rows) == document.new + document.known + document.elsewhere
        assert min(document.new, document.known, document.elsewhere) >= 0
    assert sum(document.new for document in found.documents) == sum(row.gifts for row in found.usage)
    coins = sum(row.coins * row.quantity for rows in documents for row in rows)
    assert coins == sum(row.coins for row in found.usage) + found.known_coins + found.elsewhere_coins


# A later export with more columns


full = gift(START, 5, 2, event_id="e1", stream="s1", receiver="mara", region="GB")
blanks = st.sets(st.sampled_from(("stream", "receiver", "region")))


@given(st.lists(blanks, min_size=1, max_size=4))
def test_an_export_with_more_columns_is_no_conflict_in_any_order(left_blank: list[set[str]]) -> None:
    versions = [
        full._replace(**dict.fromkeys(names, ""))  # type: ignore[arg-type]
        for names in left_blank
    ]
    filled = gather(*([row] for row in [*versions, full]))
    second = START // 1_000_000
    assert filled.usage == [Usage("mara", "GB", "s1", START // QUARTER, 10, 1, second, second)]
    for documents in ([full, *versions], [*versions[:1], full, *versions[1:]], [*reversed(versions), full]):
        found = gather(*([row] for row in documents))
        assert (found.usage, found.problems) == (filled.usage, [])
        assert gather(documents).usage == filled.usage


def test_a_receiver_that_a_later_export_names_leaves_the_gift_out_in_any_order() -> None:
    blank, to_guest = full._replace(receiver=""), full._replace(receiver="guest")
    for documents in ([[blank], [to_guest]], [[to_guest], [blank]], [[blank, to_guest]], [[to_guest, blank]]):
        found = gather(*documents)
        assert (found.usage, found.elsewhere_coins, found.known_coins) == ([], 10, 10)
        assert [sum(getattr(document, name) for document in found.documents) for name in ("new", "elsewhere", "known")] == [
            0,
            1,
            1,
        ], "a gift that does not count is not new"


def test_gifts_to_another_receiver_than_the_creator_are_left_out_with_and_without_id() -> None:
    rows = [
        gift(START, 1, receiver=""),
        gift(START, 10, receiver="mara"),
        gift(START, 100, receiver="guest"),
        gift(START, 1_000, receiver="mara", event_id="e1"),
        gift(START, 10_000, receiver="guest", event_id="e2"),
    ]
    found = gather(rows)
    assert [(row.coins, row.gifts) for row in found.usage] == [(1_011, 3)]
    assert found.elsewhere_coins == 10_100
    assert found.documents[0].elsewhere == 2


# Conflicts


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"coins": 6}, "coins"),
        ({"time": START + 1}, "time"),
        ({"quantity": 3}, "quantity"),
        ({"receiver": "guest"}, "receiver"),
        ({"coins": 6, "time": START + 1}, "time and coins"),
    ],
)
def test_the_same_id_with_other_content_is_a_problem_that_names_both_lines(change: dict[str, object], said: str) -> None:
    first, second = full._replace(line=7), full._replace(line=9, **change)  # type: ignore[arg-type]
    hint = "one id is one gift: correct or remove one of the rows"
    within = Problem("G040", f"event id 'e1' again with other {said}; first on line 7", hint, "a.csv", 9)
    across = Problem("G040", f"event id 'e1' again with other {said}; first on a.csv:7", hint, "b.csv", 9)
    assert gather([first, second]).problems == [within]
    assert gather([first], [second]).problems == [across]


@given(several_documents, st.sampled_from(("coins", "time", "quantity")), st.data())
def test_one_conflicting_row_is_found_wherever_it_stands(documents: list[Rows], name: str, data: st.DataObject) -> None:
    rows = [row for document in documents for row in document if row.event_id]
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    documents = [list(document) for document in documents]
    target = data.draw(st.sampled_from(documents))
    target.insert(data.draw(st.integers(0, len(target))), row._replace(**{name: getattr(row, name) + 1}))
    assert {problem.code for problem in gather(*documents).problems} == {"G040"}


def test_the_same_id_of_two_creators_is_two_gifts() -> None:
    found = gather([full, full._replace(creator="noor", receiver="noor", coins=9)])
    assert [(row.creator, row.coins) for row in found.usage] == [("mara", 10), ("noor", 18)]
    assert not found.problems


def test_a_gift_id_identifies_a_gift_whose_name_was_translated() -> None:
    rose, german = gift(START, name="Rose", gift_id="5655"), gift(START, name="Röschen", gift_id="5655")
    assert [row.gifts for row in gather([rose], [german]).usage] == [1]
    named_only = [rose._replace(gift_id=""), german._replace(gift_id="")]
    assert [row.gifts for row in gather(named_only[:1], named_only[1:]).usage] == [2]


# Regions, and what cannot be told


@given(rows_of_a_document)
def test_the_region_asked_for_fills_only_blanks(rows: Rows) -> None:
    found = gather(rows, region="US").usage
    assert found == brute_force(rows, region="US")
    named = [row._replace(region=row.region or "US") for row in rows]
    assert gather(named, region="JP").usage == found


def doubts(*documents: Rows) -> list[str]:
    gathering = Gathering(region_of=lambda *_: "US", log=ProblemLog(), one_document=len(documents) == 1)
    for number, rows in enumerate(documents):
        gathering.begin(f"{chr(ord('a') + number)}.csv")
        for row in rows:
            gathering.take(row)
        gathering.end("gift CSV", "", ())
    problems = gathering.doubtful()
    assert {problem.code for problem in problems} <= {"G041"}
    return [f"{problem.file} {problem.message}" for problem in problems]


DAY = 96 * QUARTER
MIDNIGHT = START // DAY * DAY
PLAIN = gift(MIDNIGHT, 5, 2)


def test_one_export_with_more_columns_than_another_over_the_same_day_is_refused_with_what_is_at_stake() -> None:
    rows = [PLAIN, PLAIN._replace(time=MIDNIGHT + 1, coins=7)]
    fuller = [row._replace(gifter="fan", gift_id="5655", stream="s1", region="US") for row in rows]
    assert doubts(rows, fuller) == [
        "b.csv mara on 1 day (2026-09-21, UTC): 2 gifts (24 coins) here in rows without event ids but with gifter, gift_id, "
        "stream, region, 2 gifts (24 coins) in a.csv in rows without event ids"
    ]
    assert len(doubts(fuller, rows)) == 1
    assert len(doubts(rows, fuller, rows)) == 2, "each pair of files"


@pytest.mark.parametrize("name", ["gifter", "gift_id", "stream", "region", "event_id"])
def test_one_filled_cell_makes_another_kind(name: str) -> None:
    other = [PLAIN._replace(time=MIDNIGHT + DAY - 1, **{name: "GB"}), PLAIN._replace(time=MIDNIGHT + 5 * DAY)]  # type: ignore[arg-type]
    kind = "rows with event ids" if name == "event_id" else f"rows without event ids but with {name}"
    (said,) = doubts([PLAIN], other)
    assert said.endswith(f"1 gift (10 coins) here in {kind}, 1 gift (10 coins) in a.csv in rows without event ids")


def test_a_receiver_who_is_the_creator_is_as_good_as_none() -> None:
    named = [PLAIN._replace(receiver="mara")]
    assert doubts([PLAIN], named) == []
    assert [row.gifts for row in gather([PLAIN], named).usage] == [1], "the same gift"
    assert [row.gifts for row in gather([PLAIN, *named]).usage] == [2], "two rows of one file are two gifts"


def test_a_row_without_id_in_a_document_with_ids_does_not_switch_the_question_off() -> None:
    ids = [gift(MIDNIGHT, event_id="e1"), gift(MIDNIGHT + 60 * MINUTE, event_id="e2")]
    inside = gift(MIDNIGHT + 30 * MINUTE)
    assert doubts([*ids, inside]) == [], "one document says itself what it holds"
    assert len(doubts(ids, [inside])) == len(doubts([*ids, inside], [inside])) == len(doubts([inside], [*ids, inside])) == 1


def test_kinds_that_share_no_day_of_a_creator_raise_no_question() -> None:
    ids = [gift(MIDNIGHT, event_id="e1"), gift(MIDNIGHT + 2 * DAY, event_id="e2")]
    assert doubts(ids, [gift(MIDNIGHT - 1), gift(MIDNIGHT + DAY), gift(MIDNIGHT + 3 * DAY)]) == []
    assert doubts(ids, [gift(MIDNIGHT, creator="noor")]) == []


@given(
    st.lists(nameless, min_size=1, max_size=6),
    st.sets(st.sampled_from(("gifter", "gift_id", "stream", "region"))),
    st.sets(st.sampled_from(("gifter", "gift_id", "stream", "region"))),
)
def test_the_same_rows_exported_with_other_columns_are_refused_or_add_nothing(
    rows: Rows, one: set[str], other: set[str]
) -> None:
    names = ("gifter", "gift_id", "stream", "region")
    first, second = (
        [row._replace(**{name: "GB" if name in columns else "" for name in names}) for row in rows]  # type: ignore[arg-type]
        for columns in (one, other)
    )
    assert bool(doubts(first, second)) == (one != other)
    if one == other:
        assert gather(first, second).usage == gather(first).usage
