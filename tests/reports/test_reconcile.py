"""Reconciliation: a year with everything in it comes to zero, and whatever is planted in it is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support import EXAMPLES, Result, run

CONFIG = """\
payer: TikTok
creators:
  mara:
    region: US
    share:
      - {from: 2025-01-01, percent: 50}
      - {from: 2026-09-01, percent: 40}
  leo:
    region: US
    share: 50
"""
OUT = """\
schema: 1
name: withdrawals
kind: payouts
file: csv
columns: {timestamp: Day, amount: Amount, creator: Who, transaction: No, account: By}
values: {currency: USD, leg: out}
"""
GIFTS = "timestamp,creator,gift,coins,quantity,event_id,stream,region"
CAME = "Date,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID"
LEFT = "Day,Amount,Who,No,By"


class Year(NamedTuple):
    """Files by name, as lists of lines; commands that record the rest."""

    gifts: list[str]
    left: list[str]
    came: list[str]
    came_to_leo: list[str]
    recorded: list[tuple[str, ...]]


def year() -> Year:
    """Ten months of 100,000 coins: 500 USD at 50 %, 400 from September on. A fee on each payout, one that failed, a refund, and
    one that came in euros.
    """
    gifts, left, came = [GIFTS], [LEFT], [CAME]
    recorded: list[tuple[str, ...]] = [
        ("adjustment", "refund", "20", "USD", "--date", "2026-03-15", "--reason", "a fan's refund", "--creator", "mara")
    ]
    for month in range(1, 11):
        gifts.append(f"2026-{month:02d}-10T20:00:00Z,mara,Lion,100000,1,e{month},live{month},US")
        amount = 400 if month >= 9 else 480 if month == 3 else 500
        if month == 7:
            recorded.append(
                ("payout", "500", "USD", "--date", "2026-07-20", "--by", "bank", "--arrived", "430", "EUR", "--arrived-on",
                 "2026-07-22", "--exchange", "0.86", "--creator", "mara")
            )  # fmt: skip
            continue
        left.append(f"2026-{month:02d}-20,{amount},mara,W{month},paypal")
        fee = amount // 50
        came.append(f"2026-{month:02d}-22,TikTok,Mass Pay,Completed,USD,{amount}.00,-{fee}.00,{amount - fee}.00,T{month},")
    came.append("2026-05-12,TikTok,Mass Pay,Pending,USD,100.00,0.00,100.00,F1,")
    came.append("2026-05-14,TikTok,Mass Pay,Denied,USD,100.00,0.00,100.00,F1,")
    gifts.append("2026-10-05T20:00:00Z,leo,Lion,20000,1,l1,leo1,US")
    left.append("2026-10-12,100,leo,L1,paypal")
    return Year(gifts, left, came, [CAME, "2026-10-14,TikTok,Mass Pay,Completed,USD,100.00,0.00,100.00,L9,"], recorded)


class Books(NamedTuple):
    """A ledger of a year, and what `reconcile` says of it."""

    folder: Path

    def __call__(self, *arguments: str) -> Result:
        """A command in it."""
        return run(*arguments, "--ledger", "ledger", "--config", "config.yaml", cwd=self.folder)

    def reconcile(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and document."""
        done = self("reconcile", *arguments, "--json")
        assert done.out, done.err
        return done.code, json.loads(done.out)


def books(folder: Path, made: Year) -> Books:
    """Everything imported and recorded."""
    (folder / "config.yaml").write_text(CONFIG, "utf-8")
    (folder / "out.yaml").write_text(OUT, "utf-8")
    for name in ("gifts", "left", "came", "came_to_leo"):
        (folder / f"{name}.csv").write_text("\n".join(getattr(made, name)) + "\n", "utf-8")
    mine = Books(folder)
    for arguments in (
        ("import", "gifts.csv"),
        ("import", "left.csv", "--profile", "out.yaml"),
        ("import", "came.csv", "--creator", "mara"),
        ("import", "came_to_leo.csv", "--creator", "leo"),
        *(("record", *words) for words in made.recorded),
    ):
        done = mine(*arguments)
        assert not done.code, done.err
    return mine


def test_a_year_with_fees_exchange_a_refund_a_failure_and_another_rate_comes_to_zero(tmp_path: Path) -> None:
    mine = books(tmp_path, year())
    code, found = mine.reconcile()
    assert (code, found["data"]["gaps"], found["answer"]) == (0, [], "12 payouts, all explained to the cent.")
    for item in found["data"]["payouts"]:
        # Out legs are lots exactly.
        if item["taken"][:1] and item["taken"][0]["name"] == "back":
            assert not item["lots"]
            continue
        assert sum(float(lot["least"]) for lot in item["lots"]) == float(item["amount"])
        assert item["before_first_file"]["high"] == "0.00" or item["before_first_file"]["high"] == "0"
    named = {line["name"] for item in found["data"]["payouts"] for line in item["taken"]}
    assert named == {"fee", "back"}


