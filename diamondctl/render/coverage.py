"""The matrix of how sure a rate is, in all forms: a letter a month on the screen, a word everywhere else."""

from __future__ import annotations

from typing import Final

from diamondctl.ratebook.entries import RATES
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.shape import word
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.reports import coverage
from diamondctl.reports.coverage import NONE, Coverage, Region

LETTERS: Final = {"official": "O", "measured": "M", "reported": "R", "assumed": "a", NONE: "."}
_WORD: Final = word(*coverage.WORDS)

COVERED: f.Fields = (
    f.Field("region", f.REGION),
    f.Field("platform", of="zone.platform"),
    f.Field("zone", of="zone.name"),
    f.Field("file", of="zone.file"),
    f.Field("confidence", f.each(_WORD), "words"),
)
_COUNTS: f.Fields = tuple(f.Field(name, f.COUNT, lambda found, name=name: found.count(name)) for name in coverage.WORDS)  # type: ignore[misc]
DOCUMENT = f.Document(
    "rates-coverage",
    (
        f.Field("rate", word(*RATES)),
        f.Field("months", f.WORDS, lambda found: [month.label for month in found.months]),
        f.Field("counts", f.one(_COUNTS), lambda found: found),
        f.Field("better_than_assumed", f.COUNT, "better"),
        f.Field("region_months", f.COUNT, "total"),
        f.Field("regions", f.many(COVERED)),
    ),
    # Of a rate, a region, a month and its word.
    (
        *f.under(lambda row: row[1], f.pick(COVERED, "region")),
        f.Field("month", of=lambda row: row[2].label),
        f.Field("rate", of=lambda row: row[0]),
        f.Field("confidence", of=lambda row: row[3]),
        *f.under(lambda row: row[1], f.pick(COVERED, "zone", "file")),
    ),
    answer=lambda found: f"{found.better:,} of {found.total:,} region-months of {found.rate} are better than assumed.",
)


def view(found: Coverage) -> View:
    """The report in all its forms; flat, one row per region and month."""
    legend = ", ".join(f"{LETTERS[name]} {name} {found.count(name):,}" for name in coverage.WORDS)
    return DOCUMENT.view(
        found,
        lambda: [
            lambda width: _tables(found, width),
            said(legend, "A month has the weakest word of its days."),
        ],
        lambda: (
            (found.rate, region, month, name)
            for region in found.regions
            for month, name in zip(found.months, region.words, strict=True)
        ),
    )


def _tables(found: Coverage, width: int | None) -> list[Part]:
    """One row per region, one column per year. Where all years do not fit, one table below the other."""
    years = list(dict.fromkeys(month.label[:4] for month in found.months))
    regions = max((len(region.region) for region in found.regions), default=0)
    room = len(years) if width is None else max((width - max(regions, len("Region"))) // 14, 1)
    title = f"{found.rate} by region and month, January to December"
    return [_table(found, years[start : start + room], title if not start else "") for start in range(0, len(years), room)]


def _table(found: Coverage, years: list[str], title: str) -> Table:
    columns = [f.cell(year, lambda region, year=year: _letters(found, region, year), f.LABEL) for year in years]  # type: ignore[misc]
    return f.table((f.cell("Region", lambda region: region.region, f.LABEL), *columns), found.regions, title)


def _letters(found: Coverage, region: Region, year: str) -> str:
    """Twelve places; months outside the period are blank."""
    known = {month.label: word for month, word in zip(found.months, region.words, strict=True)}
    letters = [LETTERS[known[label]] if (label := f"{year}-{month:02d}") in known else " " for month in range(1, 13)]
    return "".join(letters)
