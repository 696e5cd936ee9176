"""A format of output is said once: help, completion, endings and refusals follow the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from diamondctl.render import formats
from tests.support import run

LIST = ("rates", "list", "--date", "2026-11-22")


def test_names_and_endings_are_each_of_one_format() -> None:
    every = (*formats.FORMATS, *formats.CHECK)
    assert len(set(formats.names(every))) == len(every)
    assert len(formats.endings(every)) == sum(1 for item in every if item.ending)
    assert {item.takes for item in every if item.write} == {"page", "document", "rows"}


def test_help_and_refusals_name_every_format() -> None:
    shown = " ".join(run("rates", "check", "--help", COLUMNS="200").out.split())
    names = formats.names((*formats.FORMATS, *formats.CHECK))
    assert f"{formats.listed(names, 'or')}. Default: table." in shown
    assert f"({' '.join(formats.endings((*formats.FORMATS, *formats.CHECK)))}) picks the format" in shown
    refused = " ".join(run("rates", "check", "-f", "nothing").err.split())
    assert f"is not one of: {', '.join(names)}" in refused


@pytest.mark.parametrize("item", [item for item in formats.FORMATS if item.ending], ids=lambda item: item.name)
def test_the_ending_writes_what_the_name_writes(item: formats.Format, tmp_path: Path) -> None:
    target = tmp_path / f"list{item.ending}"
    assert run(*LIST, "-o", str(target)).code == 0
    assert target.read_text("utf-8") == run(*LIST, "-f", item.name, COLUMNS="").out


@pytest.mark.parametrize("item", formats.FORMATS, ids=lambda item: item.name)
def test_columns_go_with_rows_alone(item: formats.Format) -> None:
    assert run(*LIST, "-f", item.name, "--columns", "zone").code == (0 if item.takes == "rows" else 2)
