"""The open data package: what the files say and nothing else, the same bytes every time, valid for its validator."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from diamondctl.ratebook import store
from diamondctl.topics import topics
from tests.support import run, tool

TABLES = ("rates", "coin_prices", "gifts", "sources", "formulas", "platforms", "coverage")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the shipped files."""
    folder: Path = tmp_path_factory.mktemp("data") / "open"
    assert run("rates", "export", "-o", str(folder)).code == 0
    return folder


def rows(made: Path, table: str) -> list[dict[str, str]]:
    """A table from its CSV."""
    with (made / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_same_files_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """On another day too; and a second time into the same folder nothing is written."""
    other = tmp_path / "other"
    assert run("rates", "export", "-o", str(other), DIAMONDCTL_AS_OF="2031-01-01", TZ="Asia/Tokyo").code == 0
    names = sorted(path.name for path in made.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    assert all((made / name).read_bytes() == (other / name).read_bytes() for name in names)
    assert ", 0 written," in run("rates", "export", "-o", str(other)).err


@pytest.mark.parametrize("table", TABLES)
def test_every_form_has_the_same_rows(made: Path, table: str) -> None:
    """CSV, JSON and Parquet."""

    def text(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    of_csv = rows(made, table)
    of_json = json.loads((made / f"{table}.json").read_text("utf-8"))
    assert [{key: text(value) for key, value in row.items()} for row in of_json] == of_csv
    found = duckdb.connect().sql(f"SELECT * FROM '{made / table}.parquet'")
    assert found is not None
    assert found.columns == list(of_csv[0])
    for got, row in zip(found.fetchall(), of_csv, strict=True):
        for value, expected in zip(got, row.values(), strict=True):
            if isinstance(value, Decimal):
                assert value == Decimal(expected)
            else:
                assert text(value) == expected


def test_it_says_what_the_files_say(made: Path) -> None:
    zones = store.load_all(None, "tiktok")
    assert len(rows(made, "rates")) == sum(len(history) for zone in zones for history in zone.rates.values())
    gifts = rows(made, "gifts")
    assert len({row["gift_id"] for row in gifts}) == 2_876
    rose = [row for row in gifts if row["gift_id"] == "5655" and row["standing"] == "true"]
    assert {row["coins"] for row in rose} == {"1"}
    assert [row["gift_id"] for row in gifts if row["contradicted_by"]] == ["6671", "8778", "8778"]
    assert all(row["url"] or row["document"] for row in rows(made, "sources"))
    assert len(rows(made, "formulas")) >= 6
    assert all(row["address"].startswith("http") for row in rows(made, "formulas"))


def test_it_prints_how_much_is_better_than_assumed(made: Path) -> None:
    better = sum(row["confidence"] in ("official", "measured", "reported") for row in rows(made, "coverage"))
    described = json.loads((made / "datapackage.json").read_text("utf-8"))
    counts = f"{better:,} of {len(rows(made, 'coverage')):,} region-months of the reward are better than assumed."
    assert described["description"].startswith(counts)
    assert counts in (made / "CHANGELOG.md").read_text("utf-8")
    assert described["licenses"][0]["name"] == "CC0-1.0"


def test_the_changelog_has_past_and_future(made: Path) -> None:
    text = (made / "CHANGELOG.md").read_text("utf-8")
    assert text.index("## Future changes") < text.index("## Past changes")
    assert "- tiktok/us, minimum_payout from 2026-01-01, corrected: 1.00 USD (assumed)" in text


def test_what_was_recorded_before_it_begins_is_a_future_change(tmp_path: Path) -> None:
    text = (store.shipped_folder() / "tiktok/ch.yaml").read_text("utf-8")
    entry = text[text.index("    - effective: 2022-10-12") : text.index("  settlement:")]
    later = entry.replace("2022-10-12", "2027-01-01").replace("first_seen", "start").replace("2026-11-22", "2026-11-29")
    (tmp_path / "tiktok").mkdir()
    (tmp_path / "tiktok/ch.yaml").write_text(text.replace("  settlement:", later + "  settlement:", 1), "utf-8")
    assert run("rates", "export", "-o", str(tmp_path / "out"), "--rates", str(tmp_path)).code == 0
    changes = (tmp_path / "out/CHANGELOG.md").read_text("utf-8")
    future = changes[changes.index("## Future") : changes.index("## Past")]
    assert "- tiktok/ch, reward from 2027-01-01, added:" in future


def test_a_file_in_the_way_is_kept(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text("mine\n", "utf-8")
    result = run("rates", "export", "-o", str(tmp_path))
    assert (result.code, result.out) == (4, "")
    assert "A009 the file exists already and was kept" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["gifts.csv"]
    assert run("rates", "export", "-o", str(tmp_path), "--force").code == 0


def shown(language: str) -> str:
    """The one line of `help data` in a language."""
    text = next(topic.text for topic in topics() if topic.name == "data")
    block = text.partition(f"```{language}\n")[2].partition("```")[0]
    (line,) = [line for line in block.splitlines() if not line.startswith(("--", "#", "//"))]
    return line


def test_the_lines_of_the_manual_read_it(made: Path, tmp_path: Path) -> None:
    """DuckDB, pandas and JavaScript: today's Lion costs 29,999 coins in each."""
    (tmp_path / "open-data").symlink_to(made)
    sql = shown("sql").replace("open-data", str(made))
    found = duckdb.connect().sql(sql.replace("LIMIT 10", ""))
    assert found is not None
    assert ("6369", "Lion", 29_999) in found.fetchall()
    code = f"import pandas\ncoins = {shown('python')}\nassert set(coins.loc[['6369']]) == {{29999}}"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    script = f'const fs = require("fs");\n{shown("js")}\nif (coins["6369"] !== 29999) process.exit(1)'
    subprocess.run([tool("node"), "-e", script], cwd=tmp_path, check=True)


def test_frictionless_finds_nothing_wrong(made: Path) -> None:
    """The validator of the format, where it is installed: in CI it is."""
    beside = Path(sys.executable).parent / "frictionless"
    words = [str(beside) if beside.exists() else tool("frictionless"), "validate", "datapackage.json", "--json"]
    done = subprocess.run(words, cwd=made, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["valid"] is True, done.stdout
