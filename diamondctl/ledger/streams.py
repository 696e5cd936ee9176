"""Streams of gifts that name none, inferred from pauses when the person asks for it. Pure.

Usage knows quarters of an hour, so that is how finely a pause is seen: gifts at 20:14 and 21:01 are 45 minutes apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from diamondctl.records import INFERRED, Usage


class Inferred(NamedTuple):
    """Usage with a stream in every row, and how much of it was inferred."""

    usage: list[Usage]
    streams: int
    gifts: int


def infer(usage: Iterable[Usage], gap: int) -> Inferred:
    """Rows without a stream get one, named by its first quarter; after `gap` quarters without a gift a new one begins."""
    rows = list(usage)
    named = [row for row in rows if row.stream]
    nameless = sorted((row for row in rows if not row.stream), key=lambda row: (row.creator, row.quarter))
    streams = gifts = 0
    creator, last, name = "", 0, ""
    for row in nameless:
        if not name or row.creator != creator or row.quarter - last >= gap:
            name = INFERRED + (datetime(1970, 1, 1) + timedelta(minutes=15 * row.quarter)).strftime("%Y-%m-%dT%H:%MZ")
            streams += 1
        creator, last = row.creator, row.quarter
        gifts += row.gifts
        named.append(row._replace(stream=name))
    return Inferred(sorted(named), streams, gifts)
