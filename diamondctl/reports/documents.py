"""What an import did, which documents a ledger holds, and what was left out: values for the screen, made by `cli`."""

from __future__ import annotations

from typing import NamedTuple


class ImportedFile(NamedTuple):
    """What became of one file. `document` is blank when it was in the ledger already, as `same_as`."""

    name: str
    kind: str
    document: str
    same_as: str
    rows: int
    coins: int
    new: int
    new_coins: int
    known: int
    known_coins: int
    aside: int
    aside_coins: int
    elsewhere: int
    elsewhere_coins: int
    repeated: int  # equal rows without id inside the file; all were kept
    folded: int  # frames of an event log that belong to the gift of another one
    folded_coins: int
    totals: int  # rows that are no gifts
    rejected: int
    lost: int  # of them: what a salvaged file misses, which cannot be repaired
    notices: tuple[str, ...]
    doubts: tuple[str, ...]


class Import(NamedTuple):
    """A whole command. `dry_run`: nothing was stored."""

    files: tuple[ImportedFile, ...]
    notices: tuple[str, ...]
    month: str  # of the last new gift, to look at next; blank: nothing was added
    dry_run: bool

    @property
    def added(self) -> tuple[ImportedFile, ...]:
        """Files that became documents."""
        return tuple(file for file in self.files if file.document)

    @property
    def rejected(self) -> int:
        """Rows that were left out."""
        return sum(file.rejected for file in self.files)


class DocumentRow(NamedTuple):
    """One live document as a list shows it."""

    document: str
    name: str
    kind: str
    sha256: str
    imported: str
    creator: str  # --creator, --input-timezone, --encoding, ... as they were given
    input_timezone: str
    encoding: str
    region: str
    profile: str
    earning_unit: str
    part_of: str
    creators: int
    first_day: str  # of its gifts, UTC
    last_day: str
    rows: int
    coins: int
    new: int
    known: int
    aside: int
    elsewhere: int
    rejected: int
    open_rejects: int
    notices: tuple[str, ...]
    sort: str  # of its rows: gifts | events | totals
    folded: int


class StoredGift(NamedTuple):
    """One stored row. The gifter is an alias unless names were asked for."""

    line: int
    time: str
    creator: str
    gift: str
    coins: int
    quantity: int
    event_id: str
    gifter: str
    gift_id: str
    stream: str
    receiver: str
    region: str


class StoredTotal(NamedTuple):
    """One stored total of a dashboard or a data export. None: the source does not say."""

    line: int
    creator: str
    source: str
    span: str  # stream | day | month
    first_day: str
    last_day: str
    stream: str
    diamonds: int | None
    approximate: bool
    raw: str  # an amount whose unit is not known
    seconds: int | None  # live
    streams: int | None
    new_followers: int | None


class Documents(NamedTuple):
    """The documents of a ledger."""

    rows: tuple[DocumentRow, ...]
    preferred: tuple[tuple[str, str], ...]  # creator, family of sources that counts


class DocumentDetail(NamedTuple):
    """One document with its first rows."""

    row: DocumentRow
    gifts: tuple[StoredGift, ...]  # of an event log: its frames
    totals: tuple[StoredTotal, ...] = ()


class Undone(NamedTuple):
    """What taking documents out removed. `dry_run`: nothing was."""

    rows: tuple[DocumentRow, ...]
    gifts: int
    coins: int
    names: int
    dry_run: bool


class RejectedRow(NamedTuple):
    """A row that was left out, and what became of it."""

    document: str
    name: str
    place: str
    code: str
    problem: str
    hint: str
    state: str  # open | dismissed | repaired
    reason: str
    repaired: str  # the document that holds it repaired


class RejectedRows(NamedTuple):
    """Rows that were left out. `dismissed`: how many of them this command dismissed."""

    rows: tuple[RejectedRow, ...]
    dismissed: int
    file: str = ""  # where they were written for repair


def alias_shown(alias: str) -> str:
    """A gifter without a name, short enough to read: `fan-1f0c9a2b3d4e`."""
    return f"fan-{alias[:12]}" if alias else ""
