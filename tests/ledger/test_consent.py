"""Who agreed to be named: kept in the ledger, taken back, erased; what is made to be shown names nobody else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ledger import catalog, gifters, opening
from diamondctl.records import Consent
from diamondctl.reports.documents import alias_shown, shown_as
from tests.ledger import state
from tests.ledger.make_fixture import BACKUP, FIXTURES
from tests.support import Result, run

HEAD = "timestamp,creator,gift,coins,gifter\n"
PEOPLE = ("Canary Ann", "Canary Bob", "Canary Cleo")
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
ALIASES = [f"{number:032x}" for number in range(1, 9)]
CANARIES = {alias: f"canary {alias[-1]}" for alias in ALIASES}


@given(st.dictionaries(st.sampled_from(ALIASES), DAYS), DAYS, st.sets(st.sampled_from(ALIASES)))
def test_only_who_agreed_by_the_day_is_named(agreed: dict[str, date], day: date, forgotten: set[str]) -> None:
    """Everybody else is an alias, also who agreed to a later day, and whose name is not known any more."""
    consents = [Consent(alias, since, "" if alias in forgotten else CANARIES[alias]) for alias, since in agreed.items()]
    shown = shown_as(ALIASES, consents, day)
    assert list(shown) == ALIASES
    for alias, text in shown.items():
        may = alias in agreed and agreed[alias] <= day and alias not in forgotten
        assert text == (CANARIES[alias] if may else alias_shown(alias))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with gifts of three people."""
    rows = "".join(f"2026-10-03T10:0{number}:00Z,mara,Rose,1,{name}\n" for number, name in enumerate(PEOPLE))
    (tmp_path / "gifts.csv").write_text(HEAD + rows, "utf-8")
    assert run("import", "gifts.csv", "--ledger", "led", cwd=tmp_path).code == 0
    return tmp_path / "led"


def call(ledger: Path, *words: str) -> Result:
    return run("privacy", *words, "--ledger", str(ledger))


def listed(ledger: Path, *words: str) -> list[dict[str, str | None]]:
    done = call(ledger, "consent", "--json", *words)
    assert (done.code, done.err) == (0, "")
    found: list[dict[str, str | None]] = json.loads(done.out)["data"]["consents"]
    return found


def shown(ledger: Path, day: date) -> list[str]:
    """How the people of the ledger stand on what is made to be shown on a day."""
    with opening.open_ledger(ledger) as book, book.reading():
        aliases = [alias for (alias,) in book.sql.execute("SELECT alias FROM gifters")]
        return sorted(shown_as(aliases, gifters.consents(book), day).values())


def test_a_consent_is_kept_listed_counted_and_taken_back(ledger: Path) -> None:
    assert call(ledger, "consent", "Canary Ann", "--since", "2026-10-05").code == 0
    (item,) = listed(ledger)
    assert (item["since"], item["name"]) == ("2026-10-05", None)
    alias = str(item["alias"])
    assert call(ledger, "consent", alias, "--since", "2026-10-04").code == 0  # said again, by alias
    (again,) = listed(ledger, "--names")
    assert (again["alias"], again["since"], again["name"]) == (item["alias"], "2026-10-04", "Canary Ann")
    assert "Canary" not in call(ledger, "consent").out
    status = json.loads(call(ledger, "status", "--json").out)["data"]
    assert (status["names"], status["consented"]) == (3, 1)
    assert [name for name in shown(ledger, date(2026, 10, 3)) if "Canary" in name] == []
    assert [name for name in shown(ledger, date(2026, 10, 4)) if "Canary" in name] == ["Canary Ann"]
    given_ = call(ledger, "consent", "Canary Bob")
    assert "privacy consent fan-" in given_.out
    assert "Canary" not in given_.out
    assert {row["since"] for row in listed(ledger)} == {"2026-10-04", "2026-11-01"}
    assert call(ledger, "consent", alias, "--withdraw").code == 0
    assert [name for name in shown(ledger, date(2026, 11, 1)) if "Canary" in name] == ["Canary Bob"]
    assert state.damage(ledger) == []


def test_names_that_are_asked_for_elsewhere_change_nothing_there(ledger: Path) -> None:
    assert call(ledger, "consent", "Canary Bob").code == 0
    assert run("records", "show", "d001", "--names", "--ledger", str(ledger)).out.count("Canary") == 3
    assert [name for name in shown(ledger, date(2026, 11, 1)) if "Canary" in name] == ["Canary Bob"]


def test_erasing_removes_the_consent_too_and_no_other_can_be_given(ledger: Path) -> None:
    assert call(ledger, "consent", "Canary Ann").code == 0
    assert call(ledger, "erase", "Canary Ann").code == 0
    assert listed(ledger) == []
    assert not any(b"Canary Ann" in path.read_bytes() for path in ledger.rglob("*") if path.is_file())
    refused = call(ledger, "consent", "Canary Ann")
    assert refused.code == 2
    assert "L009 the name of that gifter was erased" in refused.err
    assert run("import", str(ledger.parent / "gifts.csv"), "--ledger", str(ledger)).code == 0
    assert listed(ledger) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Canary Dan",), "L009 no gifter 'Canary Dan' in the ledger"),
        (("Canary Ann", "--withdraw"), "L009 no consent of 'Canary Ann' is kept"),
        (("Canary Ann", "--since", "2026-02-30"), "A002 "),
        (("--since", "2026-10-01"), "GIFTER is missing"),
        (("Canary Ann", "--since", "2026-10-01", "--withdraw"), "--withdraw takes it back whole"),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], said: str, ledger: Path) -> None:
    done = call(ledger, "consent", *words)
    assert done.code == 2
    assert said in done.err
    assert listed(ledger) == []


def test_a_backup_and_an_undo_keep_it(ledger: Path, tmp_path: Path) -> None:
    """It is what a person said: gifts that go and come again are no matter."""
    assert call(ledger, "consent", "Canary Ann", "--since", "2026-10-05").code == 0
    before = listed(ledger, "--names")
    assert run("backup", str(tmp_path / "kept.zip"), "--ledger", str(ledger)).code == 0
    assert run("restore", str(tmp_path / "kept.zip"), "--ledger", str(tmp_path / "again")).code == 0
    assert listed(tmp_path / "again", "--names") == before
    assert run("undo", "d001", "--ledger", str(ledger)).code == 0
    assert listed(ledger, "--names") == [{**before[0], "name": None}]
    assert shown(ledger, date(2026, 11, 1)) == []
    assert run("import", str(tmp_path / "gifts.csv"), "--ledger", str(ledger)).code == 0
    assert listed(ledger, "--names") == before


@pytest.mark.parametrize("version", ["v3", "v4"])
def test_a_ledger_of_an_earlier_version_knows_no_consent_and_can_keep_one(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "ledger"
    state.unpack(FIXTURES / version / BACKUP, old)
    with monkeypatch.context() as patch:
        patch.setattr(catalog, "writable", lambda file: False)
        assert listed(old) == []
    with opening.open_ledger(old) as book, book.reading():
        (name,) = book.sql.execute("SELECT name FROM gifters WHERE name IS NOT NULL ORDER BY name").fetchone()
    assert call(old, "consent", name).code == 0
    assert [row["name"] for row in listed(old, "--names")] == [name]
