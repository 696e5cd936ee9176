"""Recording from the command line: in which wallet, once, and taken back; money in three currencies that never meet."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.reports.test_arrival import KEYS, RATES, USUAL
from tests.support import Result, run_in

FX = "Date,USD,JPY,\n2026-10-30,1.0823,162.51,\n2026-10-29,1.0801,162.10,\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


class World:
    """A ledger of mara, who is paid in dollars and once was in yen, and of lia, who is paid in dinars."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "rates" / "tiktok").mkdir(parents=True)
        for region, currency in (("US", "USD"), ("JP", "JPY"), ("KW", "KWD")):
            rates = {name: value.replace("USD", currency) for name, value in USUAL.items()}
            if currency == "JPY":
                rates["minimum_payout"] = rates["minimum_payout"].replace("100.00", "1000")
                rates["maximum_payout"] = rates["maximum_payout"].replace("500.00", "50000")
                rates["reward"] = rates["reward"].replace("0.01", "1.5")
            lines = [f"  {name}: [{{{KEYS}, value: {value}}}]\n" for name, value in rates.items()]
            text = RATES.replace("[US]", f"[{region}]") + "".join(lines)
            (folder / "rates" / "tiktok" / f"{region.lower()}.yaml").write_text(text, "utf-8")
        (folder / "fx.csv").write_text(FX, "utf-8")
        rows = [
            "2026-10-01T12:00:00Z,mara,Lion,1001,JP", "2026-10-20T12:00:00Z,mara,Lion,2001,US",
            "2026-10-20T13:00:00Z,lia,Lion,3001,KW",
        ]  # fmt: skip
        (folder / "gifts.csv").write_text("\n".join(["timestamp,creator,gift,coins,region", *rows]) + "\n", "utf-8")
        assert self.run("import", "gifts.csv").code == 0

    def run(self, *words: str) -> Result:
        """A command in the folder."""
        place = {"DIAMONDCTL_LEDGER": str(self.folder / "ledger"), "DIAMONDCTL_RATES": str(self.folder / "rates")}
        return run_in(place, *words, cwd=self.folder)

    def wallets(self, *words: str) -> dict[tuple[str, str], dict[str, Any]]:
        """Of `balance`, by creator and currency."""
        done = self.run("balance", "--json", *words)
        assert done.code in (0, 3), done
        return {(item["creator"], item["currency"]): item for item in json.loads(done.out)["data"]["wallets"]}


def test_a_creator_with_several_wallets_is_asked_which(world: World) -> None:
    """By region or by currency; nobody's amounts meet."""
    payout = ("record", "payout", "5", "--date", "2026-10-21", "--by", "bank", "--creator", "mara")
    done = world.run(*payout)
    assert done.code == 2
    assert "A017 mara has several wallets: say of which this is (--region CODE, one of JP (JPY); US (USD))" in done.err
    assert world.run(*payout, "--region", "JP").code == 0
    assert world.run("record", "payout", "7.50", "USD", *payout[3:]).code == 0
    found = world.wallets()
    assert found["mara", "JPY"]["balance"]["low"] == "745"  # 1,001 x 1.5 / 2 = 750.75, rounded down; 5 withdrawn
    assert found["mara", "USD"]["balance"]["low"] == "2.50"  # 10.00 were earned
    assert found["lia", "KWD"]["balance"]["low"] == "15.005"


@pytest.mark.parametrize(
    ("region", "creator", "amount", "said"),
    [
        ("JP", "mara", "4.2", "'4.2' is not an amount of JPY (write it as 420: digits; JPY has no decimals)"),
        ("KW", "lia", "4.2005", "'4.2005' is not an amount of KWD (write it as 4.200: digits, a point, at most 3 decimals)"),
        ("US", "mara", "1,000", "'1,000' is not an amount of USD"),
        ("US", "mara", "1e3", "'1e3' is not an amount of USD"),
        ("US", "mara", "0", "nothing is not an amount here"),
    ],
)
def test_amounts_are_exact_in_their_currency(world: World, region: str, creator: str, amount: str, said: str) -> None:
    words = ("record", "payout", amount, "--date", "2026-10-21", "--by", "bank", "--creator", creator, "--region", region)
    done = world.run(*words)
    assert (done.code, said in done.err) == (2, True), done.err


