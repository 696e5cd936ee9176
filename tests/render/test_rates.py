"""Shares that are built from missions are shown band by band wherever a rate file is shown."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import ROOT, run

BANDS = "active fans (rising) 10 = 1, 100 = 1.5, 2000 = 2"
CHANGED = "active fans (rising) 10 = 1, 100 = 1.75, 2000 = 2"


def test_show_and_which_print_the_bands() -> None:
    for command, times in ((("show", "US", "-v"), 2), (("which", "reward", "--region", "US", "--date", "2026-10-31", "-v"), 1)):
        shown = run("rates", *command, COLUMNS="").out
        assert shown.count(BANDS) == times
        assert f"; {BANDS}; " in run("rates", *command, "--json").out
    assert "Missions" not in run("rates", "show", "GB").out


def test_a_corrected_share_says_which_bands_changed(tmp_path: Path) -> None:
    text = (ROOT / "rates" / "tiktok" / "us.yaml").read_text("utf-8")
    start = text.index("    - effective: 2025-02-10\n      recorded: 2026-11-29\n")
    entry = text[start : text.index("\n\n", start) + 1]
    corrected = entry.replace("recorded: 2026-11-29", "recorded: 2026-11-30").replace("100: 1.5", "100: 1.75")
    for side, more in (("base", ""), ("head", corrected)):
        (tmp_path / side / "tiktok").mkdir(parents=True)
        (tmp_path / side / "tiktok" / "us.yaml").write_text(text.replace(entry, entry + more), "utf-8")
    found = run("rates", "diff", str(tmp_path / "base"), str(tmp_path / "head"), "--as-of", "2026-12-01", "--json")
    (change,) = json.loads(found.out)["data"]["changes"]
    assert change["change"] == "corrected"
    assert (BANDS in change["before_text"], CHANGED in change["after_text"]) == (True, True)
