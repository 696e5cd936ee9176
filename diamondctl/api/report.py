"""A report as a program gets it: its value, its answer, its JSON, and a DataFrame whose columns say their units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from diamondctl import files
from diamondctl.problems import Problem, Refusal
from diamondctl.render import shape as f
from diamondctl.render.formats import FORMATS, Format, as_text, endings
from diamondctl.render.page import DEFAULT, Manner
from diamondctl.render.view import View
from diamondctl.render.writing import written

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]

Value = TypeVar("Value")
_MONEY: Final = (f.MONEY, f.STORIES)
_CURRENCY: Final = "currency"


@dataclass(frozen=True)
class Report(Generic[Value]):
    """What a command answers. `value` is the report itself: figures with unit, provenance and confidence."""

    value: Value
    document: f.Document
    view: View
    exit_code: int  # that the command ends with: 0; 1: no; 3: something is missing, or depends
    formats: tuple[Format, ...] = FORMATS

    @property
    def answer(self) -> str:
        """The answer in one sentence, as the screen begins."""
        return str(self.json().get("answer", ""))

    @property
    def complete(self) -> bool:
        """False where something is missing from the figures; `warnings` say what."""
        return bool(self.json()["complete"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is missing or doubtful, and what would settle it."""
        return tuple(map(str, self.view.warnings))

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing."""
        return tuple(map(str, self.view.notes))

    def json(self) -> dict[str, Any]:
        """The document that `--json` prints: its schema is `diamondctl schema NAME`."""
        return self.view.document()

    def text(self, *, verbose: bool = False) -> str:
        """The screen, as wide as it needs to be."""
        return as_text(self.view.page(), Manner(verbose=True) if verbose else DEFAULT)

    def save(self, file: str | Path, *, force: bool = False) -> None:
        """Write it as `-o FILE` does: whole or not at all, in the format that the ending picks.

        A file that holds the same bytes stays as it is. Refuses an ending that names no format (A008) and, unless forced, a
        file that holds others (A009).
        """
        path = Path(file)
        format = endings(self.formats).get(path.suffix.lower())
        if format is None:
            known = " ".join(endings(self.formats))
            raise Refusal(Problem("A008", "the ending names no format", f"name it with one of {known}", str(file)))
        text = written(format, self.view)
        data = text.encode() if isinstance(text, str) else text
        try:
            files.write_bytes(path, data, mode=0o666 & ~files.umask(), replace=force, prefix=".diamondctl-")
        except FileExistsError:
            if path.read_bytes() != data:
                hint = "choose another name, or add force=True"
                raise Refusal(Problem("A009", "the file exists already and was kept", hint, str(file))) from None

    def frame(self) -> pandas.DataFrame:
        """The rows that `--csv` prints. Numbers are exact decimals, days are dates, what is not known is None.

        The unit of an amount stands in the name of its column: `reward_low_usd`. Each currency has columns of its own, so that
        no sum mixes them.
        """
        import pandas

        records = self.view.records()
        money = {
            key.key + end
            for key in self.document.flat
            if key.kind in _MONEY and "flat" in key.forms
            for end in key.kind.columns
            if not end.endswith("_confidence")
        }
        days = {key.key for key in self.document.flat if key.kind is f.DAY}
        rows = [dict(zip(records.columns, row, strict=True)) for row in records.rows]
        units = sorted({row[_CURRENCY] for row in rows if row.get(_CURRENCY)})
        columns: dict[str, list[Any]] = {}
        for name in records.columns:
            if name not in money:
                columns[name] = [_value(row[name], name in records.numbers, name in days) for row in rows]
                continue
            for unit in units:
                columns[f"{name}_{unit.lower()}"] = [
                    _value(row[name], True, False) if row[_CURRENCY] == unit else None for row in rows
                ]
        return pandas.DataFrame({name: pandas.Series(values, dtype=object) for name, values in columns.items()})

    def __str__(self) -> str:
        return self.text()


def _value(text: str, is_number: bool, is_day: bool) -> Any:
    if not text:
        return None
    if is_number:
        return Decimal(text)
    if is_day:
        return date.fromisoformat(text)
    return text == "true" if text in ("true", "false") else text
