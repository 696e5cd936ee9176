"""The list of readers, which of them a source belongs to, and reading it. Adding a format is a module and a line here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from diamondctl.problems import PLACE_COLUMNS, NoGiftFile, Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows, fast_csv, gift_csv, json_values, live_csv, row_kinds
from diamondctl.readers.cells import short
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_rows import Facts, GiftRows, Settings, with_kept_out
from diamondctl.readers.sources import Source
from diamondctl.records import Frame, Gift, Movement, Total

if TYPE_CHECKING:  # read only where it is needed
    from diamondctl.combos import Price
    from diamondctl.readers.profile import Profile

GIFTS: Final = "gifts"
FRAMES: Final = "frames"  # of an event log, for `combos.fold`
TOTALS: Final = "totals"  # of a dashboard or a data export
MONEY: Final = "money"  # payouts, credits, other income


class Reader(NamedTuple):
    """A format. Its module has `recognises(source)` and `read(source, settings, log, take)`, which hands every row to `take`
    and returns `Facts`; it is imported only for a file of that form and opening, so that the others cost no start time.
    """

    kind: str
    form: str  # csv | json | xlsx
    opening: tuple[str, ...]  # with one of these the text begins, without case
    gives: str
    module: str
    by: str = "recognises"  # what of its module tells

    def recognises(self, source: Source) -> bool:
        """Whether a source is of this format."""
        return source.form == self.form and source.begins_with(*self.opening) and bool(getattr(self._module(), self.by)(source))

    def read(self, source: Source, settings: Settings, log: ProblemLog, take: Callable[[Any], None]) -> Facts:
        """Hand every row to `take`."""
        facts: Facts = self._module().read(source, settings, log, take)
        return facts._replace(kind=facts.kind or self.kind, gives=self.gives)

    def _module(self) -> Any:
        return import_module(f"diamondctl.readers.{self.module}")


# The first that recognises a source reads it.
READERS: Final = (
    Reader("LIVE Backstage XLSX", "xlsx", ("",), TOTALS, "backstage"),
    Reader("gift XLSX", "xlsx", ("",), GIFTS, "mapped"),
    Reader("gift Parquet", "parquet", ("",), GIFTS, "gift_parquet"),
    Reader("TikTok data export", "json", ("{",), TOTALS, "data_export"),
    Reader("events of another platform", "json", ("",), GIFTS, "other_platforms"),
    Reader("LIVE events", "json", ("",), FRAMES, "live_events"),
    Reader("gift CSV", "csv", ("",), GIFTS, "gift_csv", "is_plain"),
    Reader("LIVE gift logger CSV", "csv", ("",), FRAMES, "live_csv"),
    Reader("LIVE Center CSV", "csv", ("date", '"date"'), TOTALS, "live_center"),
    Reader("LIVE Backstage CSV", "csv", ("",), TOTALS, "backstage"),
    Reader("statement", "csv", ("",), MONEY, "statements"),
    Reader("gift JSON", "json", ("[",), GIFTS, "gift_json"),
    Reader("gift JSONL", "json", ("{",), GIFTS, "gift_json"),
    Reader("gift CSV", "csv", ("",), GIFTS, "gift_csv"),
)
# Modules that read large plain JSON Lines faster, or not at all; below so many bytes they take longer to load than they save.
FAST_LINES: Final = {"LIVE events": "fast_log", "gift JSONL": "fast_jsonl"}
LARGE_LINES: Final = 300_000
# What reads a file with a profile, by the profile's kind.
_WITH_PROFILE: Final = {
    "gifts": ("gift", GIFTS, "mapped"),
    "events": ("LIVE events", FRAMES, "mapped_events"),
    "totals": ("totals", TOTALS, "mapped_totals"),
    **{kind: (kind, MONEY, "statements") for kind in row_kinds.MONEY},
}


def _no_gift(row: Frame | Total) -> None:
    kind = f"totals of {row.source}" if isinstance(row, Total) else "a log of LIVE events"
    hint = "its rows are no gifts, and no profile makes them so"
    raise Refusal(Problem("P006", f"this is read without a profile, as {kind}", hint, row.file, row.line))


def read(
    source: Source,
    settings: Settings,
    log: ProblemLog,
    take: Callable[[Gift], None],
    take_frame: Callable[[Frame], None] = _no_gift,
    take_total: Callable[[Total], None] = _no_gift,
    price: Price | None = None,
    take_money: Callable[[Movement], None] | None = None,
) -> Facts:
    """Hand every gift of the source to `take`, every frame of an event log to `take_frame`, every total to `take_total`, and
    every movement of a statement to `take_money`; without that a statement is refused (F012).

    Every problem goes to `log`, and reading goes on after it where it can.
    With `price`, that of a gift catalogue, a log may be folded while it is read: `Facts.differences`.

    Refuses at once only what makes the rest unreadable: the wrong kind of file, the wrong encoding, a useless header.
    """
    takes: dict[str, Callable[[Any], None]] = {GIFTS: take, FRAMES: take_frame, TOTALS: take_total}
    if take_money is not None:
        takes[MONEY] = take_money
    try:
        profile = _mapping(source, settings)
        if profile is not None:
            what, gives, module = _WITH_PROFILE[profile.kind]
            if gives not in takes:
                raise _statement(source, f"file of {what}")
            read_with: Any = import_module(f"diamondctl.readers.{module}").read
            facts: Facts = read_with(source, settings, log, takes[gives], profile)
            facts = facts._replace(kind=f"{what} {profile.form.upper()}, profile {profile.name}", gives=gives)
        else:
            reader = next(reader for reader in READERS if reader.recognises(source))
            if reader.gives not in takes:
                raise _statement(source, _statements().kind_of(source))
            facts = _fast_frames(reader, source, settings, take_frame, price) or reader.read(
                source, settings, log, takes[reader.gives]
            )
    except UnicodeDecodeError:
        raise Refusal([*log.problems, source.bad_bytes()], total=log.total + 1) from None
    except UnicodeError as error:
        hint = "without a mark at the beginning say utf-16-le or utf-16-be"
        raise Refusal(Problem("F005", f"not {source.encoding}: {error}", hint, source.name)) from None
    return facts if facts.sha256 else facts._replace(sha256=source.sha256())


def _statements() -> Any:
    return import_module("diamondctl.readers.statements")


def _statement(source: Source, what: str) -> NoGiftFile:
    hint = "it goes into a ledger: diamondctl import FILE"
    return NoGiftFile(f"a {what}", Problem("F012", f"this is a {what}, no gifts", hint, source.name, 1))


def _fast_frames(
    reader: Reader, source: Source, settings: Settings, take: Callable[[Frame], None], price: Price | None
) -> Facts | None:
    """The same for a large log by typed decoding; None when its reader has to do it."""
    if not settings.fast or reader.kind != "LIVE events" or not _may_hold_plain_lines(source):
        return None
    from diamondctl.readers import fast_log

    facts = fast_log.read_frames(source, settings, take, price)
    if facts is None:
        source.rewind()
        return None
    return facts._replace(kind=reader.kind, gives=reader.gives)


def _may_hold_plain_lines(source: Source) -> bool:
    return source.form == "json" and source.size >= LARGE_LINES and source.encoding == "utf-8"


def kind_of(source: Source) -> str:
    """The kind of a text source whose rows are no gifts, so that no profile may make gifts of them; blank for any other.

    An event log counts only if it says which frames close a combo: a list of gifts that looks like one may be mapped.
    """
    reader = next((reader for reader in READERS if reader.recognises(source)), None)
    kind = reader.kind if reader is not None and reader.gives != GIFTS else ""
    if reader is not None and reader.gives == MONEY:
        return str(_statements().kind_of(source))
    if kind == "LIVE events":
        from diamondctl.readers import live_events

        return kind if live_events.says_end(source) else ""
    return kind


def profile_of(source: Source, settings: Settings) -> Profile | None:
    """The profile that `read` will use; None for a file that is read as it is. The source is as it was."""
    try:
        profile = _mapping(source, settings)
    except UnicodeDecodeError:
        raise Refusal(source.bad_bytes()) from None
    source.rewind()
    return profile


def is_money(source: Source, profile: Profile | None) -> bool:
    """Whether a source is a statement, a list of credits or other income, read with that profile or as it is."""
    if profile is not None:
        return profile.kind in row_kinds.MONEY
    if source.form != "csv":
        return False
    try:
        return next(reader for reader in READERS if reader.recognises(source)).gives == MONEY
    except UnicodeDecodeError:
        raise Refusal(source.bad_bytes()) from None
    finally:
        source.rewind()


def _mapping(source: Source, settings: Settings) -> Profile | None:
    """The profile that a source is read with, of those that have all their columns in it the one with the most.

    Saved profiles are tried after those that were asked for, and only on files that are nothing else. Refuses (P003) two
    that fit equally well, and (P002) a file that fits none of those that were asked for and is nothing else.
    """
    profile = _fitting(source, settings.profiles) if settings.profiles else None
    if profile is None and settings.saved and _needs_profile(source):
        profile = _fitting(source, settings.saved, asked=False)
    return profile


def _needs_profile(source: Source) -> bool:
    """Whether a source is none of the formats: then a saved profile may say what it is."""
    if kind_of(source):
        return False
    if source.form == "xlsx":
        from diamondctl.readers import mapped

        return isinstance(mapped.fit(source, mapped.PLAIN, ProblemLog()), list)
    if source.form == "parquet":
        return False  # profiles map tables of text
    if source.form == "json":
        return not {"timestamp", "gift", "coins"} <= set(_first_keys(source))
    return not _is_plain(source)


def _first_keys(source: Source) -> list[str]:
    """Keys of the first JSON object, as far as it lies in the head."""
    head = source.head.lstrip("\ufeff \t\r\n[")
    try:
        value, _ = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        return []
    first = next(iter(json_values.inside(value)), value)
    return [name.strip().casefold() for name in first] if isinstance(first, dict) else []


def _fitting(source: Source, profiles: Sequence[Profile], *, asked: bool = True) -> Profile | None:
    from diamondctl.readers import mapped

    form = source.form
    if form != "xlsx" and kind_of(source):
        # Nothing makes gifts of it; events and totals may well be said in a way that is not known.
        profiles = [profile for profile in profiles if asked and profile.kind != "gifts"]
    scores: list[tuple[int, Profile]] = []
    lacking: list[tuple[list[str], Profile]] = []
    for profile in profiles:
        if profile.form == form:
            table = mapped.fit(source, profile, ProblemLog())
            if isinstance(table, list):
                lacking.append((table, profile))
            else:
                scores.append((sum(map(len, profile.columns.values())), profile))
    source.rewind()
    scores.sort(key=lambda item: -item[0])
    if len(scores) > 1 and scores[0][0] == scores[1][0]:
        names = ", ".join(f"{profile.name} ({score} columns)" for score, profile in scores[:4])
        hint = "give the one that is meant as --profile"
        raise Refusal(Problem("P003", f"several profiles fit this file: {names}", hint, source.name))
    if scores:
        return scores[0][1]
    if asked and form == "csv" and lacking and not kind_of(source) and not _is_plain(source):
        missing, profile = min(lacking, key=lambda item: len(item[0]))
        names = " and no ".join(f"'{short(name)}'" for name in missing[:3])
        raise Refusal(Problem("P002", f"no column {names}", f"profile {profile.name} needs it", source.name))
    return None


def _is_plain(source: Source) -> bool:
    """Whether the first line names what the plain format needs, or is the CSV logger's."""
    return gift_csv.is_plain(source) or live_csv.recognises(source)


