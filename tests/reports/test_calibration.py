"""`rates calibrate`: a finding that changes nothing, and evidence that holds nobody."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import ROOT, run, run_in

GIFTS = str(ROOT / "examples/2026-10.csv")
SHOWN = {"7482242120385090473": "5.89", "7482238901358272448": "8.33", "7482227650030353062": "36.84"}
WORDS = ("rates", "calibrate", GIFTS, "--region", "US", "-p", "2026-10")
CREDITS = tuple(word for name, amount in SHOWN.items() for word in ("--credit", f"{name}={amount}"))


def test_the_share_behind_three_amounts() -> None:
    """48 %, rounded down three times."""
    report = json.loads(run(*WORDS, *CREDITS, "--json").out)["data"]
    assert (report["n"], report["method"], report["constant"]) == (3, "credits", True)
    assert float(report["share"]["low"]) <= 48 <= float(report["share"]["high"])
    assert float(report["share"]["high"]) - float(report["share"]["low"]) < 0.02
    screen = run(*WORDS, *CREDITS)
    assert screen.out.startswith("Your share was 47.99")
    assert "It changes nothing until you set it: diamondctl config set creators.mara.share PERCENT" in screen.out


def test_the_evidence_holds_region_month_method_interval_and_n(tmp_path: Path) -> None:
    result = run(*WORDS, *CREDITS, "--evidence", "mine.yaml", cwd=tmp_path)
    assert result.code == 0
    text = (tmp_path / "mine.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line.partition(":")[0] for line in lines] == [
        "evidence", "platform", "region", "month", "method", "low", "high", "n",
    ]  # fmt: skip
    assert "mara" not in text and not any(name in text or amount in text for name, amount in SHOWN.items())
    assert run("rates", "check", "mine.yaml", "--strict", cwd=tmp_path).code == 0


def test_a_file_with_anything_else_is_refused(tmp_path: Path) -> None:
    good = "evidence: 1\nplatform: tiktok\nregion: US\nmonth: 2026-10\nmethod: credits\nlow: 47.9\nhigh: 48.2\nn: 18\n"
    for text, code in (
        (good, ""),
        (good + "creator: mara\n", "R006"),
        (good.replace("n: 18", "n: 0"), "R011"),
        (good.replace("2026-10", "2026-10-03"), "R010"),
        (good.replace("low: 47.9", "low: 49"), "R019"),
        (good.replace("high: 48.2", "high: 148.2"), "R020"),
        (good.replace("method: credits", "method: guess"), "R009"),
    ):
        (tmp_path / "e.yaml").write_text(text, "utf-8")
        result = run("rates", "check", "e.yaml", cwd=tmp_path)
        assert (result.code, code in result.out) == (1 if code else 0, True), result.out


def test_three_that_fit_make_a_share_measured(tmp_path: Path) -> None:
    zone = (ROOT / "tests/errors/R134/bad.yaml").read_text("utf-8")
    (tmp_path / "tiktok/evidence").mkdir(parents=True)
    (tmp_path / "tiktok/us.yaml").write_text(zone, "utf-8")
    good = "evidence: 1\nplatform: tiktok\nregion: US\nmonth: 2026-10\nmethod: credits\nlow: 49.9\nhigh: 50.1\nn: {}\n"
    for number in range(4):
        result = run("rates", "check", str(tmp_path))
        assert result.code == (0 if number >= 3 else 1), result.out
        (tmp_path / f"tiktok/evidence/{number}.yaml").write_text(good.format(number + 2), "utf-8")
    other = good.format(9).replace("49.9", "38").replace("50.1", "39")
    for number in range(3):
        (tmp_path / f"tiktok/evidence/{number}.yaml").write_text(other.replace("n: 9", f"n: {number + 9}"), "utf-8")
    assert "1 calibrations fit it" in run("rates", "check", str(tmp_path)).out


def test_amounts_of_missions_that_differ(tmp_path: Path) -> None:
    result = run(*WORDS, "--credit", "7482242120385090473=4.67", "--credit", "7482238901358272448=8.33")
    assert result.code == 3
    assert result.out.startswith("No one share fits these 2 amounts")


def test_a_share_above_100_is_said_to_be_none_and_is_no_evidence(tmp_path: Path) -> None:
    name = next(iter(SHOWN))
    result = run(*WORDS, "--credit", f"{name}=9999", "--evidence", "mine.yaml", cwd=tmp_path)
    assert (result.code, (tmp_path / "mine.yaml").exists()) == (3, False)
    assert "No share is above 100%" in result.out
    assert "config set" not in result.out


def test_what_is_no_observation_is_refused() -> None:
    for words in (("--credit", "x"), ("--credit", "=5"), ("--credit", "nobody=5"), (), (*CREDITS[:2], *CREDITS[:2])):
        assert "A024" in run(*WORDS, *words).err
    assert "A024 evidence is of a month" in run(*WORDS[:-2], "-p", "2026", *CREDITS, "--evidence", "x.yaml").err


def test_what_a_ledger_holds_of_credits_and_balances_is_observed(tmp_path: Path) -> None:
    """A share of 50 %: the growth between two balances less what was withdrawn, and a day that was recorded."""
    place = {"DIAMONDCTL_LEDGER": str(tmp_path / "ledger")}
    assert run_in(place, "import", "examples/gb-2026-10.jsonl").code == 0
    nothing = run_in(place, "rates", "calibrate", "-p", "2026-10")
    assert (nothing.code, "A024 nothing was observed" in nothing.err) == (2, True)
    for words in (
        ("balance", "100", "--date", "2026-10-10"),
        ("payout", "20", "--date", "2026-10-15", "--by", "paypal"),
        ("balance", "134.72", "--date", "2026-10-20"),  # 54.72 were credited between them
    ):
        assert run_in(place, "record", *words).code == 0
    found = json.loads(run_in(place, "rates", "calibrate", "-p", "2026-10", "--json").out)["data"]
    (account,) = found.get("accounts", (found,))
    assert account["share"] == {"low": "49.9862", "high": "50.032"}
