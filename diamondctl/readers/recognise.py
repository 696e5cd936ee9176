"""Which reader a source belongs to, decided by its content, and reading it to gifts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from diamondctl import repairs
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows, fast_csv, gift_csv
from diamondctl.readers.cells import listed
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_json import GiftObjects
from diamondctl.readers.gift_rows import COLUMNS, GiftRows, Settings
from diamondctl.readers.sources import MAX_WHOLE, Source
from diamondctl.records import Gift


class Read(NamedTuple):
    """What is known of a source once it has been read to its end."""

    kind: str
    sha256: str
    rows: int
    notices: tuple[str, ...]
    columns: tuple[str, ...] = COLUMNS  # as the file spells them; for JSON the plain ones
    repairs: tuple[tuple[int, tuple[str, ...]], ...] = ()  # line -> document and place of a rejected row


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]) -> Read:
    """Hand every gift of the source to `take`; every problem goes to `log`, and reading goes on after it where it can.

    Refuses at once only what makes the rest unreadable: the wrong kind of file, the wrong encoding, a useless header.
    """
    rows = GiftRows(source.name, settings, log)
    count = 0
    extra: tuple[str, ...] = ()
    spelled: tuple[str, ...] = COLUMNS
    try:
        first = source.first_character()
        if first == "[" and source.size > MAX_WHOLE:
            hint = "write it as JSON Lines, one object a line"
            raise Refusal(Problem("F010", f"a JSON list of more than {MAX_WHOLE:,} bytes", hint, source.name))
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
            extra, spelled = header.extra, header.spelled
    except UnicodeDecodeError:
        raise Refusal([*log.problems, source.bad_bytes()], total=log.total + 1) from None
    except UnicodeError as error:
        hint = "without a mark at the beginning say utf-16-le or utf-16-be"
        problem = Problem("F005", f"not {source.encoding}: {error}", hint, source.name)
        raise Refusal(problem) from None
    notices = _with_extra(rows.finish(), extra)
    return Read(kind, source.sha256(), count, notices, spelled, tuple(rows.repairs.items()))


def mends(source: Source) -> str:
    """The document whose rejected rows this file brings back, as its first row names it; blank for any other file."""
    try:
        if source.first_character() in ("[", "{"):
            return ""
        header = gift_csv.read_header(source, GiftRows(source.name, Settings(creator="-"), ProblemLog()))
        if not header.repaired:
            return ""
        records = csv_rows.records(source.text, header.delimiter, first_line=2, file=source.name, log=ProblemLog())
        at = header.names.index(repairs.COLUMNS[0])
        return next((record.fields[at] for record in records if len(record.fields) > at), "")
    except (Refusal, UnicodeError):
        return ""
    finally:
        source.rewind()


def read_fast(source: Source, settings: Settings) -> tuple[Read, Fast] | None:
    """The same for a large plain CSV in a file, by `fast_csv`; None when `read` has to do it."""
    header = _fast_header(source, settings)
    if header is None:
        return None
    found = fast_csv.read(source.name, source.stream, header, GiftRows(source.name, settings, ProblemLog()))
    if found is None:
        source.rewind()
        return None
    return Read("gift CSV", found.sha256, found.rows, _with_extra(found.notices, header.extra)), found


def keep_fast(source: Source, settings: Settings, key: bytes, target: Path) -> tuple[Read, dict[str, str]] | None:
    """Write the rows of a large plain CSV to the Parquet file `target`, gifters as aliases under `key`.

    Returns the facts and the names by alias; None when `read` has to do it.
    """
    header = _fast_header(source, settings)
    if header is None or header.repaired:
        return None
    rows = GiftRows(source.name, settings, ProblemLog())
    found = fast_csv.keep(source.name, source.stream, header, rows, key, target)
    if found is None:
        source.rewind()
        return None
    return Read("gift CSV", found.sha256, found.rows, _with_extra(found.notices, header.extra)), found.names


def _fast_header(source: Source, settings: Settings) -> gift_csv.Header | None:
    """The header of a file that is large and plain enough for `fast_csv`."""
    if source.size < fast_csv.WORTH_IT or source.encoding != "utf-8" or source.first_character() in ("[", "{"):
        return None
    try:
        return gift_csv.read_header(source, GiftRows(source.name, settings, ProblemLog()))
    except (Refusal, UnicodeError):
        source.rewind()
        return None


def _with_extra(notices: list[str], extra: tuple[str, ...]) -> tuple[str, ...]:
    return (*notices, "columns kept out: " + listed(extra)) if extra else tuple(notices)
