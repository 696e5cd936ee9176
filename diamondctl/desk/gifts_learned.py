"""The prices of gifts that logs carry: id, name, coins, first and last day, how often. Who sent them is not looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from diamondctl import periods
from diamondctl.desk.intake import Opening, documents_of, each_source
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import sources
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.recognise import read
from diamondctl.readers.sources import Source
from diamondctl.records import Frame, Gift
from diamondctl.reports.gifts_learned import Learned, Seen, learned

# The coins of a gift id at an instant by the gift catalogue, or None.
Listed = Callable[[str, str, int], int | None]


def learn(files: Sequence[str], rows: Settings, opening: Opening, listed: Listed) -> Learned:
    """What some logs, and gift files with ids, say of prices; refuses with the problems of all of them.

    The same message in two logs counts once.
    """
    found = sources.find(list(files))
    log, aside = ProblemLog(), list[sources.Aside]()
    seen: dict[tuple[str, str, int], Seen] = {}
    messages: set[tuple[object, ...]] = set()
    nameless, part_name = [0], [""]

    def note(row: Gift | Frame, message: tuple[object, ...]) -> None:
        if row.coins < 0 or message in messages:
            return
        messages.add(message)
        if not row.gift_id:
            nameless[0] += 1
            return
        key = (row.gift_id, row.gift, row.coins)
        before = seen.get(key)
        mine = Seen(row.gift_id, row.gift, row.coins, _day(row.time), _day(row.time), row.time, 1)
        seen[key] = mine if before is None else before.plus(mine)

    def gift(row: Gift) -> None:
        note(row, (row.creator, row.event_id) if row.event_id else (part_name[0], row.line))

    def frame(row: Frame) -> None:
        note(row, (row.message_id,) if row.message_id else (row.gift_id, row.sender, row.time, row.repeat_count))

    def take(source: Source) -> None:
        for part in documents_of(source, opening, found, rows, aside):
            part_name[0] = part.name
            read(part, rows, log, gift, frame, lambda total: None)

    def refused(refusal: Refusal) -> None:
        for problem in refusal.problems:
            log.add(problem)

    each_source(found, opening, take, refused, aside)
    # What a log leaves out is no problem here: another line may carry it.
    problems = [problem for problem in log.problems if problem.code != "E004"]
    if problems:
        raise Refusal(problems)
    if not seen:
        hint = "a log of LIVE events with diamondCount, or a gift file with gift_id"
        raise Refusal(Problem("E011", "no gift with an id and its coins", hint, found.names[0] if found.names else ""))
    return learned(seen.values(), nameless[0], listed)


def _day(instant: int) -> date:
    """The day in UTC."""
    return periods.local_day(instant // periods.QUARTER, "UTC")
