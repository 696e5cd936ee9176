"""Rate files on disk: a user's own file is used or refused, never passed over in favour of a shipped one."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diamondctl.problems import Refusal
from diamondctl.ratebook import store
from tests.support import ROOT, Result, run

SHIPPED = (ROOT / "rates" / "tiktok" / "us.yaml").read_text("utf-8")
NOWHERE = SHIPPED.replace("regions: [US]", "regions: [AQ]")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def summary(rates: Path, region: str = "US") -> Result:
    return run("summary", "examples/2026-10.csv", "--region", region, "--rates", str(rates), "-v")


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "misspelt platform": (lambda text: text.replace("platform: tiktok", "platform: tikto"), "R009"),
    "capitals": (lambda text: text.replace("platform: tiktok", "platform: TikTok"), "R008"),
    "a second platform": (lambda text: text + "\nplatform: x\n", "R003"),
    "small letters": (lambda text: text.replace("regions: [US]", "regions: [us]").replace("[AQ]", "[aq]"), "R015"),
    "no platform": (lambda text: text.replace("platform: tiktok\n", ""), "R007"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("region", ["US", "AQ"])
def test_a_broken_file_of_the_user_is_refused_with_its_own_problem(name: str, region: str, tmp_path: Path) -> None:
    change, code = BROKEN[name]
    text = change(SHIPPED if region == "US" else NOWHERE)
    answer = summary(written(tmp_path, "mine.yaml", text), region)
    assert (answer.code, answer.out) == (2, "")
    assert f" {code} " in answer.err
    assert "A005" not in answer.err
    assert run("rates", "check", str(tmp_path)).code == 1, "what refuses a summary is found by rates check"


def test_a_file_in_the_folder_of_another_platform_is_refused(tmp_path: Path) -> None:
    answer = summary(written(tmp_path, "twitch/us.yaml", SHIPPED))
    assert (answer.code, answer.out) == (2, "")
    assert " R024 the folder says 'twitch'" in answer.err


def test_a_broken_file_that_is_not_needed_is_refused_too(tmp_path: Path) -> None:
    written(tmp_path, "us.yaml", SHIPPED)
    answer = summary(written(tmp_path, "ca.yaml", "schema: 1\n"))
    assert (answer.code, answer.out) == (2, "")
    assert "ca.yaml" in answer.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["us.yaml", "tiktok/us.yaml"])
def test_a_pipe_among_the_files_is_refused_and_never_waited_for(name: str, tmp_path: Path) -> None:
    (tmp_path / "tiktok").mkdir()
    os.mkfifo(tmp_path / name)
    answer = summary(tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"{tmp_path.name}/{name} F002 not a regular file (a rate file is a text file)\n"


def test_a_folder_or_a_dead_link_with_the_name_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "us.yaml").mkdir()
    os.symlink(tmp_path / "gone", tmp_path / "gb.yml")
    answer = summary(tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert [line.split(" ")[1] for line in answer.err.splitlines()] == ["R031"]
    (tmp_path / "gb.yml").unlink()
    assert [line.split(" ")[1] for line in summary(tmp_path).err.splitlines()] == ["F002"]


def test_files_that_cover_other_regions_are_said_not_to_be_used(tmp_path: Path) -> None:
    answer = summary(written(tmp_path, "aq.yaml", NOWHERE))
    assert answer.code == 0
    assert f"No file in {tmp_path.name} covers US on tiktok: the shipped rates are used." in answer.out.replace("\n  ", " ")


def test_a_good_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    answer = summary(written(tmp_path, "mine.yml", SHIPPED))
    assert answer.code == 0
    assert "(yours)" in answer.out
    assert "No file in" not in answer.out


def test_a_folder_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(Path, "iterdir", forbidden)  # a test that runs as root cannot be forbidden anything
    with pytest.raises(Refusal) as refused:
        store.paths_in(tmp_path)
    assert [str(problem) for problem in refused.value.problems] == [
        f"{tmp_path.name} F001 cannot be read: Permission denied (check its permissions)"
    ]


def test_a_shipped_file_that_could_not_be_opened_once_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of file handles for a moment: the second attempt, which is to say what is wrong, finds nothing wrong."""
    regions, opened, failed = [item.regions for item in store.find(None)], Path.open, []

    def fails_once(path: Path, *rest: Any, **named: Any) -> Any:
        if path.suffix == ".yaml" and path not in failed:
            failed.append(path)
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, *rest, **named)

    monkeypatch.setattr(Path, "open", fails_once)
    assert [item.regions for item in store.find(None)] == regions
    assert failed
