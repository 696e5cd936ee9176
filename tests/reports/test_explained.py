"""`explain`: one command for every number, down to the line of the file and the words of the source."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.support import ROOT, Result, run, run_in

WORDS = ("reward", "balance", "payout", "project")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The month of the examples, with what the app showed and a payout."""
    folder = tmp_path_factory.mktemp("explained")
    config = folder / "config.yaml"
    config.write_text("creators:\n  mara: {region: US, scheme: missions, missions: {penalty: 0}}\n", "utf-8")
    env = {"DIAMONDCTL_LEDGER": str(folder / "ledger"), "DIAMONDCTL_CONFIG": str(config), "COLUMNS": "200"}
    for line in (
        "import examples/2026-10.csv",
        "record balance 318.75 --date 2026-10-12 --at 09:00",
        "record payout 300 --date 2026-10-12 --by paypal --arrived 287.40 --arrived-on 2026-10-15",
    ):
        assert run_in(env, *line.split()).code == 0
    return env


def explain(world: dict[str, str], *words: str) -> Result:
    """What is said of something."""
    return run_in(world, "explain", *words)


@pytest.mark.parametrize("word", WORDS)
def test_every_rate_is_there_with_its_line_and_every_source_with_its_words(word: str, world: dict[str, str]) -> None:
    """All entries that the JSON names, and of each all that its file says of where it is from."""
    shown = explain(world, word, "-v")
    assert (shown.code, shown.err) == (0, "")
    document = json.loads(explain(world, word, "--json").out)
    rates = document["data"]["rates"]
    assert rates
    zone = yaml.safe_load((ROOT / "rates/tiktok/us.yaml").read_text("utf-8"))
    one_line = " ".join(shown.out.split())
    for rate in rates:
        assert f"{rate['confidence']}, {rate['file']}:{rate['line']}," in one_line
        for name in rate["sources"]:
            source = zone["sources"][name]
            assert source["title"] in one_line and " ".join(source["says"].split()) in one_line
            assert source.get("url", source.get("document", "")) in one_line


def test_what_is_explained_is_the_report_itself(world: dict[str, str]) -> None:
    """In every form for machines; only the exit code of a verdict is left out."""
    for word, command in (("balance", ["balance"]), ("payout", ["payout", "check"]), ("project", ["project"])):
        assert explain(world, word, "--json").out == run_in(world, *command, "--json").out
        assert explain(world, word, "--csv").out == run_in(world, *command, "--csv").out
    assert (explain(world, "payout").code, run_in(world, "payout", "check").code) == (0, 3)


def test_the_entries_of_a_balance_are_shown_and_add_up_to_it(world: dict[str, str]) -> None:
    """What goes into the wallet less what goes out of it is what is in it, and what is pending."""
    shown = explain(world, "balance").out
    table = shown.partition("Entries that the balance is the sum of")[2].partition("\n\n")[0]
    assert table.count("p001") == 2 and "b001" in table
    data = json.loads(run_in(world, "balance", "--json").out)["data"]
    postings = [post for entry in data["entries"] for post in entry["postings"] if post["place"] == "wallet"]
    (wallet,) = data["wallets"]
    for story, end in (("least", "low"), ("most", "high")):
        inside = sum(Decimal(post["stories"][story]) for post in postings)
        assert inside == Decimal(wallet["balance"][end]) + Decimal(wallet["pending"][end])
    assert table.strip().count("\n") == len(data["entries"]) + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["p001"], "287.40"),
        (["b001"], "the app showed it"),
        (["d001", "--rows", "1"], "gift CSV"),
        (["7482242120385090473"], ":639"),
        (["stream", "7482242120385090473"], ":639"),
        (["2026-10-30T22:00"], ":639"),
    ],
)
def test_an_id_says_by_itself_what_it_is(words: list[str], said: str, world: dict[str, str]) -> None:
    shown = explain(world, *words)
    assert shown.code == 0 and said in shown.out


@pytest.mark.parametrize(("word", "code"), [("p999", "L009"), ("d999", "L009"), ("no-such-live", "A020")])
def test_what_is_nothing_is_refused(word: str, code: str, world: dict[str, str]) -> None:
    refused = explain(world, word)
    assert (refused.code, refused.out) == (2, "") and re.match(rf"(\S+ )?{code} ", refused.err)


def test_files_are_explained_as_the_ledger_is(tmp_path: Path) -> None:
    words = ("examples/2026-10.csv", "--region", "US", "--share", "48")
    assert "share 48" in run("explain", "reward", *words, "-v").out.replace("48%", "share 48")
    assert run("explain", "payout", *words, "--opening", "0").code == 0
    bare = run("explain", "stream")
    assert bare.code == 2 and "name a LIVE" in bare.err
