"""No name of a gifter is in anything that the reports on LIVEs, gifts and hours print, unless --names or a consent says so."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.ledger.state import run_here

NAMES = ("canaryone", "canarytwo", "Kanarienvogel Drei")
COMMANDS = (("streams",), ("schedule",), ("gifts",), ("gifters",), ("gifters", "--thanks"))
FORMS = ((), ("-v",), ("--json",), ("--csv",), ("-f", "md"))


@pytest.fixture(scope="module")
def gifts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "gifts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "gift_id", "stream"])
        for day in range(1, 25):
            for number, name in enumerate(NAMES):
                time = f"2026-{9 + day % 2:02}-{day:02}T19:{number:02}:00Z"
                writer.writerow([time, "ann", "Rose", 1 + number, 1, f"{day}-{number}", name, "5655", f"live{day}"])
    env = {"DIAMONDCTL_LEDGER": str(path.parent / "ledger")}
    assert run_here("import", str(path), **env).code == 0
    assert run_here("privacy", "consent", NAMES[1], "--since", "2026-10-01", **env).code == 0
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("form", FORMS, ids=" ".join)
@pytest.mark.parametrize("where", ["files", "ledger"])
def test_nobody_is_named_without_consent(gifts: Path, where: str, command: tuple[str, ...], form: tuple[str, ...]) -> None:
    """In every form, from files and from a ledger in which one of them agreed to be named."""
    also = ("--region", "US", "-p", "2026-10", *form)
    env = {"DIAMONDCTL_LEDGER": str(gifts.parent / "ledger")}
    done = run_here(command[0], *([str(gifts)] if where == "files" else []), *command[1:], *also, **env)
    assert done.code in (0, 3), done.err
    shown = {name for name in NAMES if name in done.out + done.err}
    assert shown == ({NAMES[1]} if where == "ledger" and "--thanks" in command else set())


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_names_are_shown_where_they_are_asked_for(gifts: Path, where: str) -> None:
    """The test above could fail: they are there to be shown."""
    env = {"DIAMONDCTL_LEDGER": str(gifts.parent / "ledger")}
    words = ("gifters", *([str(gifts)] if where == "files" else []), "--region", "US", "-p", "2026-10", "--names")
    assert all(name in run_here(*words, **env).out for name in NAMES)


def test_a_consent_counts_from_its_day_on(gifts: Path) -> None:
    """A list of thanks as of a day before it names nobody."""
    env = {"DIAMONDCTL_LEDGER": str(gifts.parent / "ledger")}
    words = ("gifters", "--thanks", "--region", "US", "--json")
    named = [
        [one["gifter"] for one in json.loads(run_here(*words, "-p", month, **env).out)["data"]["gifters"] if one["named"]]
        for month in ("2026-09", "2026-10")
    ]
    assert named == [[], [NAMES[1]]]


def test_an_alias_of_files_is_of_these_files(gifts: Path, tmp_path: Path) -> None:
    """Whoever sees one cannot try names without having the files: another file gives another alias."""
    other = tmp_path / "more.csv"
    other.write_text(gifts.read_text("utf-8") + "2026-10-30T19:00:00Z,ann,Rose,1,1,x,canaryone,5655,live30\n", "utf-8")
    told = [
        {one["gifter"] for one in json.loads(run_here("gifters", str(path), "--region", "US", "--json").out)["data"]["gifters"]}
        for path in (gifts, gifts, other)
    ]
    assert told[0] == told[1]
    assert told[0].isdisjoint(told[2])
