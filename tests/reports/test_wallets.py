"""Wallets: the money of a creator in one currency, whatever the region; the rules of one region hold on a day."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from diamondctl.money import Range, exact, total
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.rewards import Rating
from diamondctl.records import Usage
from diamondctl.reports.balance import balance
from diamondctl.reports.payout import payout_check
from diamondctl.reports.scope import Scope, make_scope
from diamondctl.reports.summary import summarise
from diamondctl.reports.values import Asked, Home
from diamondctl.reports.wallets import MONEY
from tests import build
from tests.reports.test_balance_laws import days, scope_of, steady, steady_gb, timezones, usages
from tests.support import Result, run

START = build.quarter("2026-01-01")


def zone(region: str, minimum: str, currency: str = "EUR", timezone: str = "UTC") -> Zone:
    """Half a cent a coin, credited by day."""
    entries = [
        build.reward(START, currency=currency),
        build.settlement(START, "day"),
        build.minimum(START, minimum, currency),
    ]
    return build.zone(*entries, regions=(region,), name=region.lower(), timezone=timezone)


def sent(day: str, region: str, coins: int) -> Usage:
    return build.usage(build.quarter(f"{day}T12:00"), coins, region=region)


# Laws


@given(usages, steady, steady_gb, days, timezones)
def test_a_wallet_is_the_sum_of_its_accounts_story_by_story(
    usage: list[Usage], us: Zone, gb: Zone, as_of: date, timezone: str
) -> None:
    report = balance(scope_of(usage, us, gb, as_of, timezone))
    assert sorted(state.account.key for wallet in report.wallets for state in wallet.states) == [
        state.account.key for state in report.states
    ]
    for wallet in report.wallets:
        assert {(s.account.creator, s.account.currency) for s in (wallet.state, *wallet.states)} == {
            (wallet.state.account.creator, wallet.state.account.currency)
        }
        for name in MONEY:
            assert getattr(wallet.state, name) == total(getattr(state, name) for state in wallet.states)
        with exact():
            assert wallet.state.diamonds == sum((state.diamonds for state in wallet.states), Decimal(0))
        until = [state.pending_until for state in wallet.states if state.pending_until]
        assert wallet.state.pending_until == max(until, default=None)
        assert set(wallet.regions) == {state.account.region for state in wallet.states}
        assert {state.minimums for state in wallet.states} == {wallet.state.minimums}


# By hand


def move(*homes: tuple[str, str], as_of: str = "2026-10-31") -> Asked:
    zones = {"DE": zone("DE", "100.00"), "FR": zone("FR", "40.00"), "GB": zone("GB", "10.00", "GBP")}
    named = tuple(Home(date.fromisoformat(day), region, zones[region]) for day, region in homes)
    return Asked(as_of=date.fromisoformat(as_of), homes={"mara": named} if named else {})


def scope(asked: Asked, *rows: Usage) -> Scope:
    zones = {"DE": zone("DE", "100.00"), "FR": zone("FR", "40.00"), "GB": zone("GB", "10.00", "GBP")}
    return make_scope(Rating(rows, zones), (), asked)


MOVED = (sent("2026-05-10", "DE", 6_000), sent("2026-07-10", "FR", 6_000))


def test_german_then_french_money_has_one_verdict_on_the_sum_by_the_rules_of_france() -> None:
    (check,) = payout_check(scope(move(), *MOVED), "").checks
    assert (check.answer, check.available, check.wallet.regions) == ("yes", Range.of(Decimal("60.00")), ("DE", "FR"))
    assert check.state.account.region == "FR"
    (earlier,) = payout_check(scope(move(as_of="2026-07-09"), *MOVED), "").checks
    assert (earlier.answer, earlier.short_by, earlier.wallet.regions) == ("no", Range.of(Decimal("70.00")), ("DE",))


def test_on_the_day_of_the_last_gift_its_region_is_in_force() -> None:
    back = (*MOVED, sent("2026-08-01", "DE", 200))
    for day, region in (("2026-07-09", "DE"), ("2026-07-10", "FR"), ("2026-07-31", "FR"), ("2026-08-01", "DE")):
        (wallet,) = balance(scope(move(as_of=day), *back)).wallets
        assert wallet.state.account.region == region, day


@pytest.mark.parametrize(("day", "region"), [("2026-08-31", "FR"), ("2026-09-01", "DE"), ("2026-10-31", "DE")])
def test_what_the_config_names_goes_before_the_last_gift_from_its_day_on(day: str, region: str) -> None:
    (wallet,) = balance(scope(move(("2026-09-01", "DE"), as_of=day), *MOVED)).wallets
    assert wallet.state.account.region == region
    answer = {"FR": "above", "DE": "below"}[region]
    assert [check.answer for check in wallet.state.minimums] == [answer]


def test_a_region_of_another_currency_has_no_rules_for_this_wallet() -> None:
    report = payout_check(scope(move(("2026-09-01", "GB")), *MOVED, sent("2026-09-10", "GB", 4_000)), "")
    assert [(check.state.account.region, check.state.account.currency, check.answer) for check in report.checks] == [
        ("FR", "EUR", "yes"),
        ("GB", "GBP", "yes"),
    ]


def test_the_minimum_beside_every_account_is_about_its_wallet() -> None:
    summary = summarise(scope(move(), *MOVED))
    assert [[check.answer for check in roll.earned.minimums] for roll in summary.rolls] == [["above"], ["above"]]
    assert [roll.earned.reward for roll in summary.rolls] == [Range.of(Decimal("30.00"))] * 2


GIFTS = """timestamp,creator,region,gift,coins,quantity
2026-05-10T20:15:00Z,mara,US,Universe,15000,1
2026-06-10T20:15:00Z,mara,GB,Universe,9000,1
"""


# By what the files said while they named a minimum outside the US.
BEFORE = ("--rates-as-of", "2026-11-28")


def test_american_then_british_gifts_are_one_wallet_in_every_report(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(GIFTS)
    options = ("gifts.csv", "--share", "48", "--as-of", "2026-06-30", *BEFORE, "--json")
    for command in (("balance",), ("payout", "check"), ("summary",)):
        data = json.loads(run(*command, *options, cwd=tmp_path).out)["data"]
        assert [(item["creator"], item["region"]) for item in data["accounts"]] == [("mara", "GB"), ("mara", "US")]
        (wallet,) = data["wallets"]
        assert [wallet[name] for name in ("creator", "platform", "currency", "regions", "home_region")] == [
            "mara", "tiktok", "USD", ["US", "GB"], "GB",
        ]  # fmt: skip
        assert wallet["balance"] == {"currency": "USD", "low": "115.20", "high": "115.20", "confidence": "own"}
        assert [(item["answer"], item["file"]) for item in wallet["minimums"]] == [("above", "tiktok/gb.yaml")]


def test_a_creator_with_two_regions_is_told_one_answer(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(GIFTS)
    text = run("payout", "check", "gifts.csv", "--share", "48", "--as-of", "2026-06-30", *BEFORE, "-v", cwd=tmp_path).out
    assert "Payout check   mara   US GB, rules of GB   USD   by paypal   at the end of 2026-06-30" in text
    assert text.count("can leave TikTok") == 1
    data = json.loads(run("payout", "check", "gifts.csv", "--share", "48", *BEFORE, "--json", cwd=tmp_path).out)["data"]
    assert [(item["credited"]["low"], item["answer"], item["available"]["low"]) for item in data["accounts"]] == [
        ("43.20", "yes", "115.20"),
        ("72.00", "yes", "115.20"),
    ]


# Gifts that name no region

MOVES = "creators: {mara: {region: [{from: 2026-01-01, region: US}, {from: 2026-06-01, region: GB}]}}\n"
UNSAID = """timestamp,creator,gift,coins,quantity
2026-05-31T22:59:00Z,mara,Rose,100,1
2026-05-31T23:00:00Z,mara,Rose,20,1
2026-06-10T20:15:00Z,mara,Rose,3,1
"""


@pytest.mark.parametrize("fast", ["", "1"])
@pytest.mark.parametrize("ledger", [False, True])
def test_gifts_without_a_region_get_the_one_in_force_at_midnight_there(tmp_path: Path, fast: str, ledger: bool) -> None:
    (tmp_path / "gifts.csv").write_text(UNSAID)
    (tmp_path / "config.yaml").write_text(MOVES)

    def told(*arguments: str) -> Result:
        place = str(tmp_path / "ledger")
        return run(
            *arguments,
            cwd=tmp_path,
            DIAMONDCTL_NO_FAST_PATH=fast,
            DIAMONDCTL_CONFIG="config.yaml",
            DIAMONDCTL_LEDGER=place,
        )

    if ledger:
        assert told("import", "gifts.csv").code == 0
    files = () if ledger else ("gifts.csv",)
    asked = ("balance", *files, "--as-of", "2026-06-30", "--json")
    data = json.loads(told(*asked).out)["data"]
    # London's first of June begins at 23:00 UTC.
    assert [(item["region"], item["diamonds"]) for item in data["accounts"]] == [("GB", "23"), ("US", "100")]
    assert [(item["regions"], item["home_region"]) for item in data["wallets"]] == [(["US", "GB"], "GB")]
    data = json.loads(told(*asked, "--region", "DE").out)["data"]
    assert [item["region"] for item in data["accounts"]] == ["DE"]


def test_before_the_first_day_that_the_config_names_the_region_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(UNSAID)
    (tmp_path / "config.yaml").write_text("creators: {mara: {region: [{from: 2026-06-01, region: GB}]}}\n")
    result = run("balance", "gifts.csv", "--config", "config.yaml", cwd=tmp_path)
    assert (result.code, result.err.splitlines()[0]) == (
        2,
        "gifts.csv:2 G051 no payout region here (give --region CODE, or set it for the creator: "
        "diamondctl config set creators.mara.region CODE)",
    )


def test_rules_of_a_region_that_no_file_covers_are_nobodys(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(GIFTS)
    (tmp_path / "config.yaml").write_text("creators: {mara: {region: [{from: 2026-06-20, region: KP}]}}\n")
    result = run("balance", "gifts.csv", "--config", "config.yaml", "--as-of", "2026-06-30", "--json", cwd=tmp_path)
    assert [item["home_region"] for item in json.loads(result.out)["data"]["wallets"]] == ["GB"]
    note = "No rate file covers KP, where mara is from 2026-06-20 on: payouts go by the region of the last gift."
    assert note in json.loads(result.out)["notes"]


# Files know no wallet

SETTLES = "Files know no wallet. What it held before them settles it: diamondctl payout check FILE... "


@pytest.mark.parametrize(
    ("coins", "opening", "words", "code", "settles"),
    [
        (24_000, "", "Yes, probably: on Tue 30 Jun 115.20 USD can leave TikTok", 3, True),
        (24_000, "0", "Yes: on Tue 30 Jun 115.20 USD can leave TikTok", 0, False),
        (18_000, "", "No, probably: 13.60 USD missing to the minimum.", 3, True),
        (18_000, "0", "No: 13.60 USD missing to the minimum.", 1, False),
        (18_000, "13.59", "No: 0.01 USD missing to the minimum.", 1, False),
        (18_000, "13.60", "Yes: on Tue 30 Jun 100.00 USD can leave TikTok", 0, False),
    ],
)
def test_a_verdict_on_files_is_only_probable_unless_the_opening_is_said(
    coins: int, opening: str, words: str, code: int, settles: bool, tmp_path: Path
) -> None:
    (tmp_path / "gifts.csv").write_text(GIFTS.replace("15000", str(coins - 9_000)))
    command = ["payout", "check", "gifts.csv", "--share", "48", "--as-of", "2026-06-30", *BEFORE]
    command += ["--opening", opening] if opening else []
    shown, machine = run(*command, cwd=tmp_path), run(*command, "--json", cwd=tmp_path)
    assert (shown.code, machine.code) == (code, code)
    assert shown.out.startswith(words)
    data = json.loads(machine.out)
    assert [item["certain"] for of in ("accounts", "wallets") for item in data["data"][of]] == [not settles] * 3
    assert [note for note in data["notes"] if note.startswith(SETTLES)] == (
        [SETTLES + "--opening AMOUNT (--opening 0: nothing)."] if settles else []
    )


def test_an_opening_is_of_one_wallet_in_its_currency_and_of_files(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text(GIFTS + "2026-06-10T20:15:00Z,zoe,DE,Rose,9000,1\n")
    command = ("balance", "gifts.csv", "--share", "48", "--as-of", "2026-06-30", "--json", "--opening")
    assert run(*command, "1", cwd=tmp_path).err == (
        "A017 --opening: there are 2 wallets here (say whose it is: --creator NAME; --opening 0 is for all of them)\n"
    )
    wallets = json.loads(run(*command, "0", cwd=tmp_path).out)["data"]["wallets"]
    assert [wallet["balance"]["low"] for wallet in wallets] == ["115.20", "43.20"]
    mine = json.loads(run(*command, "1.05", "--creator", "mara", cwd=tmp_path).out)["data"]["wallets"]
    assert [(wallet["balance"]["low"], wallet["adjusted"]["low"]) for wallet in mine] == [("116.25", "1.05")]
    assert [(item["adjustment"], item["kind"], item["date"]) for item in mine[0]["adjustments"]] == [
        (None, "opening", "2026-05-09")
    ]
    assert run(*command, "1.005", "--creator", "mara", cwd=tmp_path).err == (
        "A017 --opening: 1.005 has more decimals than USD (write what the app shows)\n"
    )
    refused = run("payout", "check", "--opening", "1", cwd=tmp_path)
    assert (refused.code, refused.err.split(":")[1].strip()) == (2, "--opening is of the wallet before files")


def test_a_move_that_is_said_later_changes_the_ledger_as_it_changes_files(tmp_path: Path) -> None:
    """States that the ledger keeps rest on where a creator lived."""
    days = (f"2026-{month:02}-{day:02}T20:15:00Z,mara,Rose,{month * day},1\n" for month in range(1, 10) for day in (3, 20))
    (tmp_path / "gifts.csv").write_text("timestamp,creator,gift,coins,quantity\n" + "".join(days))
    place = str(tmp_path / "ledger")

    def told(*words: str) -> Result:
        return run(*words, cwd=tmp_path, DIAMONDCTL_CONFIG="config.yaml", DIAMONDCTL_LEDGER=place)

    for day in ("2026-03-10", "2026-05-01", "2026-07-21"):
        (tmp_path / "config.yaml").write_text(MOVES.replace("2026-06-01", day))
        if day == "2026-03-10":
            assert told("import", "gifts.csv").code == 0
        for report in ("summary", "balance"):
            asked = ("--as-of", "2026-09-30", "--json")
            both = [json.loads(told(report, *files, *asked).out)["data"] for files in ((), ("gifts.csv",))]
            assert both[0] == both[1]
            assert [item["regions"] for item in both[0]["wallets"]] == [["US", "GB"]]


def test_a_projection_begins_with_what_the_wallet_held(tmp_path: Path) -> None:
    words = ("project", "examples/2026-10.csv", "--region", "US", "--share", "48", "-p", "2026-11", "--json")
    plain, more = (json.loads(run(*words, *extra).out)["data"]["accounts"][0] for extra in ((), ("--opening", "100.05")))
    ends = [Decimal(item["figures"]["balance"]["middle"]["low"]) for item in (plain, more)]
    assert ends[1] - ends[0] == Decimal("100.05")
