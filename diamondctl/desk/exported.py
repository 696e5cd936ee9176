"""What was exported to somebody's books, in a file beside them: a line an entry, so that `--new` goes on from there."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from diamondctl.files import opened
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.posting import Line, Noted, Notes


def read_notes(path: str, books: str) -> Notes:
    """The notes in a file; none where there is no file. Refuses (F014) a file that is none, or that of other books."""
    try:
        with opened(Path(path)) as stream:
            lines = stream.read().decode().splitlines()
    except FileNotFoundError:
        return Notes()
    except OSError as error:
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", path)) from None
    except UnicodeDecodeError:
        raise _none(path) from None
    try:
        head, *rows = map(json.loads, lines)
        if head["exported_to"] != books:
            hint = "keep a file for each of your books"
            raise Refusal(Problem("F014", f"these are notes of what was exported to {head['exported_to']}", hint, path))
        return Notes({row["id"]: _noted(row) for row in rows}, date.fromisoformat(head["asserted"]))
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        raise _none(path) from None


def notes_text(notes: Notes, books: str) -> str:
    """The file: the same notes give the same bytes."""
    rows: list[dict[str, object]] = [{"exported_to": books, "asserted": str(notes.asserted)}]
    rows += [
        {
            "id": item.id,
            "day": str(item.day),
            "text": item.text,
            "times": item.times,
            "lines": [[line.account, line.place, f"{line.amount:f}", line.currency] for line in item.lines],
        }
        for _, item in sorted(notes.entries.items())
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def _noted(row: dict[str, object]) -> Noted:
    lines, times = row["lines"], row["times"]
    assert isinstance(lines, list) and isinstance(times, int)
    found = tuple(Line(account, place, Decimal(amount), currency) for account, place, amount, currency in lines)
    return Noted(str(row["id"]), date.fromisoformat(str(row["day"])), str(row["text"]), found, times)


def _none(path: str) -> Refusal:
    hint = "name a new file, or the one that an earlier export --new wrote"
    return Refusal(Problem("F014", "is no file of notes on what was exported", hint, path))
