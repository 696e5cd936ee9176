"""Rows of totals among gifts: recognised by their word, left out, and checked against the rows they add up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog
from diamondctl.records import Gift
from diamondctl.words import counted

_WORDS: Final = frozenset(
    (
        "total", "totals", "grandtotal", "subtotal", "sum", "sumtotal", "coinstotal", "totalcoins", "gesamt", "summe",
        "insgesamt",
        "gesamtsumme", "zwischensumme", "suma", "sumatotal", "totalgeneral", "totales", "somme", "totaux", "totale", "totali",
        "somma", "soma", "totais", "totaal", "итого", "всего", "合計", "総計", "小計", "总计", "合计", "總計", "합계", "총계",
        "tổng", "tổngcộng", "รวม", "jumlah", "الإجمالي", "toplam", "razem",
    )
)  # fmt: skip
_SUM: Final = re.compile(r"[0-9]{1,3}(?:[.,' \u00a0\u202f][0-9]{3})*|[0-9]+")


def _word(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text.casefold()) if len(text) <= 40 else ""


def says_total(text: str) -> bool:
    """Whether a text is a word for a total."""
    return _word(text) in _WORDS


def is_total(time: str, cells: Iterable[str]) -> bool:
    """Whether a row is one of totals: it has no time, and a cell is the word, or there is nothing but numbers."""
    if time.strip() and not says_total(time):
        return False
    filled = [cell.strip() for cell in cells if cell.strip()]
    return any(map(says_total, filled)) or (bool(filled) and all(map(_SUM.fullmatch, filled)))


class _Sums(NamedTuple):
    of_gifts: int  # coins x quantity
    of_column: int  # the coins of one unit, as a spreadsheet adds a column up


class _Row(NamedTuple):
    coins: int  # -1: it says none
    since: _Sums  # of the rows since the last one of totals
    until: _Sums  # of all rows before it
    place: tuple[int, int]


class TotalRows:
    """Collects the rows of totals of one file, and adds up its gifts."""

    def __init__(self, file: str, log: ProblemLog) -> None:
        self._file, self._log = file, log
        self._of_gifts = self._of_column = 0
        self._last = _Sums(0, 0)
        self._rows: list[_Row] = []

    def add(self, gift: Gift) -> None:
        """A gift that a row of totals may speak of."""
        self._of_gifts += gift.coins * gift.quantity
        self._of_column += gift.coins

    def take(self, coins: str, place: tuple[int, int]) -> None:
        """A row of totals, with the text where its coins are; marks between digits are left out."""
        bare = re.sub(r"[.,' \u00a0\u202f]", "", coins.strip())
        number = int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < 19 else -1
        sums = _Sums(self._of_gifts, self._of_column)
        since = _Sums(sums.of_gifts - self._last.of_gifts, sums.of_column - self._last.of_column)
        self._rows.append(_Row(number, since, sums, place))
        self._last = sums

    def finish(self) -> list[str]:
        """What is to be said; logs G005 for a total that the rows do not add up to, where all of them were read."""
        if not self._rows:
            return []
        if not self._log.total:
            for row in self._rows:
                if row.coins >= 0 and row.coins not in (*row.since, *row.until, self._of_gifts, self._of_column):
                    message = f"a row of totals says {row.coins:,} coins; the gifts come to {self._of_gifts:,}"
                    hint = "is a row missing, or read wrongly? if the total is of something else, remove it"
                    self._log.add(Problem("G005", message, hint, self._file, *row.place))
        said = [row.coins for row in self._rows if row.coins >= 0]
        rows = counted(len(self._rows), "row")
        if not said:
            return [f"{rows} of totals left out: no coins to compare"]
        figure = counted(said[-1], "coin") if len(said) == 1 else f"the last {counted(said[-1], 'coin')}"
        return [f"{rows} of totals left out: {figure}, agree{'s' if len(said) == 1 else ''} with the gifts"]
