"""Event logs beside each other and beside documents of gifts: each gift once, and every frame accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ledger.gather import Gathering
from diamondctl.periods import DAY
from diamondctl.problems import ProblemLog
from diamondctl.records import Document, Frame, Gift, Usage
from tests.build import gift
from tests.test_combos import START, Combo, closed_combos, frames_of

Rows = Sequence[Frame | Gift]


def gather(*documents: Rows) -> tuple[list[Usage], tuple[Document, ...], list[str], list[str]]:
    """Usage, documents, codes of problems, codes of doubts. Documents are named a, b, ..."""
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=len(documents) == 1)
    for number, rows in enumerate(documents):
        name = chr(ord("a") + number)
        gathering.begin(name)
        for row in rows:
            if isinstance(row, Frame):
                gathering.take_frame(row._replace(file=name))
            else:
                gathering.take(row)
        gathering.end("x", "", ())
    gathering.fold()
    doubts = [problem.code for problem in gathering.doubtful()]
    return gathering.usage(), gathering.documents, [problem.code for problem in log.problems], doubts


@given(closed_combos, st.lists(st.tuples(st.integers(0, 12), st.integers(1, 30)), min_size=1, max_size=3))
def test_overlapping_logs_count_every_gift_once_and_account_for_every_frame(
    sent: list[Combo], pages: list[tuple[int, int]]
) -> None:
    frames = [frame for combo in sent for frame in frames_of(combo)]
    documents = [frames, *(frames[start : start + length] for start, length in pages)]
    usage, facts, problems, doubts = gather(*documents)
    assert (problems, doubts) == ([], [])
    assert usage == gather(frames)[0]
    assert sum(row.gifts for row in usage) == len(sent)
    for document, rows in zip(facts, documents, strict=True):
        assert document.rows == len(rows) == document.new + document.known + document.elsewhere + document.folded
    assert sum(document.folded for document in facts) == len(frames) - len(sent)


def test_a_log_whose_gifts_a_document_of_gifts_holds_adds_nothing() -> None:
    frames = frames_of(Combo(0, "a", 3))
    same = gift(frames[-1].time, 1, 3, event_id=frames[-1].message_id)
    usage, facts, problems, doubts = gather([same], frames)
    assert (problems, doubts, [(row.coins, row.gifts) for row in usage]) == ([], [], [(3, 1)])
    assert [(document.new, document.known, document.folded) for document in facts] == [(1, 0, 0), (0, 1, 3)]
    assert gather([same._replace(coins=2)], frames)[2] == ["G040"]


def test_two_sources_that_share_no_gift_and_speak_of_the_same_time_are_doubtful() -> None:
    frames = frames_of(Combo(0, "a", 3))
    assert gather([gift(START, 1, 3, event_id="e1")], frames)[3] == ["G041"]
    assert gather([gift(START - 3_600_000_000, 1, 3, event_id="e1")], frames)[3] == []


def test_rows_without_ids_over_a_day_of_a_log_are_doubtful_for_a_folded_gift_is_never_the_same_row() -> None:
    frames = frames_of(Combo(0, "a", 3))
    nameless = [frame._replace(message_id="", group="") for frame in frames]
    alike = gift(frames[-1].time, 1, 3, gifter="a", gift_id="5655", stream="r")
    for log in (frames, nameless):
        for row in (gift(START, 1, 3), alike):
            assert gather([row], log)[3] == gather(log, [row])[3] == ["G041"]
            assert gather([row._replace(time=START - DAY)], log)[3] == []
            assert gather([row._replace(creator="vio")], log)[3] == []


def test_logs_are_compared_with_each_other_if_both_have_ids_or_neither() -> None:
    frames = frames_of(Combo(0, "a", 3))
    nameless = [frame._replace(message_id="", group="") for frame in frames]
    assert gather(frames, frames[2:])[3] == gather(nameless, nameless)[3] == []
    assert gather(frames, nameless)[3] == ["G041"]


def test_a_doubt_says_what_each_side_holds() -> None:
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=False)
    gathering.begin("rows.csv")
    gathering.take(gift(START, 5, 1, gifter="a"))
    gathering.end("x", "", ())
    gathering.begin("log.jsonl")
    for frame in frames_of(Combo(0, "a", 3)):
        gathering.take_frame(frame._replace(file="log.jsonl"))
    gathering.end("x", "", ())
    gathering.fold()
    assert [(problem.file, problem.message) for problem in gathering.doubtful()] == [
        (
            "log.jsonl",
            "mara on 1 day (2026-09-21, UTC): 1 gift (3 coins) here in events with ids, "
            "1 gift (5 coins) in rows.csv in rows without event ids but with gifter",
        )
    ]


def test_a_log_named_twice_repeats_itself() -> None:
    frames = frames_of(Combo(0, "a", 3))
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=False)
    for _ in range(2):
        gathering.begin("a")
        for frame in frames:
            gathering.take_frame(frame._replace(file="a"))
        gathering.end("x", "", ())
    gathering.fold()
    gathering.usage()
    assert [(item.new, item.known, item.folded) for item in gathering.documents] == [(1, 0, 3), (0, 4, 0)]
