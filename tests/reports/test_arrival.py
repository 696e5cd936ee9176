"""What reaches the account: one calendar for every command, amounts of other currencies by a rate that was given, stories."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support import Result, run

RATES = """\
schema: 1
platform: tiktok
regions: [US]
timezone: UTC
sources: {s: {title: A source of 2026, published: 2026-01-01, retrieved: 2026-01-01}}
rates:
"""
KEYS = "effective: 2026-01-01, recorded: 2026-01-01, confidence: official, sources: [s], verified: 2026-10-31"
REWARD = "{diamonds_per_coin: 1, cash_per_diamond: 0.01, currency: USD, share: {kind: flat, percent: 50}}"
USUAL = {
    "reward": REWARD,
    "settlement": "{credit: day, rounding: down}",
    "minimum_payout": "[{method: any, amount: 100.00, currency: USD}]",
    "maximum_payout": "[{method: any, per: day, amount: 500.00, currency: USD}]",
    "payout_fees": "[{method: paypal, name: fee, kind: percent, percent: 2, max: 20, currency: USD, rounding: half_up,"
    " paid_by: creator}]",
    "payout_timing": "[{method: paypal, request: manual, review_days: 3}]",
}
FX = "Date,USD,JPY,\n2026-10-30,1.0823,162.51,\n2026-10-29,1.0801,162.10,\n"


class World:
    """A folder with a rate file, gifts of 3,400 dollars in October and exchange rates."""

    def __init__(self, folder: Path, coins: int = 340_000, **rates: str) -> None:
        self.folder = folder
        (folder / "rates" / "tiktok").mkdir(parents=True)
        lines = [f"  {name}: [{{{KEYS}, value: {value}}}]\n" for name, value in (USUAL | rates).items()]
        (folder / "rates" / "tiktok" / "us.yaml").write_text(RATES + "".join(lines), "utf-8")
        rows = f"timestamp,creator,gift,coins\n2026-10-30T12:00:00Z,mara,Lion,{coins}\n"
        (folder / "gifts.csv").write_text(rows, "utf-8")
        (folder / "fx.csv").write_text(FX, "utf-8")

    def run(self, *words: str) -> Result:
        """A command on the files."""
        names = ("gifts.csv", "--region", "US", "--rates", "rates", "--as-of", "2026-10-31")
        return run(*words, *names, cwd=self.folder)

    def check(self, *words: str) -> dict[str, Any]:
        """The only wallet of `payout check`."""
        done = self.run("payout", "check", *words, "--opening", "0", "--json")
        assert done.out, done.err
        (wallet,) = json.loads(done.out)["data"]["wallets"]
        return dict(wallet, outcome={item["step"]: item for item in wallet["outcome"]}, code=done.code)


def test_seventeen_hundred_go_out_in_four_payouts_and_cost_thirty_four(tmp_path: Path) -> None:
    """500 a day at 2 %, at most 20 a payout: in every command."""
    world = World(tmp_path)
    outcome = world.check()["outcome"]
    assert outcome["leaves"]["payouts"] == {"low": 4, "high": 4}
    assert (outcome["leaves"]["earliest"], outcome["leaves"]["latest"]) == ("2026-10-31", "2026-11-03")
    amount = outcome["taken"]["amount"]
    assert (amount["currency"], amount["low"], amount["high"]) == ("USD", "-34.00", "-34.00")
    assert outcome["arrives"]["stories"] == {"least": "1666.00", "most": "1666.00"}
    assert (outcome["arrives"]["earliest"], outcome["arrives"]["latest"]) == ("2026-10-31", "2026-11-06")
    done = world.run("fees", "-p", "2026-10", "--json")
    ((method,),) = (account["methods"] for account in json.loads(done.out)["data"]["accounts"])
    assert method["payouts"] == {"low": 4, "high": 4}
    assert {step["step"]: step["amount"]["low"] for step in method["steps"]}["fee"] == "-34.00"
    assert "by paypal in 4 payouts" in world.run("fees", "-p", "2026-10", "-v").out


def test_automatic_wednesdays_end_on_the_last_of_them(tmp_path: Path) -> None:
    timing = "[{method: paypal, request: automatic, weekday: wednesday}]"
    limit = "[{method: any, per: day, amount: 106.25, currency: USD}]"
    check = World(tmp_path, payout_timing=timing, maximum_payout=limit).check()
    leaves, arrives = check["outcome"]["leaves"], check["outcome"]["arrives"]
    last = date(2026, 11, 4) + timedelta(weeks=15)
    assert (leaves["payouts"]["high"], leaves["earliest"], leaves["latest"]) == (16, "2026-11-04", str(last))
    assert arrives["latest"] is None and "how long it takes is not known" in arrives["detail"]


def test_a_rest_below_the_minimum_stays_and_is_said(tmp_path: Path) -> None:
    leaves = World(tmp_path, coins=315_000).check()["outcome"]["leaves"]
    assert (leaves["amount"]["low"], leaves["payouts"]["low"]) == ("1500.00", 3)
    assert "75.00 stays, below the minimum" in leaves["detail"]


def test_nothing_follows_where_nothing_can_leave(tmp_path: Path) -> None:
    check = World(tmp_path, coins=10_000).check()
    assert (check["answer"], check["outcome"], check["steps"][2]["payouts"]) == ("no", {}, {"low": 0, "high": 0})


# Other currencies

FOREIGN = "[{method: any, amount: 100.00, currency: EUR}]"
EUROS = (
    "[{method: bank, name: wire, kind: flat, amount: 1.00, currency: EUR, rounding: half_up, paid_by: creator},"
    " {method: paypal, name: fee, kind: flat, amount: {low: 0.50, high: 1.50}, currency: USD, rounding: half_up,"
    " paid_by: creator}]"
)


def test_a_minimum_in_another_currency_is_not_known_without_a_rate(tmp_path: Path) -> None:
    world = World(tmp_path, minimum_payout=FOREIGN)
    check = world.check()
    assert (check["answer"], check["code"]) == ("unknown", 3)
    assert "no exchange rate is known" in check["steps"][1]["detail"]
    assert check["outcome"]["arrives"]["status"] == "?", "what would arrive, if it can be withdrawn"
    check = world.check("--fx", "fx.csv")
    assert (check["answer"], check["code"], check["steps"][1]["status"]) == ("yes", 0, "ok")
    assert check["minimums"][0]["amount"] == "108.23"
    done = world.run("payout", "check", "--fx", "fx.csv", "--opening", "0", "-v")
    assert "The minimum of 100.00 EUR is 108.23 USD: 1 EUR = 1.0823 USD on 2026-10-30, fx.csv." in " ".join(done.out.split())


def test_a_minimum_of_others_is_not_exchanged_where_there_is_one_of_ones_own(tmp_path: Path) -> None:
    both = "[{method: any, amount: 50.00, currency: USD}, {method: any, amount: 9000.00, currency: EUR}]"
    check = World(tmp_path, minimum_payout=both).check("--fx", "fx.csv")
    assert (check["answer"], check["code"]) == ("yes", 0)


def test_rates_that_are_too_old_settle_nothing_and_say_so(tmp_path: Path) -> None:
    world = World(tmp_path, minimum_payout=FOREIGN)
    (tmp_path / "fx.csv").write_text("Date,USD,\n2026-10-01,1.0823,\n", "utf-8")
    check = world.check("--fx", "fx.csv")
    assert check["answer"] == "unknown"
    assert "fx.csv has no rate from EUR to USD of 2026-10-31 or the 5 days before" in check["steps"][1]["detail"]


def test_a_fee_in_another_currency_is_taken_of_every_payout(tmp_path: Path) -> None:
    world = World(tmp_path, payout_fees=EUROS)
    without = world.run("fees", "-p", "2026-10", "--method", "bank")
    assert without.code == 3 and "wire is in EUR; no exchange rate is known" in without.out
    done = world.run("fees", "-p", "2026-10", "--method", "bank", "--fx", "fx.csv", "--json")
    document = json.loads(done.out)
    assert done.code == 0 and document["exchange"]["file"] == "fx.csv"
    steps = {step["step"]: step for step in document["data"]["accounts"][0]["methods"][0]["steps"]}
    assert steps["fee"]["amount"]["low"] == "-4.32", "four payouts, 1.08 each"
    assert steps["fee"]["note"] == "1.08 USD: 1 EUR = 1.0823 USD on 2026-10-30, fx.csv"


def test_the_cheapest_of_several_methods_is_named_in_one_line(tmp_path: Path) -> None:
    world = World(tmp_path, payout_fees=EUROS)
    check = world.check("--fx", "fx.csv", "--method", "paypal")
    assert [(item["method"], item["net"]["low"]) for item in check["methods"]] == [("bank", "1695.68"), ("paypal", "1694.00")]
    assert check["outcome"]["arrives"]["stories"] == {"least": "1694.00", "most": "1698.00"}
    done = world.run("payout", "check", "--fx", "fx.csv", "--method", "paypal")
    said = "The cheapest of 2 methods is bank: bank 1,695.68 USD, paypal 1,694.00 - 1,698.00 USD."
    assert said in " ".join(done.out.split())
    assert world.check("--method", "paypal")["methods"] == [], "what the bank takes is not known"


def test_a_projection_supposes_that_the_rate_stays(tmp_path: Path) -> None:
    World(tmp_path, payout_fees=EUROS, minimum_payout=FOREIGN)
    days = [date(2026, 7, 1) + timedelta(days=7 * week) for week in range(18)]
    rows = [f"{day}T12:00:00Z,mara,Lion,20000" for day in days]
    (tmp_path / "gifts.csv").write_text("\n".join(["timestamp,creator,gift,coins", *rows]) + "\n", "utf-8")
    done = run(
        "project", "gifts.csv", "--region", "US", "--rates", "rates", "--fx", "fx.csv", "--json", "-p", "2026-11",
        "--as-of", "2026-10-31", "--method", "bank", cwd=tmp_path,
    )  # fmt: skip
    assert done.code == 0, done.err
    (item,) = json.loads(done.out)["data"]["accounts"]
    (bank,) = item["bank"]
    assert bank["unknown"] == [] and bank["minimum"] is None
    assert any("1 EUR = 1.0823 USD on 2026-10-30" in text for text in item["assumptions"])


@pytest.mark.parametrize(("currency", "limit", "fee"), [("JPY", "700", "-2"), ("KWD", "0.700", "-0.002")])
def test_currencies_with_no_and_three_decimals(tmp_path: Path, currency: str, limit: str, fee: str) -> None:
    """Two payouts of 1,000 and 2 per mille of each, to the smallest unit."""
    value = {"JPY": "1", "KWD": "0.001"}[currency]
    world = World(
        tmp_path,
        coins=2_000,
        reward=REWARD.replace("0.01", value).replace("USD", currency),
        minimum_payout=f"[{{method: any, amount: 0, currency: {currency}}}]",
        maximum_payout=f"[{{method: any, per: day, amount: {limit}, currency: {currency}}}]",
        payout_fees="[{method: any, name: fee, kind: percent, percent: 0.2, rounding: half_up, paid_by: creator}]",
    )
    taken = world.check()["outcome"]["taken"]["amount"]
    assert (taken["low"], taken["currency"]) == (fee, currency)
    assert Decimal(taken["low"]) == Decimal(taken["high"])


def test_of_minimums_in_several_other_currencies_none_is_chosen(tmp_path: Path) -> None:
    both = "[{method: any, amount: 50.00, currency: JPY}, {method: any, amount: 70.00, currency: EUR}]"
    check = World(tmp_path, minimum_payout=both).check("--fx", "fx.csv")
    assert check["answer"] == "unknown"
    assert "which of EUR and JPY holds in USD is not known" in check["steps"][1]["detail"]
