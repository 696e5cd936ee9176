"""What a mapping says about files of one shape: where each column of the plain format is, and how its cells are written.

Values only; `diamondctl.profiles` reads them from YAML, `mapped` reads files with them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final, NamedTuple

FORMS: Final = ("csv", "json", "xlsx")
KINDS: Final = ("gifts",)


class Profile(NamedTuple):
    """One mapping. Blank text: nothing is said."""

    name: str
    kind: str  # gifts
    form: str  # csv | json | xlsx
    columns: dict[str, tuple[str, ...]]  # column of the plain format -> column or columns of the file
    values: dict[str, str]  # column of the plain format -> the same value in every row
    delimiter: str = ""  # csv; blank: the one under which the header fits
    header: int = 0  # the line of the header; 0: the first that fits
    sheet: str = ""  # xlsx; blank: the only one, or the one that fits
    date_format: str = ""  # blank: as in the plain format
    timezone: str = ""  # of times that name no zone
    thousands: str = ""  # mark between groups of digits in whole numbers
    decimal: str = ""  # mark before decimals, which must be zeros in whole numbers
    coins: str = "each"  # each: of one unit; row: of all units of the row together
    file: str = ""
    sha256: str = ""
    origin: str = ""  # shipped | user


# What says where a profile stands, not how it reads.
_PLACE: Final = ("file", "sha256", "origin")


def as_text(profile: Profile) -> str:
    """Everything that decides how a profile reads, as JSON: comments and layout of its file change nothing."""
    return json.dumps({name: value for name, value in profile._asdict().items() if name not in _PLACE}, sort_keys=True)


def from_text(text: str) -> Profile | None:
    """The profile again; None for what is none, such as the name and digest that earlier ledgers noted."""
    if not text.startswith("{"):
        return None
    fields = json.loads(text)
    return Profile(**fields | {"columns": {name: tuple(mine) for name, mine in fields["columns"].items()}})


def header_word(name: str) -> str:
    """A header as it is compared: without case, accents of width, punctuation at its end and double blanks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip(" :\ufeff").casefold()
