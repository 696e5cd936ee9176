"""What reports read from files and the ledger does not take: refused with the way out, and nothing is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from diamondctl.cli.importer import Wanted, bring
from diamondctl.cli.options import Place
from diamondctl.ledger import catalog, documents
from diamondctl.ledger.incoming import Reading
from diamondctl.problems import Refusal
from tests.ledger.support import content, imported
from tests.ledger.test_rejected import mended, repairs, states
from tests.support import ROOT
from tests.workbooks import archive, sheet, workbook

SAMPLES = ROOT / "tests" / "samples"
HEAD = ["timestamp", "creator", "gift", "coins", "event_id"]
GIFTS = "timestamp,creator,gift,coins,event_id\n2026-10-03T10:00:00Z,mara,Rose,1,e1\n"


def held(ledger: Path) -> int:
    """How many documents a ledger holds."""
    with catalog.open_ledger(ledger) as book, book.reading():
        return len(documents.held(book))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("live/connector-1.jsonl", "a log of LIVE events"),
        ("live/list.json", "a log of LIVE events"),
        ("totals/export-1.json", "totals of TikTok data export, which are no gifts"),
        ("totals/Creator_data_2026_10_01_08_37_UTC0.xlsx", "totals of LIVE Backstage, which are no gifts"),
        ("totals/export-3.zip", "a ZIP archive"),
    ],
)
def test_logs_totals_and_archives_are_refused_beside_a_good_file(tmp_path: Path, name: str, what: str) -> None:
    good = tmp_path / "gifts.csv"
    good.write_text(GIFTS)
    with pytest.raises(Refusal) as refused:
        bring(Place(str(tmp_path / "ledger")), [str(good), str(SAMPLES / name)], Wanted(Reading("mara"), False, "", False))
    (problem,) = refused.value.problems
    assert (problem.code, problem.message) == ("F012", f"the ledger does not take this yet: {what}")
    assert problem.hint.endswith("reports read the file as it is: diamondctl summary FILE")
    assert held(tmp_path / "ledger") == 0


def test_an_archive_is_no_way_round(tmp_path: Path) -> None:
    path = tmp_path / "gifts.zip"
    path.write_bytes(archive({"gifts.csv": GIFTS}))
    with pytest.raises(Refusal) as refused:
        imported(tmp_path / "ledger", path)
    assert [problem.code for problem in refused.value.problems] == ["F012"]


def test_a_spreadsheet_of_gifts_is_taken_and_its_bad_rows_can_be_repaired(tmp_path: Path) -> None:
    rows = [
        [f"2026-10-03T10:00:0{number}Z", "mara", "Rose", coins, f"e{number}"] for number, coins in enumerate(["1", "-5", "x"])
    ]
    path, ledger = tmp_path / "gifts.xlsx", tmp_path / "ledger"
    path.write_bytes(workbook({"Gifts": sheet([HEAD, *rows])}))
    with pytest.raises(Refusal) as refused:
        imported(ledger, path)
    assert [(problem.code, problem.line) for problem in refused.value.problems] == [("G020", 3), ("G020", 4)]
    report = imported(ledger, path, keep_good=True)
    assert (report.rejected, states(ledger)) == (2, [("3", "open", 0), ("4", "open", 0)])
    imported(ledger, mended(tmp_path / "mended.csv", repairs(ledger), coins="5"))
    good = tmp_path / "good.csv"
    good.write_text("\n".join(",".join(row) for row in [HEAD, rows[0], *([*row[:3], "5", row[4]] for row in rows[1:])]))
    imported(tmp_path / "other", good)
    assert content(ledger)["usage"] == content(tmp_path / "other")["usage"]
