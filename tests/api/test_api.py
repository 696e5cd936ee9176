"""The library says what the commands say, loads no Typer, and gives frames that no sum can mix up."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import diamondctl
from diamondctl.api import library as api
from diamondctl.cli.options import Inputs
from diamondctl.desk.choosing import Options
from tests.support import ROOT, environment, run

FILE = "examples/2026-10.csv"
YEAR = "examples/year/gb-2026.csv"
REPORTS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "summary": (api.summary, ("summary",)),
    "balance": (api.balance, ("balance",)),
    "fees": (api.fees, ("fees",)),
    "payout check": (api.payout_check, ("payout", "check")),
    "streams": (api.streams, ("streams",)),
    "schedule": (api.schedule, ("schedule",)),
    "gifts": (api.gifts, ("gifts",)),
    "gifters": (api.gifters, ("gifters",)),
}


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where examples lie, and without settings."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.mark.parametrize("name", REPORTS)
def test_a_function_gives_what_its_command_prints(name: str) -> None:
    function, words = REPORTS[name]
    report = function(FILE, region="US", share=48, period="2026-10", as_of="2026-11-01")
    given = (FILE, "--region", "US", "--share", "48", "-p", "2026-10", "--as-of", "2026-11-01")
    assert report.json() == json.loads(run(*words, *given, "--json").out)
    assert report.text() == run(*words, *given, COLUMNS="").out
    done = run(*words, *given, "--csv")
    assert (report.exit_code, len(report.frame())) == (done.code, len(done.out.splitlines()) - 1)


def test_so_do_those_that_read_no_gifts() -> None:
    """And a projection, whose period is that of the command."""
    made = (
        (diamondctl.rates(), ("rates", "list")),
        (diamondctl.compare(region="US", as_of="2026-11-01"), ("compare", "--region", "US")),
        (diamondctl.estimate(20_265, region="US", as_of="2026-11-01"), ("estimate", "20265", "--region", "US")),
        (
            diamondctl.project(YEAR, period="2026-11", lives=9, as_of="2026-10-31"),
            ("project", YEAR, "-p", "2026-11", "--streams", "9", "--as-of", "2026-10-31"),
        ),
    )
    for report, words in made:
        done = run(*words, "--json", DIAMONDCTL_AS_OF=f"{date.today()}" if words[0] == "rates" else "2026-11-01")
        assert (report.exit_code, report.json()) == (done.code, json.loads(done.out))


def test_what_contradicts_itself_is_refused_by_both() -> None:
    """The library had not known."""
    with pytest.raises(diamondctl.Misuse, match="--streams and --hours are of a period"):
        diamondctl.project(YEAR, threshold=True, lives=9)
    with pytest.raises(diamondctl.Misuse, match="LIVEs and gifts go by the time"):
        diamondctl.gifts(FILE, region="US", basis="paid")
    with pytest.raises(diamondctl.Refusal, match="G051"):
        diamondctl.estimate(20_265)
    with pytest.raises(diamondctl.Refusal, match="A017"):
        diamondctl.schedule(FILE, YEAR, region="US")


def test_every_option_of_a_report_is_a_keyword() -> None:
    assert tuple(Options.__annotations__) == Inputs._fields
    with pytest.raises(TypeError, match="no such option: chare"):
        api.summary(FILE, chare=48)  # type: ignore[call-arg]


def test_no_column_mixes_currencies(tmp_path: Path) -> None:
    """A made-up zone pays in euros."""
    (tmp_path / "rates").mkdir()
    text = (ROOT / "rates" / "tiktok" / "br.yaml").read_text("utf-8")
    (tmp_path / "rates" / "br.yaml").write_text(text.replace("currency: USD", "currency: EUR"), "utf-8")
    (tmp_path / "gifts.csv").write_text(
        "timestamp,creator,gift,coins,region\n2026-10-01T18:00:00Z,mara,Rose,1000,US\n2026-10-02T18:00:00Z,rui,Rose,1000,BR\n",
        "utf-8",
    )
    frame = api.summary(tmp_path / "gifts.csv", rates=tmp_path / "rates", share=50, period="2026-10").frame()
    assert frame["reward_low_usd"].tolist() == [Decimal("5.00"), None]
    assert frame["reward_low_eur"].tolist() == [None, Decimal("5.00")]
    assert "reward_low" not in frame


def test_the_library_loads_without_typer_and_without_pandas() -> None:
    code = (
        "import sys, diamondctl; assert 'diamondctl.api' not in sys.modules; "
        f"report = diamondctl.summary({FILE!r}, region='US'); report.answer; report.json(); "
        "assert not {'typer', 'click', 'pandas'} & set(sys.modules); report.frame(); assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), check=True)


def test_every_function_has_its_type() -> None:
    """A type checker sees what `__getattr__` gives."""
    stub = (ROOT / "diamondctl" / "__init__.pyi").read_text("utf-8")
    assert (
        {line.rpartition(" ")[2] for line in stub.splitlines() if line.startswith("from")}
        == set(api.__all__)
        == diamondctl.LIBRARY
    )


def test_what_is_not_there_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError):
        _ = diamondctl.nothing  # type: ignore[attr-defined]
    with pytest.raises(diamondctl.Refusal) as refused:
        diamondctl.summary("no-such-file.csv")
    assert refused.value.problems[0].code == "F001"
    with pytest.raises(diamondctl.Misuse):
        diamondctl.fees(FILE, region="US", to="moon")


def test_the_examples_of_the_manual_are_true() -> None:
    text = (ROOT / "diamondctl/topics/api.md").read_text("utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, "api.md", "api.md", 0)
    found = doctest.DocTestRunner(verbose=False).run(test)
    assert found.failed == 0 and found.attempted > 10
