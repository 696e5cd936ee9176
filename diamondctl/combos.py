"""Frames of LIVE logs to gifts. Pure: the same set of frames gives the same gifts, whatever their
order, however they are split over documents and however often they are repeated.

A frame that closes a combo is a gift of its count, and so is one of a gift that is never a combo; frames that a closing
one covers are folded into it. A combo without its closing frame counts as far as it was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.problems import Problem
from diamondctl.records import Frame, Gift
from diamondctl.words import counted

COMBO: Final = 1
MAX_PRODUCT: Final = 10**15
# Without a combo id, frames of one sender and gift this far apart belong to two combos. A combo that is still tapped never
# pauses for minutes; a log that lost a stretch of it may.
GAP: Final = 120_000_000
# Two programs that log one message write its time, or that of its arrival.
SAME_TIME: Final = 60_000_000
SHOWN_RECEIVERS: Final = 3
SHOWN_DIFFERENCES: Final = 3
# Before the id of a host that may have been rounded by JavaScript.
ROUNDED: Final = "~"
_REGION: Final = Frame._fields.index("region")  # the fields before it are what the log says

# The coins of one unit by (gift id, name, time), or None. By name only where the log has no ids at all.
Price = Callable[[str, str, int], int | None]
# Whether a receiver's id is that of a host, whose id the log may have rounded.
Same = Callable[[str, str], bool]


class Piece(NamedTuple):
    """What a gift brought in one quarter of an hour: a combo counts where its frames are."""

    quarter: int
    quantity: int
    first: int  # second of the first frame in it, since 1970 UTC
    last: int


class FoldedGift(NamedTuple):
    """A gift, what of it came when, the frame it was counted from, and what is uncertain about it."""

    gift: Gift
    pieces: tuple[Piece, ...]  # by time; their quantities add up to that of the gift, which begins in the first of them
    file: str
    unterminated: bool
    heuristic: bool
    catalogued: bool


class Difference(NamedTuple):
    """A gift whose coins in a log are not those of the catalogue; the log's own count."""

    gift_id: str
    gift: str
    coins: int
    catalogue: int


class Folded(NamedTuple):
    """What a set of frames amounts to. Every frame is counted, folded or repeated."""

    gifts: tuple[FoldedGift, ...]
    folded: tuple[tuple[Frame, int], ...]  # covered by a closing frame, and the coins they would add
    repeated: tuple[Frame, ...]  # the same message again
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]


class Count(NamedTuple):
    """A frame that stands for a gift, and the frames that it covers."""

    frame: Frame
    quantity: int
    covered: Sequence[Frame]
    unterminated: bool
    heuristic: bool


def no_price(gift_id: str, gift: str, time: int) -> int | None:
    """The price without a catalogue."""
    return None


def same_id(exact: str, maybe_rounded: str) -> bool:
    """Whether two ids are one, the second, where it is marked, possibly rounded by JavaScript (it then ends in zeros)."""
    bare = maybe_rounded.removeprefix(ROUNDED)
    if exact == bare:
        return True
    return bare != maybe_rounded and bare.endswith("00") and rounded(exact) == rounded(bare) != ""


def rounded(text: str) -> str:
    """What all ids share that one double stands for; blank for what is no id of at most 20 digits."""
    # A double of 19 digits is printed with 17, and zeros after them.
    return f"{len(text)}:{float(text):.0f}" if text.isascii() and text.isdecimal() and len(text) <= 20 else ""


def fold(frames: Iterable[Frame], price: Price = no_price, same: Same = same_id, *, aliased: bool = False) -> Folded:
    """Gifts of all frames of all documents together; which file a frame is said to come from is the first one's.

    With `aliased` people are aliases, which no problem shows, and the frames that matter most to the reader come last.
    """
    problems: list[Problem] = []
    unique, repeated = _each_once(frames, problems)
    hosts = Hosts(unique, same, problems, aliased)
    groups: dict[tuple[str, ...], list[Frame]] = {}
    counts: list[Count] = []
    for frame in unique:
        if frame.gift_type not in (COMBO, 0):
            counts.append(Count(frame, frame.repeat_count, (), False, False))
            continue
        # The room only where nothing better is there: some programs leave it out, and a group id holds its own start.
        place = ("", frame.group) if frame.group else (frame.room, "")
        groups.setdefault((frame.creator, frame.sender, frame.gift_id or frame.gift, hosts.receiver(frame), *place), []).append(
            frame
        )
    for group in groups.values():
        counts += counts_of(sorted(group, key=_by_time) if len(group) > 1 else group, problems)
    return _price(counts, repeated, price, hosts, problems)


