"""What became of the frames of LIVE logs, counted per file and in words, with the coins at stake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from diamondctl.combos import Difference, Folded
from diamondctl.words import counted

SHOWN_DIFFERENCES: Final = 3


def counts(found: Folded) -> dict[str, dict[str, int]]:
    """Per file, the counts of `records.Document` that only frames have, with their coins."""
    of_files: dict[str, Counter[str]] = {}
    for item in found.gifts:
        of = of_files.setdefault(item.file, Counter())
        for name in ("unterminated", "heuristic", "catalogued"):
            if getattr(item, name):
                of[name] += 1
                of[f"{name}_coins"] += item.gift.coins * item.gift.quantity
    for frame, coins in found.folded:
        of = of_files.setdefault(frame.file, Counter())
        of["folded"] += 1
        of["folded_coins"] += coins
    return {file: dict(of) for file, of in of_files.items()}


def said(of: Mapping[str, Any]) -> list[str]:
    """What became of the frames of a log, by its `counts`, with the coins at stake."""
    texts = []
    for name, what, then in (
        ("folded", "in-progress event", "folded: only the one that closes a combo is a gift ({} if each were counted)"),
        ("unterminated", "combo", "without a closing event counted as far as seen ({})"),
        ("heuristic", "gift", "put together by sender, gift and time, without a combo id ({})"),
        ("catalogued", "gift", "valued by the gift catalogue, where the log has no coins ({})"),
    ):
        if number := of.get(name, 0):
            texts.append(f"{counted(number, what)} {then.format(counted(of[f'{name}_coins'], 'coin'))}")
    return texts


def differences(found: Sequence[Difference]) -> list[str]:
    """Where a log and the gift catalogue disagree."""
    texts = [
        f"gift {item.gift_id} ('{item.gift}'): the log says {item.coins:,} coins, the gift catalogue {item.catalogue:,}; "
        "the log's own count"
        for item in found[:SHOWN_DIFFERENCES]
    ]
    if (more := len(found) - SHOWN_DIFFERENCES) > 0:
        texts.append(f"{more:,} more gifts whose coins are not those of the gift catalogue")
    return texts
