"""Whose a payment is: said by a person, by a pattern, or by nobody else being known; never guessed, and never of two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Result, run

STATEMENT = "Date,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID\n{rows}"
ROW = "2026-10-15,TikTok,Mass Pay,Completed,USD,{amount},0.00,{amount},{key}\n"
NAMELESS = "timestamp,gift,coins\n2026-10-03T22:00:00Z,Lion,29999\n"


def statement(*rows: tuple[str, str]) -> str:
    """A PayPal statement of payments: amount and transaction."""
    return STATEMENT.format(rows="".join(ROW.format(amount=amount, key=key) for amount, key in rows))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An accountant's folder: mara is the usual creator, and nobody else is known."""
    (tmp_path / "config.yaml").write_text("payer: TikTok\ncreator: mara\n", "utf-8")
    (tmp_path / "paypal.csv").write_text(statement(("100.00", "T1")), "utf-8")
    (tmp_path / "gifts.csv").write_text(NAMELESS, "utf-8")
    return tmp_path


def call(folder: Path, *words: str) -> Result:
    return run(*words, "--ledger", "led", "--config", "config.yaml", cwd=folder)


def knows_juno(folder: Path) -> None:
    """Another client is in the settings."""
    with (folder / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("creators:\n  juno: {region: US}\n")


def test_the_usual_creator_is_not_whose_a_payment_is_where_several_are_known(desk: Path) -> None:
    """Refused as without that setting, whether the settings know the others or the ledger does; `--creator` says it."""
    knows_juno(desk)
    refused = call(desk, "import", "paypal.csv")
    assert refused.code == 2 and "S006" in refused.err and "--creator NAME" in refused.err
    done = call(desk, "import", "paypal.csv", "--creator", "juno")
    assert not done.code and "paypal.csv: money of juno" in done.out, done.err
    (desk / "config.yaml").write_text("payer: TikTok\ncreator: mara\n", "utf-8")
    (desk / "more.csv").write_text(statement(("7.00", "T2")), "utf-8")
    assert "S006" in call(desk, "import", "more.csv").err


def test_the_only_creator_is_whose_a_payment_is_and_the_screen_says_it(desk: Path) -> None:
    done = call(desk, "import", "paypal.csv")
    assert not done.code and "paypal.csv: money of mara" in done.out, done.err


def test_gifts_that_name_nobody_are_the_usual_creators_and_the_screen_says_it(desk: Path) -> None:
    knows_juno(desk)
    done = call(desk, "import", "gifts.csv")
    assert not done.code and "gifts.csv: gifts of mara" in done.out, done.err


def test_the_same_statement_is_nobody_elses_too(desk: Path) -> None:
    """Refused with the way out, and after that way it is taken: one payment counts once."""
    assert not call(desk, "import", "paypal.csv").code
    refused = call(desk, "import", "paypal.csv", "--creator", "juno")
    assert refused.code == 4 and "money of mara" in refused.err and "diamondctl undo d001" in refused.err, refused
    assert not call(desk, "undo", "d001").code
    assert not call(desk, "import", "paypal.csv", "--creator", "juno").code
    assert call(desk, "records", "list", "-f", "csv").out.count(",T1,") == 1


def test_a_transaction_of_another_statement_is_nobody_elses_too(desk: Path) -> None:
    """A longer export holds it again; a pending payment is the one that arrives."""
    (desk / "pending.csv").write_text(statement(("9.00", "T9")).replace("Completed", "Pending"), "utf-8")
    assert not call(desk, "import", "paypal.csv", "pending.csv").code
    for text in (statement(("5.00", "T2"), ("100.00", "T1")), statement(("9.00", "T9"))):
        (desk / "longer.csv").write_text(text, "utf-8")
        refused = call(desk, "import", "longer.csv", "--creator", "juno")
        assert refused.code == 2 and "S009" in refused.err and "undo d00" in refused.err, refused
        assert not call(desk, "import", "longer.csv", "--creator", "mara").code


def test_a_number_of_another_account_is_no_transaction_of_this_one(desk: Path) -> None:
    """Banks that count from one: another amount under the same number is another payment."""
    assert not call(desk, "import", "paypal.csv").code
    (desk / "other.csv").write_text(statement(("42.00", "T1")), "utf-8")
    assert not call(desk, "import", "other.csv", "--creator", "juno").code
