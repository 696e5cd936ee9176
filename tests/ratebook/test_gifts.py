"""The gift catalogue: prices by id and day, one's own file beside the shipped one, every problem with its place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import jsonschema
import pytest

from diamondctl.periods import instant_of
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.ratebook import gift_format, store
from diamondctl.ratebook.gifts import Catalogue
from diamondctl.yamlfile import nodes
from tests.support import run

MINE = """\
schema: 1
platform: tiktok
sources:
  list: {title: "My gift list, 2026", retrieved: 2026-11-22}
gifts:
  9999:
    name: Moon
    prices:
      - {effective: 2026-01-01, recorded: 2026-11-22, coins: 7, confidence: measured, sources: [list], verified: 2026-11-22}
      - {effective: 2026-06-01, recorded: 2026-11-22, coins: 9, confidence: measured, sources: [list], verified: 2026-11-22}
  5655:
    name: Rose
    prices:
      - {effective: 2020-01-01, recorded: 2026-11-22, coins: 2, confidence: assumed, sources: [list], verified: 2026-11-22}
"""


def at(day: str) -> int:
    """The first instant of a day."""
    return instant_of(datetime.fromisoformat(day))


def shipped() -> Catalogue:
    return store.catalogue("tiktok", None)


def problems_of(text: str) -> list[tuple[str, int]]:
    """Codes and lines of the problems of a catalogue file."""
    log = ProblemLog()
    root = nodes.parse(text, "gifts.yaml", log)
    if root is not None:
        gift_format.build_gifts(root, sha256="", log=log)
    return [(problem.code, problem.line) for problem in log.problems]


def test_the_shipped_catalogue_holds_the_anchors() -> None:
    """Gifts whose prices are known best, from the cheapest to the dearest."""
    catalogue = shipped()
    for gift_id, coins in (("5655", 1), ("5487", 5), ("5886", 1_000), ("6369", 29_999), ("9072", 44_999), ("9101", 44_999)):
        assert catalogue.price(gift_id, "", at("2026-10-31")) == coins
    assert sum(len(file.gifts) for file in catalogue.files) == 2_876


def test_a_price_holds_from_its_day_on_and_not_before() -> None:
    catalogue = shipped()
    assert catalogue.price("9072", "", at("2023-10-02")) == 44_999
    assert catalogue.price("9072", "", at("2023-10-02") - 1) is None
    assert catalogue.price("1", "Rose", at("2026-10-31")) is None, "an id that is not known is never looked up by its name"


def test_a_name_counts_only_where_there_is_no_id_and_all_gifts_of_that_name_cost_the_same() -> None:
    catalogue = shipped()
    assert catalogue.price("", "Rose", at("2026-10-31")) == 1
    assert catalogue.price("", "rose", at("2026-10-31")) is None
    assert catalogue.price("", "TikTok Universe", at("2023-09-01")) == 34_999
    assert catalogue.price("", "TikTok Universe", at("2023-10-02")) is None


def test_a_file_of_ones_own_stands_beside_the_shipped_one_and_wins_by_id(tmp_path: Path) -> None:
    (tmp_path / "gifts.yaml").write_text(MINE)
    catalogue = store.catalogue("tiktok", tmp_path)
    assert [catalogue.price("9999", "", at(day)) for day in ("2025-12-31", "2026-05-31", "2026-06-01")] == [None, 7, 9]
    assert catalogue.price("5655", "", at("2026-10-31")) == 2
    assert catalogue.price("6369", "", at("2026-10-31")) == 29_999
    assert store.catalogue("twitch", tmp_path).price("9999", "", at("2026-06-01")) is None


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("coins: 7", "coins: 7.5", "R011", 9),
        ("coins: 7", "coin: 7", "R006", 9),
        ("sources: [list]", "sources: [other]", "R018", 9),
        ("2026-06-01", "2026-01-01", "R017", 10),
        ("  9999:", "  x9999:", "R008", 6),
        ("schema: 1", "schema: 2", "R023", 1),
        ("confidence: measured", "confidence: sure", "R009", 9),
        ("  5655:", "  9999:", "R003", 11),
    ],
)
def test_every_problem_has_its_line(old: str, new: str, code: str, line: int) -> None:
    assert (code, line) in problems_of(MINE.replace(old, new, 1))


def test_the_schema_for_editors_agrees(tmp_path: Path) -> None:
    validator = jsonschema.Draft202012Validator(gift_format.json_schema())
    for text, good in (
        (MINE, True),
        (MINE.replace("coins: 7", "coins: 7.5"), False),
        (MINE.replace("name: Moon", "nam: x"), False),
    ):
        root = nodes.parse(text, "x", ProblemLog())
        assert root is not None
        assert validator.is_valid(nodes.plain(root)) is good
        assert bool(problems_of(text)) is not good


def test_rates_check_reads_catalogues_too(tmp_path: Path) -> None:
    folder = tmp_path / "tiktok"
    folder.mkdir()
    (folder / "gifts.yaml").write_text(MINE)
    assert run("rates", "check", str(tmp_path)).out == "No errors in 1 file (3 entries, 0 examples: 0 pass).\n"
    (folder / "gifts.yaml").write_text(MINE.replace("platform: tiktok", "platform: twitch").replace("coins: 7", "coins: -7"))
    result = run("rates", "check", str(folder / "gifts.yaml"))
    assert (result.code, "R011" in result.out) == (1, True)
    (folder / "gifts.yaml").write_text(MINE.replace("platform: tiktok", "platform: twitch"))
    assert "R024" in run("rates", "check", str(tmp_path)).out


def test_rates_check_says_what_looks_wrong_in_a_catalogue_as_in_a_zone(tmp_path: Path) -> None:
    file = tmp_path / "gifts.yaml"
    file.write_text(MINE.replace(", 2026", ""))
    asked = ("--as-of", "2027-01-01", "--max-age", "30", "--require", "measured", "-f", "concise")
    assert run("rates", "check", str(file), *asked).out.splitlines() == [
        f"{file}:4 R101 warning: source 'list' has no date"
        " (add published, name the year in the title, or write 'undated' there)",
        f"{file}:10 R102 warning: the price of gift 9999 was last seen to hold 40 days before 2027-01-01"
        " (look at its source again, then edit verified)",
        f"{file}:14 R102 warning: the price of gift 5655 was last seen to hold 40 days before 2027-01-01"
        " (look at its source again, then edit verified)",
        f"{file}:14 R110 the price of gift 5655 is assumed, and measured is required",
    ]
    early = run("rates", "check", str(file), "--as-of", "2026-03-01", "--json").out
    assert early.count('"R103"') == 7, "recorded and verified of three prices, retrieved of the source"


def test_a_catalogue_in_the_folder_of_another_platform_is_refused(tmp_path: Path) -> None:
    (tmp_path / "twitch").mkdir()
    (tmp_path / "twitch" / "gifts.yaml").write_text(MINE)
    with pytest.raises(Refusal) as refusal:
        store.catalogue("tiktok", tmp_path)
    assert [problem.code for problem in refusal.value.problems] == ["R024"]


def test_a_broken_catalogue_refuses_a_report(tmp_path: Path) -> None:
    (tmp_path / "gifts.yaml").write_text(MINE.replace("coins: 7", "coins: -7"))
    with pytest.raises(Refusal):
        store.catalogue("tiktok", tmp_path)
