"""Folding: the same set of frames gives the same gifts, whatever their order, split, repetition, or the loss of middle ones."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.combos import GAP, Folded, fold, same_id
from diamondctl.records import Frame

SECOND = 1_000_000
START = 1_790_000_000 * SECOND


@dataclass(frozen=True)
class Combo:
    """A combo as it was sent."""

    start: int  # seconds
    sender: str
    count: int
    closed: bool = True


def frames_of(combo: Combo, *, group: bool = True, gift_type: int = 1) -> list[Frame]:
    """Its frames; what they say is enough for any log that has combo ids."""
    taps = [*((tap, 0) for tap in range(1, combo.count + 1)), *([(combo.count, 1)] if combo.closed else [])]
    return [
        Frame(
            time=START + (combo.start + step) * SECOND,
            creator="mara",
            room="r",
            sender=combo.sender,
            sender_name="",
            gift_id="5655",
            gift="Rose",
            gift_type=gift_type,
            coins=1,
            repeat_count=count,
            repeat_end=end,
            group=f"{combo.start}" if group else "",
            message_id=f"{combo.sender}-{combo.start}-{step}",
            receiver="",
            receiver_name="",
            host="",
        )
        for step, (count, end) in enumerate(taps)
    ]


def gifts(folded: Folded) -> list[tuple[int, str, int]]:
    return [(item.gift.time, item.gift.gifter, item.gift.quantity) for item in folded.gifts]


# One fan's combos of one gift never overlap: each begins at least twenty seconds after the one before.
combos = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6), st.booleans()), min_size=1, max_size=6).map(
    lambda rows: [Combo(20 * number, *row) for number, row in enumerate(rows)]
)
closed_combos = combos.map(lambda found: [Combo(item.start, item.sender, item.count) for item in found])


@given(combos, st.booleans(), st.data())
def test_order_split_and_repetition_never_matter(sent: list[Combo], group: bool, data: st.DataObject) -> None:
    frames = [frame for combo in sent for frame in frames_of(combo, group=group)]
    again = data.draw(st.lists(st.sampled_from(frames), max_size=8))
    shuffled = data.draw(st.permutations([*frames, *again]))
    parted = [frame._replace(file=data.draw(st.sampled_from("xyz")), line=9) for frame in shuffled]
    one, other = fold(frames), fold(parted)
    assert gifts(one) == gifts(other)
    assert [(item.unterminated, item.heuristic) for item in one.gifts] == [
        (item.unterminated, item.heuristic) for item in other.gifts
    ]
    assert len(other.repeated) == len(again)
    assert len(other.gifts) + len(other.folded) + len(other.repeated) == len(parted)


@given(combos)
def test_every_combo_is_one_gift_of_its_count(sent: list[Combo]) -> None:
    folded = fold([frame for combo in sent for frame in frames_of(combo)])
    assert sorted((sender, quantity) for _, sender, quantity in gifts(folded)) == sorted(
        (combo.sender, combo.count) for combo in sent
    )
    assert sum(item.unterminated for item in folded.gifts) == sum(not combo.closed for combo in sent)
    assert not any(item.heuristic for item in folded.gifts)


@given(closed_combos, st.booleans(), st.data())
def test_losing_middle_frames_changes_nothing(sent: list[Combo], group: bool, data: st.DataObject) -> None:
    frames = [frame for combo in sent for frame in frames_of(combo, group=group)]
    kept = [frame for frame in frames if frame.repeat_end or data.draw(st.booleans())]
    assert gifts(fold(kept)) == gifts(fold(frames))


@given(combos, st.data())
def test_a_combo_that_never_closes_counts_as_far_as_it_was_seen(sent: list[Combo], data: st.DataObject) -> None:
    kept = {combo: data.draw(st.integers(1, combo.count)) for combo in sent}
    frames = [frame for combo in sent for frame in frames_of(combo)[: kept[combo]]]
    assert sorted(quantity for *_, quantity in gifts(fold(frames))) == sorted(kept.values())


@given(closed_combos, st.integers(1, 5))
def test_a_combo_that_goes_over_two_logs_is_one(sent: list[Combo], cut: int) -> None:
    frames = [frame for combo in sent for frame in frames_of(combo)]
    first, second = frames[: cut * 2], frames[cut:]
    parted = [*(frame._replace(file="a") for frame in first), *(frame._replace(file="b") for frame in second)]
    assert gifts(fold(parted)) == gifts(fold(frames))


def test_the_rose_of_the_rule_is_three_coins() -> None:
    """Counts 1, 2, 3 going on and 3 closing are 3 coins, not 9."""
    folded = fold(frames_of(Combo(0, "a", 3)))
    assert [(item.gift.coins * item.gift.quantity) for item in folded.gifts] == [3]
    assert sum(coins for _, coins in folded.folded) == 6


def test_gifts_that_are_no_combos_are_each_one() -> None:
    frames = [frame for start in (0, 1) for frame in frames_of(Combo(start, "a", 1, closed=False), gift_type=2)]
    assert [item.gift.quantity for item in fold(frames).gifts] == [1, 1]


def test_without_combo_ids_a_pause_parts_two_combos() -> None:
    late = Combo(2 + GAP // SECOND, "a", 3, closed=False)
    frames = [*frames_of(Combo(0, "a", 2, closed=False), group=False), *frames_of(late, group=False)[2:]]
    assert [item.gift.quantity for item in fold(frames).gifts] == [2, 3]


def test_without_type_end_flag_and_combo_id_nothing_is_guessed() -> None:
    frames = [frame._replace(gift_type=0, repeat_end=-1) for frame in frames_of(Combo(0, "a", 3, closed=False), group=False)]
    folded = fold(frames)
    assert [problem.code for problem in folded.problems] == ["E007"]
    assert fold(frames[:1]).problems == ()


def test_a_message_with_other_content_is_a_conflict_and_blanks_are_filled() -> None:
    (frame, *_) = frames_of(Combo(0, "a", 1), gift_type=2)
    other = frame._replace(file="b", line=7)
    conflict = fold([frame, other._replace(coins=2)])
    assert [(problem.code, problem.file, problem.line) for problem in conflict.problems] == [("E006", "b", 7)]
    filled = fold([frame._replace(coins=-1, room=""), other])
    assert [(item.gift.coins, item.gift.stream) for item in filled.gifts] == [(1, "r")]


@given(st.permutations([0, 1, 2]))
def test_which_document_came_first_decides_no_spelling(order: list[int]) -> None:
    (frame, *_) = frames_of(Combo(0, "a", 1), gift_type=2)
    spelled = [frame._replace(gift="Rose", time=frame.time + 5), frame._replace(gift="Röschen"), frame._replace(gift="")]
    assert fold([spelled[place] for place in order]).gifts == fold(spelled).gifts


def test_prices_come_from_the_catalogue_only_where_the_log_has_none() -> None:
    (frame, *_) = frames_of(Combo(0, "a", 1), gift_type=2)
    listed = fold([frame._replace(coins=-1), frame._replace(coins=3, message_id="x")], lambda *_: 5)
    assert sorted((item.gift.coins, item.catalogued) for item in listed.gifts) == [(3, False), (5, True)]
    assert [tuple(item) for item in listed.differences] == [("5655", "Rose", 3, 5)]
    assert [problem.code for problem in fold([frame._replace(coins=-1)]).problems] == ["E004"]


def test_rounded_ids_are_one_with_the_exact_only_where_they_look_rounded() -> None:
    assert same_id("7187292886273524763", "~7187292886273525000")
    assert same_id("7187292886273525000", "~7187292886273525000")
    assert not same_id("7187292886273524763", "7187292886273525000"), "an id that the log has as text is exact"
    assert not same_id("7187292886273524763", "~7187292886273524764")
    assert not same_id("mara", "~7187292886273525000")
