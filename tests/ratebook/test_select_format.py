"""Optional keys of schema 1: others than a scheme's creators, the league's limit, a day's total, a hold without an end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Reward, Timing
from tests import build
from tests.support import ROOT, run, run_in

US = (ROOT / "rates/tiktok/us.yaml").read_text("utf-8")


def test_the_shipped_keys_are_read() -> None:
    zones = store.zones_for("tiktok", ["US", "GB"], None)
    reward = zones["US"].rates["reward"][-1].value
    assert isinstance(reward, Reward) and reward.share.missions == build.SELECT
    for region in ("US", "GB"):
        entry = next(item for item in zones[region].rates["payout_timing"] if str(item.recorded) == "2026-11-29")
        assert entry.value == (Timing("paypal", "manual", "", 15, 21, hold_open=True),)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("          others: 50\n", "          others: 0.5\n", "R021"),
        ("          others: 50\n", "          others: 150\n", "R020"),
        ("valid_minutes_of: day", "valid_minutes_of: week", "R009"),
        ("league_max_amount: 1000.00", "league_max_amount: 0", "R011"),
        ("leagues: [a1, a2, a3]", "leagues: [A1]", "R008"),
        ("leagues: [a1, a2, a3]", "leagues: []", "R008"),
        (
            "            league: {held: 1, personal_best: 3}\n            leagues: [a1, a2, a3]\n            league_max",
            "            leagues: [a1]\n            league_max",
            "R026",
        ),
        ("{low: 21, high: unknown}", "{low: 21, high: 30}", "R009"),
        ("{low: 21, high: unknown}", "{low: 21}", "R007"),
        ("{low: 21, high: unknown}", "many", "R011"),
    ],
)
def test_what_is_wrong_with_them_is_named(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert old in US
    path = tmp_path / "us.yaml"
    path.write_text(US.replace(old, new), "utf-8")
    log = ProblemLog()
    store.load(path, file="us.yaml", origin="user", log=log)
    assert {problem.code for problem in log.problems} == {code}
    assert all(problem.line for problem in log.problems)


def test_a_hold_without_an_end_has_no_latest_day() -> None:
    """In 2025 payouts of the US were asked for: reviewed in 15 days, then 21 or more."""
    words = ("payout", "check", "examples/2025-02.csv", "--region", "US", "--share", "48", "--opening", "500", "--json")
    (wallet,) = json.loads(run(*words, "--as-of", "2025-02-28").out)["data"]["wallets"]
    (time,) = [step for step in wallet["steps"] if step["step"] == "time"]
    assert (time["earliest"], time["latest"]) == ("2025-02-28", None)
    assert time["detail"] == "paypal: manual, up to 15 days review, then 21 days hold or more; earliest 2025-02-28"
    (wallet,) = json.loads(run(*words, "--as-of", "2025-02-28", "--rates-as-of", "2026-11-28").out)["data"]["wallets"]
    (time,) = [step for step in wallet["steps"] if step["step"] == "time"]
    assert time["latest"] == "2025-04-05", "what the file said before stays readable"


def rewards(*words: str, config: str = "") -> tuple[str, str]:
    env = {"DIAMONDCTL_CONFIG": config} if config else {}
    result = run_in(env, "summary", str(ROOT / "examples/2026-10.csv"), "--region", "US", "-p", "2026-10", "--json", *words)
    figure = json.loads(result.out)["data"]["accounts"][0]["figures"]["reward"]["now"]
    return figure["low"], figure["high"]


def test_the_answer_by_option_and_by_dated_setting(tmp_path: Path) -> None:
    in_it, flat = ("--scheme", "missions", "--penalty", "0"), ("--scheme", "flat")
    assert rewards(*in_it) == ("93.11", "107.28")
    assert rewards(*flat) == ("101.29", "101.29")
    assert rewards("--penalty", "0") == ("76.91", "127.61")
    path = tmp_path / "config.yaml"
    path.write_text("creators:\n  mara:\n    scheme: flat\n", "utf-8")
    assert rewards(config=str(path)) == ("101.29", "101.29")
    assert rewards(*in_it, config=str(path)) == ("93.11", "107.28"), "an option wins"
    path.write_text("creators: {mara: {scheme: [{from: 2020-01-01, scheme: flat}, {from: 2026-11-01, scheme: missions}]}}\n")
    low, high = rewards("--penalty", "0", config=str(path))
    assert (low, high) == ("104.54", "106.57"), "the weekly part of the week that ends on 1 November"
    path.write_text("creators: {mara: {scheme: select}}\n", "utf-8")
    assert "R009" in run("config", "show", DIAMONDCTL_CONFIG=str(path)).err


def test_a_league_is_named_by_its_word(tmp_path: Path) -> None:
    words = ("summary", "examples/2026-10.csv", "--region", "US", "--scheme", "missions", "--penalty", "0", "--league")
    assert run(*words, "held-a1").code == 0
    assert run(*words, "held-z9").code == 0
    for word in ("none-a1", "kept", "kept-a1"):
        assert "A019" in run(*words, word).err
