"""The gift catalogue: what one unit of a gift costs in coins, by gift id and time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from diamondctl import periods
from diamondctl.ratebook.entries import GIFT_PRICE, Accepted, GiftCoins, RateEntry, Source, Zone


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
    accepted: tuple[Accepted, ...] = ()
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


def as_zone(file: GiftFile) -> Zone:
    """A catalogue as a zone without regions whose rates are its gifts, so that it is compared as every rate file is."""
    histories = {
        gift.gift_id: tuple(
            RateEntry(
                rate=GIFT_PRICE,
                effective=price.effective // periods.QUARTER,
                effective_text=price.effective_text,
                since=price.since,
                recorded=price.recorded,
                value=GiftCoins(gift.gift_id, gift.name, price.coins),
                state="known",
                confidence=price.confidence,
                sources=price.sources,
                verified=price.verified,
                file=file.file,
                line=price.line,
                accepted=price.accepted,
            )
            for price in gift.prices
        )
        for gift in file.gifts
    }
    return Zone(file.platform, "gifts", (), "UTC", file.sources, histories, (), file.file, file.sha256, file.origin)


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
