"""The library imports as the command does: by the same options and settings, with the same report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import diamondctl
from diamondctl.api.imports import ImportOptions
from diamondctl.cli.importing import import_
from tests.support import EXAMPLES, run_in

FILES = ("2026-10.csv", "gb-2026-10.jsonl")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of the two files one has a creator by its name, and nobody says where she is paid."""
    monkeypatch.chdir(tmp_path)
    text = "creators:\n  lee:\n    region: GB\n  june:\n    files: 'june-*.csv'\n"
    (config := tmp_path / "config.yaml").write_text(text)
    for name in FILES:
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    (tmp_path / "june-1.csv").write_text("timestamp,gift,coins,event_id\n2026-10-01T18:00:00Z,Rose,1,e1\n")
    return config


def test_an_import_is_the_command_s(settings: Path) -> None:
    """Whose file it is, and where she is paid, stand in the settings or are told; every state that is kept is the same."""
    files = (*FILES, "june-1.csv")
    mine = diamondctl.import_files(*files, ledger="library", config=settings, keep_good=True)
    env = {"DIAMONDCTL_CONFIG": str(settings), "DIAMONDCTL_LEDGER": "command"}
    done = run_in(env, "import", *files, "--keep-good", "--json", cwd=None)
    assert (mine.exit_code, mine.json()) == (done.code, json.loads(done.out.replace('"command', '"library')))
    assert mine.value.set_region.startswith("diamondctl config set creators.")
    reports = [diamondctl.balance(ledger=name, config=settings, as_of="2026-11-01") for name in ("library", "command")]
    assert reports[0].json() == reports[1].json()


def test_a_dry_run_makes_nothing(settings: Path) -> None:
    made = diamondctl.import_files(FILES[0], ledger="library", config=settings, dry_run=True)
    assert made.value.dry_run
    assert not Path("library").exists()


def test_every_option_of_the_command_is_a_keyword() -> None:
    """But those of the screen."""
    words = set(import_.__signature__.parameters)  # type: ignore[attr-defined]
    shown = {"format", "json", "csv", "output", "force", "columns", "sort", "limit", "quiet", "verbose", "color"}
    assert words - shown - {"file", "no_progress"} == ImportOptions.__annotations__.keys()
    with pytest.raises(TypeError, match="no such option: regoin"):
        diamondctl.import_files("x.csv", regoin="US")  # type: ignore[call-arg]
