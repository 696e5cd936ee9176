"""The open data package: tables as CSV, JSON and Parquet, `datapackage.json`, a changelog and the licence of the data.

The same data give the same bytes. Numbers are exact in every form: text in CSV and JSON, decimals in Parquet.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from diamondctl.render.parquet import parquet
from diamondctl.reports.open_data import DAY, DECIMAL, FLAG, TEXT, WHOLE, Cell, Change, OpenData, Table

_PARQUET: Final = {TEXT: "VARCHAR", WHOLE: "BIGINT", DECIMAL: "DECIMAL(24, 12)", DAY: "DATE", FLAG: "BOOLEAN"}
LICENCE: Final = """\
The data in this folder are dedicated to the public domain under CC0 1.0 Universal: to the extent possible under law, their
makers have waived all copyright and related rights to them. You may copy, change and use them for anything, without asking.
The whole text: https://creativecommons.org/publicdomain/zero/1.0/legalcode

They are facts as far as the sources named in them go, and no promise of any payment. No platform has a part in them.
"""
_HASH: Final = "sha256:"


def package(data: OpenData) -> dict[str, bytes]:
    """Every file of the package by its name."""
    files: dict[str, bytes] = {}
    for table in data.tables:
        files[f"{table.name}.csv"] = _csv(table)
        files[f"{table.name}.json"] = _json(table)
    files |= _parquet(data.tables)
    files["CHANGELOG.md"] = _changelog(data).encode()
    files["LICENSE"] = LICENCE.encode()
    described = json.dumps(_describe(data, files), indent=2, ensure_ascii=False) + "\n"
    files["datapackage.json"] = described.encode()
    return files


def _csv(table: Table) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:f}" if not isinstance(cell, str | int) else str(cell)


def _json(table: Table) -> bytes:
    """A list of objects, one a line; decimals are text, so that no reader takes them for doubles."""
    names = [column.name for column in table.columns]

    def plain(cell: Cell) -> Any:
        return cell if cell is None or isinstance(cell, str | int) else f"{cell:f}"

    lines = [
        json.dumps(dict(zip(names, map(plain, row), strict=True)), ensure_ascii=False, separators=(",", ":"))
        for row in table.rows
    ]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _parquet(tables: Iterable[Table]) -> dict[str, bytes]:
    return {
        f"{table.name}.parquet": parquet(
            table.name, _csv(table), {column.name: _PARQUET[column.kind] for column in table.columns}
        )
        for table in tables
    }


def _describe(data: OpenData, files: Mapping[str, bytes]) -> dict[str, Any]:
    """`datapackage.json`: the CSV files with their schemas, the other forms beside them."""
    newest = max((change.recorded for change in data.changes), default="")
    return {
        "name": "diamondctl-rates",
        "title": "LIVE gift rates: dated, sourced, with the contradictions between sources",
        "description": (
            f"{data.better:,} of {data.region_months:,} region-months of the reward are better than assumed. "
            "TikTok publishes no rate; nothing here is a promise of payment."
        ),
        "version": newest.replace("-", "."),
        "licenses": [{"name": "CC0-1.0", "title": "CC0 1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
        "resources": [
            *(_resource(table, files) for table in data.tables),
            *(_other(table, form, files) for table in data.tables for form in ("json", "parquet")),
        ],
    }


def _resource(table: Table, files: Mapping[str, bytes]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [{"name": column.name, "type": column.kind, "description": column.title} for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    name = f"{table.name}.csv"
    return {
        "name": table.name.replace("_", "-"),
        "title": table.title,
        "path": name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_sums(files[name]),
        "schema": schema,
    }


def _other(table: Table, form: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    name = f"{table.name}.{form}"
    media = {"json": "application/json", "parquet": "application/vnd.apache.parquet"}[form]
    return {
        "name": f"{table.name.replace('_', '-')}-{form}",
        "title": f"{table.title}, as {form.upper() if form == 'json' else 'Parquet'}",
        "path": name,
        "type": "file",
        "format": form,
        "mediatype": media,
        **_sums(files[name]),
    }


def _sums(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "hash": _HASH + hashlib.sha256(data).hexdigest()}


def _changelog(data: OpenData) -> str:
    future = [change for change in data.changes if change.future]
    past = [change for change in data.changes if not change.future]
    counts = f"{data.better:,} of {data.region_months:,} region-months of the reward are better than assumed."
    parts = ["# Changes\n", f"{counts}\n", "## Future changes\n", "Written down before they took effect.\n", *_lines(future)]
    parts += ["## Past changes\n", "What was found of days gone by: figures of those days may come out differently.\n"]
    return "\n".join([*parts, *_lines(past)])


def _lines(changes: list[Change]) -> list[str]:
    lines = []
    day = ""
    for change in changes:
        if change.recorded != day:
            day = change.recorded
            lines.append(f"### {day}\n")
        what = f"{change.zone}, {change.rate} from {change.effective}, {change.kind}: {change.text} ({change.confidence})"
        lines.append(f"- {what}")
    return [*_spaced(lines), ""] if lines else ["None.\n"]


def _spaced(lines: list[str]) -> list[str]:
    """A blank line before each heading."""
    return [f"\n{line}" if line.startswith("###") and number else line for number, line in enumerate(lines)]
