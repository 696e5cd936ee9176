"""Which reader a source belongs to, decided by its content, and reading it to gifts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from diamondctl.problems import PLACE_COLUMNS, Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows, fast_csv, gift_csv, live_csv
from diamondctl.readers.cells import listed, short
from diamondctl.readers.fast_csv import Fast
from diamondctl.readers.gift_json import GiftObjects
from diamondctl.readers.gift_rows import COLUMNS, GiftRows, Settings
from diamondctl.readers.sources import MAX_WHOLE, Source
from diamondctl.records import Frame, Gift, Total

if TYPE_CHECKING:  # read only where it is needed
    from diamondctl.readers.profile import Profile


PLAIN: Final = "plain"  # the name of the mapping that stands for the plain format itself
LOGS: Final = ("LIVE events", "LIVE gift logger CSV")  # kinds with frames


class Read(NamedTuple):
    """What is known of a source once it has been read to its end."""

    kind: str
    sha256: str
    rows: int
    notices: tuple[str, ...]
    columns: tuple[str, ...] = COLUMNS  # as the file spells them; for JSON the plain ones
    repairs: tuple[tuple[int, tuple[str, ...]], ...] = ()  # line -> document and place of a rejected row
    lost: tuple[tuple[int, str], ...] = ()  # what a salvaged file misses: line, words


def _no_frames(frame: Frame) -> None:
    raise Refusal(_no_gifts("a log of LIVE events", frame.file, frame.line))


def _no_totals(total: Total) -> None:
    raise Refusal(_no_gifts(f"totals of {total.source}", total.file, total.line))


def _no_gifts(kind: str, file: str, line: int) -> Problem:
    hint = "its rows are no gifts, and no profile could make them so"
    return Problem("P006", f"this is read without a profile, as {kind}", hint, file, line)


def read(
    source: Source,
    settings: Settings,
    log: ProblemLog,
    take: Callable[[Gift], None],
    take_frame: Callable[[Frame], None] = _no_frames,
    take_total: Callable[[Total], None] = _no_totals,
) -> Read:
    """Hand every gift of the source to `take`, every frame of an event log to `take_frame` (for `combos.fold`), and every
    total of a dashboard or a data export to `take_total`.

    Every problem goes to `log`, and reading goes on after it where it can.

    Refuses at once only what makes the rest unreadable: the wrong kind of file, the wrong encoding, a useless header.
    """
    rows = GiftRows(source.name, settings, log)
    count = 0
    extra: tuple[str, ...] = ()
    spelled: tuple[str, ...] = COLUMNS
    lost: tuple[tuple[int, str], ...] = ()
    try:
        profile = mapping(source, settings)
        if profile is not None:
            from diamondctl.readers import dashboards, mapped

            sheet = dashboards.find_backstage(source) if profile is mapped.PLAIN else None
            if sheet is not None:
                count, notices = dashboards.read_backstage(source, sheet, log, take_total)
                source.rewind()
                return Read("LIVE Backstage XLSX", source.sha256(), count, tuple(notices))
            count, notices = mapped.read(source, profile, settings, log, take)
            source.rewind()
            kind = "gift XLSX" if profile is mapped.PLAIN else f"gift {profile.form.upper()}, profile {profile.name}"
            return Read(kind, source.sha256(), count, tuple(notices))
        first = source.first_character()
        if first == "[" and source.size > MAX_WHOLE:
            hint = "write it as JSON Lines, one object a line"
            raise Refusal(Problem("F010", f"a JSON list of more than {MAX_WHOLE:,} bytes", hint, source.name))
        if first == "{":
            from diamondctl.readers import data_export

            if data_export.recognises(source):
                count, notices = data_export.read(source, settings, log, take_total)
                return Read("TikTok data export", source.sha256(), count, tuple(notices))
        if first in ("[", "{"):
            from diamondctl.readers import live_events
            from diamondctl.readers.json_values import JsonValues, said

            if live_events.recognises(source):
                values = JsonValues(source, log, salvage=settings.salvage)
                events = live_events.LiveEvents(source.name, settings, log)
                count = events.read(values, take_frame)
                return Read(LOGS[0], source.sha256(), count, tuple(events.notices()), lost=said(values.lost))
        if first not in ("[", "{") and live_csv.recognises(source.first_line()):
            count, notices = live_csv.read(source, settings, log, take_frame)
            return Read(LOGS[1], source.sha256(), count, tuple(notices))
        if first not in ("[", "{") and source.first_line().casefold().startswith(("date,", '"date",')):
            from diamondctl.readers import dashboards

            if dashboards.center_columns(source.first_line()) is not None:
                count = dashboards.read_center(source, settings, log, take_total)
                return Read("LIVE Center CSV", source.sha256(), count, ())
        if first in ("[", "{"):
            objects = GiftObjects(source, rows, log)
            kind = "gift JSON" if first == "[" else "gift JSONL"
            for gift in objects.items() if first == "[" else objects.lines():
                take(gift)
                count += 1
            extra, lost = tuple(objects.extra), tuple(objects.lost)
        else:
            header = gift_csv.read_header(source, rows)
            kind = "gift CSV"
            cut: list[tuple[int, str]] = []
            for gift in gift_csv.gifts(source, header, rows, log, cut):
                take(gift)
                count += 1
            lost = tuple(cut)
            extra, spelled = header.extra, header.spelled
    except UnicodeDecodeError:
        raise Refusal([*log.problems, source.bad_bytes()], total=log.total + 1) from None
    except UnicodeError as error:
        hint = "without a mark at the beginning say utf-16-le or utf-16-be"
        problem = Problem("F005", f"not {source.encoding}: {error}", hint, source.name)
        raise Refusal(problem) from None
    said_of_rows = _with_extra(rows.finish(), extra)
    return Read(kind, source.sha256(), count, said_of_rows, spelled, tuple(rows.repairs.items()), lost)


def known(source: Source) -> str:
    """The kind of a text source whose rows are no gifts, so that no profile may make gifts of them; blank for any other.

    An event log counts only if it says which frames close a combo: a list of gifts that looks like one may be mapped.
    """
    from diamondctl.readers import dashboards, data_export, live_events

    first = source.first_character()
    if first in ("[", "{"):
        if first == "{" and data_export.recognises(source):
            return "TikTok data export"
        return LOGS[0] if live_events.says_end(source) and live_events.recognises(source) else ""
    line = source.first_line()
    if live_csv.recognises(line):
        return LOGS[1]
    return "LIVE Center CSV" if dashboards.center_columns(line) is not None else ""


def mapping(source: Source, settings: Settings) -> Profile | None:
    """The profile that a source is read with, of those that have all their columns in it the one with the most.

    A spreadsheet that none fits is read as the plain format. Saved profiles are tried after those that were asked for, and
    only on files that are nothing else. Refuses (P003) two that fit equally well, and (P002) a file that fits none of those
    that were asked for and is nothing else.
    """
    found = _fitting(source, settings.profiles) if settings.profiles or source.is_zip else None
    from_saved = settings.saved and (found is None or found.name == PLAIN) and _needs_profile(source)
    return _fitting(source, settings.saved, asked=False) if from_saved else found


def profile_of(source: Source, settings: Settings) -> Profile | None:
    """The profile that `read` will use; None for a file that is read as it is. The source is as it was."""
    if not (settings.profiles or settings.saved or source.is_zip):
        return None
    try:
        found = mapping(source, settings)
    except UnicodeDecodeError:
        raise Refusal(source.bad_bytes()) from None
    source.rewind()
    return None if found is None or found.name == PLAIN else found


def _needs_profile(source: Source) -> bool:
    """Whether a source is none of the known formats: then a saved profile may say what it is."""
    if source.is_zip:
        from diamondctl.readers import dashboards, mapped

        plain = mapped.fit(source, mapped.PLAIN, ProblemLog(), mapped.OPTIONAL_IN_PLAIN)
        return isinstance(plain, list) and dashboards.find_backstage(source) is None
    if known(source):
        return False
    if source.first_character() in ("[", "{"):
        names = set(_first_keys(source))
        return not {"timestamp", "gift", "coins"} <= names
    return not _is_plain(source)


def _first_keys(source: Source) -> list[str]:
    """Keys of the first JSON object, as far as it lies in the head."""
    head = source.head().lstrip("\ufeff \t\r\n[")
    try:
        value, _ = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        return []
    return [name.strip().casefold() for name in value] if isinstance(value, dict) else []


def _fitting(source: Source, profiles: Sequence[Profile], *, asked: bool = True) -> Profile | None:
    from diamondctl.readers import mapped

    form = mapped.form_of(source)
    if form != "xlsx" and known(source):
        return None
    scores: list[tuple[int, Profile]] = []
    lacking: list[tuple[list[str], Profile]] = []
    for profile in profiles:
        if profile.form == form:
            found = mapped.fit(source, profile, ProblemLog())
            if isinstance(found, list):
                lacking.append((found, profile))
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
    if form == "xlsx":
        return mapped.PLAIN
    if asked and form == "csv" and lacking and not _is_plain(source):
        missing, profile = min(lacking, key=lambda item: len(item[0]))
        names = " and no ".join(f"'{short(name)}'" for name in missing[:3])
        raise Refusal(Problem("P002", f"no column {names}", f"profile {profile.name} needs it", source.name))
    return None


def _is_plain(source: Source) -> bool:
    """Whether the first line names what the plain format needs, or is the CSV logger's."""
    line = source.first_line()
    names = {name.strip().strip('"').casefold() for mark in gift_csv.DELIMITERS for name in line.split(mark)}
    return {"timestamp", "gift", "coins"} <= names or live_csv.recognises(line)


def mends(source: Source) -> str:
    """The document whose rejected rows this file brings back, as its first row names it; blank for any other file."""
    if source.is_zip:
        return ""
    try:
        if source.first_character() in ("[", "{"):
            return ""
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
    if (
        settings.profiles
        or source.is_zip
        or source.size < fast_csv.WORTH_IT
        or source.encoding != "utf-8"
        or source.first_character() in ("[", "{")
    ):
        return None
    try:
        return gift_csv.read_header(source, GiftRows(source.name, settings, ProblemLog()))
    except (Refusal, UnicodeError):
        source.rewind()
        return None


def _with_extra(notices: list[str], extra: tuple[str, ...]) -> tuple[str, ...]:
    return (*notices, "columns kept out: " + listed(extra)) if extra else tuple(notices)
