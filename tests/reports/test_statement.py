"""Laws of statements, and referees: LibreOffice adds the sheets up by itself, Chromium prints the page."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range, total
from diamondctl.periods import parse_period
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.rewards import Rating
from diamondctl.records import Record, Usage
from diamondctl.reports.balance import balance
from diamondctl.reports.journal import journal
from diamondctl.reports.scope import make_scope
from diamondctl.reports.statement import Statement, cuts_of, so_far, statement
from diamondctl.reports.values import FILES, Asked
from tests.browser import browser
from tests.reports.test_balance_laws import steady, steady_gb, timezones, usages
from tests.reports.test_journal import UNTIL, records
from tests.support import Result, run_in, tool

COLUMNS = ("prior", "current", "cumulative")


def made(
    usage: list[Usage], us: Zone, gb: Zone, told: list[Record], period: str, timezone: str, form: Decimal | None = None
) -> Statement:
    asked = Asked(parse_period(period, UNTIL), None, timezone=timezone)
    origin = FILES._replace(ledger=True, records=tuple(told))
    scope = make_scope(Rating(usage, {"US": us, "GB": gb}), (), asked, (), origin)
    of_year = len(period) == 4
    cuts = cuts_of(scope.period, so_far(scope.period, of_year=of_year))
    return statement(scope, journal(scope, None, cuts), of_year=of_year, form=form)


@given(
    usages, steady, steady_gb, records(), st.sampled_from(("2026-03", "2026-02-25..2026-03-03", "2026-W14", "2026")), timezones
)
def test_every_total_is_the_sum_of_its_lines_and_the_end_is_the_balance(
    usage: list[Usage], us: Zone, gb: Zone, told: list[Record], period: str, timezone: str
) -> None:
    """Story by story; the end of the period before is the beginning of this one."""
    report = made(usage, us, gb, told, period, timezone)
    held = {
        (item.state.account.creator, item.state.account.currency): item.held.available for item in balance(report.scope).wallets
    }
    for item in report.wallets:
        for line in item.lines:
            for name in COLUMNS if line.adds else ():
                assert getattr(line, name) == total(getattr(item.line(part), name) for part in line.adds)
        assert item.line("opening").current == item.line("closing").prior
        assert item.line("on_the_way_before").current == item.line("on_the_way").prior
        assert item.line("closing").current == held[item.account.creator, item.currency]
        assert item.line("closing").cumulative == item.line("closing").current


@given(usages, steady, steady_gb, records(), timezones)
def test_the_months_of_a_year_are_the_year(usage: list[Usage], us: Zone, gb: Zone, told: list[Record], timezone: str) -> None:
    for item in made(usage, us, gb, told, "2026", timezone).wallets:
        for key in ("earned", "credited", "left"):
            assert total(getattr(month, key) for month in item.months) == item.line(key).current


@given(usages, steady, steady_gb, records(), timezones, st.integers(0, 99_999))
def test_a_form_is_tied_to_the_cent(
    usage: list[Usage], us: Zone, gb: Zone, told: list[Record], timezone: str, cents: int
) -> None:
    """Figure and named steps and what is not explained are what the form says, whatever it says."""
    for item in made(usage, us, gb, told, "2026", timezone, Decimal(cents).scaleb(-2)).wallets:
        form = item.form
        assert form is not None
        assert form.figure + sum((amount for _, amount in form.between), Decimal(0)) + form.rest == form.amount
        if form.basis and item.line("left").current == Range.of(form.amount):
            assert not form.between and not form.rest


# In a ledger of three creators.
@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("statements")
    (folder / "config.yaml").write_text("region: US\n")
    for words in (
        ["import", "examples/2026-10.csv", "examples/de-2026-10.json", "examples/gb-2026-10.jsonl"],
        ["record", "balance", "118.75", "--date", "2026-10-12", "--creator", "mara"],
        ["record", "payout", "100", "--date", "2026-10-12", "--by", "paypal", "--arrived", "87.40",
         "--arrived-on", "2026-10-15", "--creator", "mara"],
        ["record", "payout", "5", "--date", "2026-10-30", "--by", "bank", "--creator", "mara", "--reason", "=1+1"],
    ):  # fmt: skip
        assert at(folder, *words).code == 0
    return folder


def at(folder: Path, *words: str) -> Result:
    env = {"DIAMONDCTL_LEDGER": str(folder / "ledger"), "DIAMONDCTL_CONFIG": str(folder / "config.yaml")}
    return run_in(env, *words)


def figures(folder: Path, *words: str) -> list[tuple[str, ...]]:
    """Label and amounts of every line, as JSON has them."""
    document = json.loads(at(folder, *words, "--json").out)
    return [
        (line["label"], *(line[name][end] for name in COLUMNS for end in ("least", "most")))
        for item in document["data"]["statements"]
        for line in item["lines"]
    ]


def _without_values(data: bytes) -> bytes:
    """A workbook whose formulas have no cached values, so that whoever opens it has to add up."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.startswith("xl/worksheets/"):
                text, count = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1<v>0</v>", text)
                assert count or b"<f>" not in text
            target.writestr(name, text)
    return out.getvalue()


