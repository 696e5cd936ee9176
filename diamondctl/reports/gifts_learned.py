"""What logs say of the prices of gifts, beside what the catalogue says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple


class Seen(NamedTuple):
    """A gift id with a name and a price, as often as logs carry it."""

    gift_id: str
    name: str
    coins: int  # of one unit
    first: date
    last: date
    time: int  # of the last, instant
    times: int

    def plus(self, other: Seen) -> Seen:
        """Both, of one id, name and price."""
        return self._replace(
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            time=max(self.time, other.time),
            times=self.times + other.times,
        )


class LearnedGift(NamedTuple):
    """A gift id: its prices by first day, each with the name that it had last; and the catalogue's price on the last day."""

    gift_id: str
    prices: tuple[Seen, ...]
    listed: int | None

    @property
    def verdict(self) -> str:
        """`new`, `known`, `differs` from the catalogue, or `conflict`: the logs disagree among themselves."""
        if len(self.prices) > 1:
            return "conflict"
        if self.listed is None:
            return "new"
        return "known" if self.listed == self.prices[-1].coins else "differs"


class Learned(NamedTuple):
    """The whole report, by id."""

    gifts: tuple[LearnedGift, ...]
    nameless: int  # gifts with coins and no id: a name is no key

    def number(self, verdict: str) -> int:
        """How many gifts have a verdict."""
        return sum(1 for gift in self.gifts if gift.verdict == verdict)

    @property
    def days(self) -> tuple[date, date]:
        """From the first to the last."""
        prices = [price for gift in self.gifts for price in gift.prices]
        return min(price.first for price in prices), max(price.last for price in prices)


def learned(seen: Iterable[Seen], nameless: int, listed: Callable[[str, str, int], int | None]) -> Learned:
    """Put together what was seen of each id; several names of one price are one price."""
    by_id: dict[str, dict[int, Seen]] = {}
    for item in sorted(seen, key=lambda item: (item.time, item.name)):
        prices = by_id.setdefault(item.gift_id, {})
        before = prices.get(item.coins)
        # The last name stands, for gifts are renamed in other languages; a blank one never.
        prices[item.coins] = item if before is None else before.plus(item)._replace(name=item.name or before.name)
    gifts = []
    for gift_id in sorted(by_id, key=lambda text: (len(text), text)):
        prices_of = tuple(sorted(by_id[gift_id].values(), key=lambda item: (item.first, item.coins)))
        latest = max(prices_of, key=lambda item: item.time)
        gifts.append(LearnedGift(gift_id, prices_of, listed(gift_id, latest.name, latest.time)))
    return Learned(tuple(gifts), nameless)