def test_an_exchange_is_known_by_a_file_or_a_slip_and_else_not_at_all(world: World) -> None:
    """1 USD = 162.51 / 1.0823 JPY on 30 October: 2.50 USD would be 375 JPY."""
    words = ("record", "payout", "2.50", "USD", "--date", "2026-10-28", "--by", "wise", "--creator", "mara")
    there = ("--arrived", "360", "JPY", "--arrived-on", "2026-10-30")
    plain = world.run(*words, *there)
    assert "what the exchange took is not known: --fx FILE or --exchange RATE tells" in " ".join(plain.out.split())
    assert world.run("undo", "p001").code == 0
    done = world.run(*words, *there, "--fx", "fx.csv")
    assert "2.50 USD would be 375 JPY; 360 JPY arrived: 15 JPY less (4.0%)." in " ".join(done.out.split())
    assert "1 EUR = 1.0823 USD = 162.51 JPY on 2026-10-30, fx.csv" in " ".join(done.out.split())
    assert world.run("undo", "p002").code == 0
    done = world.run(*words, *there, "--exchange", "150")
    assert "375 JPY; 360 JPY arrived" in " ".join(done.out.split())
    refused = world.run(*words, "--arrived", "1.1", "GBP", "--arrived-on", "2026-10-30", "--fx", "fx.csv")
    assert (refused.code, "fx.csv has no rate of GBP" in refused.err) == (2, True)
    places = json.loads(world.run("balance", "--json").out)["data"]["places"]
    assert [(item["place"], item["currency"], item["from_wallets"]["low"]) for item in places] == [("wise", "JPY", "360")]


RECORDS = (
    ("payout", "3", "--date", "2026-10-21", "--by", "paypal", "--id", "a"),
    ("balance", "9", "--date", "2026-10-20", "--id", "b"),
    ("credit", "9.50", "--for", "2026-10-20", "--id", "c"),
    ("adjustment", "bonus", "1.25", "--date", "2026-10-22", "--reason", "r", "--id", "d"),
    ("income", "250", "EUR", "--from", "Acme", "--date", "2026-10-20", "--id", "e"),
)


