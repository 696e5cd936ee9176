"""Proposing a profile for a file: which table and columns look like gifts, how their cells are written, and why.

The proposal is YAML with its evidence as comments. What could be read in two ways, and what is missing, is left open for the
person to decide; whatever the table is, the proposal names all of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl import combos
from diamondctl.problems import NoGiftFile, Problem, ProblemLog, Refusal
from diamondctl.profiles import guesses
from diamondctl.profiles.evidence import Dates, Numbers, numbers
from diamondctl.profiles.guesses import SAMPLE, Guess
from diamondctl.profiles.profile_format import MARKS, OPEN
from diamondctl.readers import not_gifts, tables
from diamondctl.readers.cells import short
from diamondctl.readers.row_kinds import COLUMNS_OF, NEEDED
from diamondctl.readers.sources import Source
from diamondctl.readers.tables import Table
from diamondctl.readers.total_rows import is_total
from diamondctl.words import counted

_SHOWN: Final = 60  # columns
_MISSING: Final = {
    "timestamp": "no column looks like a time; name one under columns",
    "gift": "no column names the gift; name one under columns. If the rows are totals of days, months or LIVEs: kind: totals",
    "coins": "no column looks like the coins of a gift; name one under columns",
    "diamonds": "no column looks like diamonds; name one under columns",
}


class Proposal(NamedTuple):
    """A profile as text, and whether a person has to complete it."""

    text: str
    complete: bool


def propose(source: Source, price: combos.Price = combos.no_price) -> Proposal:
    """The best proposal for a file; `price` is the gift catalogue. Refuses (P005) a file that has no table."""
    form = source.form
    if form == "parquet":
        hint = "its columns need the names of the plain format: diamondctl help files"
        raise Refusal(Problem("P005", "this is Parquet, which no profile maps", hint, source.name))
    log = ProblemLog()
    if form == "json":
        candidates: Iterator[Table] = iter((tables.json_table(source, None, log),))
    elif form == "xlsx":
        candidates = tables.xlsx_tables(source, "", 0)
    else:
        candidates = tables.csv_tables(source, "", 0, log)
    best: tuple[tuple[bool, int, int], Table, list[tables.Row]] | None = None
    for table in candidates:
        columns = guesses.named(table)
        names = sum(1 for name in table.names if name.strip())
        # A header names columns of gifts; of others the widest line is one, and of those the first.
        score = ({"timestamp", "coins"} <= columns.keys(), len(columns), names if form != "xlsx" or not best else 0)
        if names > (form != "json") and (best is None or score > best[0]):
            before = log.total
            rows = list(islice(table.rows, SAMPLE))
            # Text whose lines fall into pieces of all numbers is no table.
            if columns or log.total - before <= len(rows):
                best = score, table, rows
    if best is None:
        hint = "a table needs a line with the names of its columns, or objects with keys"
        raise Refusal(Problem("P005", "no table was found here", hint, source.name))
    _, table, rows = best
    other = not_gifts.known(tables.words(table.names))
    if other is not None and other.headers:
        raise NoGiftFile(other.what, Problem("F012", f"this is {other.what}, no gifts", other.hint, source.name, table.line))
    time = guesses.named(table).get("timestamp", -1)
    sample = [row.cells for row in rows if not is_total(row.cells[time] if time >= 0 else "", row.cells)]
    return _write(source.name, form, guesses.guess(table, sample, len(rows) - len(sample), price))


def _write(file: str, form: str, guess: Guess) -> Proposal:
    open_points: list[str] = []
    marks = [
        numbers(guess.texts(field)) for field in ("coins", "quantity") if field in guess.columns and guess.kind != "totals"
    ]
    settings = [*_date_lines(guess.dates, open_points), *_number_lines(marks, open_points)] if guess.sample else []
    settings += _kind_lines(guess)
    columns = []
    for field, place in sorted(guess.columns.items(), key=lambda item: COLUMNS_OF[guess.kind].index(item[0])):
        example = next((text for text in guess.texts(field) if text), "")
        name = _quoted(guess.table.names[place])
        if field == "timestamp" and guess.clock >= 0:
            name = f"[{name}, {_quoted(guess.table.names[guess.clock])}]"
        columns.append(f"  {field}: {name}    # such as {_comment(example)}")
    _ask(guess, open_points)
    used = {*guess.columns.values(), guess.clock, guess.where[0] if guess.where else -1}
    left = [(name, place) for place, name in enumerate(guess.table.names) if place not in used and name.strip()]
    rows = guess.totals + len(guess.sample)
    lines = [
        f"# Proposed by `diamondctl profile sniff` from {counted(rows, 'row')} of {_comment(Path(file).name)}.",
        "# Read it, then:  diamondctl summary FILE --profile THIS --region CODE",
    ]
    if guess.totals:
        lines.append(
            f"# {counted(guess.totals, 'row')} of totals: left out when the file is read, and checked against the others"
        )
    if open_points:
        # Not a profile until a person has decided.
        lines += ["# To decide before it can be used; take out each line that is done, and at last the key:", f"{OPEN}:"]
        lines += [f"  - {_single(point)}" for point in open_points]
    lines += ["schema: 1", f"name: {_slug(file)}", f"kind: {guess.kind}{f'    # {_line(guess.why)}' if guess.why else ''}"]
    lines.append(f"file: {form}")
    if form == "csv":
        lines.append(f"delimiter: {guess.table.about}        # names the most columns")
    if form == "xlsx":
        lines.append(f"# {_comment(guess.table.about)}; sheet: NAME if there are several that fit")
    if form != "json" and guess.table.line > 1:
        lines.append(f"header: {guess.table.line}          # the lines before it are no rows")
    lines += [*settings, "columns:" if columns else "columns: {}", *columns]
    if left and not open_points:
        lines.append("# Kept out: " + ", ".join(_comment(name) for name, _ in left[:12]))
    elif left:
        lines.append("# Kept out:")
        for name, place in left[:_SHOWN]:
            example = next((text for text in guesses.at(guess.sample, place) if text), "")
            lines.append(f"#   {_comment(name)}, such as {_comment(example)}" if example else f"#   {_comment(name)}, blank")
        lines += [f"#   and {len(left) - _SHOWN:,} more"] if len(left) > _SHOWN else []
    if "creator" not in guess.columns:
        lines.append("# No column names the creator: give --creator NAME, or a text for all rows:  values: {creator: NAME}")
    return Proposal("\n".join(lines) + "\n", not open_points)


def _kind_lines(guess: Guess) -> Iterator[str]:
    """What is said of the rows as a whole."""
    if guess.kind == "totals":
        months = guess.dates.forms and re.search("M", guess.dates.forms[0]) and "D" not in guess.dates.forms[0]
        if months or not guess.dates.firsts:
            yield f"span: {'month' if months else 'day'}          # of each row; stream: of a LIVE"
    if guess.where is not None:
        place, texts = guess.where
        words = ", ".join(map(_quoted, texts))
        yield f"where: {{{_quoted(guess.table.names[place])}: [{words}]}}    # other rows name neither gift nor coins"
    if guess.coins == "row":
        yield f"coins_are: row          # {_line(guess.coins_why)}: coins of all units of the row together; each: of one unit"


def _ask(guess: Guess, open_points: list[str]) -> None:
    """What is missing, and what could be two things."""
    if not guess.sample:
        open_points.append("rows: there is none to look at, so nothing is known of how cells are written")
    if guess.kind == "totals" and guess.dates.firsts and "D" in "".join(guess.dates.forms):
        open_points.append("span: day or month? every row is of the first day of a month")
    if not guess.coins:
        open_points.append(f"coins: of one gift or of the row? {guess.coins_why}. coins_are: each or coins_are: row")
    if guess.diamonds:
        open_points.append(
            "coins: the file says diamonds. In LIVE logs a gift's diamonds are its coins; say so by removing this line"
        )
    if guess.kind == "events" and not {"end", "going_on", "combo"} & guess.columns.keys():
        open_points.append(
            f"end: {guess.why}, and no column says where a combo ends; log repeatEnd too. If each row is a whole gift: "
            "kind: gifts with combos: folded"
        )
    for field in (*NEEDED[guess.kind], *(("gift",) if guess.kind == "events" and "gift_id" not in guess.columns else ())):
        if field not in guess.columns:
            open_points.append(f"{field}: {_MISSING[field]}")


def _date_lines(dates: Dates, open_points: list[str]) -> Iterator[str]:
    if len(dates.forms) == 1:
        if dates.forms[0]:
            day_only = "" if re.search("[hHx_]", dates.forms[0]) else "; no time of day"
            short_year = "; years of two digits are 20YY" if re.search("(?<!Y)YY(?!Y)", dates.forms[0]) else ""
            yield f"date_format: {_quoted(dates.forms[0])}    # {dates.why}{day_only}{short_year}"
    elif dates.forms:
        forms = " or ".join(f'"{form}"' for form in dates.forms)
        open_points.append(f"date_format: {forms}; {dates.why}")
    elif dates.why != "no column looks like a time":
        open_points.append(f"date_format: {dates.why}, such as DD.MM.YYYY HH:mm")
    if dates.forms and not dates.names_zone:
        yield "# timezone: Europe/Berlin   # the times name no zone: UTC, unless you say here or by --input-timezone"


def _number_lines(found: list[Numbers], open_points: list[str]) -> Iterator[str]:
    words = {mark: word for word, mark in MARKS.items()}
    for name in ("thousands", "decimal"):
        marks = {getattr(item, name) for item in found} - {""}
        if len(marks) == 1:
            (mark,) = marks
            why = next(item.why for item in found if getattr(item, name))
            yield f"{name}: {words[mark]}    # {_line(why)}"
        elif marks:
            open_points.append(f"{name}: coins and quantity are written differently")
    for item in found:
        mark = next((mark for mark in item.ambiguous if not mark.isdigit()), "")
        if mark:
            open_points.append(f"thousands: {words[mark]} or decimal: {words[mark]}; {_line(item.why)}")
        elif not item.fits and item.why != "no value":
            open_points.append(f"coins or quantity: {_line(item.why)}")


def _slug(file: str) -> str:
    stem = Path(file).name.rpartition(".")[0] or Path(file).name
    return re.sub("[^a-z0-9]+", "-", stem.casefold()).strip("-")[:40] or "mine"


def _quoted(text: str) -> str:
    """A text as a YAML scalar that cannot be anything else."""
    safe = "".join(character if character.isprintable() else " " for character in text)
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _single(text: str) -> str:
    """The same in single quotes, for a text that has double ones in it."""
    return "'" + _line(text).replace("'", "''") + "'"


def _line(text: str) -> str:
    """A text inside a comment: one line, nothing that acts."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _comment(text: str) -> str:
    return f"'{_line(short(text))}'"
