"""A dry run says what the command would, and leaves every byte of the ledger and of the settings as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import EXAMPLES, Result, run

ROW = "2026-10-31T20:15:00Z,mara,Rose,seven,fan022\n"  # is rejected, and names a gifter
COMMANDS = (
    ("config", "set", "creators.mara.share", "40"),
    ("config", "set", "timezone", "Europe/Berlin"),
    ("config", "unset", "creators.mara.share"),
    ("privacy", "erase", "fan022"),
    ("privacy", "erase", "nobody"),
)


class World:
    """A ledger with a rejected row, and settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config.yaml").write_text("# mine\nregion: US\ncreators:\n  mara:\n    share: 50\n", "utf-8")
        (folder / "bad.csv").write_text(f"timestamp,creator,gift,coins,gifter\n{ROW}", "utf-8")
        assert self("import", str(EXAMPLES / "2026-10.csv")).code == 0
        assert self("import", "bad.csv", "--keep-good").code == 3

    def __call__(self, *words: str) -> Result:
        ledger, config = str(self.folder / "ledger"), str(self.folder / "config.yaml")
        return run(*words, cwd=self.folder, DIAMONDCTL_LEDGER=ledger, DIAMONDCTL_CONFIG=config)

    def files(self) -> dict[str, bytes]:
        """Every byte that is there."""
        return {str(path): path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_dry_run_tells_what_is_done_and_does_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    world = World(tmp_path)
    before = world.files()
    shown, told = world(*words, "--dry-run"), world(*words, "-n", "--json")
    assert (shown.code, told.code, world.files()) == (0, 0, before)
    assert shown.out.startswith("Dry run, nothing was changed.")
    done = world(*words, "--json")
    assert done.code == 0 and world.files() != before
    would, did = (json.loads(result.out)["data"] for result in (told, done))
    assert (would.pop("dry_run"), did.pop("dry_run")) == (True, False)
    assert would == did
    if words[0] == "config":
        assert did["moved"], "the world is what it is for"


def test_a_dry_run_of_a_folder_of_rates_is_by_those_rates(tmp_path: Path) -> None:
    """Settings that name folders hold in it too."""
    world = World(tmp_path)
    (tmp_path / "rates" / "tiktok").mkdir(parents=True)
    shipped = (EXAMPLES.parent / "rates" / "tiktok" / "us.yaml").read_text("utf-8")
    (tmp_path / "rates" / "tiktok" / "us.yaml").write_text(shipped.replace("cash_per_diamond: 0.01", "cash_per_diamond: 0.02"))
    words = ("config", "set", "rates", str(tmp_path / "rates"))
    before = world.files()
    would = json.loads(world(*words, "--dry-run", "--json").out)["data"]["moved"]
    assert would and world.files() == before
    assert json.loads(world(*words, "--json").out)["data"]["moved"] == would
