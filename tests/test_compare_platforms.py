"""`compare`: every figure from the facts file and from it alone, every broken line told, every edit shown."""

from __future__ import annotations

import csv
import json
import random
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import facts as book
from diamondctl.ratebook import store
from diamondctl.ratebook.compare import compare as compare_files
from diamondctl.ratebook.entries import CoinPrice, Fact, Reward, Zone
from diamondctl.ratebook.lints import Wanted
from diamondctl.reports.check import check
from tests import platforms_oracle as oracle
from tests.support import ROOT, run

PATH = ROOT / "rates" / "platforms.csv"
ON = "2026-11-29"
GIFTS = str(ROOT / "examples" / "2026-10.csv")


def shown(*words: str) -> dict[str, Any]:
    made = run("compare", *words, "--json", DIAMONDCTL_AS_OF=ON)
    assert made.code in (0, 3), made.err
    data: dict[str, Any] = json.loads(made.out)["data"]
    return data


def load(data: bytes) -> tuple[Zone | None, list[str]]:
    log = ProblemLog()
    return book.load(data, file="platforms.csv", origin="user", log=log), [problem.code for problem in log.problems]


def test_every_figure_follows_from_the_facts_file() -> None:
    rows = shown()["rows"]
    assert len(rows) > 15 and {row["platform"] for row in rows} == {
        "tiktok",
        "twitch",
        "youtube",
        "facebook",
        "instagram",
        "kick",
    }
    lines = oracle.facts(PATH, ON)
    for row in rows:
        expected = oracle.arrives(lines, row["platform"], row["product"], row["channel"])
        for key, ends in expected.items():
            assert [row[f"{key}_low"], row[f"{key}_high"]] == oracle.cents(ends), (row["platform"], row["product"], key)


def test_every_cell_has_its_source_and_day() -> None:
    for row in shown()["rows"]:
        assert row["facts"]
        for fact in row["facts"]:
            assert fact["checked"] and fact["since"] and fact["source"] and fact["file"] == "platforms.csv"


def test_what_rate_files_say_too_is_the_same() -> None:
    """Prices by unit and values: the facts repeat what a rate file of the platform has, and may not say otherwise."""
    zone, codes = load(PATH.read_bytes())
    assert zone is not None and not codes
    facts = [fact for _, fact in book.facts_of(zone)]
    for platform in ("tiktok", "twitch", "facebook", "youtube", "instagram"):
        rates = store.zones_for(platform, ["US"], None)["US"].rates
        reward = rates["reward"][-1].value
        assert isinstance(reward, Reward)
        mine = [fact for fact in facts if fact.platform == platform]
        (value,) = [fact for fact in mine if fact.fact == "value"]
        each = reward.diamonds_per_coin * reward.cash_per_diamond
        assert (value.low, value.high) == (each * reward.share.percent.low / 100, each * reward.share.percent.high / 100)
        for price in rates["coin_price"][-1].value or ():
            assert isinstance(price, CoinPrice)
            told = [fact for fact in mine if fact.fact == "price" and fact.channel == price.channel]
            ends = [Fraction(cost) / coins for coins, cost in price.packs]
            of_facts = [Fraction(fact.low) / fact.units for fact in told if fact.low is not None and fact.units]
            assert (min(of_facts), max(of_facts)) == (min(ends), max(ends))


def test_my_own_month_is_priced_again_and_never_added() -> None:
    data = shown(GIFTS, "--region", "US", "--mine", "-p", "2026-10")
    (mine,) = data["mine"]
    spent = [Fraction(mine["spent"][end]) for end in ("low", "high")]
    lines = oracle.facts(PATH, ON)
    for item in mine["elsewhere"]:
        low, high = oracle.arrives(lines, item["platform"], item["product"], item["channel"])["arrives"]
        # Of 100 as it is shown, which is rounded outwards already.
        parts = [Fraction(text) if text else None for text in oracle.cents((low, high))]
        expected = tuple(None if part is None else amount * part / 100 for amount, part in zip(spent, parts, strict=True))
        assert [item["low"], item["high"]] == oracle.cents(expected)  # type: ignore[arg-type]
    assert all(
        row["sort"] == "gift" for row in data["rows"] if (row["product"] in {item["product"] for item in mine["elsewhere"]})
    )


def test_unknown_is_a_question_mark_and_null() -> None:
    out = run("compare", COLUMNS="100", DIAMONDCTL_AS_OF=ON).out
    assert "YouTube Rubies, app" in out and "? - 70.00" in out
    (rubies,) = [row for row in shown()["rows"] if row["product"] == "Rubies"]
    assert rubies["arrives_low"] is None and rubies["arrives_high"] is None and rubies["tax_low"] is None


def test_before_a_fact_begins_it_is_not_there() -> None:
    made = run("compare", "--json", DIAMONDCTL_AS_OF="2022-12-05")
    rows = json.loads(made.out)["data"]["rows"]
    assert {row["product"] for row in rows} == {"Badges"}
    assert (rows[0]["stores_low"], rows[0]["arrives_high"]) == ("30.00", "70.00")


