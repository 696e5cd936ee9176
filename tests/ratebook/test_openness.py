"""What rests on nothing that anyone can open is assumed, and every source of a shipped file can be looked up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import compare, store
from diamondctl.ratebook.entries import Source, Zone
from diamondctl.ratebook.openness import SINCE, check_openness, lacking

BEFORE = date(2026, 11, 22)
BLANK = Source("A page of 2026", None, BEFORE, "")
DOCUMENT = BLANK._replace(document="a slip, kept by me", says="a half", checked=BEFORE)
OPEN = DOCUMENT._replace(document="", url="https://example.org/page")


def zone(source: Source, confidence: str, day: date, origin: str = "user") -> Zone:
    """The shipped zone of Switzerland with one entry of this day, which rests on this source alone."""
    log = ProblemLog()
    path = store.shipped_folder() / "tiktok/ch.yaml"
    read = store.load(path, file="ch.yaml", origin=origin, log=log)
    assert read is not None
    entry = read.rates["reward"][0]._replace(recorded=day, verified=BEFORE, sources=("page",), confidence=confidence)
    return read._replace(sources={"page": source}, rates={"reward": (entry,)})


@pytest.mark.parametrize(
    ("source", "confidence", "day", "origin", "codes"),
    [
        (BLANK, "reported", BEFORE, "user", []),  # written before the rule was made
        (BLANK, "assumed", SINCE, "user", ["R130"]),
        (BLANK, "assumed", BEFORE, "shipped", ["R130"]),
        (DOCUMENT, "assumed", SINCE, "user", []),
        (DOCUMENT, "reported", SINCE, "user", ["R131"]),
        (DOCUMENT, "official", BEFORE, "shipped", ["R131"]),
        (OPEN, "official", SINCE, "shipped", []),
        (OPEN._replace(checked=None), "reported", SINCE, "user", ["R130"]),
        (OPEN._replace(says=""), "reported", SINCE, "user", ["R130"]),
    ],
)
def test_what_is_asked_of_a_source(source: Source, confidence: str, day: date, origin: str, codes: list[str]) -> None:
    found = check_openness([zone(source, confidence, day, origin)], ())
    assert [problem.code for problem in found] == codes


def test_an_entry_that_somebody_looked_at_again_is_touched() -> None:
    """`verified` is the one key that is edited in place; whoever edits it says where anyone can look."""
    old = zone(BLANK, "reported", BEFORE)
    touched = old.rates["reward"][0]._replace(verified=SINCE)
    assert not check_openness([old], ())
    assert {problem.code for problem in check_openness([old._replace(rates={"reward": (touched,)})], ())} == {"R130", "R131"}


def test_a_corrected_entry_stays_as_it_was() -> None:
    """History is not edited: what a later entry corrects needs no address."""
    old = zone(DOCUMENT, "reported", BEFORE, "shipped")
    right = old.rates["reward"][0]._replace(recorded=SINCE, confidence="assumed")
    assert [problem.code for problem in check_openness([old], ())] == ["R131"]
    assert not check_openness([old._replace(rates={"reward": (old.rates["reward"][0], right)})], ())


def test_a_contradiction_says_what_each_side_gives() -> None:
    both = {"page": OPEN._replace(contradicts=("other",), gives="5.00"), "other": OPEN}
    world = zone(OPEN, "reported", SINCE)._replace(sources=both)
    assert [problem.code for problem in check_openness([world], ())] == ["R132"]
    world = world._replace(sources={**both, "other": OPEN._replace(gives="5.32")})
    assert not check_openness([world], ())


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (DOCUMENT, True),
        (DOCUMENT._replace(url="https://example.org"), True),
        (DOCUMENT._replace(contradicts=("other",)), True),
        (DOCUMENT._replace(checked=SINCE), True),
        (DOCUMENT._replace(checked=date(2026, 1, 1)), False),
        (DOCUMENT._replace(says="a third"), False),
        (DOCUMENT._replace(document=""), False),
        (DOCUMENT._replace(retrieved=SINCE), False),
    ],
)
def test_a_source_may_be_completed_and_never_rewritten(now: Source, kept: bool) -> None:
    old = zone(DOCUMENT, "assumed", BEFORE)
    new = old._replace(sources={"page": now})
    found = compare.compare({("tiktok", "ch"): old}, {("tiktok", "ch"): new}, SINCE)
    assert [problem.code for problem in found.problems] == ([] if kept else ["R203"])


@pytest.mark.parametrize("key", ["url", "document", "says", "checked", "contradicts", "gives"])
def test_nothing_that_a_source_says_is_taken_back(key: str) -> None:
    full = DOCUMENT._replace(url="https://example.org", contradicts=("page",), gives="5.00")
    old = zone(full, "assumed", BEFORE)
    new = old._replace(sources={"page": full._replace(**{key: Source._field_defaults.get(key, "")})})
    found = compare.compare({("tiktok", "ch"): old}, {("tiktok", "ch"): new}, SINCE)
    assert [problem.code for problem in found.problems] == ["R203"]


def test_what_contradicting_sources_give_is_reckoned_right() -> None:
    """The figures in `gives` of the shipped files, from those in `says`."""
    assert Decimal("0.0152") * 70 / 100 * 50 / 100 * 1_000 == Decimal("5.32")
    assert Decimal("0.0106") * 50 / 100 * 1_000 == Decimal("5.30")
    assert Decimal("0.01") * 1_000 * Decimal("36.5") / 100 == Decimal("3.65")
    assert Decimal("0.005") * 6_607 == Decimal("33.035")
    log = ProblemLog()
    us = store.load(store.shipped_folder() / "tiktok/us.yaml", file="us.yaml", origin="shipped", log=log)
    assert us is not None
    gives = " ".join(source.gives for source in us.sources.values())
    assert all(figure in gives for figure in ("5.32 USD", "5.30 USD", "3.65 USD", "0.0152 a coin", "100.00 USD"))
    both = {(name, other) for name, source in us.sources.items() for other in source.contradicts}
    assert {("insider-50-share", "network-bonus"), ("us-agency-payouts", "us-agency-older-page")} <= both


def test_every_shipped_source_can_be_looked_up() -> None:
    """By an address, or it is said who keeps it."""
    for path in store.paths_in(store.shipped_folder()):
        log = ProblemLog()
        read = store.load(path, file=path.name, origin="shipped", log=log)
        assert read is not None
        assert {slug: lacking(source) for slug, source in read.sources.items() if lacking(source)} == {}
        assert check_openness([read], ()) == []
