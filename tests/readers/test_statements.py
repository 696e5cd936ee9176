"""Statements: every kind by a small file of its own shape, what is left out of them, and the traps of their writing."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.problems import ProblemLog, Refusal
from diamondctl.profiles import store
from diamondctl.readers import money_cells, recognise
from diamondctl.readers.cells import CellError
from diamondctl.readers.gift_rows import Facts, MoneyRows, Payer, Settings
from diamondctl.readers.money_cells import FORMS, Written
from diamondctl.readers.profile import Profile
from diamondctl.readers.sources import open_source
from diamondctl.records import Movement

TIKTOK = MoneyRows((Payer("tiktok"),), only="mara")

PAYPAL_EN = """\
"Date","Time","TimeZone","Name","Type","Status","Currency","Gross ","Fee ","Net","From Email Address","Transaction ID",\
"Reference Txn ID","Balance Impact"
"15/10/2026","10:00:01","CEST","TikTok Pte. Ltd.","Mass Pay Payment","Completed","USD","1.287,40","-12,40","1.275,00",\
"pay@example.com","1AB23456CD789012E","","Credit"
"15/10/2026","10:00:02","CEST","","General Currency Conversion","Completed","USD","-1.275,00","0,00","-1.275,00","","C1",\
"1AB23456CD789012E","Debit"
"15/10/2026","10:00:02","CEST","TikTok Pte. Ltd.","General Authorization","Completed","USD","5,00","0,00","5,00","","A1","",\
"Memo"
"17/10/2026","10:00:02","CEST","","Bank Deposit to PP Account ","Completed","USD","7,00","0,00","7,00","","B1","","Credit"
"18/10/2026","10:00:02","CEST","TikTok Pte. Ltd.","Mass Pay Payment","Pending","USD","20,00","0,00","20,00","","P1","","Memo-"
"20/10/2026","09:00:00","CEST","Acme Ltd","Website Payment","Completed","EUR","250,00","-6,55","243,45","","X1","","Credit"
"""
PAYPAL_DE = """\
"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Transaktionscode"
"15.10.2026","10:00:01","CEST","TikTok Pte. Ltd.","Sammelzahlung","Abgeschlossen","USD","287,40","0,00","287,40","1AB"
"15.10.2026","10:00:01","CEST","","Allgemeine Währungsumrechnung","Abgeschlossen","USD","-287,40","0,00","-287,40","1AC"
"""
PAYPAL_FR = """\
"Date","Heure","Fuseau horaire","Nom","Type","État","Devise","Avant commission","Commission","Net","Numéro de transaction"
"15/10/2026","10:00:01","CEST","TikTok Pte. Ltd.","Paiement groupé","Terminé","EUR","287,40","-1,00","286,40","1AB"
"""
PAYONEER = """\
"Transaction Date","Transaction Time","Time Zone","Transaction ID","Description","Credit Amount","Debit Amount",\
"Currency","Status"
"10/05/2026","01:00:00","UTC","880011","Payment from TikTok","1,234.50","","USD","Completed"
"10/06/2026","01:00:00","UTC","880012","Payment from TikTok","20.00","","USD","Cancelled"
"10/07/2026","01:00:00","UTC","880013","Withdrawal to bank","","1,000.00","USD","Completed"
"""
WISE = """\
"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Exchange From","Total fees"
TRANSFER-1,05-10-2026,98.20,USD,Received money from TIKTOK PTE LTD,REW,100.00,,0.00
BALANCE-2,06-10-2026,-50.00,USD,Converted 50.00 USD to 46.00 EUR,,50.00,USD,0.30
"""
TWITCH = """\
"Date","Minutes Watched","Sub Revenue","Prime Revenue","Bits Revenue"
"10/01/2026","12","2.50","0.00","1.25"
"10/14/2026","12","0.00","2.25","0.00"
"""
YOUTUBE = """\
Date,Views,Your estimated revenue (USD)
Total,300,13.5795
2026-10-01,100,11.2345
2026-10-02,200,2.345
"""
TIPS = """\
Date,Name,Message,Amount,Currency
2026-10-03 20:15:00,fan1,"hi, there",5.00,USD
2026-10-03 20:15:00,fan1,"hi, there",5.00,USD
"""
BANK = """\
Kontoauszug Muster-Bank
Buchungstag;Auftraggeber;Zweck;Betrag
16.10.2026;PAYPAL EUROPE;x;1.100,00
18.10.2026;TIKTOK PTE LTD;Creator rewards;287,40
19.10.2026;Vermieter;Miete;-900,00
"""
BANK_PROFILE = """\
schema: 1
name: my-bank
kind: payouts
file: csv
columns: {timestamp: Buchungstag, amount: Betrag, payer: [Auftraggeber, Zweck]}
values: {currency: EUR, account: bank}
"""
CREDITS_PROFILE = """\
schema: 1
name: my-credits
kind: credits
file: csv
span: month
columns: {timestamp: Month, amount: Reward}
values: {currency: USD}
"""


def read(
    folder: Path, text: str, profile: str = "", money: MoneyRows = TIKTOK, creator: str = ""
) -> tuple[list[Movement], Facts]:
    """The movements of a file; refuses with all its problems."""
    (folder / "file.csv").write_text(text, "utf-8")
    profiles: tuple[Profile, ...] = ()
    if profile:
        (folder / "p.yaml").write_text(profile, "utf-8")
        profiles = store.find(str(folder / "p.yaml"))
    log, found = ProblemLog(), list[Movement]()
    with open_source(str(folder / "file.csv"), encoding="utf-8", stdin=io.BytesIO()) as source:
        settings = Settings(creator=creator, profiles=profiles, money=money)
        facts = recognise.read(source, settings, log, lambda gift: None, take_money=found.append)
    log.refuse_if_any()
    return found, facts


def told(found: list[Movement]) -> list[tuple[str, ...]]:
    """What each says, in short."""
    return [
        (str(item.day), f"{item.amount:f} {item.currency}", f"{item.arrived or Decimal(0):f}", words)
        for item, *_ in found
        for words in [item.status or item.kind or item.method]
    ]


def test_paypal_with_english_headers_and_a_german_writing(tmp_path: Path) -> None:
    """Days and amounts are told by the rows, not by the headers; what is no payment of TikTok is left out and counted."""
    found, facts = read(tmp_path, "\ufeff" + PAYPAL_EN)
    assert told(found) == [
        ("2026-10-15", "1287.40 USD", "1275.00", "paypal"),
        ("2026-10-18", "20.00 USD", "0", "on the way"),
    ]
    assert found[0].item.key == "1AB23456CD789012E" and found[0].line == 2
    assert facts.kind == "PayPal statement" and facts.notices == (
        "left out: authorisation or hold (1), conversion of a currency (1), payment of others (1), "
        "transfer from or to your own bank (1)",
    )


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (PAYPAL_DE, "PayPal statement", [("2026-10-15", "287.40 USD", "287.40", "paypal")]),
        (PAYPAL_FR, "PayPal statement", [("2026-10-15", "287.40 EUR", "286.40", "paypal")]),
        (
            PAYONEER,
            "Payoneer statement",
            [("2026-10-05", "1234.50 USD", "1234.50", "payoneer"), ("2026-10-06", "20.00 USD", "0", "failed")],
        ),
        (WISE, "Wise statement", [("2026-10-05", "98.20 USD", "98.20", "wise")]),
        (
            TWITCH,
            "Twitch revenue CSV",
            [
                ("2026-10-01", "2.50 USD", "0", "subs"),
                ("2026-10-01", "1.25 USD", "0", "bits"),
                ("2026-10-14", "2.25 USD", "0", "Prime subs"),
            ],
        ),
        (
            YOUTUBE,
            "YouTube revenue CSV",
            [("2026-10-01", "11.23 USD", "0", "revenue"), ("2026-10-02", "2.34 USD", "0", "revenue")],
        ),
        (TIPS, "tips CSV", [("2026-10-03", "5.00 USD", "0", "")] * 2),
    ],
    ids=["paypal-de", "paypal-fr", "payoneer", "wise", "twitch", "youtube", "tips"],
)  # fmt: skip
def test_a_statement_is_known_by_its_header(tmp_path: Path, text: str, kind: str, expected: list[tuple[str, ...]]) -> None:
    found, facts = read(tmp_path, text)
    assert (facts.kind, told(found)) == (kind, expected)


def test_who_tipped_is_not_kept(tmp_path: Path) -> None:
    """A fan is never named in the books; two equal tips are two."""
    found, _ = read(tmp_path, TIPS)
    assert "fan1" not in repr(found) and [item.occurrence for item in found] == [0, 1]


def test_a_bank_by_a_profile(tmp_path: Path) -> None:
    found, facts = read(tmp_path, BANK, BANK_PROFILE)
    assert told(found) == [("2026-10-18", "287.40 EUR", "287.40", "bank")]
    assert facts.notices == ("left out: payment of others (2)",)


def test_credits_of_months_by_a_profile(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "Month,Reward\n2026-09,70.10\n2026-10,\u00a098.20\n", CREDITS_PROFILE)
    assert [(item.item.name, item.item.day, item.item.amount) for item in found] == [
        ("2026-09", date(2026, 9, 30), Decimal("70.10")),
        ("2026-10", date(2026, 10, 31), Decimal("98.20")),
    ]


def test_a_reversal_takes_the_transaction_back_that_it_names(tmp_path: Path) -> None:
    rows = PAYPAL_EN + (
        '"25/10/2026","10:00:01","CEST","TikTok Pte. Ltd.","Payment Reversal","Completed","USD","-1.287,40","12,40",'
        '"-1.275,00","","R1","1AB23456CD789012E","Debit"\n'
    )
    found, _ = read(tmp_path, rows)
    item = found[-1].item
    assert (item.status, item.key, item.ended, item.amount) == (
        "reversed",
        "1AB23456CD789012E",
        date(2026, 10, 25),
        Decimal("1287.40"),
    )


@pytest.mark.parametrize(
    ("text", "profile", "money", "code", "says"),
    [
        (PAYPAL_DE, "", MoneyRows(only="mara"), "S005", 'payer "TikTok"'),
        (PAYPAL_DE, "", MoneyRows((Payer("tiktok"),)), "S006", "--creator NAME"),
        (PAYPAL_DE, "", MoneyRows((Payer("tiktok", "mara"), Payer("tik*", "leo"))), "S006", "leo, mara"),
        (PAYPAL_DE.replace("287,40", "287,4a", 1), "", TIKTOK, "S001", "287,4a"),
        (PAYPAL_DE.replace("USD", "US$", 1), "", TIKTOK, "S008", "US$"),
        (PAYPAL_DE.replace('"0,00","287,40"', '"-1,00","287,40"'), "", TIKTOK, "S007", "286.40"),
        (PAYPAL_FR.replace("15/10", "05/10"), "", TIKTOK, "S004", "--date-format"),
        (PAYPAL_DE + PAYPAL_DE.splitlines()[1].replace("15.10.2026", "31.11.2026"), "", TIKTOK, "S003", "31.11.2026"),
        (PAYPAL_FR.replace("15/10", "31/02"), "", TIKTOK, "S003", "2099 days of this file are read as DD/MM/YYYY"),
        (YOUTUBE.replace("13.5795", "13.58"), "", TIKTOK, "S007", "13.58"),
        (YOUTUBE.replace("11.2345", "1.234").replace("13.5795", "3.579"), "", TIKTOK, "S002", "1234"),
        ("Month,Reward\n2026-10,-1\n", CREDITS_PROFILE, TIKTOK, "S001", "less than nothing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_guessed(
    tmp_path: Path, text: str, profile: str, money: MoneyRows, code: str, says: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, text, profile, money)
    problem = refused.value.problems[0]
    assert problem.code == code and says in f"{problem.message} {problem.hint}"


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        (PAYPAL_EN, '"Gross "', "PayPal statement, no gifts, and lacks the column 'gross' or"),
        (PAYPAL_DE, '"Währung"', "PayPal statement, no gifts, and lacks the column 'currency' or 'währung'"),
        (PAYPAL_FR, '"Net"', "PayPal statement, no gifts, and lacks the column 'net'"),
        (PAYONEER, '"Description"', "Payoneer statement, no gifts, and lacks the column 'description'"),
    ],
)
def test_a_statement_without_a_column_names_it(tmp_path: Path, text: str, column: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, text.replace(column, '"Other"', 1))
    problem = refused.value.problems[0]
    assert problem.code == "F012" and says in problem.message and "profile" in problem.hint


def test_one_deposit_for_several_is_split_to_the_cent(tmp_path: Path) -> None:
    """By the shares of the settings; without them it is refused."""
    shares = (("leo", Decimal("33.3")), ("mara", Decimal("66.7")))
    found, _ = read(tmp_path, PAYPAL_DE, money=MoneyRows((Payer("tiktok"),), shares))
    assert [(item.item.creator, item.item.amount, item.item.arrived) for item in found] == [
        ("leo", Decimal("95.70"), Decimal("95.70")),
        ("mara", Decimal("191.70"), Decimal("191.70")),
    ]


WRITINGS: dict[str, Callable[[str], str]] = {
    ".": lambda text: f"{Decimal(text):,.2f}",
    ",": lambda text: f"{Decimal(text):,.2f}".translate(str.maketrans(",.", ".,")),
    ", ": lambda text: f"{Decimal(text):,.2f}".replace(",", "\u202f").replace(".", ","),
}


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8), st.sampled_from(list(WRITINGS)))
def test_amounts_are_what_was_written(cents: list[int], writing: str) -> None:
    """An oracle: with two decimals there is one reading of any list, whatever the marks."""
    texts = [str(Decimal(number).scaleb(-2)) for number in cents]
    written = [Written(WRITINGS[writing](text), 2) for text in texts]
    mark = money_cells.decimal_mark(written)
    assert [money_cells.amount(item, mark) for item in written] == [Decimal(text) for text in texts]


@given(
    st.lists(st.dates(date(2016, 1, 1), date(2099, 12, 31)), min_size=1, max_size=8), st.sampled_from(("%d/%m/%Y", "%m/%d/%Y"))
)
def test_days_are_what_was_written_or_refused(days: list[date], form: str) -> None:
    """Never another day: either the form is told by the rows, or nobody can tell it."""
    texts = [day.strftime(form) for day in days]
    try:
        told = money_cells.day_form(texts, forms=FORMS)
    except CellError as error:
        assert error.code == "S004"
        return
    read = [money_cells.day(text, told) for text in texts]
    other = {"%d/%m/%Y": "MM/DD/YYYY", "%m/%d/%Y": "DD/MM/YYYY"}[form]
    ordered = sorted(read) == read or sorted(read, reverse=True) == read
    assert read == days or (told == other and ordered)
