"""Which reader a source belongs to, decided by its content, and reading it to gifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import gift_csv
from diamondctl.readers.gift_json import GiftObjects
from diamondctl.readers.gift_rows import GiftRows, Settings
from diamondctl.readers.sources import Source
from diamondctl.records import Gift


class Read(NamedTuple):
    """What is known of a source once it has been read to its end."""

    kind: str
    sha256: str
    rows: int
    notices: tuple[str, ...]


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]) -> Read:
    """Hand every gift of the source to `take`; every problem goes to `log`, and reading goes on after it where it can.

    Refuses at once only what makes the rest unreadable: the wrong kind of file, the wrong encoding, a useless header.
    """
    rows = GiftRows(source.name, settings, log)
    count = 0
    extra: tuple[str, ...] = ()
    try:
        first = source.first_character()
        if first in ("[", "{"):
            objects = GiftObjects(source, rows, log)
            kind = "gift JSON" if first == "[" else "gift JSONL"
            for gift in objects.items() if first == "[" else objects.lines():
                take(gift)
                count += 1
            extra = tuple(objects.extra)
        else:
            header = gift_csv.read_header(source, rows)
            kind = "gift CSV"
            for gift in gift_csv.gifts(source, header, rows, log):
                take(gift)
                count += 1
            extra = header.extra
    except UnicodeDecodeError:
        raise Refusal([*log.problems, source.bad_bytes()], total=log.total + 1) from None
    except UnicodeError as error:
        hint = "without a mark at the beginning say utf-16-le or utf-16-be"
        problem = Problem("F005", f"not {source.encoding}: {error}", hint, source.name)
        raise Refusal(problem) from None
    notices = rows.finish()
    if extra:
        notices.append("columns kept out: " + ", ".join(extra))
    return Read(kind, source.sha256(), count, tuple(notices))
