"""The frames of one log until it ends: whose room it is, which way round the end flags are, which equal frames are which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from diamondctl.combos import COMBO
from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers.gift_rows import Settings, naive_notice
from diamondctl.records import Frame
from diamondctl.words import counted

# Taps of one combo follow each other within seconds.
_TAP: Final = 30_000_000
_RISES: Final = 3  # so many counts in a row, each one more than the last, are no separate gifts


class Frames:
    """Collects frames of one document; `hand_over` completes them."""

    def __init__(self, file: str, settings: Settings, log: ProblemLog) -> None:
        self._file, self._settings, self._log = file, settings, log
        self._frames: list[Frame] = []
        self._streaking: list[int] = []  # places in `_frames` whose end flag is the opposite of a `streaking` flag
        self._hosts: dict[tuple[str, str], str] = {}  # (name, id) -> room
        self.room = ""  # of the last event that named one
        self.naive_times = 0
        self._inverted = ""

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self._frames)

    def price(self, place: int, coins: int) -> None:
        """The coins of one unit of a frame that was added without."""
        self._frames[place] = self._frames[place]._replace(coins=coins)

    def add(self, frame: Frame) -> None:
        """A frame with an end flag, or none."""
        self._frames.append(frame if frame.room else frame._replace(room=self.room))

    def add_streaking(self, frame: Frame, *, going_on: bool) -> None:
        """A frame of a log that says whether the combo goes on instead of whether it ends."""
        self._streaking.append(len(self._frames))
        self.add(frame._replace(repeat_end=int(not going_on)))

    def host(self, name: str, user_id: str, room: str) -> None:
        """The log names a room, its host, or both; frames that follow and name no room are of this one."""
        self.room = room or self.room
        if name or user_id:
            self._hosts[name, user_id] = room or self._hosts.get((name, user_id), "")

    @property
    def streaking(self) -> bool:
        """Whether any frame said whether its combo goes on instead of whether it ends."""
        return bool(self._streaking)

    def take_back(self) -> list[Frame]:
        """The frames that were collected so far, which are collected no longer."""
        frames, self._frames = self._frames, []
        return frames

    def put_back(self, frames: list[Frame]) -> None:
        """Frames that were taken back."""
        self._frames += frames

    def hand_over(self, take: Callable[[Frame], None]) -> int:
        """Complete the frames and hand them on; logs E001 when nothing names a creator."""
        if self._streaking:
            self._turn_flags()
        says_end = any(frame.repeat_end >= 0 for frame in self._frames)
        equal: Counter[Frame] = Counter()
        nameless: list[Frame] = []
        hosts: dict[str, tuple[str, str]] = {}
        for frame in self._frames:
            name, host = hosts.get(frame.room) or hosts.setdefault(frame.room, self._host_of(frame.room))
            creator = frame.creator or name or self._settings.creator
            if not creator:
                nameless.append(frame)
                continue
            # Some programs leave out what is false.
            end = 0 if frame.repeat_end < 0 and says_end else frame.repeat_end
            host = host or frame.host
            done = frame
            if (creator, host, end) != (frame.creator, frame.host, frame.repeat_end):  # of a long log mostly not
                done = frame._replace(creator=creator, host=host, repeat_end=end)
            if not done.message_id:
                content = done._replace(line=0)
                done = done._replace(occurrence=equal[content])
                equal[content] += 1
            take(done)
        if nameless:
            message = f"{counted(len(nameless), 'gift event')} and nothing that names the creator"
            hint = "whose room was it? --creator NAME"
            self._log.add(Problem("E001", message, hint, self._file, nameless[0].line))
        return len(self._frames)

    def _host_of(self, of: str) -> tuple[str, str]:
        """Name and id of the host of a room, as far as the log tells."""
        hosts = list(self._hosts)
        if len({name for name, _ in hosts if name}) > 1:
            hosts = [host for host, room in self._hosts.items() if room and room == of]
        return next((name for name, _ in hosts if name), ""), next((user for _, user in hosts if user), "")

    def _turn_flags(self) -> None:
        """TikTokLive 4.5.2 has `streaking` the wrong way round. What such a log holds shows it.

        In a log that is right a count that goes on is followed by itself, closing. The other way round, counts that
        "closed" rise one by one, and are followed by one that "goes on". A log without the last kind was filtered by the
        wrong flag and holds nothing but unfinished frames.
        """
        runs: dict[tuple[str, ...], list[Frame]] = {}
        for place in self._streaking:
            frame = self._frames[place]
            if frame.gift_type in (COMBO, 0):
                runs.setdefault((frame.room, frame.sender, frame.gift_id or frame.gift, frame.group), []).append(frame)
        right = wrong = longest = 0
        for run in runs.values():
            rises = 0
            for one, other in pairwise(sorted(run, key=lambda frame: (frame.time, frame.repeat_count))):
                near = other.time - one.time <= _TAP
                right += near and not one.repeat_end and other.repeat_end == 1 and other.repeat_count == one.repeat_count
                wrong += near and one.repeat_end == 1 and not other.repeat_end and other.repeat_count == one.repeat_count
                rising = near and bool(one.repeat_end and other.repeat_end) and other.repeat_count == one.repeat_count + 1
                rises = rises + 1 if rising else 0
                longest = max(longest, rises)
        filtered = all(frame.repeat_end == 1 for run in runs.values() for frame in run)
        if filtered and longest + 1 >= _RISES:
            # Only unfinished frames: every combo counts as far as it was seen.
            for place in self._streaking:
                self._frames[place] = self._frames[place]._replace(repeat_end=0)
            self._inverted = "its 'streaking' flag is inverted (as in TikTokLive 4.5.2) and only unfinished frames were kept"
        elif wrong > right:
            for place in self._streaking:
                self._frames[place] = self._frames[place]._replace(repeat_end=1 - self._frames[place].repeat_end)
            self._inverted = "its 'streaking' flag is inverted, as in TikTokLive 4.5.2; it was read the right way round"

    def notices(self) -> list[str]:
        """What is worth saying about the log."""
        return [*filter(None, [self._inverted]), *naive_notice(self.naive_times, self._settings)]
