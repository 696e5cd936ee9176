"""Where no rate is known, a region that no file covers or a day before the first one, gifts and coins are counted still."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest

from tests.support import ROOT, run

HEAD = "timestamp,creator,gift,coins,quantity,region\n"
ROWS = "2026-10-03 10:00:00Z,maya,Rose,1,5,{0}\n2026-10-04 10:00:00Z,maya,Lion,29999,1,{0}\n"
COMMANDS = (
    ("summary",),
    ("balance",),
    ("fees",),
    ("payout", "check"),
    ("project",),
    ("explain", "reward"),
    ("explain", "stream", "2026-10-03T10:00Z"),
)
WAY = re.compile(r"diamondctl (rates new \S+ .*?-o \S+)")


def made(folder: Path, region: str, year: str = "2026") -> str:
    """A file of gifts in a folder."""
    (folder / "gifts.csv").write_text(HEAD + ROWS.format(region).replace("2026", year))
    return "gifts.csv"


def way_in(warnings: list[str]) -> list[str]:
    """The arguments of the command that a warning names, with a share filled in."""
    (found,) = [match[1] for text in warnings if (match := WAY.search(text))]
    return shlex.split(found.replace("PERCENT", "48"))


@pytest.mark.parametrize(
    ("region", "year", "why"),
    [("CA", "2026", "no rate is known for CA"), ("US", "2017", "reward begins on 2022-10-12, tiktok/us.yaml:")],
)
@pytest.mark.parametrize("ledger", [False, True])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_gifts_are_counted_and_money_is_not_known(
    command: tuple[str, ...], ledger: bool, region: str, year: str, why: str, tmp_path: Path
) -> None:
    """Exit 3, the reason and the way to a rate, in a document that keeps its schema and holds no amount of money."""
    file = made(tmp_path, region, year)
    command = tuple(word.replace("2026", year) for word in command)
    if ledger:
        assert run("import", file, "--ledger", "led", cwd=tmp_path).code == 0
    where = ("--ledger", "led") if ledger else (file,)
    done = run(*command, *where, "--json", cwd=tmp_path)
    assert (done.code, done.err) == (3, "")
    report = json.loads(done.out)
    name = report["schema"].removeprefix("diamondctl.").split("/")[0]
    jsonschema.validate(report, json.loads((ROOT / f"diamondctl/schemas/{name}.schema.json").read_text()))
    assert report["complete"] is False
    incomplete, *_ = report["warnings"]
    assert incomplete.startswith("Incomplete: 2 gifts (30,004 coins)")
    assert why in incomplete
    assert way_in(report["warnings"])[:3] == ["rates", "new", region]
    for account in report["data"].get("accounts", ()):
        assert account["currency"] is None
        assert account["unrated"] == {"gifts": 2, "coins": 30_004}
    shown = run(*command, *where, cwd=tmp_path)
    assert shown.code == 3
    assert "USD" not in shown.out


@pytest.mark.parametrize(("region", "year"), [("CA", "2026"), ("US", "2017")])
def test_the_way_that_is_shown_leads_to_money(region: str, year: str, tmp_path: Path) -> None:
    file = made(tmp_path, region, year)
    period = ("-p", f"{year}-10")
    warnings = json.loads(run("summary", file, *period, "--json", cwd=tmp_path).out)["warnings"]
    assert run(*way_in(warnings), cwd=tmp_path).code == 0
    assert run("rates", "check", "my-rates", cwd=tmp_path).code == 0
    done = run("summary", file, *period, "--rates", "my-rates", cwd=tmp_path)
    assert done.code == 0
    assert "144.01" in done.out  # 30,004 coins, 0.01 USD each, 48 %: 0.02 and 143.99, rounded down day by day


def test_own_rates_that_begin_later_are_named_and_not_to_be_written_again(tmp_path: Path) -> None:
    file = made(tmp_path, "CA")
    assert run("rates", "new", "CA", "--since", "2026-10-10", "-o", "my-rates/ca.yaml", cwd=tmp_path).code == 0
    done = run("summary", file, "--rates", "my-rates", cwd=tmp_path)
    assert done.code == 3
    assert "add an entry that holds from 2026-10-03 on to my-rates/ca.yaml" in " ".join(done.out.split())


@pytest.mark.parametrize("command", COMMANDS[:4], ids=" ".join)
def test_beside_a_region_with_rates_only_the_money_of_the_other_is_missing(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(HEAD + ROWS.format("CA") + ROWS.replace("maya", "mara").format("US"))
    done = run(*command, "gifts.csv", "--share", "48", cwd=tmp_path)
    assert done.code == 3
    assert "no rate is known for CA" in done.out
    assert "144.0" in done.out
    alone = run(*command, "gifts.csv", "--share", "48", "--creator", "mara", cwd=tmp_path)
    assert "CA" not in alone.out


@pytest.mark.parametrize("rows", [2, 12_000])
def test_a_region_that_does_not_exist_is_refused_at_its_row(rows: int, tmp_path: Path) -> None:
    """Also in a file so large that it is read the fast way, where one that exists is none."""
    lines = [f"2026-10-03 10:00:{row % 60:02}Z,maya,Rose,1,{row + 1},CA\n" for row in range(rows)]
    (tmp_path / "gifts.csv").write_text(HEAD + "".join(lines))
    assert run("summary", "gifts.csv", cwd=tmp_path).code == 3
    lines[1] = lines[1].replace(",CA", ",XX")
    (tmp_path / "gifts.csv").write_text(HEAD + "".join(lines))
    done = run("summary", "gifts.csv", cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith("gifts.csv:3 A005 no rate file covers region XX (covered: AT, ")


def test_what_is_recorded_there_is_kept_and_no_wallet_is_made_up(tmp_path: Path) -> None:
    where = ("--ledger", "led")
    assert run("import", made(tmp_path, "CA"), *where, cwd=tmp_path).code == 0
    unclear = run("record", "payout", "300", "--date", "2026-10-12", "--by", "paypal", *where, cwd=tmp_path)
    assert unclear.code == 2
    assert "A017 no rate is known for CA, and so not in which currency maya is paid" in unclear.err
    done = run("record", "payout", "300", "USD", "--date", "2026-10-12", "--by", "paypal", *where, cwd=tmp_path)
    assert done.code == 3
    assert "Recorded p001: 300.00 USD left the wallet of maya" in done.out
    assert "1 payout of maya in USD is in no wallet: no rate is known for CA." in done.out
    check = run("payout", "check", *where, cwd=tmp_path)
    assert check.code == 3
    assert "1 payout of maya in USD is in no wallet" in check.out
    assert run("records", "list", *where, cwd=tmp_path).out.count("p001") == 1


@pytest.mark.parametrize("creator", [(), ("--creator", "maya", "--share", "48", "--method", "paypal")])
def test_init_finishes_in_a_region_without_rates(creator: tuple[str, ...], tmp_path: Path) -> None:
    done = run("init", "--region", "CA", *creator, "--config", "config.yaml", cwd=tmp_path)
    assert done.code == 3
    assert "CA: no rate is known. Gifts and coins are counted there" in done.out
    assert run(*way_in(done.out.splitlines()), cwd=tmp_path).code == 0
    assert run("config", "show", "--config", "config.yaml", cwd=tmp_path).code == 0
    assert run("init", "--region", "XX", "--config", "other.yaml", cwd=tmp_path).code == 2


def test_totals_without_gifts_are_counted_too(tmp_path: Path) -> None:
    for name in ("rates which", "rates show"):
        words = (*name.split(), "reward", "--region", "CA") if name == "rates which" else (*name.split(), "CA")
        done = run(*words, cwd=tmp_path)
        assert done.code == 2
        assert "A005 no rate file covers region CA" in done.err
