"""A new rate file is right as it stands, whatever it was asked for, and so is the part that it leaves out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import MINOR_UNITS
from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.lints import Wanted
from diamondctl.ratebook.skeleton import skeleton
from diamondctl.reports.check import check
from tests.ratebook.test_zone_format import SHIPPED, VALIDATOR, _Core
from tests.strategies import TIMEZONES
from tests.support import run

TODAY = date(2026, 11, 24)
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)


def load(text: str) -> Zone:
    log = ProblemLog()
    zone = store.load_data(text.encode(), name="x", file="x.yaml", origin="user", log=log)
    assert zone is not None, [str(problem) for problem in log.problems]
    checked = check([("", zone)], [], ["x.yaml"], Wanted(TODAY, max_age=0), strict=True)
    assert not checked.problems, [str(problem) for problem in checked.problems]
    return zone


@given(st.lists(letters, min_size=1, max_size=4, unique=True), st.sampled_from(TIMEZONES), st.sampled_from(sorted(MINOR_UNITS)))
def test_a_new_file_passes_a_strict_check(regions: list[str], timezone: str, currency: str) -> None:
    text = skeleton("tiktok", regions, timezone, currency, TODAY, MINOR_UNITS[currency])
    zone = load(text)
    assert (zone.regions, zone.timezone) == (tuple(regions), timezone)
    assert "REPLACE" in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    # The part that is left out, with its marks taken away.
    more = re.sub(r"(?m)^  # (minimum_payout:|  +[-a-z].*)$", r"  \1", text)
    assert set(load(more).rates) == {"reward", "settlement", "minimum_payout"}


def test_an_editor_finds_the_schema_and_nothing_to_mark() -> None:
    """The first line says where the schema is, and it accepts the file as an editor reads it."""
    text = skeleton("tiktok", ["CA"], "America/Toronto", "USD", TODAY, 2)
    VALIDATOR.validate(yaml.load(text, Loader=_Core))
    for file in (text, *(path.read_text("utf-8") for path in SHIPPED)):
        assert file.startswith("# yaml-language-server: $schema=../rates.schema.json\n")


def test_it_is_written_once_and_can_be_checked(tmp_path: Path) -> None:
    command = ("rates", "new", "ca", "--timezone", "America/Toronto", "-o", "my rates/tiktok/ca.yaml")
    done = run(*command, cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert done.err == "Written. Replace what says REPLACE, then: diamondctl rates check 'my rates/tiktok/ca.yaml'\n"
    checked = run("rates", "check", "my rates", "--max-age", "1", cwd=tmp_path)
    assert (checked.code, checked.out.count(" R125 warning: ")) == (0, 8)
    assert run("rates", "check", "my rates", "--strict", cwd=tmp_path).code == 1
    path = tmp_path / "my rates/tiktok/ca.yaml"
    path.write_text(path.read_text("utf-8").replace("REPLACE", "Done"), "utf-8")
    assert run("rates", "check", "my rates", "--strict", "--max-age", "1", cwd=tmp_path).code == 0
    path.write_text(path.read_text("utf-8").replace("Done", "REPLACE"), "utf-8")
    again = run(*command, cwd=tmp_path)
    assert (again.code, again.err) == (0, "my rates/tiktok/ca.yaml: unchanged\n")
    path.write_text(path.read_text("utf-8").replace("REPLACE", "Done"), "utf-8")
    again = run(*command, cwd=tmp_path)
    assert again.code == 4
    assert "A009 the file exists already and was kept" in again.err
    assert run(*command, "--force", cwd=tmp_path).code == 0
    assert run(*command[:-2], "-o", "-", cwd=tmp_path).out == (tmp_path / "my rates/tiktok/ca.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nordic",), "--region CODE is missing"),
        (("Nordic", "--region", "NO"), "ZONE: 'Nordic' is not a name in small letters"),
        (("../x", "--region", "NO"), "ZONE: '../x' is not a name in small letters"),
        (("ca", "--platform", "a: b"), "--platform: 'a: b' is not a name in small letters"),
        (("ca", "--currency", "USDT"), "--currency: 'USDT' is not a currency"),
        (("ca", "--timezone", "PST"), "A003 --timezone: 'PST' is not a known time zone"),
        (("ca", "--region", "CAN"), "A012 --region: 'CAN' is not a region"),
    ],
)
def test_what_would_not_pass_is_refused(arguments: tuple[str, ...], said: str) -> None:
    result = run("rates", "new", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
