"""The matrix of how sure a rate is, in all forms: a letter a month on the screen, a word everywhere else."""

from __future__ import annotations

from typing import Any, Final

from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import Clean, View, records
from diamondctl.reports.coverage import NONE, WORDS, Coverage, Region

LETTERS: Final = {"official": "O", "measured": "M", "reported": "R", "assumed": "a", NONE: "."}


def view(found: Coverage) -> View:
    """The report in all its forms."""
    columns = ("region", "month", "rate", "confidence", "zone", "file")
    return View(
        lambda width, rule, clean: screen(found, width, rule, clean),
        lambda: document(found),
        lambda: records(
            [
                {
                    "region": region.region,
                    "month": month.label,
                    "rate": found.rate,
                    "confidence": word,
                    "zone": region.zone.name,
                    "file": region.zone.file,
                }
                for region in found.regions
                for month, word in zip(found.months, region.words, strict=True)
            ],
            columns,
        ),
    )


def screen(found: Coverage, width: int | None, rule: str, clean: Clean) -> Laid:
    """One row per region, one column per year. Where all years do not fit, one table below the other."""
    years = list(dict.fromkeys(month.label[:4] for month in found.months))
    regions = max((len(region.region) for region in found.regions), default=0)
    room = len(years) if width is None else max((width - max(regions, len("Region"))) // 14, 1)
    title = f"{found.rate} by region and month, January to December"
    parts = []
    for start in range(0, len(years), room):
        some = years[start : start + room]
        columns = (Column("Region"), *(Column(year) for year in some))
        rows = tuple((region.region, *(_letters(found, region, year) for year in some)) for region in found.regions)
        parts.append(lay_out(Table(columns, rows, title if not start else ""), width, rule))
    legend = ", ".join(f"{LETTERS[word]} {word} {found.count(word):,}" for word in WORDS)
    return join([*parts, notes([legend, "A month has the weakest word of its days."], width)])


def _letters(found: Coverage, region: Region, year: str) -> str:
    """Twelve places; months outside the period are blank."""
    known = {month.label: word for month, word in zip(found.months, region.words, strict=True)}
    letters = [LETTERS[known[label]] if (label := f"{year}-{month:02d}") in known else " " for month in range(1, 13)]
    return "".join(letters)


def document(found: Coverage) -> dict[str, Any]:
    """`diamondctl.rates-coverage/1`."""
    return {
        "schema": "diamondctl.rates-coverage/1",
        "complete": True,
        "data": {
            "rate": found.rate,
            "months": [month.label for month in found.months],
            "counts": {word: found.count(word) for word in WORDS},
            "regions": [
                {
                    "region": region.region,
                    "platform": region.zone.platform,
                    "zone": region.zone.name,
                    "file": region.zone.file,
                    "confidence": list(region.words),
                }
                for region in found.regions
            ],
        },
        "warnings": [],
    }
