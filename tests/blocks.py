"""The parts of Markdown files that are made from what is shipped: between `<!-- generated: NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from diamondctl.money import quantise
from diamondctl.ratebook import store
from diamondctl.ratebook.formulas import Formula, load_formulas
from diamondctl.render.entries import contradiction_text
from diamondctl.reports.contradictions import contradictions_in
from diamondctl.topics import topics
from tests import state_worlds as worlds
from tests.conformance.cases import table
from tests.support import ROOT, run
from tests.test_state_oracle import case_of, expected_activity, product_activity

PLACES = ("README.md", "rates/README.md", "diamondctl/topics/formulas.md", "diamondctl/topics/spec.md")
_BLOCK = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.S)
MONTH = ("summary", "examples/2026-10.csv", "--region", "US", "-p", "2026-10", "--json")
# Our own answers, by what is said of the creator.
OURS = (
    ("diamondctl, missions, no breach", ("--scheme", "missions", "--penalty", "0")),
    ("diamondctl, not in the missions", ("--scheme", "flat")),
    ("diamondctl, nothing said", ()),
)


def markdown(name: str) -> str:
    """A file with its generated parts as they should be."""
    text = (ROOT / name).read_text("utf-8")
    return _BLOCK.sub(lambda match: f"{match[1]}{block(match[2])}{match[3]}", text)


@cache
def block(name: str) -> str:
    """One part."""
    made = {
        "answers": answers, "conformance": table, "contradictions": contradictions, "evidence": evidence, "formulas": formulas,
        "numbers": numbers, "topics": topic_list,
    }  # fmt: skip
    text = made[name]()
    return f"\n{text}\n\n"


def ours(words: tuple[str, ...]) -> tuple[int, Decimal, Decimal]:
    """Coins, least and most of the month in the example."""
    (account,) = json.loads(run(*MONTH, *words).out)["data"]["accounts"]
    figures = account["figures"]
    reward = figures["reward"]["now"]
    return int(figures["coins"]["now"]["low"]), Decimal(reward["low"]), Decimal(reward["high"])


def formulas() -> str:
    """The same coins by every public formula, beside ours."""
    coins, low, high = ours(OURS[0][1])
    rows = []
    for name, words in OURS:
        _, least, most = ours(words)
        rows.append(f"| **{name}** | dated, sourced, by credit | **{_range(least, most)}** | |")
    for item in sorted(load_formulas(store.shipped_folder()), key=lambda item: item.usd_per_coin):
        amount = item.of(coins)
        factor = _range(_short(amount / high), _short(amount / low))
        rows.append(f"| [{item.site}]({item.address}) | {item.formula} | {quantise(amount, 'USD', 'half_up'):,} | {factor} |")
    head = f"| Who says so | Formula | USD for {coins:,} coins | Times ours |\n| --- | --- | ---: | ---: |"
    return "\n".join([head, *rows])


def answers() -> str:
    """The different answers, each with how many sites give it, beside ours."""
    coins = ours(OURS[0][1])[0]
    rows = []
    for name, words in OURS:
        _, least, most = ours(words)
        rows.append((least, f"| **{_range(least, most)}** | **{name}** | dated, sourced, by credit |"))
    found: dict[Decimal, list[Formula]] = {}
    for item in load_formulas(store.shipped_folder()):
        found.setdefault(quantise(item.of(coins), "USD", "half_up"), []).append(item)
    for amount, items in found.items():
        sites = items[0].site.partition(":")[0] + (f" and {len(items) - 1} more" if len(items) > 1 else "")
        rows.append((amount, f"| {amount:,} | {sites} | {items[0].formula} |"))
    head = f"| USD for {coins:,} coins | Who says so | How |\n| ---: | --- | --- |"
    return "\n".join([head, *(row for _, row in sorted(rows))])


def numbers() -> str:
    """What was compared, what can be looked up, and the weak one beside them."""
    equal, all_ = agreement()
    sources = [source for zone in store.load_all(None, "tiktok") for source in zone.sources.values()]
    addressed = sum(bool(source.url) for source in sources)
    said = json.loads(run("rates", "coverage", "--json", "--as-of", "2026-11-29").out)["data"]
    better, of = said["better_than_assumed"], said["region_months"]
    return "\n".join(
        [
            f"- **{equal:,} of {all_:,}** figures of a year of ten invented creators are equal, to the cent, to those of",
            "  an oracle that shares no code with the program: [tests/state_oracle.py](tests/state_oracle.py).",
            f"- **{addressed} of {len(sources)}** sources of the shipped rates have an address; the others name the document",
            "  and who keeps it, and what rests on them alone is `assumed`: [rates/README.md](rates/README.md).",
            f"- **{better * 100 // of} %** of the region-months of the reward ({better:,} of {of:,}) are better than",
            "  `assumed`. That is the weak one; it grows with every calibration by a creator:",
            "  [evidence](diamondctl/topics/evidence.md).",
        ]
    )


@cache
def agreement() -> tuple[int, int]:
    """Figures of every month of a world that product and oracle give alike, and all of them."""
    equal = all_ = 0
    with tempfile.TemporaryDirectory() as folder:
        case = case_of(Path(folder), 21, own_rates=True)
        for number in range(1, 13):
            product = product_activity(case, worlds.month(number), "earned")
            expected = expected_activity(case.oracle, worlds.month(number), "earned")
            empty: tuple[Any, Any, Any] = ((), (), ())
            pairs_of: Any = zip(product or empty, expected, strict=True)
            for mine, theirs in pairs_of:
                pairs = [(dict(mine).get(key), row) for key, row in theirs.items() if any(row)]
                all_ += sum(len(row) for _, row in pairs)
                equal += sum(one == other for got, row in pairs if got for one, other in zip(got, row, strict=True))
    return equal, all_


def topic_list() -> str:
    """The manual, a row a topic."""
    rows = [f"| {topic.title} | [{topic.name}](diamondctl/topics/{topic.name}.md) |" for topic in topics()]
    return "\n".join(["| Topic | `diamondctl help` |", "| --- | --- |", *rows])


def _short(number: Decimal) -> Decimal:
    """Two digits that say something."""
    return Decimal(f"{number:.2g}") if number < 1 else Decimal(f"{number:.1f}")


def _range(low: Decimal, high: Decimal) -> str:
    return f"{low:,f}" if low == high else f"{low:,f} to {high:,f}"


def contradictions() -> str:
    """Where the sources of shipped files cannot all be right, each once."""
    zones = store.load_all(None, "tiktok")
    texts = dict.fromkeys(contradiction_text(item) for zone in zones for item in contradictions_in(zone))
    catalogue = store.catalogue("tiktok", None).files[0]
    gifts = [
        f"gift {gift.gift_id} ({gift.name}): {price.coins:,} coins ({' '.join(price.sources)}) against "
        + " and ".join(f"{other.coins:,} ({' '.join(other.sources)})" for other in price.contradicted_by)
        for gift in catalogue.gifts
        for price in gift.prices[:1]
        if price.contradicted_by
    ]
    return "\n".join(f"- {text}" for text in [*texts, *gifts])


def evidence() -> str:
    """How many files of calibration there are, and how much is better than assumed."""
    said = json.loads(run("rates", "coverage", "--json", "--as-of", "2026-11-29").out)["data"]
    files = sorted((ROOT / "rates").glob("*/evidence/*.yaml"))
    return (
        f"Calibrations by creators: n = {len(files)}. {said['better_than_assumed']:,} of {said['region_months']:,} "
        "region-months of the reward are better than assumed."
    )


def all_of_them() -> Iterator[tuple[str, str]]:
    """Every file with such parts."""
    for name in PLACES:
        yield name, markdown(name)