def _by_time(frame: Frame) -> tuple[int, int, int, str, int]:
    return frame.time, frame.repeat_count, frame.repeat_end, frame.message_id, frame.occurrence


def _each_once(frames: Iterable[Frame], problems: list[Problem]) -> tuple[list[Frame], list[Frame]]:
    """One frame per message, with its blanks filled from its repetitions; and the repetitions."""
    by_key: dict[tuple[object, ...], list[Frame]] = {}
    for frame in frames:
        key = (frame.creator, frame.message_id) if frame.message_id else (*frame[:_REGION], frame.occurrence)
        by_key.setdefault(key, []).append(frame)
    unique, repeated = [], []
    for same in by_key.values():
        first, *rest = same
        if rest:
            repeated += rest
            first = _merge(same, problems)
        unique.append(first)
    return unique, repeated


def _merge(same: list[Frame], problems: list[Problem]) -> Frame:
    first = same[0]
    for other in same[1:]:
        different = [
            name.replace("_", " ")
            for name in ("coins", "repeat_count", "repeat_end", "gift_id", "region")
            if getattr(first, name) not in ("", -1)
            and getattr(other, name) not in ("", -1)
            and getattr(first, name) != getattr(other, name)
        ]
        if abs(first.time - other.time) > SAME_TIME:
            different.append("time")
        if different:
            where = f"line {first.line}" if first.file == other.file else f"{first.file}:{first.line}"
            message = f"message '{other.message_id}' again with other {' and '.join(different)}; first on {where}"
            hint = "one message is one frame: leave one of them out"
            if different == ["region"]:
                hint = "use the same --region for all logs of these gifts"
            problems.append(Problem("E006", message, hint, other.file, other.line))
            return first
    if all(other[:-2] == first[:-2] for other in same[1:]):
        return first
    # The order of documents must not decide which spelling wins.
    ordered = sorted(same, key=lambda frame: frame[:-2])
    fields = {
        name: next((value for frame in ordered if (value := getattr(frame, name)) not in ("", -1)), getattr(first, name))
        for name in Frame._fields[:-2]
    }
    return Frame(**fields, file=first.file, line=first.line)


class Hosts:
    """Who the host of each creator's room is, so that gifts to guests can be told from gifts to the creator."""

    def __init__(self, frames: Iterable[Frame], same: Same, problems: list[Problem], aliased: bool) -> None:
        named: dict[str, set[str]] = {}
        receivers: dict[str, dict[str, Frame]] = {}
        for frame in frames:
            hosts = named.setdefault(frame.creator, set())
            if frame.host:
                hosts.add(frame.host)
            if to := frame.receiver or frame.receiver_name:
                if frame.creator in (frame.receiver, frame.receiver_name):
                    hosts.add(to)
                seen = receivers.setdefault(frame.creator, {})
                if to not in seen or _first(frame) < _first(seen[to]):
                    seen[to] = frame
        self._hosts: dict[str, set[str]] = {}
        for creator, by_receiver in receivers.items():
            hosts = by_receiver.keys() & named[creator] or {
                receiver for receiver in by_receiver if any(same(receiver, host) for host in named[creator])
            }
            if not named[creator] and len(by_receiver) == 1:
                hosts = set(by_receiver)  # whoever receives every gift is the host
            elif not named[creator] or (len(hosts) > 1 and not hosts <= named[creator]):
                frame = min(by_receiver.values(), key=_first)
                names = ", ".join(sorted(by_receiver)[:SHOWN_RECEIVERS])
                if aliased:
                    seen_last = list(by_receiver.values())[-SHOWN_RECEIVERS:]
                    frame = seen_last[-1]
                    names = "first on " + " and ".join(f"{item.file}:{item.line}" for item in seen_last)
                message = f"gifts to {counted(len(by_receiver), 'receiver')} ({names}), and nothing says which is the host"
                hint = "give the host's user id or handle as --creator"
                problems.append(Problem("E005", message, hint, frame.file, frame.line))
            self._hosts[creator] = hosts

    def receiver(self, frame: Frame) -> str:
        """Blank for the host and where the log does not say."""
        to = frame.receiver or frame.receiver_name
        return "" if not to or to in self._hosts[frame.creator] else to


