"""Exchange rates as the ECB writes them, in each of its forms; anything else is refused with its place."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.exchange import Exchange
from diamondctl.problems import Refusal
from diamondctl.readers.exchange_rates import read_exchange

HISTORY = """\
Date,USD,JPY,CYP,KRW,
2026-10-30,1.0823,162.51,N/A,1503.22,
2026-10-29,1.0801,162.1,N/A,N/A,
"""
ONE_DAY = "Date, USD, JPY, KRW, \n30 October 2026, 1.0823, 162.51, 1503.22, \n"
HEADER = "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,TITLE"
PORTAL = f"""\
{HEADER}
EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2026-10-29,1.0801,A,"US dollar, per euro"
EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2026-10-30,1.0823,A,"US dollar, per euro"
EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2026-10-31,,H,"US dollar, per euro"
EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2026-10-30,162.51,A,Japanese yen
"""
OTHER = "no reference rate of a day for one euro"
FRIDAY = date(2026, 10, 30)


def read(folder: Path, text: str | bytes, name: str = "fx.csv") -> Exchange:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_exchange(str(file))


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read(folder, text)
    first = caught.value.problems[0]
    return f"{first.line}:{first.column} {first.code} {first.message}"


@pytest.mark.parametrize("text", [HISTORY, ONE_DAY, PORTAL, HISTORY.replace("\n", "\r\n"), "\ufeff" + HISTORY])
def test_every_form_says_the_same(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert found.source == "fx.csv" and len(found.sha256) == 64
    assert found.per_euro["USD"][FRIDAY] == Decimal("1.0823")
    assert found.per_euro["JPY"][FRIDAY] == Decimal("162.51")
    assert "CYP" not in found.per_euro, "a currency that is gone"
    assert date(2026, 10, 31) not in found.per_euro["USD"]


def test_the_zip_that_the_bank_gives_is_read_as_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "eurofxref-hist.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", HISTORY)
    assert read_exchange(str(tmp_path / "eurofxref-hist.zip")).per_euro == read(tmp_path, HISTORY).per_euro


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Date,USD,usd,\n", "1:10 D001 'usd' is no currency of exchange rates for one euro"),
        ("Date,USD,USD,\n", "1:10 D001 'USD' stands twice of exchange rates for one euro"),
        ("Date,USD,EUR,\n", "1:10 D001 'EUR' is no currency of exchange rates for one euro"),
        ("day,USD\n", "1:0 D001 this is no CSV of exchange rates: the header has no column FREQ"),
        ("Date;USD\n", "1:0 D001 this is no CSV of exchange rates"),
        ("[1]\n", "0:0 D001 this is no CSV of exchange rates"),
        (HISTORY.replace("1.0801", "1,0801"), "3:0 C002 7 fields, the header has 6"),
        (HISTORY.replace("1.0801", "0"), "3:12 D002 '0' is not an exchange rate"),
        (HISTORY.replace("1.0801", "-1.08"), "3:12 D002 '-1.08' is not an exchange rate"),
        (HISTORY.replace("1.0801", "1e3"), "3:12 D002 '1e3' is not an exchange rate"),
        (HISTORY.replace("1.0801", ""), "3:12 D002 '' is not an exchange rate"),
        (HISTORY.replace("1.0801", "１.08"), "3:12 D002 '１.08' is not an exchange rate"),
        (HISTORY.replace("2026-10-29", "2026-02-30"), "3:1 D002 '2026-02-30' is not a day"),
        (ONE_DAY.replace("October", "Oktober"), "2:1 D002 '30 Oktober 2026' is not a day"),
        (HISTORY.replace("2026-10-29", "2026-10-30"), "3:12 D003 a second rate of USD on 2026-10-30"),
        (PORTAL.replace(",D,JPY", ",M,JPY"), f"5:22 D002 FREQ is 'M', not D: {OTHER}"),
        (PORTAL.replace("Y,EUR", "Y,USD"), f"5:28 D002 CURRENCY_DENOM is 'USD', not EUR: {OTHER}"),
        (HISTORY.encode() + b"\xff", "4:0 F005 byte 94 is not UTF-8"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert refused(tmp_path, text) == said


@settings(max_examples=60)
@given(st.text(alphabet="Date,USDJPY-2026130N/A .\"\n\r'KREQ", max_size=200))
def test_whatever_it_is_given_it_reads_or_refuses(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            read(Path(folder), "Date,USD,JPY,\n" + text)
        except Refusal as refusal:
            assert refusal.problems
