"""The less is known, the less exact it looks: less trust, a fact less or a setting less never makes a report look surer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.less_known import RATES, REPORTS, TRUST, World, amounts_without_about, ask, narrower, without_doubt
from tests.support import ROOT, run

WORDS = TRUST[2:]
few = settings(max_examples=settings().max_examples // 8)  # of the profile: each asks two worlds twice


def worlds(*, shares: bool = False, facts: bool = False) -> st.SearchStrategy[World]:
    """Worlds of both intakes. `shares`: with what settles a share; `facts`: with what narrows it, which is never both.

    No LIVE or week of theirs goes over the end of a month: what completes a credit is the difference of two stories, which
    need not lie further apart where less is known.
    """
    minimums = st.sampled_from(("1.00", "35.00", "60.00", "90.00", "2000.00"))
    missions = st.fixed_dictionaries(
        {},
        optional={
            "penalty": st.sampled_from(("0", "3.5")),
            "active_fans": st.sampled_from(("9", "120", "5000")),
            "league": st.sampled_from(("none", "held", "personal_best")),
        },
    )
    share = st.sampled_from(("", "50", "50"))
    return st.builds(
        World,
        regions=st.sampled_from(("US", "FR", "both")),
        coins=st.lists(st.sampled_from((101, 555, 1_250)), min_size=1, max_size=2).map(tuple),
        minutes=st.lists(st.sampled_from((4, 14, 26, 90)), min_size=1, max_size=2).map(tuple),
        confidences=st.tuples(*(st.sampled_from(WORDS) for _ in RATES)),
        minimums=st.tuples(minimums, minimums),
        limit=st.sampled_from(("20.00", "1000.00")),
        share=share if shares else st.just(""),
        opening=st.sampled_from(("", "0", "0")),
        method=st.sampled_from(("", "paypal", "bank")),
        totals=st.booleans() if facts else st.just(False),
        missions=missions if facts else st.just({}),
        ledger=st.sampled_from((False, False, True)),
    )


def compared(more: World, less: World, report: str, *, inside: bool) -> tuple[str, str]:
    """Both screens, after everything that holds for any of them."""
    with TemporaryDirectory() as folder:
        first, second = (ask(world, report, Path(folder, name)) for world, name in ((more, "more"), (less, "less")))
    assert not narrower(first, second, inside=inside)
    for world, said in ((more, first), (less, second)):
        assert not amounts_without_about(said.screen, said.told, world.rules)
    return first.screen, second.screen


@pytest.mark.parametrize("report", REPORTS)
@few
@given(worlds(shares=True, facts=False), st.data())
def test_less_trust_in_an_entry_changes_nothing_but_makes_it_less_sure(report: str, world: World, data: st.DataObject) -> None:
    """Every figure stays, and so does every "about" and "probably"; only more of them may come."""
    rate = data.draw(st.sampled_from(RATES))
    weaker = data.draw(st.sampled_from(WORDS[WORDS.index(world.confidences[RATES.index(rate)]) :]))
    more, less = compared(world, world.lowered(rate, str(weaker)), report, inside=True)
    assert without_doubt(more) == without_doubt(less)
    assert all(less.count(word) >= more.count(word) for word in ("about ", "probably"))


@pytest.mark.parametrize("report", REPORTS)
@few
@given(worlds(facts=True), st.data())
def test_a_fact_less_never_narrows(report: str, world: World, data: st.DataObject) -> None:
    """Totals, active fans, league, penalty: what was possible with them still is without."""
    said = [*world.missions, *(["totals"] if world.totals else [])]
    if not said:
        return
    gone = data.draw(st.sampled_from(said))
    kept = {name: value for name, value in world.missions.items() if name != gone}
    compared(world, replace(world, missions=kept, totals=world.totals and gone != "totals"), report, inside=True)


@pytest.mark.parametrize("report", REPORTS)
@few
@given(worlds(shares=True), st.data())
def test_a_setting_less_never_narrows(report: str, world: World, data: st.DataObject) -> None:
    """Share, share from a day on, method, opening, where they say what is possible without them too."""
    gone = data.draw(st.sampled_from(("share", "region_share", "method", "opening")))
    if gone == "region_share":
        world = replace(world, share="", region_share="50")
    # Without a method the threshold that is asked for, and the day on which money arrives, may be those of another method.
    other = gone in ("share", "region_share") or (gone == "method" and report in ("project --threshold", "payout-check"))
    compared(world, replace(world, **{gone: ""}), report, inside=not other)  # type: ignore[arg-type]


def test_what_arrives_is_told_of_the_method_that_is_named() -> None:
    """Without a method it is that of the one which is paid by then, with fees of its own: no narrower story, but another."""
    world = World(regions="US", coins=(555,), minutes=(4,), confidences=("official",) * len(RATES), minimums=("1.00", "1.00"))
    compared(replace(world, method="bank"), world, "payout-check", inside=False)


VERDICTS = ("payout-check", "project --until", "project --threshold")


@pytest.mark.parametrize("report", REPORTS)
@few
@given(worlds(), st.sampled_from(("reward", "minimum_payout")))
def test_what_is_assumed_is_said_to_be_and_decides_nothing_for_sure(report: str, world: World, rate: str) -> None:
    """Money that rests on an assumed reward is about so much; a verdict on it, or by an assumed minimum, is only probable."""
    for name in ("reward", "minimum_payout"):
        world = world.lowered(name, "assumed" if name == rate else "official")
    with TemporaryDirectory() as folder:
        said = ask(world, report, Path(folder, "world"))
    if rate == "reward":
        assert " about " in said.screen and "assumed" in said.told.values()
    if report in VERDICTS and (rate == "reward" or report != "project --until"):
        limit_decides = rate == "reward" and "is above the limit" in said.screen
        assert said.code == 3 or limit_decides or "nothing to withdraw" in said.screen
        assert "Yes:" not in said.screen


@pytest.mark.parametrize("share", [(), ("--share", "48")], ids=["assumed", "own"])
def test_an_assumed_share_gives_no_plain_yes_and_ones_own_does(share: tuple[str, ...], tmp_path: Path) -> None:
    """In France half is only assumed."""
    words = ("payout", "check", "examples/2026-10.csv", "--opening", "0")
    unknown = "value: unknown\n      confidence: official\n      sources: [wallet-page]"
    known = unknown.replace("unknown", "[{method: any, amount: 100.00, currency: USD}]")
    text = (ROOT / "rates/tiktok/euro.yaml").read_text("utf-8")
    assert unknown in text
    (tmp_path / "euro.yaml").write_text(text.replace(unknown, known), "utf-8")  # a minimum that is known
    france = run(*words, "--region", "FR", "--rates", str(tmp_path), *share)
    sentence = next(line for line in france.out.splitlines() if line.startswith("Yes"))
    if share:
        assert (france.code, sentence.startswith("Yes: "), "175.61 USD can leave TikTok" in sentence) == (0, True, True)
    else:
        assert (france.code, sentence.startswith("Yes, probably: "), "about 183.00 USD" in sentence) == (3, True, True)
