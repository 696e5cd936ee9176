"""Cells as the files of a profile write them, in the writing of the plain gift format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from diamondctl.readers import date_formats
from diamondctl.readers.cells import CellError, short
from diamondctl.readers.profile import Profile


class WrongCell(Exception):
    """A cell that its profile does not fit: the column, and the `CellError`."""

    def __init__(self, column: str, error: CellError) -> None:
        super().__init__(column, error)
        self.column, self.error = column, error


def plain(own: Mapping[str, str], profile: Profile) -> dict[str, str]:
    """The cells of one row, by column of the plain format, as that format writes them; raises `WrongCell`."""
    cells = dict(own)
    cells["timestamp"] = _time(cells["timestamp"], profile)
    for name in ("coins", "quantity"):
        cells[name] = _whole(cells[name], name, profile)
    if profile.coins == "row":
        cells["coins"] = _each(cells["coins"], cells["quantity"])
    return cells


_converter = lru_cache(date_formats.converter)


def _time(text: str, profile: Profile) -> str:
    if not profile.date_format or not text:
        return text
    time = _converter(profile.date_format)(text)
    if time is None:
        hint = f"the profile says date_format: {profile.date_format}"
        raise WrongCell("timestamp", CellError("G011", f"timestamp '{short(text)}' is in another form", hint))
    return time


def _whole(text: str, name: str, profile: Profile) -> str:
    """A whole number without its marks. Marks that the profile does not name are no part of a number."""
    bare = text.strip()
    if not bare or (bare.isascii() and bare.isdecimal()):
        return bare
    if profile.decimal:
        bare, _, decimals = bare.partition(profile.decimal)
        if decimals.strip("0") or not bare:
            raise WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", "coins have no decimals"))
    if profile.thousands and profile.thousands in bare:
        if not re.fullmatch(f"[0-9]{{1,3}}({re.escape(profile.thousands)}[0-9]{{3}})+", bare):
            hint = f"the profile says thousands: '{profile.thousands}'"
            raise WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", hint))
        bare = bare.replace(profile.thousands, "")
    if not (bare.isascii() and bare.isdecimal()):
        hint = "digits only; marks between digits need thousands: or decimal: in the profile"
        raise WrongCell(name, CellError("G020", f"{name} '{short(text)}' is not a whole number", hint))
    return bare


def _each(coins: str, quantity: str) -> str:
    """Coins of one unit, where the file has those of the row."""
    if not coins or not quantity or not int(quantity):
        return coins
    each, rest = divmod(int(coins), int(quantity))
    if rest:
        hint = "the profile says coins_are: row"
        raise WrongCell("coins", CellError("G020", f"{coins} coins are not {quantity} equal gifts", hint))
    return str(each)
