"""One description of a kind of row, and all that is made of it: JSON, its JSON Schema, flat records, a table on a screen.

A report names each field once, as a `Field`; a `Document` is made of them, and a page of tables and texts. A new form of
output is one more function here, and no report is touched. What goes into a page is
text as it came in: `page` makes it harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, NamedTuple

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.ratebook.entries import COINS, Units
from diamondctl.render import numbers
from diamondctl.render import schema_parts as s
from diamondctl.render.page import Page, Part
from diamondctl.render.tables import Column, Table
from diamondctl.render.units import said
from diamondctl.render.view import Records, View, ends, records


class Kind(NamedTuple):
    """How values look in each form. None is what is not known: null in JSON, blank in records."""

    schema: s.Schema
    json: Callable[[Any], Any] = lambda value: value
    flat: Callable[[str, Any], Mapping[str, object]] = lambda key, value: {key: value}
    screen: Callable[[Any], str] = str
    number: bool = False  # a number for machines too
    right: bool = False  # set right on a screen, as numbers are
    whole: bool = False  # never wrapped, dropped or cut on a screen, as what is set right
    drawn: bool = False  # made of `page.STROKES`
    columns: tuple[str, ...] = ("",)  # what its columns add to the key


def _money_json(value: tuple[Range, str]) -> dict[str, str | None]:
    """From the smaller to the greater end, whichever story that is, with what it rests on."""
    amount, currency = value[0].ordered, value[1]
    low, high = (f"{end:.{MINOR_UNITS[currency]}f}" for end in (amount.low, amount.high))
    return {"currency": currency, "low": low, "high": high, "confidence": amount.confidence or None}


def _unrounded_json(value: Range) -> dict[str, str | None]:
    amount = value.ordered
    return {"low": numbers.plain(amount.low), "high": numbers.plain(amount.high), "confidence": amount.confidence or None}


def _stories(value: tuple[Range, str]) -> dict[str, str]:
    amount, currency = value
    return {name: f"{end:.{MINOR_UNITS[currency]}f}" for name, end in (("least", amount.low), ("most", amount.high))}


_CONFIDENCE: Final = "_confidence"  # the column of an amount that is no number
TEXT: Final = Kind(s.TEXT)
FLAG: Final = Kind(s.FLAG, screen=lambda value: "yes" if value else "no")
COUNT: Final = Kind(s.COUNT, screen=lambda value: f"{value:,}", number=True)
DAY: Final = Kind(s.DAY, str)
DECIMAL: Final = Kind(s.DECIMAL, numbers.plain, lambda key, value: {key: numbers.plain(value)}, numbers.count, True)
DIGITS: Final = DECIMAL._replace(json="{:f}".format, flat=lambda key, value: {key: f"{value:f}"})  # as they were written
WORDS: Final = Kind(s.each(s.TEXT), list, lambda key, value: {key: " ".join(value)}, ", ".join)
LABEL: Final = TEXT._replace(whole=True)
FIGURE: Final = TEXT._replace(right=True)
PICTURE: Final = TEXT._replace(drawn=True)
CURRENCY: Final = Kind(s.CURRENCY)
REGION: Final = Kind(s.REGION)
CONFIDENCE: Final = Kind(s.CONFIDENCE)
TRUST: Final = Kind(s.TRUST)  # of a figure, which may rest on the user's own word
ORIGIN: Final = Kind(s.ORIGIN)
SHA256: Final = Kind(s.SHA256)
# A value is an amount and its currency; `money` makes such fields.
MONEY: Final = Kind(
    s.closed(currency=s.CURRENCY, low=s.DECIMAL, high=s.DECIMAL, confidence=s.maybe(s.TRUST)),
    _money_json,
    lambda key, value: ends(key, *value),
    lambda value: numbers.money_range(*value),
    number=True,
    columns=("_low", "_high", _CONFIDENCE),
)
# The same before it is rounded, where its row says the currency.
UNROUNDED: Final = Kind(
    s.closed(low=s.DECIMAL, high=s.DECIMAL, confidence=s.maybe(s.TRUST)),
    _unrounded_json,
    lambda key, value: {f"{key}{end}": text for end, text in zip(MONEY.columns, _unrounded_json(value).values(), strict=True)},
    number=True,
    columns=MONEY.columns,
)


# The same as two stories: what it is where one gets least, and where one gets most.
STORIES: Final = Kind(
    s.closed(least=s.DECIMAL, most=s.DECIMAL),
    _stories,
    lambda key, value: {f"{key}_{name}": text for name, text in _stories(value).items()},
    number=True,
    columns=("_least", "_most"),
)


def between(text: Callable[[Any], str], schema: s.Schema = s.DECIMAL) -> Kind:
    """Both ends of a range that is no money."""
    return Kind(
        s.closed(low=schema, high=schema),
        lambda value: {"low": text(value.ordered.low), "high": text(value.ordered.high)},
        lambda key, value: {f"{key}_low": text(value.ordered.low), f"{key}_high": text(value.ordered.high)},
        number=True,
        columns=("_low", "_high"),
    )


RANGE: Final = between(numbers.plain)
TENTHS: Final = between("{:.1f}".format)


# An amount in a unit that need be no currency.
AMOUNT: Final = Kind(
    {"anyOf": [MONEY.schema, RANGE.schema]},
    lambda value: MONEY.json(value) if value[1] in MINOR_UNITS else RANGE.json(value[0]),
    lambda key, value: MONEY.flat(key, value) if value[1] in MINOR_UNITS else RANGE.flat(key, value[0]),
    lambda value: numbers.figure(*value),
    number=True,
    columns=MONEY.columns,
)


# Two counts, in any order.
PAIR: Final = Kind(
    s.closed(low=s.COUNT, high=s.COUNT),
    lambda value: {"low": min(value), "high": max(value)},
    lambda key, value: {f"{key}_low": min(value), f"{key}_high": max(value)},
    lambda value: " - ".join(dict.fromkeys(f"{number:,}" for number in sorted(value))),
    number=True,
    columns=("_low", "_high"),
)


def word(*words: str, pattern: str = "") -> Kind:
    """One of a few words, or of a pattern."""
    return Kind({"type": "string", "pattern": pattern} if pattern else {"enum": list(words)})


class Field(NamedTuple):
    """One field of a row. Without `title` it is not on a screen; `forms` are the others that have it."""

    key: str
    kind: Kind = TEXT
    of: str | Callable[[Any], Any] = ""  # a path of attributes, or what takes a row; blank: the attribute `key`
    title: str = ""
    drop: int = 0  # see `Column`
    show: Callable[[Any], str] | None = None  # what a screen says of a row, where the value does not say it
    blank: str = "-"  # what a screen says where there is no value
    maybe: bool = False  # may be unknown; a blank text is
    forms: str = "json flat"
    after: str = ""  # the key it follows in the schema, where that is not the order of the document

    def value(self, row: Any) -> Any:
        """The value of a row."""
        value = got(self.of or self.key, row)
        return None if self.maybe and value in ("", None) else value


Fields = tuple[Field, ...]


def got(of: str | Callable[[Any], Any], row: Any) -> Any:
    """What a path of attributes, or a function, gives of a row."""
    return attrgetter(of)(row) if isinstance(of, str) else of(row)


def money(
    key: str,
    of: str | Callable[[Any], Any] = "",
    currency: str | Callable[[Any], Any] = "currency",
    kind: Kind = MONEY,
    **more: Any,
) -> Field:
    """An amount in the currency of its row; one without either is not known."""

    def value(row: Any) -> tuple[Range, str] | None:
        amount, unit = got(of or key, row), got(currency, row)
        return None if amount is None or not unit else (Range.of(amount) if isinstance(amount, Decimal) else amount, unit)

    return Field(key, kind, value, **more)


def told(key: str, of: str = "", **more: Any) -> Field:
    """A count that may not be told: then it is below 0."""
    return Field(key, COUNT, lambda row: number if (number := got(of or key, row)) >= 0 else None, maybe=True, **more)


def cell(title: str, show: Callable[[Any], str] = str, kind: Kind = TEXT, drop: int = 0) -> Field:
    """A column that only a screen has."""
    return Field("", kind, title=title, show=show, drop=drop, forms="")


def each(kind: Kind) -> Kind:
    """A list of single values."""
    return WORDS._replace(schema=s.each(kind.schema))


def one(fields: Fields) -> Kind:
    """A value that has fields of its own; only JSON has it."""
    return Kind(schema_of(fields), lambda row: json_of(fields, row))


def many(fields: Fields) -> Kind:
    """A list of such values."""
    return Kind(s.each(schema_of(fields)), lambda rows: [json_of(fields, row) for row in rows])


def keyed(fields: Fields, *required: str) -> Kind:
    """Such values by their `key`."""
    schema = {"type": "object", "additionalProperties": schema_of(fields), "required": list(required)}
    return Kind(schema, lambda rows: {row.key: json_of(fields, row) for row in rows})


def by_name(kind: Kind) -> Kind:
    """Pairs of a name and a value, as an object."""
    schema = {"type": "object", "additionalProperties": kind.schema}
    return Kind(schema, lambda pairs: {name: kind.json(value) for name, value in pairs})


def under(of: str | Callable[[Any], Any], fields: Fields, prefix: str = "", **more: Any) -> Fields:
    """Fields of a part of a row; where there is no such part, none of them has a value. `more` changes each of them."""

    def inside(field: Field) -> Field:
        def value(row: Any) -> Any:
            part = got(of, row)
            return None if part is None else field.value(part)

        def shown(row: Any) -> str:
            part = got(of, row)
            return field.blank if part is None or field.show is None else field.show(part)

        return field._replace(key=prefix + field.key, of=value, show=shown if field.show else None, **more)

    return tuple(map(inside, fields))


def pick(fields: Fields, *keys: str, **titles: str) -> Fields:
    """Some fields in another order, then others with another title: what a screen shows, say."""
    by_key = {field.key: field for field in reversed(fields)}
    return (*(by_key[key] for key in keys), *(by_key[key]._replace(title=title) for key, title in titles.items()))


def json_of(fields: Fields, row: Any) -> dict[str, Any]:
    """A row as a JSON object."""
    values = ((field, field.value(row)) for field in fields if "json" in field.forms)
    return {field.key: None if value is None else field.kind.json(value) for field, value in values}


def properties_of(fields: Fields) -> dict[str, s.Schema]:
    """The schema of every field that JSON has, by key."""
    mine = {field.key: field for field in fields if "json" in field.forms}
    order = list(mine)
    for field in mine.values():
        if field.after in mine:
            order.remove(field.key)
            order.insert(order.index(field.after) + 1, field.key)
    return {key: s.maybe(mine[key].kind.schema) if mine[key].maybe else mine[key].kind.schema for key in order}


def schema_of(fields: Fields) -> s.Schema:
    """The JSON Schema of such objects."""
    return s.closed(**properties_of(fields))


def columns_of(fields: Fields) -> tuple[str, ...]:
    """The columns of flat records."""
    return tuple(field.key + end for field in fields if "flat" in field.forms for end in field.kind.columns)


def records_of(fields: Fields, rows: Iterable[Any]) -> Records:
    """Flat records."""
    numeric = [name for name in columns_of(tuple(field for field in fields if field.kind.number)) if _is_number(name)]
    return records([_flat(fields, row) for row in rows], columns_of(fields), numeric)


def _is_number(column: str) -> bool:
    return not column.endswith(_CONFIDENCE)


def _flat(fields: Fields, row: Any) -> dict[str, object]:
    record: dict[str, object] = {}
    for field in fields:
        if "flat" in field.forms and (value := field.value(row)) is not None:
            record |= field.kind.flat(field.key, value)
    return record


def table(
    fields: Fields, rows: Iterable[Any] = (), title: str = "", foot: Iterable[Sequence[str]] = (), *, whole: bool = False
) -> Table:
    """A table of the fields that have a title or are on a screen alone; `foot` are finished rows below the others.

    Of one that is `whole` no screen leaves rows out.
    """
    mine = [field for field in fields if field.title or not field.forms]
    below = tuple(map(tuple, foot))
    cells = tuple(tuple(_cell(field, row) for field in mine) for row in rows)
    return Table(tuple(map(_column, mine)), (*cells, *below), title, len(below), whole)


def _column(field: Field) -> Column:
    right = field.kind.number or field.kind.right
    return Column(field.title, right, right or field.kind.whole, field.drop, field.kind.drawn)


def _cell(field: Field, row: Any) -> str:
    if field.show:
        return field.show(row)
    value = field.value(row)
    return field.blank if value is None or value == "" else field.kind.screen(value)


class Document(NamedTuple):
    """What a report is made of: the fields of its JSON beside `data` and inside it, and those of its flat rows."""

    name: str
    data: Fields
    flat: Fields
    head: Fields = ()
    notes: bool = False  # JSON has notes
    answer: Callable[[Any], str] | None = None  # the sentence that every screen begins with
    version: int = 1  # of its schema: another one where a key is gone, or means another thing

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its records."""
        return columns_of(self.flat)

    @property
    def schema(self) -> s.Schema:
        """The JSON Schema of the whole document."""
        more = ({"answer": s.TEXT} if self.answer else {}) | properties_of(self.head)
        more |= {"notes": s.each(s.TEXT)} if self.notes else {}
        return s.report(self.name, schema_of(self.data), self.version, **more)

    def view(
        self,
        report: Any,
        page: Callable[[], Sequence[Part]],
        rows: Callable[[], Iterable[Any]],
        *,
        complete: bool = True,
        warnings: Sequence[str] = (),
        notes: Sequence[str] = (),
        closing: str = "",
        texts: Mapping[str, Callable[[], str]] | None = None,
        evidence: Callable[[], Sequence[Part]] | None = None,
        units: Units = COINS,
    ) -> View:
        """A report in all its forms. `page` has what a screen shows below the answer, but for what closes it.

        With `evidence`, what `-v` shows besides, the warnings and notes are the page's affair and not those of `page`.
        """
        answer = said(self.answer(report), units) if self.answer else ""
        told = [tuple(said(text, units) for text in texts) for texts in (warnings, notes)]
        return View(
            lambda: (
                Page(page(), closing, answer, evidence, warnings, notes, units)
                if evidence
                else Page(page(), closing, answer, units=units)
            ),
            lambda: {
                "schema": f"diamondctl.{self.name}/{self.version}",
                "complete": complete,
                **({"answer": answer} if self.answer else {}),
                **json_of(self.head, report),
                "data": json_of(self.data, report),
                "warnings": list(told[0]),
                **({"notes": list(told[1])} if self.notes else {}),
            },
            lambda: records_of(self.flat, rows()),
            told[0],
            told[1],
            texts or {},
        )