_ALWAYS_CALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.mark.parametrize("command", ["statement", "year"])
def test_libreoffice_adds_up_to_the_text_of_the_json(command: str, ledger: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    soffice = tool("soffice")
    period = "2026" if command == "year" else "2026-10"
    words = ("report", command, "-p", period, "--creator", "mara")
    file = tmp_path / "book.xlsx"
    assert at(ledger, *words, "-o", str(file)).code == 0
    file.write_bytes(_without_values(file.read_bytes()))
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    (tmp_path / "office/user").mkdir(parents=True)
    (tmp_path / "office/user/registrymodifications.xcu").write_text(_ALWAYS_CALCULATE)
    subprocess.run(
        [soffice, home, "--headless", "--convert-to", form, "--outdir", str(tmp_path / "out"), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    rows = list(csv.reader((tmp_path / "out/book-Statement.csv").read_text(encoding="utf-8").splitlines()))
    expected = figures(ledger, *words)
    assert [tuple(row) for row in rows if tuple(row) in set(expected)] == expected
    check = next(row for row in rows if row[0].startswith("Closing less opening"))
    assert [cell for cell in check[1:] if cell] == ["0.00", "0.00"]


def test_cached_values_are_the_text_of_the_json_and_bytes_are_the_same(ledger: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    words = ("report", "statement", "-p", "2026-10", "--creator", "mara")
    data = []
    for name in ("a.xlsx", "b.xlsx"):
        assert at(ledger, *words, "-o", str(tmp_path / name)).code == 0
        data.append((tmp_path / name).read_bytes())
    assert data[0] == data[1]
    with zipfile.ZipFile(io.BytesIO(data[0])) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    cached = re.findall(r"<c [^>]*><f>(?!ROUND)[^<]*</f><v>([^<]*)</v>", text)
    totals = [row for row in figures(ledger, *words) if row[0] in set(_totals(ledger, *words))]
    assert cached == [cell for row in totals for cell in row[1:]]
    assert 't="str"' not in text and "<f>1+1" not in text and "tiktok/us.yaml" in strings


def _totals(folder: Path, *words: str) -> Iterator[str]:
    document = json.loads(at(folder, *words, "--json").out)
    for line in document["data"]["statements"][0]["lines"]:
        if line["adds"]:
            yield line["label"]


def test_a_browser_shows_and_prints_it(ledger: Path, tmp_path: Path) -> None:
    """Nothing is asked for, nothing sticks out, and it goes on A4 and Letter."""
    file = tmp_path / "page.html"
    assert at(ledger, "report", "year", "-p", "2026", "--creator", "mara", "--form", "92", "-o", str(file)).code == 0
    assert "<script" not in file.read_text()
    with browser() as tab:
        for width in (360, 1280):
            tab.look(width)
            tab.open(file)
            assert (tab.sticking_out(), tab.complaints(), tab.requests()) == ([], [], [file.as_uri()])
        for paper in ((8.27, 11.69), (8.5, 11)):
            assert tab.paper(*paper).startswith(b"%PDF")


def test_each_creator_gets_a_file_with_nobody_else_in_it(ledger: Path, tmp_path: Path) -> None:
    for ending in ("json", "html", "csv"):
        out = tmp_path / "{creator}" / f"{{period}}.{ending}"
        done = at(ledger, "report", "statement", "-p", "2026-10", "--each", "creator", "-o", str(out))
        assert (done.code, done.out) == (0, ""), done.err
        again = at(ledger, "report", "statement", "-p", "2026-10", "--each", "creator", "-o", str(out))
        assert again.code == 0 and again.err.count("unchanged") == 3
    names = {"mara", "lee", "juno"}
    assert {path.name for path in tmp_path.iterdir()} == names
    for name in names:
        for path in (tmp_path / name).iterdir():
            text = path.read_text(encoding="utf-8")
            for other in names - {name}:
                assert not re.search(rf"\b{other}\b", text), (path, other)


def test_what_a_statement_needs_is_said(ledger: Path, tmp_path: Path) -> None:
    for words, text in (
        (["report", "statement", "-p", "2026-10"], "a statement is of one creator: say --creator NAME (juno, lee, mara)"),
        (["report", "statement", "--each", "creator", "-o", "x.json"], "--each creator needs a name for each"),
        (["report", "statement", "--each", "creator", "-o", "{creator}-{day}.json"], "-o: names are {creator}, {period}"),
        (["report", "statement", "--each", "creator", "--creator", "mara"], "leave --creator out"),
        (["report", "year", "-p", "2026-10", "--creator", "mara"], "is no year"),
        (["report", "statement", "-f", "xlsx", "--creator", "mara"], "xlsx is no text for a screen"),
    ):
        done = at(ledger, *words)
        assert done.code == 2 and text in done.err, done.err


def test_the_day_of_a_statement_is_the_end_of_its_period(ledger: Path) -> None:
    """So it is the same on any day."""
    words = ("report", "statement", "-p", "2026-09", "--creator", "mara", "--json")
    document = json.loads(at(ledger, *words).out)
    assert document["as_of"] == str(date(2026, 9, 30))
    assert document["data"]["version"] == json.loads(at(ledger, *words, "--as-of", "2026-12-24").out)["data"]["version"]
