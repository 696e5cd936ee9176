"""Tables whose columns are named in other words, of another language too: each error names the way on, and it leads there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import workbooks
from tests.support import run

NAMES = {
    "French": ("Date", "Créateur", "Cadeau", "Pièces"),
    "Japanese": ("日時", "配信者", "ギフト", "コイン"),
    "German": ("Datum", "Streamer", "Geschenk", "Münzen"),
    "one of ours": ("timestamp", "créateur", "cadeau", "pièces"),
    "all but coins": ("timestamp", "creator", "gift", "pièces"),
}
ROW = ("2026-10-01 10:00:00", "mara", "Rose", "5")


def write(folder: Path, ending: str, names: tuple[str, ...]) -> Path:
    """A table of one gift."""
    path = folder / f"gifts.{ending}"
    if ending == "xlsx":
        path.write_bytes(workbooks.workbook({"Gifts": workbooks.sheet([names, ROW])}))
    elif ending == "csv":
        path.write_text(",".join(names) + "\n" + ",".join(ROW) + "\n", "utf-8")
    else:
        record = json.dumps({**dict(zip(names, ROW, strict=True)), names[3]: 5}, ensure_ascii=False)
        path.write_text(record + "\n" if ending == "jsonl" else f"[{record}]", "utf-8")
    return path


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "xlsx"])
@pytest.mark.parametrize("language", NAMES)
def test_the_error_names_the_way_on(tmp_path: Path, language: str, ending: str) -> None:
    path = write(tmp_path, ending, NAMES[language])
    refused = run("summary", path.name, "--region", "US", "--creator", "mara", cwd=tmp_path)
    assert (refused.code, refused.out) == (2, "")
    assert "diamondctl profile sniff FILE" in refused.err
    proposed = run("profile", "sniff", path.name, "-o", "mine.yaml", cwd=tmp_path)
    assert proposed.code == 0, proposed
    read = run("summary", path.name, "--region", "US", "--profile", "mine.yaml", "--json", cwd=tmp_path)
    assert json.loads(read.out)["data"]["accounts"][0]["figures"]["coins"]["now"]["low"] == "5", read.err
