"""What an import did, which documents a ledger holds, and what was left out: values for the screen, made by `cli`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from diamondctl.records import Consent, Gift, Record, Total
from diamondctl.reports.moved import Moved


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
    sort: str = "gifts"  # of its rows: gifts | events | totals | money

    @property
    def told(self) -> bool:
        """Whether its rows are money as it was paid, and no gifts."""
        return self.sort == "money"


class Import(NamedTuple):
    """A whole command. `dry_run`: nothing was stored."""

    files: tuple[ImportedFile, ...]
    notices: tuple[str, ...]
    month: str  # of the last new gift, to look at next; blank: nothing was added
    dry_run: bool
    moved: Moved
    set_region: str = ""  # the command that says where somebody is paid of whom that is not known

    @property
    def added(self) -> tuple[ImportedFile, ...]:
        """Files that became documents."""
        return tuple(file for file in self.files if file.document)

    @property
    def rejected(self) -> int:
        """Rows that were left out."""
        return sum(file.rejected for file in self.files)


class DocumentDetail(NamedTuple):
    """One document with its first rows."""

    stored: Any  # `ledger.documents.StoredDocument`
    gifts: Sequence[Gift]  # people are aliases; of an event log: its frames
    totals: Sequence[Total] = ()
    money: Sequence[Record] = ()  # of a statement


class RejectedRows(NamedTuple):
    """Rows that were left out (`ledger.documents.RejectedRow`). `dismissed`: how many of them this command dismissed."""

    rows: Sequence[Any]
    dismissed: int
    file: str = ""  # where they were written for repair


def alias_shown(alias: str) -> str:
    """A gifter without a name, short enough to read: `fan-1f0c9a2b3d4e`."""
    return f"fan-{alias[:12]}" if alias else ""


def shown_as(aliases: Iterable[str], consents: Iterable[Consent], day: date) -> dict[str, str]:
    """How each gifter stands on what is made to be shown on a day (a card, a list of thanks, a page): by name only who had
    agreed to it by then, everybody else by alias. What `--names` says is no matter here.
    """
    agreed = {item.alias: item.name for item in consents if item.name and item.since <= day}
    return {alias: agreed.get(alias) or alias_shown(alias) for alias in aliases}


def moment(instant: int) -> str:
    """A UTC time from microseconds since 1970, with a fraction only where there is one."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    return moment.strftime("%Y-%m-%d %H:%M:%S") + (f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else "")
