"""gift-log/1: we pass every case, the schema agrees with the cases, and any command line can be held to them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from tests.conformance import ours
from tests.conformance.cases import REFUSED, SUBJECTS, Answer, Case, cases, passed
from tests.support import ROOT, environment

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_we_pass(case: Case) -> None:
    said = ours.answer(str(case.path))
    assert (REFUSED if said is None else Answer(**said)) == case.expected, case.about


def test_there_are_enough_and_each_says_what_it_is_about() -> None:
    assert len(CASES) >= 60
    assert len({case.about for case in CASES}) == len(CASES)
    assert sum(case.expected == REFUSED for case in CASES) >= 20


def test_the_runner_takes_any_command_line() -> None:
    """One that always gives the same answer fails, names each case, and exits with 1."""
    said = 'import json; print(json.dumps({"gifts": 1, "coins": 1}))'
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance", sys.executable, "-c", said],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    right = sum(case.expected == Answer(1, 1) for case in CASES)
    assert done.returncode == 1
    assert done.stdout.endswith(f"{right} of {len(CASES)} pass.\n")
    assert "events-combo: 1 gifts, 1 coins, not 1 gifts, 3 coins" in done.stdout


def test_the_advice_of_libraries_gets_combos_right_and_repetitions_wrong() -> None:
    """What the table of `help spec` says, by its two ends."""
    events = [case for case in CASES if case.name.startswith("events-")]
    for name, _, module in SUBJECTS[1:4]:
        right = passed(module, events)
        assert right["events-combo"] and right["events-out-of-order"], name
        assert not right["events-replayed"] and not right["events-never-closed"], name


def test_the_schema_holds_for_what_counts() -> None:
    """Rows and flat events of JSON cases that count are of the schema; numbers as ids are not."""
    schema = json.loads((ROOT / "rates/gift-log.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    tried = 0
    for case in CASES:
        if case.expected == REFUSED or case.path.suffix not in (".json", ".jsonl"):
            continue
        text = case.path.read_text("utf-8")
        items = [json.loads(line) for line in text.splitlines()] if case.path.suffix == ".jsonl" else json.loads(text)
        for item in items if isinstance(items, list) else items["gifts"]:
            if "timestamp" in item or (item.get("event") == "gift" and "data" in item):
                check.validate(item)
                tried += 1
    assert tried > 50
    row = {"timestamp": "2026-10-03T20:15:00Z", "creator": "mara", "gift": "Rose", "coins": 1}
    assert check.is_valid(row)
    assert not check.is_valid({**row, "event_id": 7390000000000010457})
    assert not check.is_valid({**row, "coins": -1})
    assert not check.is_valid({**row, "quantity": 0})