def _first(frame: Frame) -> tuple[str, int, int]:
    return frame.file, frame.line, frame.time


def counts_of(frames: list[Frame], problems: list[Problem]) -> list[Count]:
    """Gifts of the frames of one combo id, or of one sender and gift where there are no combo ids. `frames` by time."""
    guessed = not frames[0].group
    counts: list[Count] = []
    going: list[Frame] = []  # frames that no closing one covers yet
    peak = 0
    if guessed and len(frames) > 1 and all(frame.repeat_end < 0 for frame in frames):
        problems.append(_cannot_tell(frames))
        return []

    def broken_off() -> None:
        top = max(going, key=lambda frame: (frame.repeat_count, *_by_time(frame)))
        if guessed and top.gift_type == 0 and len(going) > 1:
            problems.append(_cannot_tell(going))
            return
        covered = [frame for frame in going if frame is not top]
        # A gift of unknown type that came once may well be one that never is a combo.
        counts.append(Count(top, top.repeat_count, covered, top.gift_type == COMBO or bool(covered), guessed))

    last = frames[0].time
    for frame in frames:
        if going and guessed and (frame.time - last > GAP or frame.repeat_count < peak):
            broken_off()
            going, peak = [], 0
        last = frame.time
        if frame.repeat_end != 1:
            going.append(frame)
            peak = max(peak, frame.repeat_count)
            continue
        if going and frame.repeat_count < peak:
            # The counter fell, so this closes another combo than the one that counted so far.
            fall = max(index for index, earlier in enumerate(going) if earlier.repeat_count > frame.repeat_count) + 1
            going, rest = going[:fall], going[fall:]
            broken_off()
            going = rest
        counts.append(Count(frame, frame.repeat_count, tuple(going), False, guessed))
        going, peak = [], 0
    if going:
        broken_off()
    return counts


def _cannot_tell(frames: Sequence[Frame]) -> Problem:
    frame = min(frames, key=_first)
    message = (
        f"{counted(len(frames), 'event')} of gift '{frame.gift or frame.gift_id}' without gift type, end flag and combo id"
    )
    hint = "frames of a combo cannot be told from gifts; log repeatEnd, groupId or giftType too"
    return Problem("E007", message, hint, frame.file, frame.line)


def _price(counts: list[Count], repeated: list[Frame], price: Price, hosts: Hosts, problems: list[Problem]) -> Folded:
    gifts: list[FoldedGift] = []
    folded: list[tuple[Frame, int]] = []
    differences: dict[Difference, None] = {}
    unpriced: dict[tuple[str, str], list[Frame]] = {}
    for count in counts:
        frame = count.frame
        coins = max((item.coins for item in (frame, *count.covered)), default=-1) if frame.coins < 0 else frame.coins
        listed = price(frame.gift_id, frame.gift, frame.time)
        catalogued = coins < 0
        if coins < 0:
            if listed is None:
                unpriced.setdefault((frame.gift_id, frame.gift), []).append(frame)
                continue
            coins = listed
        elif listed is not None and listed != coins:
            differences[Difference(frame.gift_id, frame.gift, coins, listed)] = None
        quantity = max(count.quantity, 1)
        if coins * quantity > MAX_PRODUCT:
            message = f"coins x quantity is {coins * quantity:,}, more than {MAX_PRODUCT:,}"
            problems.append(Problem("G022", message, "coins are those of one unit", frame.file, frame.line))
            continue
        # By position, which takes half the time: a log has hundreds of thousands.
        gift = Gift(
            frame.time, frame.creator, frame.gift, coins, quantity, frame.message_id, frame.sender, frame.gift_id, frame.room,
            hosts.receiver(frame), frame.region or max((item.region for item in count.covered), default=""), frame.line,
        )  # fmt: skip
        pieces = pieces_of(count, quantity)
        gifts.append(FoldedGift(gift, pieces, frame.file, count.unterminated, count.heuristic, catalogued))
        folded += [(item, coins * max(item.repeat_count, 1)) for item in count.covered]
    problems += [_unpriced(*key, frames) for key, frames in sorted(unpriced.items())]
    gifts.sort(key=lambda item: (item.gift[:-1], item.unterminated))
    return Folded(tuple(gifts), tuple(folded), tuple(repeated), tuple(sorted(differences)), tuple(problems))


