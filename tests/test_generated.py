"""Generated files are what their generators say, and shipped schemas hold for real output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.generate import generated
from tests.support import ROOT, run

COMMANDS = {
    "summary": (
        ["summary", "examples/2026-10.csv", "--region", "US"],
        ["summary", "examples/2026-10.csv", "--region", "US", "--share", "48", "--rates-as-of", "2026-11-22"],
        ["summary", "examples", "--region", "US"],
        ["summary", "examples/de-2026-10.json", "-p", "2024"],
        ["summary", "tests/samples/live/broken-cut-off.jsonl", "--region", "US", "--salvage"],
        ["summary", "tests/samples/totals/live-center-revenue.csv", "--region", "US", "--creator", "mara"],
    ),
    "fees": (
        ["fees", "examples/2026-10.csv", "--region", "US", "--agency", "10%"],
        ["fees", "examples", "--region", "US", "--to", "reward"],
    ),
    "balance": (["balance", "examples", "--region", "US"], ["balance", "examples/gb-2026-10.jsonl", "--as-of", "2026-10-15"]),
    "payout-check": (
        ["payout", "check", "examples", "--region", "US"],
        ["payout", "check", "examples/gb-2026-10.jsonl", "--as-of", "2026-10-03"],
    ),
    "rates-list": (["rates", "list"], ["rates", "list", "--date", "2020-01-01"]),
    "rates-show": (["rates", "show", "US"], ["rates", "show", "euro"]),
    "rates-which": (
        ["rates", "which", "--region", "US", "--date", "2026-10-31"],
        ["rates", "which", "reward", "--region", "US", "--date", "2020-01-01"],
    ),
    "profile-list": (["profile", "list"], ["profile", "list", "tests/samples/profiles"]),
    "profile-test": (["profile", "test", "tests/samples/profiles"],),
    "rates-check": (["rates", "check", "rates"], ["rates", "check", "tests/errors/R010/bad.yaml"]),
}


@pytest.mark.parametrize("name", generated())
def test_a_generated_file_is_up_to_date(name: str) -> None:
    """`python -m tests.generate` writes it again."""
    assert (ROOT / name).read_bytes().decode() == generated()[name]


@pytest.mark.parametrize(("name", "command"), [(name, command) for name, all_ in COMMANDS.items() for command in all_])
def test_json_output_holds_its_shipped_schema(name: str, command: list[str]) -> None:
    """The schema file in the package describes what the command prints."""
    result = run(*command, "--json")
    assert result.code in (0, 1, 3), result.err
    document = json.loads(result.out)
    schema = json.loads((ROOT / f"diamondctl/schemas/{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    assert document["schema"] == schema["title"]


def test_every_schema_is_tried() -> None:
    """A new report comes with commands that show its schema holds."""
    shipped = {path.name.removesuffix(".schema.json") for path in Path(ROOT, "diamondctl/schemas").glob("*.json")}
    assert shipped == set(COMMANDS)
