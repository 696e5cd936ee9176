"""What a report is made from, whether it was read from files or from the ledger."""

from __future__ import annotations

from typing import NamedTuple

from diamondctl.ratebook.entries import Zone
from diamondctl.records import Document, Total, Usage


class Inputs(NamedTuple):
    """Gifts, each once, as usage; the documents they stand in; what to notice; the zone of each region."""

    usage: tuple[Usage, ...]
    documents: tuple[Document, ...]
    notices: tuple[str, ...]
    zones: dict[str, Zone]
    lost: tuple[str, ...] = ()  # what salvaged files miss
    rest_on: tuple[str, ...] = ()  # what the figures rest on, where that is not gifts
    facts: tuple[Total, ...] = ()  # what totals say of streams, days and months
