"""The gift catalogue: what one unit of a gift costs in coins, by gift id and time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from diamondctl.ratebook.entries import Source


class Other(NamedTuple):
    """What other lists say of a price."""

    coins: int
    sources: tuple[str, ...]


class GiftPrice(NamedTuple):
    """One dated, sourced price of one gift id."""

    effective: int  # instant, microseconds since 1970 UTC
    effective_text: str
    since: str  # start | first_seen
    recorded: date
    coins: int
    confidence: str
    sources: tuple[str, ...]
    verified: date
    line: int
    contradicted_by: tuple[Other, ...] = ()


class CatalogueGift(NamedTuple):
    """One gift id and its history, sorted by (effective, recorded). The name may be blank, and is no key."""

    gift_id: str
    name: str
    prices: tuple[GiftPrice, ...]

    def at(self, time: int) -> GiftPrice | None:
        """The price in force at an instant; none before the first that is known."""
        for price in reversed(self.prices):  # asked once for each gift of a log
            if price.effective <= time:
                return price
        return None


class GiftFile(NamedTuple):
    """One catalogue file."""

    platform: str
    gifts: tuple[CatalogueGift, ...]
    sources: dict[str, Source]
    file: str
    sha256: str
    origin: str = "user"  # shipped | user


class Catalogue:
    """Files beside each other: a gift id in an earlier file replaces that id in a later one whole."""

    def __init__(self, files: Iterable[GiftFile]) -> None:
        self.files = tuple(files)
        self._by_id: dict[str, CatalogueGift] = {}
        for file in self.files:
            for gift in file.gifts:
                self._by_id.setdefault(gift.gift_id, gift)
        self._by_name: dict[str, list[CatalogueGift]] = {}
        for gift in self._by_id.values():
            if gift.name:
                self._by_name.setdefault(gift.name, []).append(gift)

    def price(self, gift_id: str, name: str, time: int) -> int | None:
        """Coins of one unit, or None. By name only without an id, and only if all gifts of that name then cost the same."""
        if gift_id:
            gift = self._by_id.get(gift_id)
            price = None if gift is None else gift.at(time)
            return None if price is None else price.coins
        prices = [gift.at(time) for gift in self._by_name.get(name, ())]
        coins = {price.coins for price in prices if price is not None}
        return coins.pop() if len(coins) == 1 else None