def is_log_with_problems(source: Source) -> bool:
    """Whether a file is a log that cannot be read as it is, so that a profile has to say more; the source is as it was."""
    log = ProblemLog()
    try:
        reader = None if source.form == "xlsx" else next(reader for reader in READERS if reader.recognises(source))
        if reader is None or reader.kind != "LIVE events":
            return False
        reader.read(source, Settings(creator="-"), log, lambda _: None)
    except (Refusal, UnicodeError):
        return False
    finally:
        source.rewind()
    return log.total > 0


def without_gifts(source: Source, settings: Settings) -> str:
    """What a file is that lies beside gift files and is none; blank for one that holds gifts or totals, or may do so.

    A file that is nothing known counts as one only if none of its columns or keys speaks of gifts.
    """
    from diamondctl.readers import not_gifts, tables

    try:
        if _mapping(source, settings) is not None or kind_of(source):
            return ""
        if source.form == "csv":
            names = not_gifts.names_of(source)
            other = not_gifts.nearly(names) or not_gifts.known(names)
            if other is not None or not not_gifts.may_be_gifts(names):
                return other.what if other is not None else "not a known format"
        elif source.form == "xlsx":
            sheets = [tables.words(table.names) for table in tables.xlsx_tables(source, "", 0)]
            return "" if any(map(not_gifts.may_be_gifts, sheets)) else "a workbook without gifts"
        elif source.form == "json":
            keys = [name.casefold() for name in tables.json_table(source, None, ProblemLog()).names]
            return "" if not keys or not_gifts.may_be_gifts(keys) else "JSON without gifts"
    except (Refusal, UnicodeError):
        return ""  # what is wrong is said when it is read
    finally:
        source.rewind()
    return ""


