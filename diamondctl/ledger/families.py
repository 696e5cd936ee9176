"""Families of sources, in words. Which family a row belongs to is decided in `merge`."""

from __future__ import annotations

from typing import Final

WITH_IDS: Final = "ids"
WITHOUT_IDS: Final = "no-ids"
# Columns that are part of a row's content and may be left out by a source.
TELLING: Final = ("gifter", "gift_id", "stream", "region")


def family_words(family: str) -> str:
    """A family of sources as a message says it."""
    if family == WITH_IDS:
        return "rows with event ids"
    filled = family.split("+")[1:]
    return "rows without event ids" + (f" but with {', '.join(filled)}" if filled else "")


def family_of(has_ids: bool, filled: tuple[str, ...]) -> str:
    """One id is enough for the family with ids, because a source may leave some out."""
    return WITH_IDS if has_ids else "+".join((WITHOUT_IDS, *filled))