EDITS = {
    "another header": (b"platform,product", b"platform,produkt", "R006"),
    "a column too few": (b"platform,product,", b"platform,", "R007"),
    "no such word": (b",gift,web,", b",gifts,web,", "R009"),
    "no such day": (b"2022-03-16,first_seen", b"2022-02-30,first_seen", "R010"),
    "no number": (b",0.74,0.74,", b",0.74,x,", "R011"),
    "a low above its high": (b",70,90,percent", b",95,90,percent", "R019"),
    "more than all": (b",70,90,percent", b",70,190,percent", "R020"),
    "no currency": (b",0.74,0.74,USD", b",0.74,0.74,US$", "R014"),
    "no region": (b",web,US,price,,70", b",web,us,price,,70", "R015"),
    "a source nobody describes": (b"assumed,2026-01-01,us-agency,,", b"assumed,2026-01-01,us-agencx,,", "R018"),
    "a quotation left open": (b"kick,Subscription", b'kick,"Subscription', "R001"),
    "no UTF-8": (b"kick,Subscription", b"kick,Subscr\xffption", "R001"),
    "an unseen letter": (b"kick,Subscription", "kick,Sub\u200bscription".encode(), "R032"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_broken_line_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    old, new, code = EDITS[name]
    data = PATH.read_bytes()
    assert old in data
    broken = data.replace(old, new, 1)
    zone, codes = load(broken)
    assert zone is None and codes[0] == code, codes
    (tmp_path / "platforms.csv").write_bytes(broken)
    made = run("rates", "check", str(tmp_path), "-f", "concise")
    assert made.code == 1 and code in made.out and "platforms.csv:" in made.out
    assert run("compare", "--rates", str(tmp_path)).code == 2


def test_the_same_fact_twice_is_refused_and_a_correction_is_not() -> None:
    data = PATH.read_text("utf-8")
    last = data.splitlines()[-1]
    again = ",".join(last.split(",")[:18]) + ",,,,,,,\n"
    assert load((data + again).encode())[1] == ["R017"]
    later = again.replace(",2026-11-29,95,95", ",2026-11-30,90,95")
    zone, codes = load((data + later).encode())
    assert zone is not None and not codes
    base, _ = load(data.encode())
    assert base is not None
    key = ("compare", "platforms")
    found = compare_files({key: base}, {key: zone}, date(2026, 11, 30))
    assert [(change.kind, change.when) for change in found.changes] == [("corrected", "past")]
    assert found.history_kept


def test_rates_diff_shows_it_in_words(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        shutil.copy(PATH, tmp_path / name / "platforms.csv")
    path = tmp_path / "new" / "platforms.csv"
    path.write_text(path.read_text("utf-8").replace(",70,90,percent", ",60,90,percent"), "utf-8")
    made = run("rates", "diff", str(tmp_path / "old"), str(tmp_path / "new"), COLUMNS="200")
    assert made.code == 1  # history is only added to
    assert "1 change in the facts about platforms: 1 changed" in made.out
    (row,) = csv.DictReader(run("rates", "diff", str(tmp_path / "old"), str(tmp_path / "new"), "--csv").out.splitlines())
    words = "tiktok/Subscription/any/US/share: {} - 90% after store"
    assert (row["before"], row["after"]) == (words.format(70), words.format(60))


def meaning(zone: Zone) -> object:
    return {key: [entry._replace(line=0) for entry in history] for key, history in zone.rates.items()}, {
        name: source._replace(line=0) for name, source in zone.sources.items()
    }


def mutate(text: str, choice: random.Random) -> str:
    """One cell for another plausible one, or a line that is gone or doubled."""
    rows = list(csv.reader(text.splitlines()))
    at = choice.randrange(1, len(rows))
    kind = choice.choice(("cell", "cell", "cell", "gone", "double"))
    if kind == "gone":
        del rows[at]
    elif kind == "double":
        rows.insert(at, list(rows[at]))
    else:
        column = choice.randrange(len(rows[at]))
        others = [row[column] for row in rows[1:]] + ["x", "", "0", "101", "2026-13-01"]
        rows[at][column] = choice.choice(others)
    lines: list[str] = []

    class Lines:
        def write(self, text: str) -> None:
            lines.append(text)

    csv.writer(Lines(), lineterminator="\n").writerows(rows)
    return "".join(lines)


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_a_random_edit_is_refused_or_shown(seed: int) -> None:
    old, _ = load(PATH.read_bytes())
    assert old is not None
    key = ("compare", "platforms")
    for number in range(seed, seed + 20):
        edited = mutate(PATH.read_text("utf-8"), random.Random(number))
        new, codes = load(edited.encode())
        if new is None:
            assert codes
        elif meaning(new) != meaning(old):
            found = compare_files({key: old}, {key: new}, date(2026, 11, 29))
            checked = check([("", new)], [], ["platforms.csv"], Wanted(date(2026, 11, 29)))
            assert found.changes or found.problems or checked.failed, f"seed {number}"


def test_facts_are_of_one_kind() -> None:
    zone, _ = load(PATH.read_bytes())
    assert zone is not None
    for history in zone.rates.values():
        for entry in history:
            assert isinstance(entry.value, Fact) and entry.value.key
