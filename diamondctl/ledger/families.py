"""Families of sources, in words. Which family a row belongs to is decided in `merge`.

Event logs are a family of their own: their gifts come out of frames that are folded together, and whether one of them is a
row of a gift file too cannot be told row by row. Totals are beside all of them and never count in one.
"""

from __future__ import annotations

from typing import Final

# What the rows of a document are.
GIFTS: Final = "gifts"
EVENTS: Final = "events"
TOTALS: Final = "totals"
MONEY: Final = "money"  # payouts, credits, other income
# What never becomes usage, as SQL.
BESIDE: Final = f"('{TOTALS}', '{MONEY}')"

WITH_IDS: Final = "ids"
WITHOUT_IDS: Final = "no-ids"
EVENTS_WITHOUT_IDS: Final = "events-no-ids"
# Columns that are part of a row's content and may be left out by a source.
TELLING: Final = ("gifter", "gift_id", "stream", "region")


def family_words(family: str) -> str:
    """A family of sources as a message says it."""
    if family == WITH_IDS:
        return "rows with event ids"
    if family in (EVENTS, EVENTS_WITHOUT_IDS):
        return "events of LIVE logs" + (" without message ids" if family == EVENTS_WITHOUT_IDS else "")
    filled = family.split("+")[1:]
    return "rows without event ids" + (f" but with {', '.join(filled)}" if filled else "")


def family_of(has_ids: bool, filled: tuple[str, ...], sort: str = GIFTS) -> str:
    """One id is enough for the family with ids, because a source may leave some out."""
    if sort in (TOTALS, MONEY):
        return sort
    if sort == EVENTS:
        return EVENTS if has_ids else EVENTS_WITHOUT_IDS
    return WITH_IDS if has_ids else "+".join((WITHOUT_IDS, *filled))
