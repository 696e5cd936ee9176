"""`diamondctl rates check`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from diamondctl.cli import completion, options
from diamondctl.cli.clock import latest, today
from diamondctl.cli.output import emit, target
from diamondctl.cli.places import in_repository
from diamondctl.confidence import CONFIDENCES
from diamondctl.desk import parse
from diamondctl.files import opened
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import layout, store
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.lints import Wanted
from diamondctl.ratebook.slips import countries, placeholders
from diamondctl.render import check as render
from diamondctl.render import formats
from diamondctl.render.github import summary
from diamondctl.reports.check import check as examine

if TYPE_CHECKING:
    from diamondctl.ratebook.evidence_format import Evidence
    from diamondctl.ratebook.gifts import GiftFile


@options.with_formats(*formats.CHECK)
@options.expand
def check(
    output: options.Output,
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH...]", help="Folders or files. Default: shipped.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings make the exit code 1 too.")] = False,
    max_age: Annotated[
        int | None,
        typer.Option(
            "--max-age",
            metavar="DAYS",
            min=0,
            help="Warn of entries not seen to hold within so many days, and of days to come.",
        ),
    ] = None,
    require: Annotated[
        str,
        typer.Option(
            "--require",
            metavar="CONFIDENCE",
            help="Entries in force must be at least: official, measured, reported or assumed.",
            autocompletion=completion.words(*CONFIDENCES),
        ),
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Pretend it is this date. Default: today.")] = "",
) -> int:
    """Read, check, report."""

    where = target(output, columns=render.DOCUMENT.columns, more=formats.CHECK)
    if require:
        parse.one_of(require, "--require", CONFIDENCES)
    on = parse.day(as_of, "--as-of")
    wanted = Wanted(on or today(), max_age, require, latest=on or latest())
    log = ProblemLog(keep=1_000)
    files, zones, catalogues, evidence = read_all(paths or [], log)
    checked = examine(
        zones, log.problems, list(files), wanted, catalogues=catalogues, evidence=evidence, total=log.total, strict=strict
    )
    named = {problem.file for problem in checked.problems}
    lines = {file: _lines(path) for file, path in files.items() if file in named} if where.format.name == "full" else {}
    emit(where, render.view(checked, lines, in_repository(checked.problems)))
    if where.format.name == "github":
        append_summary(summary(checked.problems, render.counts(checked), "diamondctl rates check"))
    return 1 if checked.failed else 0


class Found(NamedTuple):
    """What was read."""

    files: dict[str, Path]  # every file by its name in output
    zones: list[tuple[str, Zone]]  # those that can be read, each with the folder that was named
    catalogues: list[GiftFile]  # those that can be read
    evidence: list[Evidence]  # calibrations that can be read


def read_all(paths: list[str], log: ProblemLog) -> Found:
    """Every zone and gift catalogue of some folders and files.

    Without paths it is the shipped files, named as everywhere: `tiktok/us.yaml`.
    """
    files: dict[str, Path] = {}
    zones: list[tuple[str, Zone]] = []
    catalogues: list[GiftFile] = []
    evidence: list[Evidence] = []
    seen: set[Path] = set()
    for text in paths or [str(store.shipped_folder())]:
        try:
            folder = parse.folder(text, "rates check")
            assert folder is not None
            found = store.listing(folder, links=not paths, deep=True)
            if store.linked(folder):
                raise Refusal(Problem("R031", "a link, which may lead anywhere", "name what it leads to", text))
        except Refusal as refusal:
            log.add(refusal.problems[0])
            continue
        for stray in () if layout.nothing(found) else store.strays(folder, found):
            log.add(stray)
        gifts, calibrations = ([folder.joinpath(*item.parts) for item in some] for some in (found.gifts, found.evidence))
        facts = [folder.joinpath(*item.parts) for item in found.facts]
        inside = sorted([*(folder.joinpath(*item.parts) for item in found.zones), *gifts, *calibrations, *facts])
        if layout.nothing(found):
            log.add(Problem("R025", "no rate file here", "it should hold <platform>/<zone>.yaml", text))
        for path in inside:
            if path.resolve() in seen:
                continue
            seen.add(path.resolve())
            name = str(path) if paths else path.relative_to(folder).as_posix()
            files[name] = path
            origin = "shipped" if path.resolve().is_relative_to(store.shipped_folder().resolve()) else "user"
            read: Zone | GiftFile | None
            if path in facts:
                if (known := store.load_facts(path, file=name, origin=origin, log=log)) is not None:
                    zones.append((text, known))
                continue
            if path in calibrations:
                read = None
                if (calibration := store.load_evidence(path, file=name, log=log)) is not None:
                    evidence.append(calibration)
            elif path in gifts:
                read = catalogue = store.load_gifts(path, file=name, origin=origin, log=log)
                if catalogue is not None:
                    catalogues.append(catalogue)
            else:
                read = zone = store.load(path, file=name, origin=origin, log=log)
                if zone is not None:
                    zones.append((text, zone))
                    for problem in countries(zone):
                        log.add(problem)
            if read is not None:
                for unfinished in placeholders("\n".join(_lines(path)), name):
                    log.add(unfinished)
                if misplaced := store.misplaced(read, path, folder):
                    log.add(misplaced)
    return Found(files, zones, catalogues, evidence)


def _lines(path: Path) -> list[str]:
    """The lines of a file, for excerpts; one that cannot be read has none."""
    try:
        with opened(path) as stream:
            return stream.read(10_000_000).decode("utf-8-sig", "replace").split("\n")
    except OSError:
        return []


def append_summary(text: str) -> None:
    """Add to the summary of a GitHub job, where there is one. A summary that cannot be written is no reason to fail."""
    name = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not name:
        return
    try:
        if os.path.exists(name) and not os.path.isfile(name):  # a pipe would be waited for
            raise OSError(0, "not a regular file")
        with Path(name).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"The summary of the job cannot be written: {error.strerror}\n")