def mends(source: Source) -> str:
    """The document whose rejected rows this file brings back, as its first row names it; blank for any other file."""
    if source.form != "csv":
        return ""
    try:
        header = gift_csv.read_header(source, GiftRows(source.name, Settings(creator="-"), ProblemLog()))
        if not header.repaired:
            return ""
        records = csv_rows.records(source.text, header.delimiter, first_line=2, file=source.name, log=ProblemLog())
        at = header.names.index(PLACE_COLUMNS[0])
        return next((record.fields[at] for record in records if len(record.fields) > at), "")
    except (Refusal, UnicodeError):
        return ""
    finally:
        source.rewind()


def read_fast(source: Source, settings: Settings, price: Callable[[], Price]) -> tuple[Facts, Fast] | None:
    """The same for a large plain file, added up; None when `read` has to do it. `price` gives the gift catalogue."""
    if source.form == "json":
        return _read_fast_lines(source, settings, price)
    header = _fast_header(source, settings)
    if header is None:
        return None
    sums = fast_csv.read(source.name, source.stream, header, GiftRows(source.name, settings, ProblemLog()))
    if sums is None:
        source.rewind()
        return None
    return _fast_facts(sums, header), sums


def _read_fast_lines(source: Source, settings: Settings, price: Callable[[], Price]) -> tuple[Facts, Fast] | None:
    """The same for JSON Lines, by a module for each of the formats."""
    if not _may_hold_plain_lines(source) or profile_of(source, settings) is not None:
        return None
    reader = next(reader for reader in READERS if reader.recognises(source))
    if reader.kind not in FAST_LINES:
        return None
    sums: Fast | None = import_module(f"diamondctl.readers.{FAST_LINES[reader.kind]}").read(source, settings, price)
    if sums is None:
        source.rewind()
        return None
    return Facts(sums.rows, tuple(sums.notices), kind=reader.kind, gives=reader.gives, sha256=sums.sha256), sums


