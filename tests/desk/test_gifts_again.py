"""Whoever looks gifts up again asks the one owner of their identity: a translated export beside them changes nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from diamondctl.desk.chosen import Chosen
from diamondctl.desk.explaining import stream
from diamondctl.desk.gifters_sent import sent_of
from diamondctl.desk.importer import bring
from diamondctl.desk.staged import Importing
from diamondctl.ledger.staging import Reading
from tests.ledger.state import run_here
from tests.support import ROOT

STREAM = "740001000000000117"


def exports(folder: Path, *, ids: bool) -> tuple[Path, Path]:
    """The same gifts in two languages, with or without ids."""
    with (ROOT / "examples/year/gb-2026.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {name: f"Regalo {number}" for number, name in enumerate(sorted({row["gift"] for row in rows}))}
    paths = folder / "en.csv", folder / "es.csv"
    for path, names in zip(paths, ({}, named), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            for row in rows:
                kept = {} if ids else {"event_id": ""}
                writer.writerow(row | kept | {"gift": names.get(row["gift"], row["gift"])})
    return paths


def runs(tmp_path: Path, where: str, ids: bool) -> tuple[Chosen, Chosen]:
    """The options of a run over one export, and over both."""
    one, other = exports(tmp_path, ids=ids)
    if where == "files":
        return Chosen(files=(str(one),)), Chosen(files=(str(one), str(other)))
    for name, files in (("one", [one]), ("both", [other, one])):
        bring(tmp_path / name, [str(file) for file in files], Importing(Reading()), clock=lambda: "2026-11-29 12:00:00")
    return Chosen(ledger=tmp_path / "one"), Chosen(ledger=tmp_path / "both")


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("where", ["files", "ledger"])
def test_gifters_sent_the_same(tmp_path: Path, where: str, ids: bool) -> None:
    """`project --without-top`: coins by gifter, stream and quarter."""
    alone, both = runs(tmp_path, where, ids)
    one, two = sent_of(alone)["noor"], sent_of(both)["noor"]
    if where == "files":
        assert one == two
    assert sorted(one.values()) == sorted(two.values())  # aliases are each ledger's own


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("where", ["files", "ledger"])
def test_a_stream_has_the_same_gifts(tmp_path: Path, where: str, ids: bool) -> None:
    """`explain stream`: each gift once, with both places."""
    alone, both = runs(tmp_path, where, ids)
    (_, one), (_, two) = stream(alone, STREAM), stream(both, STREAM)
    assert [row[1:2] + row[3:] for row in one.rows] == [row[1:2] + row[3:] for row in two.rows]
    assert all(" (and 1 more)" in row.place for row in two.rows)


def test_a_projection_names_the_same_coins(tmp_path: Path) -> None:
    """What is said of the largest gifter."""
    one, other = exports(tmp_path, ids=False)
    said = [run_here("project", *files, "--without-top", "1") for files in ([str(one)], [str(one), str(other)])]
    texts = [next(line for line in result.out.splitlines() if "they sent" in line) for result in said]
    assert texts[0] == texts[1]


def test_a_gifter_that_one_export_leaves_out_is_known_from_the_other(tmp_path: Path) -> None:
    """Blanks are filled from the other row of the same id, whichever file comes first."""
    one, other = exports(tmp_path, ids=True)
    text = one.read_text("utf-8")
    with one.open(encoding="utf-8", newline="") as file:
        gifters = {row["gifter"] for row in csv.DictReader(file)}
    for gifter in gifters:
        text = text.replace(f",{gifter},", ",,")
    nameless = tmp_path / "nameless.csv"
    nameless.write_text(text, "utf-8")
    alone = sent_of(Chosen(files=(str(other),)))
    for order in ([nameless, other], [other, nameless]):
        assert sent_of(Chosen(files=tuple(map(str, order)))) == alone
