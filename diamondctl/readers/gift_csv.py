"""The plain gift format as CSV: finds the delimiter and the columns in the header, then reads strictly row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from diamondctl.problems import LEFT_OUT_COLUMNS, PLACE_COLUMNS, NoGiftFile, Problem, ProblemLog, Refusal
from diamondctl.readers import combo_flags, csv_rows
from diamondctl.readers.cells import short
from diamondctl.readers.gift_rows import COLUMNS, Facts, GiftRows, Settings, name_problems
from diamondctl.readers.row_doubts import Flags
from diamondctl.readers.sources import Source
from diamondctl.readers.total_rows import TotalRows, is_total
from diamondctl.records import Gift
from diamondctl.words import unguarded


def recognises(source: Source) -> bool:
    """Any text that is nothing else: what it lacks is said when it is read."""
    return True


def is_plain(source: Source) -> bool:
    """Whether the first line names what the plain format needs."""
    line = source.first_line()
    names = {name.strip().strip('"').casefold() for mark in csv_rows.DELIMITERS for name in line.split(mark)}
    return {"timestamp", "gift", "coins"} <= names


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Gift], None]) -> Facts:
    """Hand every gift to `take`."""
    rows = GiftRows(source.name, settings, log)
    header = read_header(source, rows)
    lost: list[tuple[int, str]] = []
    totals = TotalRows(source.name, log)
    looks_so = set(header.flags)
    flags = Flags({name: index for index, name in enumerate(header.spelled) if name.strip() in looks_so})
    facts = rows.read(gifts(source, header, rows, log, lost, totals, flags), take, kept_out=header.extra)
    if doubt := flags.problem(source.name, header.line):
        log.add(doubt)
    notices = (*facts.notices, *totals.finish())
    return facts._replace(notices=notices, columns=header.spelled, lost=tuple(lost))


class Header(NamedTuple):
    """A header that was understood."""

    names: tuple[str, ...]
    spelled: tuple[str, ...]  # as the file writes them
    delimiter: str
    line: int
    columns: tuple[int | None, ...]  # for each of COLUMNS: its index in the file
    extra: tuple[str, ...]
    repaired: bool = False  # rows that an import left out, coming back

    @property
    def flags(self) -> tuple[str, ...]:
        """Columns that are kept out and look like the end flag of a combo."""
        return tuple(name for name in self.extra if combo_flags.role(name))

    def cells(self, fields: Sequence[str]) -> dict[str, str]:
        """Fields by the name of their column, as far as both reach."""
        return dict(zip(self.spelled, fields, strict=False))


def normal(name: str) -> str:
    """A column name as it is compared: trimmed, without case."""
    return name.strip().casefold()


def read_header(source: Source, rows: GiftRows) -> Header:
    """Find the header line and its columns; refuses a header that cannot be used, with all its problems."""
    line, text = csv_rows.first_line(source)
    record = _best(text, line, source)
    names = tuple(normal(name) for name in record.fields)
    problems = name_problems(names, rows.settings, file=source.name, at=(line, 0), place=record.place, what="column")
    if problems:
        _refuse_known(source, line)
        raise Refusal(problems)
    columns = tuple(names.index(name) if name in names else None for name in COLUMNS)
    repaired = set(PLACE_COLUMNS) <= set(names)
    ours = {*COLUMNS, *(LEFT_OUT_COLUMNS if repaired else ())}
    extra = tuple(record.fields[index].strip() or "(no name)" for index, name in enumerate(names) if name not in ours)
    return Header(names, tuple(record.fields), record.delimiter, line, columns, extra, repaired)


def _refuse_known(source: Source, line: int) -> None:
    """Refuse (F012) a file that is known to be something else."""
    from diamondctl.readers import not_gifts

    if not_gifts.is_text_export(source):
        raise not_gifts.text_export(source.name)
    names = not_gifts.names_of(source)
    if (nearly := not_gifts.nearly(names)) is not None:
        raise NoGiftFile(
            nearly.what,
            Problem("F012", f"this is {nearly.what}, no gifts, and lacks {nearly.lacks}", nearly.hint, source.name, line),
        )
    if (other := not_gifts.known(names)) is not None:
        raise NoGiftFile(other.what, Problem("F012", f"this is {other.what}, no gifts", other.hint, source.name, line))


def _best(text: str, line: int, source: Source) -> csv_rows.Record:
    """The header with the delimiter under which it names most known columns."""
    file = source.name
    records, broken = csv_rows.headers(text, line)
    scores = [len({normal(name) for name in record.fields} & set(COLUMNS)) for record in records]
    best = max(scores, default=0)
    if broken is not None and not any(len(record.fields) > 1 for record in records):
        hint = "the header is one line; quote a name whole or not at all"
        code, what = ("C001", "is not closed on this line") if broken.unclosed else ("C003", "in the middle of a field")
        raise Refusal(Problem(code, f"a quote {what}", hint, file, line, broken.position + 1))
    if "\0" in text:
        hint = "say so: --encoding utf-16-le, or save it as CSV UTF-8"
        raise Refusal(Problem("F005", "this looks like UTF-16 without its mark", hint, file))
    if not best:
        _refuse_known(source, line)
        hint = f"a gift CSV begins with {','.join(COLUMNS[:4])}; a table of another shape: diamondctl profile sniff FILE"
        raise Refusal(Problem("F008", f"not a known format; the first line is '{short(text)}'", hint, file, line))
    if all(len(record.fields) == 1 for record in records):
        return records[0]  # one column: any delimiter will do
    winners = [record for record, score in zip(records, scores, strict=True) if score == best]
    if len(winners) > 1:
        kinds = " or ".join(csv_rows.DELIMITERS[record.delimiter] for record in winners)
        hint = "separate all columns with the same character"
        raise Refusal(Problem("C004", f"the header fits several delimiters: {kinds}", hint, file, line))
    return winners[0]


def gifts(
    source: Source,
    header: Header,
    rows: GiftRows,
    log: ProblemLog,
    lost: list[tuple[int, str]],
    totals: TotalRows,
    flags: Flags,
) -> Iterator[Gift]:
    """Gifts of the rest of the file; every problem goes to `log`, and rows of totals to `totals`.

    A last row that is cut off goes to `lost`, as line and words, where the settings ask to salvage.
    """
    add, look = totals.add, flags.look if header.flags else None
    coins_column = header.names.index("coins")
    width = len(header.names)
    time_column = header.names.index(COLUMNS[0])
    # A column that is not there reads a blank cell put behind the last one.
    pick = itemgetter(*(width if column is None else column for column in header.columns))
    records = csv_rows.records(source.text, header.delimiter, first_line=header.line + 1, file=source.name, log=log)
    for record in records:
        fields = record.fields
        if len(fields) < width and not record.ended and rows.settings.salvage:
            what = f"a row of {len(fields)} fields on line {record.line}, the header has {width}, is left out"
            lost.append((record.line, f"salvaged: {what}"))
            continue
        if len(fields) != width:
            hint = "the row may be cut off" if record.ended else "the file ends here; to leave this row out: --salvage"
            hint = csv_rows.IN_QUOTES if len(fields) > width else hint
            log.add(csv_rows.width_problem(record, width, source.name, hint))
            log.leave_out(record.line, 0, partial(header.cells, fields), record.text)
            continue
        if header.repaired:
            fields = [unguarded(field) for field in fields]
        if "\0" in record.text:
            index = next(index for index, field in enumerate(fields) if "\0" in field)
            log.add(
                Problem("G031", "a NUL character", "remove it, or export the file again", source.name, *record.place(index))
            )
            continue
        if not fields[time_column][:1].isdigit() and tuple(map(normal, fields)) == header.names:
            log.add(Problem("G004", "the header again", "remove this line", source.name, record.line))
            log.leave_out(record.line, 0, partial(header.cells, fields))
            continue
        if not fields[time_column][:1].isdigit() and is_total(fields[time_column], fields):
            totals.take(fields[coins_column], record.place(coins_column))
            continue

        def locate(index: int | None, record: csv_rows.Record = record) -> tuple[int, int]:
            column = None if index is None else header.columns[index]
            return (record.line, 0) if column is None else record.place(column)

        fields.append("")
        cells: Sequence[str] = pick(fields)
        if header.repaired and rows.settings.repaired_as is not None:
            from diamondctl.readers.mapped import plain

            # They are written as in their document.
            cells = plain(dict(zip(COLUMNS, cells, strict=True)), rows.settings.repaired_as, source.name, locate, log)
        gift = rows.gift(cells, locate) if cells else None
        if gift is None:
            log.leave_out(record.line, 0, partial(header.cells, fields))
            continue
        if header.repaired:
            rows.repairs[record.line] = tuple(fields[header.names.index(name)] for name in PLACE_COLUMNS)
        add(gift)
        if look is not None:
            look(fields)
        yield gift
