"""The prices that logs carry, in all forms; as YAML a gift catalogue that `rates check` accepts as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from diamondctl.render import shape as f
from diamondctl.render.formats import Format
from diamondctl.render.page import said
from diamondctl.render.text import clean
from diamondctl.render.view import View
from diamondctl.reports.gifts_learned import Learned, LearnedGift, Seen

YAML: Final = Format("yaml", ".yaml")
VERDICTS: Final = ("new", "known", "differs", "conflict")


PRICE: f.Fields = (
    f.Field("gift_id", title="Id"),
    f.Field("name", title="Name"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.Field("first_seen", f.DAY, "first", "First seen"),
    f.Field("last_seen", f.DAY, "last", "Last seen"),
    f.Field("n", f.COUNT, "times", "n"),
)
_PRICES: f.Fields = tuple(field for field in PRICE if field.key != "gift_id")
GIFT: f.Fields = (
    f.Field("gift_id"),
    f.Field("verdict", f.word(*VERDICTS), title="Verdict"),
    f.Field("listed", f.COUNT, maybe=True, title="Catalogue"),
    f.Field("prices", f.many(_PRICES)),
)


def _learned(found: Learned) -> str:
    """The report in one sentence."""
    first, last = found.days
    return (
        f"{len(found.gifts):,} gift ids from {first} to {last}: {found.number('new'):,} new, {found.number('known'):,} as the "
        f"catalogue has them, {found.number('differs'):,} with another price, {found.number('conflict'):,} with several prices."
    )


DOCUMENT = f.Document(
    "rates-gifts-learn",
    (
        f.Field("gifts", f.many(GIFT)),
        f.Field("without_id", f.COUNT, "nameless"),
    ),
    (
        *f.under(lambda row: row[1], PRICE),
        *f.under(lambda row: row[0], f.pick(GIFT, "listed", "verdict")),
    ),
    answer=_learned,
)


def view(found: Learned, platform: str, today: date) -> View:
    """The report in all its forms; flat, one row per id and price."""
    rows = [(gift, price) for gift in found.gifts for price in gift.prices]
    columns = (*f.under(lambda row: row[1], PRICE), *f.under(lambda row: row[0], f.pick(GIFT, "listed", "verdict")))
    made = DOCUMENT.view(found, lambda: [f.table(columns, rows), said(*_words(found))], lambda: rows)
    return made._replace(texts={**made.texts, YAML.name: lambda: catalogue(found, platform, today)})


def _words(found: Learned) -> list[str]:
    return [f"{found.nameless:,} gifts carry coins and no id: left out, for a name is no key."] if found.nameless else []


_HEAD: Final = """\
# yaml-language-server: $schema=../gifts.schema.json
# Prices of gifts that logs of LIVE events carry, from {first} to {last}. Written by `diamondctl rates gifts learn`.
# It holds ids, names, coins and days, and nothing of who sent what. `n` is how often a price was met.
# For your own use put it into your rates folder; for everybody's, offer it with the logs' story in `document`.
schema: 1
platform: {platform}

sources:
  my-logs:
    title: "Logs of LIVE events, {first} to {last}"
    retrieved: {today}
    document: "my own logs, kept by me"
    says: "{number} gift ids with the coins that the events carry."
    checked: {today}

gifts:
"""


def catalogue(found: Learned, platform: str, today: date) -> str:
    """A gift catalogue. Prices rest on logs that nobody else can open, so they are assumed, whatever `n` is."""
    first, last = found.days
    head = _HEAD.format(first=first, last=last, platform=platform, today=today, number=f"{len(found.gifts):,}")
    return head + "".join(_gift(gift, today) for gift in found.gifts)


def _gift(gift: LearnedGift, today: date) -> str:
    name = next((price.name for price in reversed(gift.prices) if price.name), "")
    lines = [f"  {gift.gift_id}:\n"] + ([f"    name: {_quoted(name)}\n"] if name else []) + ["    prices:\n"]
    by_day: dict[date, list[Seen]] = {}
    for price in gift.prices:
        by_day.setdefault(price.first, []).append(price)
    lines += [_price(sorted(prices, key=lambda price: -price.times), today) for prices in by_day.values()]
    return "".join(lines)


def _price(prices: Sequence[Seen], today: date) -> str:
    """One price of a day, the one that was met most; the others contradict it."""
    price, *others = prices
    against = ", ".join(f"{{coins: {other.coins}, sources: [my-logs]}}" for other in others)
    contradicted = f", contradicted_by: [{against}]" if others else ""
    return (
        f"      - {{effective: {price.first}, since: first_seen, recorded: {today}, coins: {price.coins}, confidence: assumed, "
        f"sources: [my-logs], verified: {price.last}{contradicted}}}  # n = {price.times:,}\n"
    )


def _quoted(name: str) -> str:
    """A name as a YAML text in double quotes; what acts on a terminal is made visible."""
    return '"' + re.sub(r'(["\\])', r"\\\1", clean(name)) + '"'