def _cent(made: Year) -> None:
    made.came[2] = made.came[2].replace("500.00,-10.00,490.00", "499.99,-10.00,489.99")


def _twice(made: Year) -> None:
    made.came.append(made.came[2].replace("2026-02-22", "2026-02-24").replace(",T2,", ",T2b,"))


def _month(made: Year) -> None:
    made.gifts.remove(next(line for line in made.gifts if line.startswith("2026-08")))


def _swapped(made: Year) -> None:
    made.came_to_leo[1:] = ["2026-10-14,TikTok,Mass Pay,Completed,USD,77.00,0.00,77.00,L9,"]
    made.came.append("2026-10-14,TikTok,Mass Pay,Completed,USD,100.00,0.00,100.00,X1,")


def _lost(made: Year) -> None:
    del made.came[4]


@pytest.mark.parametrize(
    ("plant", "amount", "key", "says"),
    [
        (_cent, "0.01", "taken", "which left on 2026-02-20"),
        (_twice, "500.00", "unseen", "was not seen to leave"),
        (_month, "500.00", "before", "nothing was booked in 2026-08"),
        (_swapped, "100.00", "unseen", "it fits p010 of leo"),
        (_lost, "500.00", "late", "did not arrive"),
    ],
)
def test_what_is_planted_is_found_and_named(
    tmp_path: Path, plant: Callable[[Year], None], amount: str, key: str, says: str
) -> None:
    made = year()
    plant(made)
    code, found = books(tmp_path, made).reconcile()
    assert code == 1
    told = [(gap["gap"], gap["amount"]["low"], gap["text"]) for gap in found["data"]["gaps"]]
    assert any(gap == key and low == amount and says in text for gap, low, text in told), told


def test_a_tolerance_is_of_all_that_is_unexplained(tmp_path: Path) -> None:
    made = year()
    _cent(made)
    mine = books(tmp_path, made)
    assert mine.reconcile("--tolerance", "0.01")[0] == 0
    assert mine.reconcile("-p", "2026-03")[0] == 0
    assert mine.reconcile("-p", "2026-02")[0] == 1


def test_a_payout_is_explained_down_to_files_and_lines(tmp_path: Path) -> None:
    made = year()
    _cent(made)
    mine = books(tmp_path, made)
    done = json.loads(mine("explain", "p002", "--json").out)
    assert done["answer"] == (
        "p002: 500.00 USD left on 2026-02-20, 489.99 USD arrived, paid for by 1 credit; 0.01 USD is unexplained."
    )
    (lot,) = done["data"]["lots"]
    assert (lot["least"], lot["gifts"], lot["coins"], lot["places"]) == ("500.00", 1, 100_000, ["d001 (gifts.csv):3"])
    letter = mine("explain", "p002", "--letter")
    assert not letter.code and letter.out.startswith("Payout of 500.00 USD of mara on 2026-02-20\n")
    assert "Not explained: 0.01 USD." in letter.out and "https://" in letter.out
    assert mine("explain", "p099").err.startswith("L009")


def test_a_range_is_unexplained_only_outside_of_it(tmp_path: Path) -> None:
    """Without a share of her own the reward is a range: what may have been there is not called missing."""
    (tmp_path / "config.yaml").write_text("payer: TikTok\n", "utf-8")
    (tmp_path / "gifts.csv").write_text(f"{GIFTS}\n2026-10-05T20:00:00Z,mara,Lion,20000,1,l1,s1,US\n", "utf-8")
    mine = Books(tmp_path)
    assert not mine("import", "gifts.csv").code
    words = ("record", "payout", "90", "--date", "2026-10-12", "--by", "paypal")
    assert not mine(*words).code
    assert mine.reconcile()[0] == 0
    assert not mine(*words[:2], "130", *words[3:]).code
    code, found = mine.reconcile()
    (gap,) = found["data"]["gaps"]
    assert code == 1 and gap["gap"] == "before" and float(gap["amount"]["low"]) > 0


def ranged(folder: Path) -> Books:
    """Two LIVEs in the evening of Los Angeles, which is the next day elsewhere; without a share, so each in two stories."""
    (folder / "config.yaml").write_text("region: US\n", "utf-8")
    rows = [f"2026-10-0{day}T02:00:00Z,mara,Lion,{coins},1,l{day},s{day},US" for day, coins in ((3, 1000), (5, 4000))]
    (folder / "gifts.csv").write_text("\n".join([GIFTS, *rows]) + "\n", "utf-8")
    mine = Books(folder)
    assert not mine("import", "gifts.csv").code
    return mine