def keep_fast(source: Source, settings: Settings, key: bytes, target: Path) -> tuple[Facts, dict[str, str]] | None:
    """Write the rows of a large plain CSV to the Parquet file `target`, gifters as aliases under `key`.

    Returns the facts and the names by alias; None when `read` has to do it.
    """
    header = _fast_header(source, settings)
    if header is None:
        return None
    rows = GiftRows(source.name, settings, ProblemLog())
    kept = None if header.repaired else fast_csv.keep(source.name, source.stream, header, rows, key, target)
    if kept is None:
        source.rewind()
        return None
    return _fast_facts(kept, header), kept.names


def _fast_facts(sums: Fast | fast_csv.Kept, header: gift_csv.Header) -> Facts:
    notices = with_kept_out(sums.notices, header.extra)
    return Facts(sums.rows, notices, header.spelled, kind="gift CSV", gives=GIFTS, sha256=sums.sha256)


def _fast_header(source: Source, settings: Settings) -> gift_csv.Header | None:
    """The header of a file that is large and plain enough for `fast_csv`."""
    if settings.profiles or source.size < fast_csv.WORTH_IT or source.encoding != "utf-8" or source.form != "csv":
        return None
    try:
        header = gift_csv.read_header(source, GiftRows(source.name, settings, ProblemLog()))
        if not header.flags:
            return header
        source.rewind()
        return None
    except (Refusal, UnicodeError):
        source.rewind()
        return None
