"""LIVE event logs: what each known program writes is read as the same gifts, and every known breakage has its own rule."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.combos import Folded, fold
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import live_fields, recognise
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.sources import Source
from diamondctl.records import Frame, Gift
from tests import live, make_samples

SAMPLES = make_samples.samples()


def read(
    text: str | bytes, *, creator: str = "", salvage: bool = False, zone: str = ""
) -> tuple[list[Frame], Facts, list[Problem]]:
    """Frames of a text, what is known of it, and its problems."""
    log = ProblemLog()
    frames: list[Frame] = []
    data = text.encode() if isinstance(text, str) else text
    source = Source("log.jsonl", io.BytesIO(data), "utf-8", len(data))
    found = recognise.read(source, Settings(creator, zone, salvage), log, no_gift, frames.append)
    return frames, found, log.problems


def no_gift(gift: Gift) -> None:
    """An event log holds no plain gifts."""
    raise AssertionError(gift)


def codes(text: str, **settings: Any) -> list[str]:
    """Codes of the problems of a text."""
    try:
        return [problem.code for problem in read(text, **settings)[2]]
    except Refusal as refusal:
        return [problem.code for problem in refusal.problems]


def totals(folded: Folded) -> list[tuple[int, str, int, int, int, str]]:
    """What counts of some gifts."""
    return [
        (item.gift.time, item.gift.gifter, item.gift.coins, item.gift.quantity, int(item.gift.gift_id or 0), item.gift.receiver)
        for item in folded.gifts
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_its_generator_makes_and_is_read_as_it_was(name: str) -> None:
    assert (make_samples.LIVE / name).read_bytes() == SAMPLES[name].encode()
    assert make_samples.describe(make_samples.LIVE / name) == (make_samples.LIVE / f"{name}.read").read_text("utf-8")


def test_no_sample_is_left_over() -> None:
    assert {path.name for path in make_samples.LIVE.iterdir()} == {*SAMPLES, *(f"{name}.read" for name in SAMPLES)}


@pytest.mark.parametrize("program", live.PROGRAMS)
@given(seed=st.integers(0, 10**6))
def test_every_program_is_read_as_what_was_sent(program: str, seed: int) -> None:
    sent = live.session(seed, 6)
    frames, found, problems = read(live.log(program, live.events(sent)))
    assert (found.kind, problems) == ("LIVE events", [])
    # The time is that of the frame that closes the combo.
    assert totals(fold(frames)) == [
        (
            1_000 * (gift.start + (900 * gift.times if gift.gift_type == 1 else 0)),
            live.fan_id(gift.sender),
            gift.coins,
            gift.times,
            gift.gift_id,
            "",
        )
        for gift in sorted(sent, key=lambda gift: gift.start + 900 * gift.times * (gift.gift_type == 1))
    ]
    assert {frame.room for frame in frames} == {live.ROOM}
    assert {frame.creator for frame in frames} == {live.CREATOR}


@given(st.lists(st.sampled_from(sorted(live.PROGRAMS)), min_size=1, max_size=3), st.integers(0, 10**6))
def test_logs_of_several_programs_over_one_session_are_one(programs: list[str], seed: int) -> None:
    found = live.events(live.session(seed, 5))
    several = [frame for program in programs for frame in read(live.log(program, found))[0]]
    once = fold(read(live.log("connector-1", found))[0])
    together = fold(several)
    assert not together.problems
    assert totals(together) == totals(once)
    assert len(together.repeated) == len(found) * (len(programs) - 1)


def gift_event(**changes: Any) -> dict[str, Any]:
    """One closing frame, with keys of its data changed; None removes a key."""
    item = live.connector_1(live.events([make_samples.ROSE])[-1])
    item["data"] = {key: value for key, value in (item["data"] | changes).items() if value is not None}
    return item


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"giftId": None, "giftName": None, "gift": None}, "E002"),
        ({"createTime": None, "timestamp": None}, "E003"),
        ({"createTime": "12"}, "G014"),
        ({"createTime": "2026-10-31 25:00:00"}, "G012"),
        ({"createTime": 1.5}, "G011"),
        ({"diamondCount": 1.5}, "G020"),
        ({"diamondCount": "-1"}, "G020"),
        ({"diamondCount": 10**16}, "G021"),
        ({"repeatCount": "many"}, "G020"),
        ({"repeatEnd": "perhaps"}, "J005"),
        ({"msgId": 7.26e18}, "G032"),
        ({"msgId": "7.26E+18"}, "G032"),
        ({"msgId": 7269289173839498000}, "G032"),
        ({"msgId": "x" * 200}, "G030"),
        ({"nickname": "\0", "uniqueId": None}, "G031"),
        ({"giftName": True}, "J005"),
    ],
)
def test_a_broken_value_is_refused_with_its_line(changes: dict[str, Any], code: str) -> None:
    text = live.lines([live.CONNECTED, gift_event(**changes)])
    problems = read(text)[2]
    assert [(problem.code, problem.line) for problem in problems] == [(code, 2)]


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("1790000000", 0), (1790000000, 0), ("1790000000123", 0.123), (1790000000123, 0.123), ("2026-09-21T14:13:20Z", 0)],
)
def test_a_time_is_an_epoch_in_seconds_or_milliseconds_or_a_written_time(time: str | int, seconds: float) -> None:
    (frame,), _, problems = read(live.lines([live.CONNECTED, gift_event(createTime=time)]))
    assert (frame.time, problems) == (1_790_000_000_000_000 + int(seconds * 1_000_000), [])


def test_ids_of_zero_and_blank_values_are_as_good_as_missing() -> None:
    text = live.lines([live.CONNECTED, gift_event(createTime="0", timestamp=1790000000001, groupId="0", receiverUserId="0")])
    (frame,), _, _ = read(text)
    assert (frame.time, frame.group, frame.receiver) == (1_790_000_000_001_000, "", "")


def test_a_host_that_is_only_named_by_a_rounded_id_is_told_from_a_guest() -> None:
    sent = [make_samples.ROSE, make_samples.ROSE._replace(start=live.START + 60_000, receiver=live.GUEST)]
    frames, _, problems = read(live.lines(live.connector_1(event) for event in live.events(sent)), creator="mara")
    assert not problems
    assert [item.gift.receiver for item in fold(frames).gifts] == ["", live.GUEST]


def test_several_receivers_without_a_host_are_refused_and_the_creator_may_be_its_id() -> None:
    sent = [make_samples.ROSE, make_samples.ROSE._replace(start=live.START + 60_000, receiver=live.GUEST)]
    objects = [live.connector_2(event) for event in live.events(sent)]
    assert [problem.code for problem in fold(read(live.lines(objects), creator="mara")[0]).problems] == ["E005"]
    told = fold(read(live.lines(objects), creator=live.HOST)[0])
    assert ([item.gift.receiver for item in told.gifts], told.problems) == (["", live.GUEST], ())


def test_a_log_that_names_no_creator_needs_one() -> None:
    objects = [live.connector_1(event) for event in live.events([make_samples.ROSE])]
    assert codes(live.lines(objects)) == ["E001"]
    assert codes(live.lines(objects), creator="mara") == []
    assert codes(live.lines([item | {"creator": "mara"} for item in objects])) == []


def test_the_rooms_of_one_log_have_each_their_host() -> None:
    other = json.loads(json.dumps(live.CONNECTED).replace(live.ROOM, "7390000000000000998").replace("mara", "noor"))
    event = live.connector_2(live.events([make_samples.ROSE])[-1])
    text = live.lines([live.CONNECTED, other, event, json.loads(json.dumps(event).replace(live.ROOM, "7390000000000000998"))])
    assert [frame.creator for frame in read(text)[0]] == ["mara", "noor"]


def test_the_csv_logger_needs_a_zone_and_a_creator() -> None:
    text = live.logger_csv(live.events([make_samples.ROSE]))
    assert codes(text, creator="mara") == ["E008"]
    assert codes(text, zone="America/Los_Angeles") == ["E001"]
    frames, found, problems = read(text, creator="mara", zone="America/Los_Angeles")
    assert (found.kind, problems, frames[0].time) == ("LIVE gift logger CSV", [], live.START * 1_000)


@given(st.data())
def test_a_log_cut_anywhere_is_refused_or_salvaged_to_its_complete_records(data: st.DataObject) -> None:
    text = SAMPLES["connector-2.jsonl"].encode()
    at = data.draw(st.integers(len(SAMPLES["connector-2.jsonl"].splitlines()[0].encode()) + 2, len(text) - 2))
    cut = text[:at]
    whole = cut.decode("utf-8", "ignore")
    complete = whole.count("\n")
    broken = bool(whole.rsplit("\n", 1)[1].strip())
    if len(whole.encode()) != at:  # in the middle of a character: the encoding is wrong
        return
    frames = read(text[: cut.rfind(b"\n") + 1])[0] if complete > 1 else []
    if broken and not _is_json(whole.rsplit("\n", 1)[1]):
        problems = read(cut, creator="mara")[2]
        assert [(problem.code, problem.line) for problem in problems] == [("F011", complete + 1)]
        start = cut.rfind(b"\n") + 2
        assert f"byte {start:,}:" in problems[0].message
        salvaged, found, problems = read(cut, creator="mara", salvage=True)
        assert (salvaged, problems, len(found.lost)) == (frames, [], 1)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_a_list_that_is_cut_off_is_salvaged_too() -> None:
    text = SAMPLES["list.json"]
    cut = text[: text.rindex('"nickname"')]
    assert codes(cut) == ["F011"]
    frames, found, problems = read(cut, salvage=True)
    assert (len(frames), len(found.lost), problems) == (31, 1, [])


# Whatever a file holds, there is a problem or there are frames; nothing else is raised.

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
FUZZED_FIELDS = ("gift_id", "coins", "time", "sender_id")
known_keys = st.sampled_from(
    sorted(
        {
            key
            for paths in (*(live_fields.FIELDS[name] for name in FUZZED_FIELDS), live_fields.HOST_ID)
            for path in paths
            for key in path
        }
    )
)
fuzzed = st.dictionaries(known_keys, json_values | st.dictionaries(known_keys, json_values, max_size=4), max_size=8)


@given(st.lists(fuzzed, min_size=1, max_size=4), st.booleans())
def test_any_event_gives_frames_or_problems(objects: list[dict[str, Any]], salvage: bool) -> None:
    text = live.lines([gift_event(), *({"event": "gift", "data": item} for item in objects)])
    frames, _, problems = read(text, creator="mara", salvage=salvage)
    assert len(frames) + len(problems) >= len(objects) + 1
    fold(frames)


@given(st.binary(max_size=200), st.integers(0, 2_000))
def test_any_bytes_in_a_log_give_frames_or_problems(noise: bytes, at: int) -> None:
    text = SAMPLES["connector-2.jsonl"].encode()[:4_000]
    try:
        read(text[:at] + noise + text[at:], creator="mara")
    except Refusal as refusal:
        assert refusal.problems