def test_a_live_that_paid_has_the_day_of_every_other_report(tmp_path: Path) -> None:
    mine = ranged(tmp_path)
    assert not mine("record", "payout", "7", "--date", "2026-10-20", "--by", "paypal").code
    credits = json.loads(mine("explain", "reward", "-p", "2026-10", "--json").out)["data"]["accounts"][0]["credits"]
    days = [item["credited"] for item in credits if item["unit"] == "stream"]
    assert days == ["2026-10-02", "2026-10-04"]
    letter = mine("explain", "p001", "--letter").out
    assert "from 2026-10-02 to 2026-10-04" in letter and "LIVE s3, Fri 2 Oct:" in letter
    lots = json.loads(mine("explain", "p001", "--json").out)["data"]["lots"]
    assert [lot["lot"] for lot in lots] == ["LIVE s3, Fri 2 Oct", "LIVE s5, Sun 4 Oct"]


def test_two_stories_stand_in_the_same_order_on_the_screen_and_in_the_letter(tmp_path: Path) -> None:
    """What a later LIVE paid is more if less was earned before: no end of a range, so it is not called the least."""
    (tmp_path / "config.yaml").write_text("region: US\n", "utf-8")
    mine = Books(tmp_path)
    assert not mine("import", str(EXAMPLES / "2026-10.csv")).code
    assert not mine("record", "payout", "10", "--date", "2026-10-20", "--by", "paypal").code
    later = json.loads(mine("explain", "p001", "--json").out)["data"]["lots"][4]
    assert later["lot"] == "LIVE 7482064501659708297, Sun 6 Sep"
    assert (later["least"], later["most"]) == ("0.27", "0.00"), "money, also where it is nothing"
    screen, letter = mine("explain", "p001").out, mine("explain", "p001", "--letter").out
    assert "Earned least  Earned most" in screen
    (row,) = (line.split() for line in screen.splitlines() if line.startswith(later["lot"]))
    assert row[-2:] == ["0.27", "0.00"]
    assert "if the least and if the most was earned:" in " ".join(letter.split())
    assert f"{later['lot']}: 0.27 and 0.00 USD" in letter


@pytest.mark.parametrize("day", ["2026-10-20", "2026-09-20"])
def test_a_payout_is_on_the_way_or_did_not_arrive_and_its_letter_is_named_once(tmp_path: Path, day: str) -> None:
    mine = ranged(tmp_path)
    assert not mine("record", "adjustment", "opening", "50", "--date", "2026-09-01").code
    assert not mine("record", "payout", "10", "--date", day, "--by", "paypal").code
    screen, letter = mine("explain", "p001").out, mine("explain", "p001", "--letter").out
    told = " ".join(screen.split())
    late = day == "2026-09-20"
    assert ("is on the way" in told, "did not arrive in 42 days" in told) == (not late, late)
    assert (told.count("unexplained"), "10.00 USD is unexplained" in told) == (int(late), late)
    assert ("nothing of it is unexplained yet" in letter, "Not explained: 10.00 USD." in letter) == (not late, late)
    assert screen.count("--letter") == 1


def test_what_is_unexplained_of_a_balance_is_named_and_stands_in_a_row(tmp_path: Path) -> None:
    mine = ranged(tmp_path)
    for words in (
        ("balance", "318.75", "--date", "2026-10-10"),
        ("payout", "100", "--date", "2026-10-11", "--by", "paypal", "--arrived", "100", "--arrived-on", "2026-10-12"),
        ("balance", "158.75", "--date", "2026-10-20"),
    ):
        assert not mine("record", *words).code
    done = mine("reconcile")
    assert done.out.splitlines()[0] == "60.00 USD is unexplained, of what the app showed (b002)."
    (row,) = (line.split() for line in done.out.splitlines() if line.startswith("b002"))
    assert row[4:5] == ["60.00"] and " ".join(row[-7:]) == "the app showed less than was computed"
    assert not mine("record", "payout", "1", "--date", "2026-09-01", "--by", "paypal").code
    first = mine("reconcile").out.splitlines()[0]
    assert "of 2 payouts and what the app showed (b002)" in first


def test_the_guide_says_of_each_step_how_it_stands_and_who_says_so(tmp_path: Path) -> None:
    mine = books(tmp_path, year())
    done = mine("payout", "guide", "--creator", "leo", "--json")
    (wallet,) = json.loads(done.out)["data"]["wallets"]
    steps = {step["step"]: step for step in wallet["steps"]}
    assert list(steps) == ["balance", "minimum", "identity", "request", "method", "time", "fees"]
    assert steps["identity"]["status"] == "?" and steps["minimum"]["sources"] and date.fromisoformat(steps["minimum"]["seen"])
    assert not mine("config", "set", "creators.leo.tax_form", "no").code
    done = mine("payout", "guide", "--creator", "leo")
    assert "stand" in done.out.splitlines()[0] and done.out.rstrip().endswith("Not a promise of payment.")
