"""JSON Lines by typed decoding find what the strict readers find, or leave the file to them: usage, notices, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.combos import Difference, fold
from diamondctl.ledger.gather import Gathering
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import plain_lines, recognise
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Document, Frame, Usage
from tests import live
from tests.readers.test_fast_csv import GOOD
from tests.support import run


class Outcome(NamedTuple):
    """What came of a file."""

    refused: tuple[str, ...]
    document: Document | None = None
    usage: tuple[Usage, ...] = ()
    elsewhere_coins: int = 0
    differences: tuple[Difference, ...] = ()


def price(gift_id: str, gift: str, time: int) -> int | None:
    """A catalogue in which the Rose became dearer in the middle of the sessions, and without the Galaxy."""
    if gift_id == "5655":
        return 1 if time < (live.START + 300_000) * 1_000 else 2
    return {"5487": 5, "5879": 30}.get(gift_id)


def frames_of(path: Path, settings: Settings) -> tuple[list[Frame], Facts] | tuple[str, ...]:
    """Frames as they go into a ledger."""
    log, frames = ProblemLog(), list[Frame]()
    try:
        with open_source(str(path), encoding="utf-8", stdin=None) as source:
            facts = recognise.read(source, settings, log, lambda gift: None, frames.append, price=price)
        log.refuse_if_any()
    except Refusal as refusal:
        return tuple(map(str, refusal.problems))
    if facts.differences is not None:
        folded = fold(frames, price)
        assert (folded.problems, folded.differences) == ((), facts.differences)
    return frames, facts._replace(differences=None)


def strict(path: Path, settings: Settings) -> Outcome:
    """What the strict readers find."""
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=True)
    try:
        with open_source(str(path), encoding="utf-8", stdin=None) as source:
            gathering.begin(source.name)
            facts = recognise.read(source, settings, log, gathering.take, gathering.take_frame)
        log.refuse_if_any()
        gathering.end(facts.kind, facts.sha256, facts.notices)
        gathering.fold(price)
        log.refuse_if_any()
    except Refusal as refusal:
        return Outcome(tuple(map(str, refusal.problems)))
    usage = tuple(gathering.usage())
    return Outcome((), gathering.documents[0], usage, gathering.elsewhere_coins, gathering.differences)


def fast(path: Path, settings: Settings) -> Outcome | None:
    """What the fast path finds, or None when it leaves the file to the strict readers."""
    gathering = Gathering(region_of=lambda *_: "US", log=ProblemLog(), one_document=True)
    try:
        with open_source(str(path), encoding="utf-8", stdin=None) as source:
            found = recognise.read_fast(source, settings, lambda: price)
            if found is None:
                return None
            gathering.begin(source.name)
            facts, sums = found
            counts = sums.counts, sums.differences
            gathering.take_usage(sums.usage, sums.rows, sums.elsewhere, sums.elsewhere_coins, *counts)
    except Refusal:
        return None  # before any reader came to it
    gathering.end(facts.kind, facts.sha256, facts.notices)
    usage = tuple(gathering.usage())
    return Outcome((), gathering.documents[0], usage, gathering.elsewhere_coins, gathering.differences)


VALUES: tuple[bytes, ...] = (
    b"0", b"-0", b"1", b"2", b"-1", b"1.0", b"5e0", b"1e999", b"12345678901234567890123", b"9" * 5_000, b"01", b"+1",
    b"true", b"false", b"null", b"NaN", b"-Infinity", b'""', b'"0"', b'"1"', b'"true"', b'"x"', b'" 5"', b'"5 "',
    b'"7390000000000000000"', b'"7390000000000000012"', b"7390000000000000012", b"7390000000000000100", b'"7.39E+18"',
    b'"2026-10-31T20:15:00Z"', b'"2026-10-31 20:15"', b'"2026-02-30T20:15:00Z"', b"1790000000", b'"1790000000123"',
    b'"1790000900123"', b"1790000900123", b'"0001790000000"', '"１７９０００００００１２３"'.encode(), b"1790000000123456",
    b'"a\\u0000b"', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"e\\u0301"', '"e\u0301"'.encode(), '"\u202e"'.encode(), b'"\x7f"',
    b'"\\q"', b'"\x00"', b'"\xff"', b'"tab\there"', b'"says \\":\\" twice"', b'"http://a:b"', b"[]", b"[1, 2]", b"{}",
    b'{"a": 1}', b'{"a": 1, "a": 2}', b'{"a": [{"b": 1, "b": 2}]}', b"[{}]", b'[{"a": 1}, {"a": 2}]', b"[" * 70 + b"]" * 70,
    b'{"a":' * 70 + b"1" + b"}" * 70, b'"' + b"x" * 1_100 + b'"', b'"Rose"', b'"gift"', b'"chat"', b'"roomInfo"', b'"US"',
    b'"us"', b'"mara"', b'"guest"', b"[1,]", b'"fan00"',
)  # fmt: skip
KEYS = (
    "giftId", "giftName", "giftType", "diamondCount", "repeatCount", "repeatEnd", "groupId", "msgId", "createTime", "userId",
    "uniqueId", "nickname", "receiverUserId", "roomId", "streaking", "event", "type", "data", "gift", "creator", "timestamp",
    "coins", "quantity", "event_id", "gifter", "gift_id", "stream", "receiver", "region", "Coins", " coins", "note", "amount",
    "owner", "roomInfo", "a\\u0062", "qty\\\\x", 'qu\\"ote', "displayId",
)  # fmt: skip


def leaves(line: bytes) -> list[tuple[int, int]]:
    """Where the values of keys begin and end, those that are texts, numbers or words."""
    found = []
    at = line.find(b'": ')
    while at >= 0:
        begin = at + 3
        end = begin
        if line[begin : begin + 1] == b'"':
            end = line.find(b'"', begin + 1) + 1
        else:
            while line[end : end + 1] not in (b",", b"}", b"]", b""):
                end += 1
        if line[begin : begin + 1] not in (b"{", b"["):
            found.append((begin, end))
        at = line.find(b'": ', max(end, begin))
    return found


def _changed(draw: st.DrawFn, line: bytes) -> bytes:
    """A line with one thing about it changed."""
    places = leaves(line)
    if not places:
        return line
    begin, end = draw(st.sampled_from(places))
    what = draw(st.integers(0, 9))
    value = draw(st.sampled_from(VALUES))
    key = draw(st.sampled_from(KEYS)).encode()
    if what <= 4:
        return line[:begin] + value + line[end:]
    if what == 5:  # a key more, perhaps one that is there
        return line[:end] + b', "' + key + b'": ' + value + line[end:]
    if what == 6:  # the same key again
        name = line[line.rfind(b'"', 0, begin - 3) :][: begin - line.rfind(b'"', 0, begin - 3)]
        return line[:end] + b", " + name + draw(st.sampled_from((value, line[begin:end]))) + line[end:]
    if what == 7:  # white space
        space = draw(st.sampled_from((b" ", b"\t", b"\r", b"\n", b"\x0b", "\u00a0".encode(), b"\x00", b"\xef\xbb\xbf")))
        at = draw(st.sampled_from((0, begin - 2, begin, end, len(line))))
        return line[:at] + space + line[at:]
    if what == 8:
        return line[: draw(st.integers(0, len(line)))]
    return line + draw(st.sampled_from((b"}", b"{}", b" x", b",", b"\x00", b"\xff", b"]")))


def _file(draw: st.DrawFn, lines: list[bytes]) -> bytes:
    """Lines in a file, a few of them changed, in another order, repeated or left out; some files are left as they are."""
    lines = list(lines)
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2, 4)))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.integers(0, 11))
        if what == 0 and len(lines) > 1:
            del lines[at]
        elif what == 1:
            lines.insert(draw(st.integers(0, len(lines))), lines[at])
        elif what == 2:
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif what == 3:
            lines.insert(at, draw(st.sampled_from((b"", b"  ", b"5", b"[]", b"{}", b"null", b'{"event": "chat", "a:b": ":"}'))))
        else:
            lines[at] = _changed(draw, lines[at])
    end = draw(st.sampled_from((b"\n", b"\n", b"\n", b"\r\n", b"\r")))
    last = draw(st.sampled_from((end, end, b"")))
    begin = draw(st.sampled_from((b"", b"", b"", b"", b"", b"\xef\xbb\xbf", b"\n")))
    return begin + end.join(lines) + last


def _dumped(objects: Iterable[Any], draw: st.DrawFn) -> list[bytes]:
    ascii_only, compact = draw(st.booleans()), draw(st.integers(0, 3)) == 0
    marks = (",", ":") if compact else None
    return [json.dumps(item, ensure_ascii=ascii_only, separators=marks).encode() for item in objects]


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    """Event logs of every program: plain, nearly plain, broken, hostile."""
    program = draw(st.sampled_from(sorted(live.PROGRAMS)))
    sent = live.session(draw(st.integers(0, 10**6)), draw(st.integers(1, 12)))
    if draw(st.integers(0, 3)) == 0:
        sent[-1] = sent[-1]._replace(receiver=live.GUEST)
    if draw(st.integers(0, 3)) == 0:  # over the end of a quarter of an hour
        sent = [gift._replace(start=gift.start // 900_000 * 900_000 + 899_000 + gift.start % 900_000 // 60) for gift in sent]
    found = live.events(sent)
    if draw(st.integers(0, 3)) == 0:  # without what closes a combo
        found = [event for event in found if event.end == 0 or draw(st.booleans())] or found
    gifts: list[Any] = [live.PROGRAMS[program](event) for event in found]
    if draw(st.integers(0, 3)) == 0:
        for item in gifts:
            (item.get("data") or item).pop(
                draw(st.sampled_from(("diamondCount", "receiverUserId", "giftType", "userId"))), None
            )
    badges = [{"badges": [{"level": level, "url": "https://a.b/c:d"} for level in range(3)]}] * draw(st.integers(0, 1))
    others = [{**item, **(badges[0] if badges else {})} for item in live.OTHERS]
    head = [live.CONNECTED] * draw(st.sampled_from((1, 1, 1, 0, 2)))
    return _file(draw, _dumped([*head, *others[:1], *gifts, *others[1:], *others], draw))


@st.composite
def gifts(draw: st.DrawFn) -> bytes:
    """JSON Lines of gifts: plain, nearly plain, broken, hostile."""
    names = [name for name in GOOD if name in ("timestamp", "creator", "gift", "coins") or draw(st.booleans())]
    names = draw(st.permutations(names))
    rows = []
    cells = {name: draw(st.sampled_from(GOOD[name])) for name in names}
    for number in range(draw(st.integers(1, 12))):
        # Rows mostly say what the one before said: that is what is remembered.
        for name in draw(st.lists(st.sampled_from(names), max_size=2)):
            cells[name] = draw(st.sampled_from(GOOD[name]))
        row: dict[str, Any] = dict(cells)
        if row.get("event_id"):
            row["event_id"] += f"{number}7"
        row |= {name: int(row[name]) for name in ("coins", "quantity") if row.get(name)}
        if row.get("quantity", 1) == "":
            row["quantity"] = None
        if draw(st.integers(0, 9)) == 0:
            row["note"] = draw(st.sampled_from((None, 1.5, "a:b", [], {"a": [{"b": 1}]})))
        rows.append(row)
    return _file(draw, _dumped(rows * draw(st.sampled_from((1, 1, 1, 1, 2))), draw))


settings_ = st.sampled_from([Settings(), Settings(), Settings(creator="kim"), Settings(input_timezone="America/New_York")])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines") / "file.jsonl"


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "LARGE_LINES", 0)
    monkeypatch.setattr(plain_lines, "_CHUNK", 500)  # so that many at once are a few


def assert_same(path: Path, data: bytes, settings: Settings) -> bool:
    """Whether the fast path read it; what it found is what the strict readers find."""
    path.write_bytes(data)
    assert frames_of(path, settings._replace(fast=True)) == frames_of(path, settings)
    by_fast = fast(path, settings)
    if by_fast is None:
        return False
    assert by_fast == strict(path, settings)
    return True


@given(logs(), settings_)
def test_a_log_is_read_as_the_strict_reader_reads_it_or_not_at_all(path: Path, data: bytes, settings: Settings) -> None:
    assert_same(path, data, settings)


@given(gifts(), settings_)
def test_gifts_are_read_as_the_strict_reader_reads_them_or_not_at_all(path: Path, data: bytes, settings: Settings) -> None:
    assert_same(path, data, settings)


@pytest.mark.parametrize("program", sorted(live.PROGRAMS))
def test_a_plain_log_of_every_program_is_taken(path: Path, program: str) -> None:
    """Or the agreement would be an empty promise."""
    data = live.log(program, live.events(live.session(7, 40))).encode()
    assert assert_same(path, data, Settings(creator="kim"))


def test_plain_gifts_are_taken(path: Path) -> None:
    rows = [
        {
            "timestamp": f"2026-10-31T20:{number:02}:00Z", "creator": "mara", "gift": "Rose", "coins": 1, "quantity": 2,
            "event_id": str(7_400_000_000_000_000_001 + number * 7), "gifter": f"fan {number} ☆", "stream": "s1",
        }
        for number in range(50)
    ]  # fmt: skip
    assert assert_same(path, live.lines(rows).encode(), Settings())


SPOILT = [
    lambda one, two: [one.replace("{", '{"gifter": "x", ', 1), two],  # a key twice
    lambda one, two: [one.replace("{", '{"gifter": "x", ', 1), two.replace('"gifter": ', '"gifter", ', 1)],
    lambda one, two: [one + two, "{", two[1:]],  # as many records as lines
    lambda one, two: [one + " " + two, "{", two[1:]],
    lambda one, two: [one + two, "{" + one[1:-1], "}"],
    lambda one, two: [one + two, '{"a":', "{}}"],
    lambda one, two: [one, "[" + two + "]"],
    lambda one, two: [one, two.replace("☆", "\ud800")],
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_spoilt_gifts_among_plain_ones_are_never_taken(path: Path, spoil: Callable[[str, str], list[str]]) -> None:
    """Many lines are read at once, and still each has to be one gift with every key once."""
    lines = live.lines(
        [
            {
                "timestamp": "2026-10-31T20:15:00Z",
                "creator": "mara",
                "gift": "Rose",
                "coins": 1,
                "gifter": "☆",
                "event_id": f"e{i}",
            }
            for i in range(30)
        ]
    ).splitlines()
    data = "\n".join([*lines[:20], *spoil(*lines[20:22]), *lines[22:]]).encode(errors="surrogatepass")
    assert not assert_same(path, data, Settings())
    assert strict(path, Settings()).refused


GIFT = live.connector_1(live.events(live.session(7, 1))[0])
TAP = json.dumps(GIFT)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.replace('"giftId"', '"giftId": 1, "giftId"', 1),
        lambda line: line.replace('"monitorExtra": {', '"monitorExtra": {"x": {"y": 1, "y": 2}, ', 1),
        lambda line: line.replace('"anchor_id"', '"msg_id"', 1),  # as many keys as before, and one of them twice
        lambda line: line.replace('"giftId"', '"gift\\u0049d": 1, "giftId"', 1),
        lambda line: line.replace('"giftId"', '"giftId" : 1, "giftId"', 1),
        lambda line: line + " " + line,
        lambda line: line[:-9],
        lambda line: line.replace('"Fan', '"\x00Fan', 1),
        lambda line: line.replace('"Fan', '"\\u0000Fan', 1),
        lambda line: line.replace('"Fan', '"\\ud800', 1),
        lambda line: line.replace('"diamondCount": ', '"diamondCount": 1e0, "x": ', 1),
        lambda line: line.replace('"diamondCount": ', '"diamondCount": -', 1),
        lambda line: line.replace('"repeatCount": 1', '"repeatCount": 1.0', 1),
        lambda line: line.replace('"repeatCount": 1', '"repeatCount": 1000000000000', 1),
        lambda line: line.replace('"data": {', '"data": {"deep": ' + "[" * 70 + "]" * 70 + ", ", 1),
        lambda line: line.replace('"data": {', '"data": {"huge": ' + "9" * 5_000 + ", ", 1),
        lambda line: line.replace('"data": {', '"data": {"none": NaN, ', 1),
    ],
)  # fmt: skip
def test_one_spoilt_event_in_a_plain_log_is_never_taken(path: Path, spoil: Callable[[str], str]) -> None:
    """What the strict reader refuses in the 400th line it refuses however the others were read."""
    text = live.log("connector-1", live.events(live.session(7, 150)))
    spoilt = spoil(TAP)
    assert spoilt != TAP
    assert not assert_same(path, f"{text}{spoilt}\n".encode(), Settings())
    assert strict(path, Settings()).refused


@pytest.mark.parametrize("file", [live.log("connector-1", live.events(live.session(7, 900))), None], ids=["events", "gifts"])
def test_the_command_says_the_same_either_way(tmp_path: Path, file: str | None) -> None:
    """A file large enough for the fast path, through the real entry point."""
    row = {"timestamp": "2026-10-31T20:00:00Z", "creator": "mara", "gift": "Rose", "coins": 1, "gifter": "fan"}
    path = tmp_path / "large.jsonl"
    path.write_text(file or live.lines([row | {"event_id": f"e{number}"} for number in range(4_000)]))
    command = ("summary", str(path), "--region", "US", "--share", "48", "--json")
    quick = run(*command)
    assert quick.code == 0, quick.err
    assert quick == run(*command, DIAMONDCTL_NO_FAST_PATH="1")


def test_an_import_says_and_holds_the_same_either_way(tmp_path: Path) -> None:
    """A large log, through the real entry point."""
    path = tmp_path / "large.jsonl"
    path.write_text(live.log("connector-1", live.events(live.session(7, 900))))
    said = []
    for strictly in ("", "1"):
        book = str(tmp_path / f"ledger{strictly}")
        done = run("import", str(path), "--region", "US", "--ledger", book, DIAMONDCTL_NO_FAST_PATH=strictly)
        held = run("summary", "--ledger", book, "-p", "2026-09", "--share", "48", "--json")
        assert (done.code, held.code) == (0, 0), done.err + held.err
        said.append((done.out, held.out))
    assert said[0] == said[1]
