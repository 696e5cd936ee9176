"""The parts of Markdown files that are made from what is shipped: between `<!-- generated: NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from diamondctl.money import quantise
from diamondctl.ratebook import store
from diamondctl.ratebook.formulas import load_formulas
from diamondctl.render.entries import contradiction_text
from diamondctl.reports.contradictions import contradictions_in
from tests.conformance.cases import table
from tests.support import ROOT, run

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
    text = {"formulas": formulas, "conformance": table, "contradictions": contradictions, "evidence": evidence}[name]()
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
