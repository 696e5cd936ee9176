"""A file on its way into the ledger, and what became of it: values only."""

from __future__ import annotations

import json
from typing import NamedTuple

from diamondctl.ledger.families import GIFTS
from diamondctl.ledger.merge import Span, Tally
from diamondctl.ledger.rejects import Rejects
from diamondctl.ledger.staging import Staged


class Reading(NamedTuple):
    """How a file was read: it decides what its rows mean."""

    creator: str = ""
    input_timezone: str = ""
    encoding: str = "utf-8"
    region: str = ""
    profile: str = ""  # all of it, as JSON
    earning_unit: str = ""

    @property
    def profile_name(self) -> str:
        """The name of the profile; earlier ledgers noted name and digest, and nothing else."""
        return str(json.loads(self.profile)["name"]) if self.profile.startswith("{") else self.profile.partition(" ")[0]


class Incoming(NamedTuple):
    """A file that was read and staged."""

    name: str
    kind: str
    sha256: str
    bytes: int
    reading: Reading
    notices: tuple[str, ...]
    staged: Staged
    rejects: Rejects
    part_of: int = 0  # 0: a document of its own
    repairs: tuple[str, ...] = ()  # places of `part_of` whose repaired rows it holds
    sort: str = GIFTS


class Added(NamedTuple):
    """What became of a file. `same_as` names the document that holds the same bytes already; then nothing was added."""

    document: int
    name: str
    kind: str
    tally: Tally
    spans: tuple[Span, ...]
    notices: tuple[str, ...]
    doubts: tuple[str, ...]
    rejected: int
    same_as: int = 0
    lost: int = 0  # of the rejected ones
