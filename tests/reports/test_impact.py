"""The effect of a change of rates on money, as laws and against the other reports."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.desk.impact import sample
from diamondctl.money import Range
from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Fee, Minimum, RateEntry, Value, Zone, look_up
from diamondctl.records import Usage
from diamondctl.reports.impact import Effect, Impact, Key, impact
from tests import build, strategies
from tests.support import ROOT, run

ZONES = strategies.zones(
    strategies.histories(strategies.reward_entries(currencies=("USD", "EUR"))),
    strategies.histories(strategies.settlement_entries(), most=3),
)


def on_both(usage: list[Usage], before: Zone, after: Zone) -> Impact:
    return impact(usage, {"US": before}, {"US": after}, timezone="UTC")


@given(strategies.usages(), ZONES)
def test_equal_files_change_nothing(usage: list[Usage], zone: Zone) -> None:
    found = on_both(usage, zone, zone._replace(file="other.yaml"))
    assert (found.changed, found.crossings) == ((), ())
    assert all(before == after for _, before, after in found.totals)


@given(strategies.usages(), ZONES, ZONES)
def test_each_side_is_what_it_is_alone(usage: list[Usage], one: Zone, other: Zone) -> None:
    both, mine, theirs = on_both(usage, one, other), on_both(usage, one, one), on_both(usage, other, other)
    assert {e.key: e.before for e in both.effects if e.before} == {e.key: e.before for e in mine.effects}
    assert {e.key: e.after for e in both.effects if e.after} == {e.key: e.after for e in theirs.effects}


@given(strategies.usages(), ZONES, ZONES)
def test_there_and_back_are_mirrored(usage: list[Usage], one: Zone, other: Zone) -> None:
    there, back = on_both(usage, one, other), on_both(usage, other, one)
    assert [(e.key, e.before, e.after) for e in there.effects] == [(e.key, e.after, e.before) for e in back.effects]
    assert [(*c[:6], c.before, c.after) for c in there.crossings] == [(*c[:6], c.after, c.before) for c in back.crossings]


@given(strategies.usages(), ZONES, ZONES)
def test_the_difference_in_money_leads_from_one_side_to_the_other(usage: list[Usage], one: Zone, other: Zone) -> None:
    for effect in on_both(usage, one, other).effects:
        if effect.before is None or effect.after is None:
            assert effect.difference is None
        else:
            ends = (effect.after.low - effect.before.low, effect.after.high - effect.before.high)
            assert effect.difference == Range(min(ends), max(ends))


def test_the_difference_in_money_stands_beside_the_percentage() -> None:
    words = ("rates", "impact", "examples/rates/old", "examples/rates/new", "--gifts", "examples/gb-2026-10.jsonl")
    assert re.search(r"reward +USD +about 239\.92 +220\.67 +-8\.0% +about -19\.25\n", run(*words, cwd=ROOT).out)
    (row,) = [row for row in csv.DictReader(io.StringIO(run(*words, "--csv", cwd=ROOT).out)) if row["figure"] == "reward"]
    assert (row["difference_low"], row["difference_high"]) == ("-19.25", "-19.25")


UNUSED = build.quarter("2026-05-01")  # after the end of the last month that can have gifts
ENTRIES: st.SearchStrategy[RateEntry] = st.one_of(
    strategies.reward_entries(effective=st.just(UNUSED)),
    strategies.settlement_entries(effective=st.just(UNUSED)),
    st.just(build.minimum(UNUSED, "7")),
)


@given(strategies.usages(), ZONES, ENTRIES)
def test_an_entry_that_is_not_used_changes_nothing(usage: list[Usage], zone: Zone, unused: RateEntry) -> None:
    history = (*zone.rates.get(unused.rate, ()), unused._replace(file=zone.file, line=99))
    found = on_both(usage, zone, zone._replace(rates={**zone.rates, unused.rate: history}))
    assert not found.changed
    if unused.rate != "minimum_payout":  # a rate that the file did not have: nothing to compare with before it
        assert not found.crossings


@given(strategies.usages(regions=("US", "GB")), ZONES, strategies.reward_entries())
def test_the_entry_of_another_region_changes_nothing_here(usage: list[Usage], zone: Zone, entry: RateEntry) -> None:
    other = build.zone(build.reward(strategies.FIRST), build.settlement(strategies.FIRST), name="gb", regions=("GB",))
    changed = build.zone(entry, build.settlement(strategies.FIRST), name="gb", regions=("GB",))
    found = impact(usage, {"US": zone, "GB": other}, {"US": zone, "GB": changed})
    assert {effect.key.region for effect in found.changed} <= {"GB"}


def zone_with(*entries: RateEntry, share: str = "50", more: Mapping[str, Value] = {}) -> Zone:
    march = build.quarter("2026-03-01")
    others = [build.entry(rate, march, value) for rate, value in more.items()]
    return build.zone(build.reward(march, share=share), build.settlement(march), *entries, *others)


USAGE = [build.usage(build.quarter("2026-03-10"), 10_000), build.usage(build.quarter("2026-03-20"), 10_001)]


def amounts(found: Impact) -> list[tuple[str, str, str, str]]:
    def low(side: Range | None) -> str:
        return str(side.low) if side else "-"

    return [(effect.key.figure, effect.key.way, low(effect.before), low(effect.after)) for effect in found.changed]


def test_a_share_moves_the_reward_and_what_reaches_the_bank() -> None:
    found = on_both(USAGE, zone_with(), zone_with(share="45"))
    assert amounts(found) == [("reward", "", "100.00", "90.00"), ("net", "any", "100.00", "90.00")]
    assert found.totals == (("USD", Range.of(Decimal("100.00")), Range.of(Decimal("90.00"))),)


def test_a_fee_moves_only_what_reaches_the_bank() -> None:
    fees = {"payout_fees": (Fee("bank", "a fee", "flat", Range.of(Decimal(2)), "USD", None, None, "up", "creator"),)}
    dear = {"payout_fees": (Fee("bank", "a fee", "flat", Range.of(Decimal(3)), "USD", None, None, "up", "creator"),)}
    found = on_both(USAGE, zone_with(more=fees), zone_with(more=dear))
    assert amounts(found) == [("net", "bank", "98.00", "97.00")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("100", "101", [("above 100 USD", "below 101 USD")]),
        ("101", "100", [("below 101 USD", "above 100 USD")]),
        ("99", "100", []),
        ("200", "101", []),
    ],
)
def test_a_minimum_that_is_reached_on_one_side_alone_is_crossed(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    sides = [zone_with(more={"minimum_payout": (Minimum("any", Decimal(amount), "USD"),)}) for amount in (before, after)]
    found = on_both(USAGE, *sides)
    assert [(crossing.before, crossing.after) for crossing in found.crossings] == expected
    assert not found.changed


def test_a_change_of_share_can_cross_a_minimum() -> None:
    hundred: dict[str, Value] = {"minimum_payout": (Minimum("any", Decimal(100), "USD"),)}
    found = on_both(USAGE, zone_with(more=hundred), zone_with(share="49.9", more=hundred))
    (crossing,) = found.crossings
    assert crossing[1:] == ("US", "2026-03", "USD", "minimum_payout", "any", "above 100 USD", "below 100 USD")


def test_gifts_that_a_side_does_not_cover_are_left_out_there_and_said_so() -> None:
    found = impact(USAGE, {}, {"US": zone_with()})
    assert {(effect.before, bool(effect.after)) for effect in found.effects} == {(None, True)}
    assert [item[:3] for item in found.left_out] == [("before", "no file covers US", 2)]
    assert not found.complete


MONEY = st.decimals(0, 10_000, places=2)


@given(MONEY, MONEY, st.decimals(0, 200, places=1))
def test_beyond_is_exact(before: Decimal, after: Decimal, percent: Decimal) -> None:
    effect = Effect(Key("m", "US", "2026-03", "reward", "", "USD"), Range.of(before), Range.of(after))
    assert effect.beyond(percent) == (before != after and abs(after - before) * 100 > percent * before)
    assert not effect._replace(key=effect.key._replace(figure="fans_paid")).beyond(percent)
    assert not effect._replace(before=None).beyond(percent)
    assert effect._replace(after=None).beyond(percent)


# The sample


def shipped() -> dict[str, Zone]:
    log = ProblemLog()
    zones = [store.load(path, file=path.name, origin="user", log=log) for path in store.paths_in(store.shipped_folder())]
    return {region: zone for zone in zones if zone is not None for region in zone.regions}


def test_the_sample_touches_every_entry_of_every_shipped_zone() -> None:
    """Rewards and settlements at a gift, payout rules and coin prices at the end of a month."""
    zones = shipped()
    priced = sample(zones, zones)
    for zone in {zone.file: zone for zone in zones.values()}.values():
        rows = [row for row in priced.usage if row.region == zone.regions[0]]
        months = {periods.month_of(periods.local_day(row.quarter, zone.timezone)) for row in rows}
        ends = [month.quarters(zone.timezone)[1] - 1 for month in months]
        for rate, history in zone.rates.items():
            moments = [row.quarter for row in rows] if rate in ("reward", "settlement") else ends
            corrected = {entry for entry, later in pairwise(history) if entry.effective == later.effective}
            # What ended before the sample begins, and what says that a number is not known, is looked up by nobody.
            over = {entry for entry, later in pairwise(history) if later.effective <= min(moments)}
            silent = {entry for entry in history if entry.state != "known"}
            assert set(history) - corrected - over - silent <= {look_up(zone, rate, moment) for moment in moments}, (
                zone.file,
                rate,
            )


def test_the_sample_lies_on_both_sides_of_the_limits_and_is_rated_whole() -> None:
    zones = shipped()
    found = impact(sample(zones, zones).usage, zones, zones)
    rewards = [effect.after.high for effect in found.effects if effect.key.figure == "reward" and effect.after]
    assert found.complete
    assert min(rewards) < 100 < sorted(rewards)[len(rewards) // 2] < 1_000 < max(rewards)


def test_a_zone_of_ones_own_gets_the_sample_too() -> None:
    found = run("rates", "impact", "tests/errors/R201/base", "tests/errors/R204/base", "--csv")
    assert found.code == 0
    rewards = [line for line in found.out.splitlines() if ",reward," in line]  # its rates begin in 2026
    assert [line.partition(",reward")[0] for line in rewards] == ["sample US,US,2026-11"]


def test_a_zone_that_is_new_or_gone_is_shown_with_the_sample() -> None:
    """New money cannot move by a percentage; money that is gone has."""
    new, old = "tests/errors/R201/base", "tests/errors/R106/my-rates"
    found = run("rates", "impact", new, old, "--max-change", "0")
    assert (found.code, found.out.count(" new")) == (0, 9), (
        found.out
    )  # AU and CA: three figures, and what fans paid in all three
    assert run("rates", "impact", old, new, "--max-change", "1000").code == 1


def test_an_entry_of_next_year_is_priced_too() -> None:
    """The last week of the sample is there once more from its first day."""
    zones = shipped()
    later = (
        zones["GB"].rates["reward"][0]._replace(effective=build.quarter("2031-02-03"), value=build.reward(0, share="45").value)
    )
    history = (*zones["GB"].rates["reward"], later)
    changed = {**zones, "GB": zones["GB"]._replace(rates={**zones["GB"].rates, "reward": history})}
    found = impact(sample(zones, changed).usage, zones, changed)
    assert {(effect.key.region, effect.key.month) for effect in found.changed} == {("GB", "2031-02")}
    (reward,) = [effect for effect in found.changed if effect.key.figure == "reward"]
    assert reward.before and reward.after and reward.after.low < reward.before.low


# Against the other reports


def changed_rates(folder: Path) -> Path:
    """The shipped files with other rewards."""
    for path in store.paths_in(ROOT / "rates"):
        text = path.read_text("utf-8").replace("percent: 50", "percent: 47").replace("high: 53", "high: 51")
        (folder / path.parent.name).mkdir(exist_ok=True)
        (folder / path.parent.name / path.name).write_text(text, "utf-8")
    return folder


def test_both_sides_are_what_summary_says_month_by_month(tmp_path: Path) -> None:
    head = changed_rates(tmp_path)
    gifts = ["examples/2026-10.csv", "examples/2025-02.csv", "examples/gb-2026-10.jsonl"]
    given_ = [word for file in gifts for word in ("--gifts", file)]
    document = json.loads(run("rates", "impact", "rates", str(head), *given_, "--region", "US", "--json").out)
    rewards = [effect for effect in document["data"]["effects"] if effect["figure"] == "reward"]
    assert {effect["month"] for effect in rewards} == {"2025-01", "2025-02", "2026-08", "2026-09", "2026-10"}
    for side, rates in (("before", ROOT / "rates"), ("after", head)):
        for effect in rewards:
            command = ("summary", *gifts, "--region", "US", "--rates", str(rates), "-p", effect["month"], "--csv")
            rows = list(csv.DictReader(io.StringIO(run(*command).out)))
            (row,) = [row for row in rows if row["creator"] == effect["creator"] and row["region"] == effect["region"]]
            assert (row["reward_low"], row["reward_high"]) == (effect[side]["low"], effect[side]["high"])


def test_what_the_config_says_of_missions_is_used_on_both_sides(tmp_path: Path) -> None:
    for side, points in (("before", "1.5"), ("after", "1.75")):
        text = (ROOT / "rates" / "tiktok" / "us.yaml").read_text("utf-8")
        text = text.replace("active_fans: {10: 1, 100: 1.5", f"active_fans: {{10: 1, 100: {points}")
        (tmp_path / side / "tiktok").mkdir(parents=True)
        (tmp_path / side / "tiktok" / "us.yaml").write_text(text, "utf-8")
    config = tmp_path / "config.yaml"
    config.write_text("creators:\n  mara:\n    missions: {active_fans: 120, league: none, penalty: 0}\n", "utf-8")
    command = ("rates", "impact", str(tmp_path / "before"), str(tmp_path / "after"), "--gifts", "examples/2026-10.csv")
    done = run(*command, "--region", "US", "--json", DIAMONDCTL_CONFIG=str(config))
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert f"What {config} says of missions is used on both sides." in found["notes"]
    rewards = {effect["month"]: effect for effect in found["data"]["effects"] if effect["figure"] == "reward"}
    for side in ("before", "after"):
        words = ("summary", "examples/2026-10.csv", "--region", "US", "--rates", str(tmp_path / side), "-p", "2026-10", "--csv")
        (row,) = csv.DictReader(io.StringIO(run(*words, DIAMONDCTL_CONFIG=str(config)).out))
        assert (row["reward_low"], row["reward_high"]) == (rewards["2026-10"][side]["low"], rewards["2026-10"][side]["high"])
    assert rewards["2026-10"]["before"] != rewards["2026-10"]["after"]


@pytest.mark.parametrize("width", ["40", "60", "80", "100", "160", ""])
def test_every_amount_that_changes_stands_whole_at_every_width(width: str, tmp_path: Path) -> None:
    command = ("rates", "impact", "rates", str(changed_rates(tmp_path)))
    rows = list(csv.DictReader(io.StringIO(run(*command, "--csv").out)))
    changed = [row for row in rows if row["changed"] == "true"]
    shown = run(*command, COLUMNS=width).out
    amounts_ = {f"{abs(Decimal(row[name])):,}" for row in changed for name in row if name.endswith(("_low", "_high"))}
    assert len(amounts_) > 20
    assert amounts_ <= set(re.findall(r"(?<![0-9,.])[0-9][0-9,]*\.[0-9]{2}(?![0-9])", shown))
    assert "\u2026" not in shown


def test_max_change_decides_the_exit_code(tmp_path: Path) -> None:
    head = changed_rates(tmp_path)
    for limit, code in (("0", 1), ("5.99", 1), ("6", 0), ("6.1", 0), ("300", 0)):
        # 50 to 47 is 6 % of the reward of every stream, but each is rounded down: GB gifts of one credit each are exact.
        done = run("rates", "impact", "rates", str(head), "--gifts", "one.csv", "--region", "GB", "--max-change", limit)
        assert done.code == 2  # no such file
        gift = tmp_path / "one.csv"
        gift.write_text("timestamp,creator,gift,coins\n2026-03-01T20:00:00Z,mara,Lion,20000\n", "utf-8")
        done = run("rates", "impact", "rates", str(head), "--gifts", str(gift), "--region", "GB", "--max-change", limit)
        assert done.code == code, done.out


def test_a_region_that_no_side_covers_is_refused_at_its_row(tmp_path: Path) -> None:
    gift = tmp_path / "one.csv"
    gift.write_text("timestamp,creator,gift,coins,region\n2026-03-01T20:00:00Z,mara,Lion,20000,CA\n", "utf-8")
    for command in (("--gifts", str(gift)), ("--gifts", str(gift), "--gifts", "examples/2026-10.csv", "--region", "US")):
        result = run("rates", "impact", "rates", "rates", *command)
        assert result.code == 2
        assert result.err.startswith(f"{gift}:2 A005 no rate file covers region CA (covered: AT, BE, BR,")


def test_the_days_of_a_report_are_days_of_its_zone() -> None:
    """A gift of the first night of a month belongs to it in the zone of the later side."""
    at = build.quarter("2026-03-31T23:00")
    tokyo, utc = (zone_with()._replace(timezone=name) for name in ("Asia/Tokyo", "UTC"))
    rows = [build.usage(at, 100)]
    for after, month in ((tokyo, "2026-04"), (utc, "2026-03")):
        assert impact(rows, {"US": utc}, {"US": after}).months == (month,)


def test_recorded_days_do_not_matter() -> None:
    late = build.reward(build.quarter("2026-03-01"), share="45", recorded=date(2026, 11, 22) + timedelta(days=1))
    found = on_both(USAGE, zone_with(), zone_with(late))
    assert amounts(found)[0] == ("reward", "", "100.00", "90.00")


def test_own_files_lie_over_the_shipped_zones_and_regions_come_from_the_settings(tmp_path: Path) -> None:
    """A folder that covers one region prices the gifts of another one as the shipped files do, on both sides."""
    for name, percent in (("own", "50"), ("own2", "40")):
        assert (
            run("rates", "new", "CA", "--since", "2026-01-01", "--share", percent, "-o", f"{name}/ca.yaml", cwd=tmp_path).code
            == 0
        )
    rows = "".join(f"2026-03-01T20:00:00Z,{name},Lion,20000\n" for name in ("mara", "lee"))
    (tmp_path / "gifts.csv").write_text(f"timestamp,creator,gift,coins\n{rows}", "utf-8")
    (tmp_path / "config.yaml").write_text("region: GB\ncreators:\n  mara: {region: CA}\n", "utf-8")
    words = ("rates", "impact", "own", "own2", "--config", "config.yaml", "--json")
    assert run("import", "gifts.csv", "--ledger", "led", "--config", "config.yaml", cwd=tmp_path).code == 0
    for source in (("--gifts", "gifts.csv"), ("--from-ledger", "--ledger", "led")):
        done = run(*words, *source, cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        rewards = {item["region"]: item for item in json.loads(done.out)["data"]["effects"] if item["figure"] == "reward"}
        assert (rewards["CA"]["before"]["high"], rewards["CA"]["after"]["high"]) == ("100.00", "80.00")
        assert rewards["GB"]["before"] == rewards["GB"]["after"]
    named = run(*words, "--gifts", "gifts.csv", "--region", "US", cwd=tmp_path)
    assert {item["region"] for item in json.loads(named.out)["data"]["effects"]} == {"US"}


def test_a_ledger_with_rows_that_were_left_out_is_incomplete_as_it_is_for_every_report(tmp_path: Path) -> None:
    head = changed_rates(tmp_path)
    (tmp_path / "g.csv").write_text(
        "timestamp,creator,gift,coins,event_id\n2026-03-01T20:00:00Z,mara,Lion,20000,1\n2026-03-01T21:00:00Z,mara,Lion,x,2\n",
        "utf-8",
    )
    place = ("--ledger", str(tmp_path / "led"))
    run("import", str(tmp_path / "g.csv"), "--region", "GB", "--keep-good", *place)
    words = ("rates", "impact", "rates", str(head), "--from-ledger", "--region", "GB", *place)
    done = run(*words)
    assert (done.code, "! Incomplete: " in done.out, "- Incomplete" in done.out) == (3, True, False)
    assert run("records", "list", "--creator", "mara", *place).code == 3
    refused = run("records", "list", "--creator", "nobody", *place)
    assert (refused.code, "A010" in refused.err, refused.out) == (2, True, "")
