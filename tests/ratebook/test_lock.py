"""A rates.lock pins reports to fingerprints; one that was made with other rates says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support import EXAMPLES, ROOT, Result, run

REPORTS = (("summary",), ("fees",), ("balance",), ("payout", "check"), ("explain", "reward"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(EXAMPLES / "2026-10.csv", tmp_path / "gifts.csv")
    shutil.copytree(ROOT / "rates", tmp_path / "mine")
    done = run("rates", "list", "--rates", "mine", "-f", "lock", "-o", "rates.lock", cwd=tmp_path)
    assert done.code == 0, done.err
    return tmp_path


def report(folder: Path, *words: str, rates: str = "mine", lock: str = "") -> Result:
    command = (*words, "gifts.csv", "--region", "US", "--rates", rates, "--json")
    return run(*command, cwd=folder, DIAMONDCTL_RATES_LOCK=lock)


def said(result: Result) -> list[str]:
    return [text for text in json.loads(result.out)["warnings"] if text.startswith("Made with other rates than ")]


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_report_with_other_rates_says_so(words: tuple[str, ...], folder: Path) -> None:
    assert said(report(folder, *words)) == []
    path = folder / "mine/tiktok/us.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    (text,) = said(report(folder, *words))
    assert text.startswith("Made with other rates than rates.lock says: tiktok/us is ")


def test_files_that_the_report_does_not_use_and_other_places_are_no_matter(folder: Path) -> None:
    path = folder / "mine/tiktok/vn.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    shutil.move(folder / "mine", folder / "elsewhere")
    assert said(report(folder, "summary", rates="elsewhere")) == []


def test_the_catalogue_is_pinned_too(folder: Path) -> None:
    path = folder / "mine/tiktok/gifts.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    (text,) = said(report(folder, "summary"))
    assert ": tiktok/gifts is " in text


def test_a_zone_that_is_not_named_is_said_and_a_lock_elsewhere_is_named(folder: Path) -> None:
    lock = folder / "rates.lock"
    other = folder / "other.lock"
    lines = lock.read_text("utf-8").splitlines(keepends=True)
    other.write_text("".join(line for line in lines if "tiktok/us" not in line), "utf-8")
    lock.unlink()
    assert said(report(folder, "summary")) == []
    (text,) = said(report(folder, "summary", lock="other.lock"))
    assert text.startswith("Made with other rates than other.lock says: tiktok/us is ")
    assert text.endswith("the lock does not name it.")
    missing = report(folder, "summary", lock="nowhere.lock")
    assert (missing.code, missing.out) == (2, "")
    assert "F001" in missing.err


def test_an_estimate_says_it_too(folder: Path) -> None:
    words = ("estimate", "1000", "--region", "US", "--rates", "mine", "--json")
    assert said(run(*words, cwd=folder)) == []
    path = folder / "mine/tiktok/us.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    assert len(said(run(*words, cwd=folder))) == 1


def test_whose_files_are_pinned_is_said_and_the_header_makes_the_same_lock_again(folder: Path) -> None:
    lock = folder / "rates.lock"
    before = lock.read_bytes()
    head = lock.read_text("utf-8").splitlines()[0]
    assert head.endswith("written by: diamondctl rates list --rates mine -f lock -o rates.lock --force")
    lock.unlink()
    again = run(*head.partition("diamondctl rates.lock 1; written by: diamondctl ")[2].split(), cwd=folder)
    assert (again.code, lock.read_bytes()) == (0, before)
    number = len(before.splitlines()) - 1
    assert f"Pinned: 0 shipped, {number} yours." in again.err
    shutil.move(folder / "mine", folder / "rates")
    shipped = run("rates", "list", "-f", "lock", "-o", "rates.lock", "--force", cwd=folder)
    assert f"Pinned: {number} shipped, 0 yours. ./rates is not among them: --rates rates." in shipped.err
