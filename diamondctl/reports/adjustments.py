"""Adjustments as they are shown after adding, listing or undoing them."""

from __future__ import annotations

from typing import NamedTuple

from diamondctl.records import Adjustment


class Adjustments(NamedTuple):
    """Some adjustments, and what was done with them."""

    items: tuple[Adjustment, ...]
    done: str  # add | list | undo
    dry_run: bool


def name_of(item: Adjustment) -> str:
    """`a001`."""
    return f"a{item.number:03d}"
