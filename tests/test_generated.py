"""Generated files are what their generators say, and shipped schemas hold for real output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.generate import generated
from tests.support import ROOT, Result, run

COMMANDS = {
    "compare": (
        ["compare"],
        ["compare", "examples/2026-10.csv", "--region", "US", "--mine", "-p", "2026-10"],
    ),
    "summary": (
        ["summary", "examples/2026-10.csv", "--region", "US"],
        ["summary", "examples/2026-10.csv", "--region", "US", "--share", "48", "--rates-as-of", "2026-11-22"],
        ["summary", "examples", "--region", "US"],
        ["summary", "examples/de-2026-10.json", "-p", "2024"],
        ["summary", "tests/samples/live/broken-cut-off.jsonl", "--region", "US", "--salvage"],
        ["summary", "tests/samples/totals/live-center-revenue.csv", "--region", "US", "--creator", "mara"],
        ["summary", "examples/2026-10.csv", "--config", "examples/config.yaml"],
    ),
    "explain-reward": (
        ["explain", "reward", "examples", "--region", "US"],
        ["explain", "reward", "examples/2026-10.csv", "--region", "US", "--penalty", "0", "--league", "held"],
    ),
    "explain-stream": (
        ["explain", "stream", "7482242120385090473", "examples/2026-10.csv", "--region", "US"],
        ["explain", "stream", "2026-10-30T22:00", "examples/2026-10.csv", "--region", "US", "--share", "48", "--rows", "0"],
    ),
    "streams": (
        ["streams", "examples/2026-10.csv", "--region", "US"],
        ["streams", "examples", "--region", "US", "--share", "48"],
        ["streams", "tests/samples/totals/live-center-revenue.csv", "--region", "US", "--creator", "mara"],
    ),
    "streams-missions": (
        ["streams", "--missions", "examples/2026-10.csv", "--region", "US"],
        [
            "streams",
            "--missions",
            "examples",
            "--region",
            "US",
            "--scheme",
            "missions",
            "--as-of",
            "2026-10-14",
            "-p",
            "2026-10",
        ],
        ["streams", "--missions", "examples/2026-10.csv", "--region", "US", "--share", "48"],
    ),
    "streams-engagement": (
        ["streams", "--engagement", "examples/2026-10.csv", "--region", "US"],
        [
            "streams",
            "--engagement",
            "tests/samples/totals/live-center-engagement.csv",
            "tests/samples/totals/live-center-revenue.csv",
            "--region",
            "US",
            "--creator",
            "mara",
        ],
    ),
    "streams-partners": (["streams", "--partners", "examples/2026-10.csv", "--region", "US"],),
    "schedule": (
        ["schedule", "examples/2026-10.csv", "--region", "US"],
        ["schedule", "examples/2026-10.csv", "--config", "examples/config.yaml", "-p", "2024"],
    ),
    "gifts": (["gifts", "examples", "--region", "US"], ["gifts", "examples/de-2026-10.json", "-p", "2024"]),
    "gifters": (
        ["gifters", "examples", "--region", "US"],
        ["gifters", "examples/2026-10.csv", "--region", "US", "--names"],
        ["gifters", "examples/2026-10.csv", "--region", "US", "--thanks"],
    ),
    "project": (
        ["project", "examples/year/gb-2026.csv"],
        ["project", "examples/2026-10.csv", "--region", "US", "-p", "2026-W45", "--streams", "3", "--hours", "7.5"],
        ["project", "examples/year/gb-2026.csv", "--until", "1000.00"],
        ["project", "examples/2026-10.csv", "--region", "US", "--threshold", "--share", "36.5"],
    ),
    "fees": (
        ["fees", "examples/2026-10.csv", "--region", "US", "--agency", "10%"],
        ["fees", "examples", "--region", "US", "--to", "reward"],
    ),
    "report-share": (
        ["report", "share", "examples/2026-10.csv", "--region", "US"],
        ["report", "share", "examples/2026-10.csv", "--region", "US", "--money", "-p", "2026"],
    ),
    "report-month": (
        ["report", "month", "examples/2026-10.csv", "--region", "US"],
        ["report", "month", "examples/de-2026-10.json", "-p", "2024"],
    ),
    "report-statement": (
        ["report", "statement", "examples/2026-10.csv", "--region", "US", "-p", "2026-10"],
        ["report", "statement", "examples/de-2026-10.json", "-p", "2024-02"],
    ),
    "report-year": (
        ["report", "year", "examples/2026-10.csv", "--region", "US", "-p", "2026", "--form", "366.20"],
        ["report", "year", "examples/gb-2026-10.jsonl"],
    ),
    "balance": (["balance", "examples", "--region", "US"], ["balance", "examples/gb-2026-10.jsonl", "--as-of", "2026-10-15"]),
    "payout-check": (
        ["payout", "check", "examples", "--region", "US"],
        ["payout", "check", "examples/gb-2026-10.jsonl", "--as-of", "2026-10-03"],
    ),
    "config-show": (
        ["config", "show"],
        ["config", "show", "--origin", "--config", "examples/config.yaml", "--region", "DE"],
        ["config", "get", "creators.mara.share", "--config", "examples/config.yaml"],
        ["config", "get", "region"],
    ),
    "rates-list": (["rates", "list"], ["rates", "list", "--date", "2020-01-01"]),
    "rates-show": (["rates", "show", "US"], ["rates", "show", "euro"]),
    "rates-which": (
        ["rates", "which", "--region", "US", "--date", "2026-10-31"],
        ["rates", "which", "reward", "--region", "US", "--date", "2020-01-01"],
    ),
    "rates-check": (
        ["rates", "check", "rates", "--max-age", "365", "--require", "reported"],
        ["rates", "check", "tests/errors/R010/bad.yaml"],
    ),
    "rates-diff": (
        ["rates", "diff", "rates", "rates"],
        ["rates", "diff", "tests/errors/R201/base", "tests/errors/R205/head"],
        ["rates", "diff", "tests/errors/R204/base/tiktok/us.yaml", "rates/tiktok/ch.yaml"],
    ),
    "rates-impact": (
        ["rates", "impact", "rates", "rates"],
        ["rates", "impact", "tests/errors/R201/base", "tests/errors/R201/head", "--max-change", "3"],
        ["rates", "impact", "rates", "tests/errors/R202/base", "--gifts", "examples/2026-10.csv", "--region", "US"],
    ),
    "rates-coverage": (["rates", "coverage"], ["rates", "coverage", "withholding", "-p", "2026"]),
    "rates-gifts-learn": (
        ["rates", "gifts", "learn", "tests/samples/live/connector-1.jsonl"],
        ["rates", "gifts", "learn", "tests/samples/live/broken-equal-gifts.jsonl", "tests/samples/live/connector-2.jsonl"],
    ),
    "rates-calibrate": (
        ["rates", "calibrate", "examples/2026-10.csv", "--region", "US", "--credit", "7482242120385090473=5.89"],
        [
            *["rates", "calibrate", "examples/2026-10.csv", "--region", "US"],
            *["--credit", "7482242120385090473=5.89", "--credit", "7482238901358272448=1.00"],
        ],
    ),
    "rates-explain": (["rates", "explain", "R021"], ["rates", "explain"]),
    "profile-list": (["profile", "list"], ["profile", "list", "tests/samples/profiles"]),
    "profile-test": (["profile", "test", "tests/samples/profiles"],),
    "help": (["help"],),
    "estimate": (["estimate", "20265", "--region", "US"], ["estimate", "7", "--region", "GB"]),
}


_MARA = ("--creator", "mara", "--region", "US")
# On a ledger of their own, in this order.
LEDGER_COMMANDS = (
    ("verify", ["verify", "{statement}", "examples/2026-10.csv"]),
    ("import", ["import", "examples/2026-10.csv", "examples/gb-2026-10.jsonl"]),
    ("import", ["import", "{bad}", "--keep-good"]),
    ("records-list", ["records", "list"]),
    ("records-show", ["records", "show", "d001", "--rows", "3"]),
    ("records-rejected", ["records", "rejected"]),
    (
        "record",
        [
            "record",
            "adjustment",
            "refund",
            "4.20",
            "--date",
            "2026-10-12",
            "--reason",
            "x",
            "--creator",
            "mara",
            "--region",
            "US",
        ],
    ),
    ("record", ["record", "adjustment", "refund", "4.20", "--date", "2026-10-12", "--reason", "x", *_MARA]),
    ("record", ["record", "payout", "30", "--date", "2026-10-12", "--by", "paypal", *_MARA]),
    ("record", ["record", "payout", "30", "--id", "p001", "--arrived", "28", "EUR", "--arrived-on", "2026-10-14", *_MARA]),
    ("record", ["record", "balance", "18.75", "--date", "2026-10-13", "--at", "20:15", *_MARA]),
    ("record", ["record", "income", "250", "EUR", "--from", "Acme", "--date", "2026-10-20", *_MARA]),
    ("config-set", ["config", "set", "creators.mara.share", "48", "--config", "{config}"]),
    ("records-show-record", ["records", "show", "p001"]),
    ("reconcile", ["reconcile", "--region", "US"]),
    ("explain-payout", ["explain", "p001", "--region", "US"]),
    ("payout-guide", ["payout", "guide", "--region", "US"]),
    ("records-list", ["records", "list"]),
    ("summary", ["summary", "--region", "US"]),
    ("balance", ["balance", "--region", "US"]),
    ("payout-check", ["payout", "check", "--region", "US"]),
    ("explain-reward", ["explain", "reward", "--region", "US"]),
    ("project", ["project", "--region", "US", "--without-top", "1"]),
    ("explain-stream", ["explain", "stream", "7482242120385090473", "--region", "US"]),
    ("fees", ["fees", "--region", "US"]),
    ("period-check", ["period", "check", "2026-09", "--config", "{config}"]),
    ("period-close", ["period", "close", "2026-09", "--config", "{config}"]),
    (
        "period-close",
        ["period", "close", "2026-09", "--accept", "ranges", "--accept", "rejects", "--reason", "x", "--config", "{config}"],
    ),
    ("period-list", ["period", "list"]),
    ("period-reopen", ["period", "reopen", "2026-09", "--reason", "x"]),
    ("undo", ["undo", "a001"]),
    ("privacy-status", ["privacy", "status"]),
    ("privacy-consent", ["privacy", "consent"]),
    ("privacy-erase", ["privacy", "erase", "fan011"]),
    ("privacy-twin", ["privacy", "twin", "{twin}"]),
    ("backup", ["backup", "{backup}"]),
    ("restore", ["restore", "{backup}", "--ledger", "{restored}"]),
    ("doctor", ["doctor"]),
    ("undo", ["undo", "d001"]),
)


@pytest.mark.parametrize("name", generated())
def test_a_generated_file_is_up_to_date(name: str) -> None:
    """`python -m tests.generate` writes it again."""
    assert (ROOT / name).read_bytes().decode() == generated()[name]


@pytest.mark.parametrize(("name", "command"), [(name, command) for name, all_ in COMMANDS.items() for command in all_])
def test_json_output_holds_its_shipped_schema(name: str, command: list[str]) -> None:
    """The schema file in the package describes what the command prints."""
    assert_schema(name, run(*command, "--json"))


def assert_schema(name: str, result: Result) -> None:
    """A result is a document of the shipped schema."""
    assert result.code in (0, 1, 3), result.err
    document = json.loads(result.out)
    schema = json.loads((ROOT / f"diamondctl/schemas/{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    assert document["schema"] == schema["title"]


def test_json_output_of_the_ledger_holds_its_shipped_schema(tmp_path: Path) -> None:
    """Every command that works on a ledger, one after the other."""
    bad = tmp_path / "bad.csv"
    bad.write_text("timestamp,creator,gift,coins\n2026-10-01T20:15:00Z,noor,Rose,1\n2026-10-01T20:15:00Z,noor,Rose,x\n")
    (config := tmp_path / "config.yaml").write_text("region: US\n")
    places = {
        "bad": bad, "config": config, "backup": tmp_path / "backup.zip", "restored": tmp_path / "restored",
        "twin": tmp_path / "twin", "statement": tmp_path / "statement.json",
    }  # fmt: skip
    made = run("report", "statement", "examples/2026-10.csv", "--region", "US", "-o", str(places["statement"]))
    assert made.code == 0, made.err
    for name, words in LEDGER_COMMANDS:
        command = [word.format(**places) for word in words]
        assert_schema(name, run(*command, "--json", DIAMONDCTL_LEDGER=str(tmp_path / "ledger")))


def test_every_schema_is_tried() -> None:
    """A new report comes with commands that show its schema holds; the format of the config with tests of its own."""
    shipped = {path.name.removesuffix(".schema.json") for path in Path(ROOT, "diamondctl/schemas").glob("*.json")}
    assert shipped == {*COMMANDS, *(name for name, _ in LEDGER_COMMANDS), "config"}
    assert Path(ROOT, "tests/config/test_format.py").is_file()
