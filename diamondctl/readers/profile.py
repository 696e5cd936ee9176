"""What a mapping says about files of one shape: what its rows are, where each column is, and how its cells are written.

Values only; `diamondctl.profiles` reads them from YAML, `mapped` reads files with them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, Final, NamedTuple

FORMS: Final = ("csv", "json", "xlsx")


class Profile(NamedTuple):
    """One mapping. Blank text: nothing is said."""

    name: str
    kind: str  # gifts | events | totals
    form: str  # csv | json | xlsx
    columns: dict[str, tuple[str, ...]]  # one of `COLUMNS_OF` -> column or columns of the file
    values: dict[str, str]  # one of `COLUMNS_OF` -> the same value in every row
    delimiter: str = ""  # csv; blank: the one under which the header fits
    header: int = 0  # the line of the header; 0: the first that fits
    sheet: str = ""  # xlsx; blank: the only one, or the one that fits
    date_format: str = ""  # blank: as in the plain format
    timezone: str = ""  # of times that name no zone
    thousands: str = ""  # mark between groups of digits in whole numbers
    decimal: str = ""  # mark before decimals, which must be zeros in whole numbers
    coins: str = "each"  # each: of one unit; row: of all units of the row together
    where: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 (never changed): column of the file -> what it says in rows that count
    span: str = "day"  # of totals: day | month | stream
    combos: str = ""  # folded: every row of `gifts` is a whole gift, whatever its other columns look like
    file: str = ""
    sha256: str = ""
    origin: str = ""  # shipped | user


# What was added later: where a profile does not say it, it reads as it did in ledgers of that time.
_LATER: Final[dict[str, Any]] = {"where": {}, "span": "day", "combos": ""}
# What says where a profile stands, not how it reads.
_PLACE: Final = ("file", "sha256", "origin")


def as_text(profile: Profile) -> str:
    """Everything that decides how a profile reads, as JSON: comments and layout of its file change nothing."""
    said = {name: value for name, value in profile._asdict().items() if _LATER.get(name) != value and name not in _PLACE}
    return json.dumps(said, sort_keys=True)


def from_text(text: str) -> Profile | None:
    """The profile again; None for what is none, such as the name and digest that earlier ledgers noted."""
    if not text.startswith("{"):
        return None
    fields = json.loads(text)
    lists = {name: {key: tuple(mine) for key, mine in fields.get(name, {}).items()} for name in ("columns", "where")}
    return Profile(**fields | lists)


def header_word(name: str) -> str:
    """A header as it is compared: without case, accents of width, punctuation at its end and double blanks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip(" :\ufeff").casefold()