def told(world: World) -> Any:
    """Everything a balance says, but which number a record has."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: without(part) for key, part in value.items() if key not in ("record", "adjustment", "notes", "warnings")
            }
        return [without(part) for part in value] if isinstance(value, list) else value

    return without(json.loads(world.run("balance", "--creator", "mara", "--as-of", "2026-10-31", "--json").out))


def test_recording_again_changes_nothing_order_does_not_matter_and_undo_gives_what_was_before(world: World) -> None:
    """Each record twice under its id; in three orders; and back one by one."""
    seen = []
    for order in list(itertools.permutations(RECORDS))[::59]:
        states = [told(world)]
        for words in order:
            for _ in range(2):
                done = world.run("record", *words, "--creator", "mara", "--region", "US")
                assert done.code == 0, done.err
            states.append(told(world))
        seen.append(states[-1])
        ids = {item["id"]: item["record"] for item in json.loads(world.run("records", "list", "--json").out)["data"]["records"]}
        assert sorted(ids) == ["a", "b", "c", "d", "e"]
        for words, before in zip(reversed(order), reversed(states[:-1]), strict=True):
            assert world.run("undo", ids[words[-1]]).code == 0
            assert told(world) == before
    assert len(seen) == 3
    assert all(state == seen[0] for state in seen)


def test_an_opening_makes_a_wallet_before_any_gift(tmp_path: Path) -> None:
    """In a ledger without a single file."""
    place = {"DIAMONDCTL_LEDGER": str(tmp_path / "ledger")}
    words = ("record", "adjustment", "opening", "500", "--date", "2026-10-01", "--creator", "mara", "--region", "US")
    assert run_in(place, *words).code == 0
    done = run_in(place, "payout", "check", "--region", "US", "--json")
    (wallet,) = json.loads(done.out)["data"]["wallets"]
    # Probably: the minimum in the US is only assumed.
    assert (done.code, wallet["answer"], wallet["stands_on"], wallet["available"]["low"]) == (3, "yes", "opening", "500.00")


def day_of_three(world: World) -> None:
    """Two payouts of one day, and what the app showed after the first of them."""
    for amount, by, name in (("1", "paypal", "pay1"), ("2", "bank", "pay2")):
        words = ("record", "payout", amount, "USD", "--date", "2026-10-21", "--by", by, "--creator", "mara", "--id", name)
        assert world.run(*words).code == 0
    assert (
        world.run("record", "balance", "9.00", "USD", "--date", "2026-10-21", "--after", "pay1", "--creator", "mara").code == 0
    )


def test_a_payout_on_which_a_balance_hangs_is_not_taken_back_alone(world: World) -> None:
    """Else what is recorded in its place would be taken off once more."""
    day_of_three(world)
    refused = world.run("undo", "pay1")
    assert (refused.code, "L015 b001 was shown after p001 (take both back: diamondctl undo p001 b001" in refused.err) == (
        4,
        True,
    )
    assert world.wallets()["mara", "USD"]["balance"]["low"] == "7.00"
    assert world.run("undo", "pay1", "b001").code == 0


def test_two_balances_of_a_day_are_in_one_order(world: World) -> None:
    """One that was shown after the second payout alone would be before and after the first."""
    day_of_three(world)
    words = ("record", "balance", "7.00", "USD", "--date", "2026-10-21", "--creator", "mara", "--after", "p002")
    refused = world.run(*words)
    assert refused.code == 4
    assert "name all that had left: --after p001 --after p002" in refused.err
    assert world.run(*words, "--after", "p001").code == 0
    entries = json.loads(world.run("balance", "--json").out)["data"]["entries"]
    shown = [entry for entry in entries if entry["what"] == "shown beside the computed"]
    assert [entry["postings"][1]["amount"]["low"] for entry in shown] == ["0.00", "0.00"]


def test_a_wallet_that_shows_its_own_gap_gives_no_firm_no_and_a_missing_tax_form_no_yes(world: World) -> None:
    assert world.run("record", "payout", "50", "USD", "--date", "2026-10-21", "--by", "bank", "--creator", "mara").code == 0
    words = ("payout", "check", "--creator", "mara", "--region", "US", "--json")
    answers = {item["currency"]: item for item in json.loads(world.run(*words).out)["data"]["wallets"]}
    assert (answers["USD"]["answer"], answers["USD"]["certain"]) == ("no", False)
    settings = world.folder / "config.yaml"
    settings.write_text("creators: {mara: {tax_form: [{from: 2026-01-01, done: no}]}}\n")
    assert world.run("record", "balance", "450", "USD", "--date", "2026-10-31", "--creator", "mara").code == 0
    done = world.run(*words, "--config", str(settings))
    answers = {item["currency"]: item for item in json.loads(done.out)["data"]["wallets"]}
    assert (done.code, answers["USD"]["answer"], answers["USD"]["certain"]) == (1, "no", True)


@pytest.mark.parametrize("option", [("--tax", "1"), ("--fx", "fx.csv"), ("--exchange", "0.9"), ("--arrived-on", "2026-10-22")])
def test_what_is_said_of_an_arrival_needs_one(world: World, option: tuple[str, str]) -> None:
    words = ("record", "payout", "5", "USD", "--date", "2026-10-21", "--by", "bank", "--creator", "mara")
    done = world.run(*words, *option)
    assert (done.code, f"{option[0]}: say also what arrived" in done.err) == (2, True)


def test_a_place_of_the_program_is_no_account(world: World) -> None:
    done = world.run("record", "payout", "5", "USD", "--date", "2026-10-21", "--by", "wallet", "--creator", "mara")
    assert (done.code, "'wallet' is a place of its own" in done.err) == (2, True)


def test_what_left_today_counts_towards_the_limits_of_its_day(world: World) -> None:
    """500.00 a day: after one of 500.00 the next leaves tomorrow."""
    opening = ("record", "adjustment", "opening", "900", "USD", "--date", "2026-10-01", "--creator", "mara")
    assert world.run(*opening).code == 0
    words = ("payout", "check", "--creator", "mara", "--region", "US", "--as-of", "2026-11-01", "--json")

    def leaves() -> dict[str, Any]:
        wallets = json.loads(world.run(*words).out)["data"]["wallets"]
        outcome = next(item for item in wallets if item["currency"] == "USD")["outcome"]
        found: dict[str, Any] = {item["step"]: item for item in outcome}["leaves"]
        return found

    assert (leaves()["earliest"], leaves()["latest"]) == ("2026-11-01", "2026-11-02")
    paid = ("record", "payout", "500", "USD", "--date", "2026-11-01", "--by", "paypal", "--creator", "mara")
    assert world.run(*paid).code == 0
    assert (leaves()["earliest"], leaves()["payouts"]) == ("2026-11-02", {"low": 1, "high": 1})


def test_all_that_a_payout_lacks_is_said_at_once_with_the_whole_command(world: World) -> None:
    told = world.run("record", "payout", "50", "--creator", "lia").err
    assert "--date and --by: say" in told and "diamondctl record payout 50 --date DAY --by paypal --creator lia" in told
    told = world.run("record", "payout", "50", "--date", "2026-10-20", "--arrived", "40", "--creator", "lia").err
    assert "--by and --arrived-on: say" in told
    assert "payout 50 --date 2026-10-20 --by paypal --arrived 40 --arrived-on DAY --creator lia" in told


def test_all_that_was_ever_booked_is_not_booked_since(world: World) -> None:
    words = ("record", "payout", "1", "--date", "2026-10-25", "--by", "paypal", "--creator", "lia")
    assert "Earned and booked" in world.run(*words).out
    assert "Booked since" in world.run("record", "balance", "3", "--date", "2026-10-19", "--creator", "lia").out