def pieces_of(count: Count, quantity: int) -> tuple[Piece, ...]:
    """The quantity of a gift by the quarters of its frames."""
    if not count.covered:
        second = count.frame.time // periods.MICROSECONDS
        return (Piece(count.frame.time // periods.QUARTER, quantity, second, second),)
    frames = sorted((*count.covered, count.frame), key=_by_time)
    first, last = frames[0].time, frames[-1].time
    if first // periods.QUARTER == last // periods.QUARTER:
        return (Piece(first // periods.QUARTER, quantity, first // periods.MICROSECONDS, last // periods.MICROSECONDS),)
    pieces: list[Piece] = []
    reached = 0
    for frame in frames:
        second, quarter = frame.time // periods.MICROSECONDS, frame.time // periods.QUARTER
        now = quantity if frame is frames[-1] else min(max(frame.repeat_count, 1, reached), quantity)
        if pieces and pieces[-1].quarter == quarter:
            pieces[-1] = pieces[-1]._replace(quantity=pieces[-1].quantity + now - reached, last=second)
        else:
            pieces.append(Piece(quarter, now - reached, second, second))
        reached = now
    return tuple(pieces)


def _unpriced(gift_id: str, gift: str, frames: list[Frame]) -> Problem:
    first = min(frames, key=_first)
    what = f"gift id {gift_id}" + (f" ('{gift}')" if gift else "") if gift_id else f"gift '{gift}'"
    message = f"{what} has no coin value here and none in the gift catalogue ({counted(len(frames), 'gift')})"
    hint = "add it to a gifts.yaml of your own and give its folder: --rates DIR"
    return Problem("E004", message, hint, first.file, first.line)


def counts(folded: Folded) -> dict[str, dict[str, int]]:
    """Per file, the counts of `records.Document` that only frames have, with their coins."""
    of_files: dict[str, Counter[str]] = {}
    for item in folded.gifts:
        of = of_files.setdefault(item.file, Counter())
        for name in ("unterminated", "heuristic", "catalogued"):
            if getattr(item, name):
                of[name] += 1
                of[f"{name}_coins"] += item.gift.coins * item.gift.quantity
    for frame, coins in folded.folded:
        of = of_files.setdefault(frame.file, Counter())
        of["folded"] += 1
        of["folded_coins"] += coins
    return {file: dict(of) for file, of in of_files.items()}


def words(of: Mapping[str, Any]) -> list[str]:
    """What became of the frames of a log, by its `counts`, with the coins at stake."""
    texts = []
    for name, what, then in (
        ("folded", "in-progress event", "folded: only the one that closes a combo is a gift ({} if each were counted)"),
        ("unterminated", "combo", "without a closing event counted as far as seen ({})"),
        ("heuristic", "gift", "put together by sender, gift and time, without a combo id ({})"),
        ("catalogued", "gift", "valued by the gift catalogue, where the log has no coins ({})"),
    ):
        if number := of.get(name, 0):
            texts.append(f"{counted(number, what)} {then.format(counted(of[f'{name}_coins'], 'coin'))}")
    return texts


def difference_words(items: Sequence[Difference]) -> list[str]:
    """Where a log and the gift catalogue disagree."""
    texts = [
        f"gift {item.gift_id} ('{item.gift}'): the log says {item.coins:,} coins, the gift catalogue {item.catalogue:,}; "
        "the log's own count"
        for item in items[:SHOWN_DIFFERENCES]
    ]
    if (more := len(items) - SHOWN_DIFFERENCES) > 0:
        texts.append(f"{more:,} more gifts whose coins are not those of the gift catalogue")
    return texts
