"""A synthetic ledger of the same shape as another, for bug reports: as many documents, rows, creators, streams and gifters,
which repeat and meet in the same way, under other names, with other amounts at other times.

Every value is replaced by a value of its kind, the same one wherever it stands. Amounts keep their number of digits, times
their order and whether a gap is one of seconds, minutes, hours or days. What stays: regions, currencies, kinds of files,
lines, codes of problems. What is drawn for a twin is kept nowhere.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl import columns, periods
from diamondctl.ledger import derive, frames, opening, recorded, rejects, staging, stored_money, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.families import EVENTS, GIFTS, MONEY, TOTALS
from diamondctl.problems import CODES, LEFT_OUT_COLUMNS, Problem, ProblemLog, Refusal
from diamondctl.records import Record
from diamondctl.words import document_name

_PICK: Final = secrets.SystemRandom()
_SECOND: Final = 1_000_000
_HOUR: Final = 3_600 * _SECOND
# A gap between two times becomes another one between the same two of these.
_GAPS: Final = (
    1, _SECOND // 4, *(seconds * _SECOND for seconds in (1, 5, 10, 30, 60, 900)),
    *(hours * _HOUR for hours in (1, 6, 24, 7 * 24)),
)  # fmt: skip
_FORMS: Final = {GIFTS: (columns.TYPES, columns.LIMITS), EVENTS: (frames.TYPES, frames.LIMITS),
                 TOTALS: (stored_totals.TYPES, stored_totals.LIMITS),
                 MONEY: (stored_money.TYPES, stored_money.LIMITS)}  # fmt: skip
_KINDS: Final = ("gift CSV", "gift JSON", "gift JSONL", "LIVE events")
_SOURCES: Final = ("LIVE Center", "LIVE Backstage", "TikTok data export")


_Read = dict[int, list[dict[str, Any]]]  # rows by document
_Staged = dict[int, tuple[staging.Staged, str]]  # what was written of a document, and the name it gets


class Twin(NamedTuple):
    """What was made."""

    documents: int
    rows: int


class _Values:
    """What each value of the original is in the twin."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[tuple[str, object], Any] = {}
        self._numbers: dict[str, int] = {}
        self._taken: set[str] = set()
        self.times: dict[int, int] = {}
        self.days: dict[str, str] = {}

    def _of(self, kind: str, value: object, make: Callable[[int], Any]) -> Any:
        known = self._known.get((kind, value))
        if known is None:
            self._numbers[kind] = self._numbers.get(kind, 0) + 1
            known = self._known[kind, value] = make(self._numbers[kind])
        return known

    def name(self, kind: str, value: str) -> str:
        """`creator 3`; blank stays blank."""
        return str(self._of(kind, value, lambda number: f"{kind} {number}")) if value else ""

    def identifier(self, value: str) -> str:
        """Other digits, as many; of an id that is no number, a word."""

        def make(number: int) -> str:
            if len(value) < 10 or not (value.isascii() and value.isdecimal()):
                return f"id{number}"
            while (made := str(_PICK.randrange(10 ** (len(value) - 1), 10 ** len(value)))) in self._taken or made.endswith(
                "000"
            ):
                pass
            self._taken.add(made)
            return made

        return str(self._of("id", value, make)) if value else ""

    def alias(self, value: str) -> str:
        """The alias of `gifter 3`."""
        return columns.alias_of(self._key, self.name("gifter", value))

    def amount(self, value: int) -> int:
        """Another number of as many digits; 1 and what is not above 0 stay."""
        if value <= 1:
            return value
        digits = len(str(value))
        return int(self._of("amount", value, lambda _: _PICK.randrange(max(10 ** (digits - 1), 2), 10**digits)))

    def count(self, value: int) -> int:
        """Another count; a greater one is a greater one still, as the counters of combos need it."""
        return (
            value if value <= 1 else min(int(self._of("count", value, lambda _: 2 * value - _PICK.randrange(2))), 999_999_999)
        )

    def see(self, instants: Iterable[int], days: Iterable[str]) -> None:
        """Give every time and every day its own, once, in their order."""
        at = periods.instant_of(datetime(2023, 1, 2)) + _PICK.randrange(500 * 86_400) * _SECOND + _PICK.randrange(_SECOND)
        ordered = sorted(set(instants))
        self.times = dict(zip(ordered, _spread(ordered, at, _gap), strict=True))
        ordered = [date.fromisoformat(day).toordinal() for day in sorted(set(days))]
        first = date(2023, 1, 2).toordinal() + _PICK.randrange(500)
        spread = _spread(ordered, first, lambda gap: gap if gap < 2 else _PICK.randrange(2, 2 * gap))
        self.days = {
            str(date.fromordinal(day)): str(date.fromordinal(other)) for day, other in zip(ordered, spread, strict=True)
        }


def _spread(ordered: Sequence[int], first: int, change: Callable[[int], int]) -> list[int]:
    made = [first] if ordered else []
    for before, after in pairwise(ordered):
        made.append(made[-1] + change(after - before))
    return made


def _gap(gap: int) -> int:
    for low, high in pairwise(_GAPS):
        if low <= gap < high:
            return _PICK.randrange(low, high)
    return _PICK.randrange(max(gap * 3 // 5, _GAPS[-1]), gap * 8 // 5)


def write(ledger: Ledger, folder: Path) -> Twin:
    """Make the twin of a ledger, inside `reading`, in a folder that is new or empty. Refuses what is damaged (L005)."""
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        hint = "name a new folder"
        raise Refusal(Problem("L003", "this folder is in use; nothing is overwritten", hint, str(folder)), exit_code=4)
    ledger.verify_people()
    items = derive.live(ledger)
    paths = {rows.document: rows.path for rows in derive.verified(ledger, items)}
    read = {item.rows.document: _rows(paths[item.rows.document], item.sort) for item in items}
    with opening.open_ledger(folder, create=True) as made:
        values = _Values(made.key)
        values.see(*_times(ledger, items, read))
        targets = {item.rows.document: staging.Target(made.documents) for item in items}
        try:
            staged = {}
            for item in items:
                number = item.rows.document
                types, _ = _FORMS[item.sort]
                path = targets[number].path
                staging.write_rows(path, types, (_CHANGE.get(item.sort, _changed)(values, row) for row in read[number]))
                staged[number] = staging.sealed(path, (), {}), path.name.removeprefix(staging.TEMPORARY)
            with made.writing():
                _fill(ledger, made, values, staged, read)
                for target in targets.values():
                    target.path.rename(made.documents / target.path.name.removeprefix(staging.TEMPORARY))
                everyone = derive.everything(made)
                if everyone:
                    derive.recompute(made, everyone)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            for target in targets.values():
                target.discard()
    return Twin(len(items), sum(map(len, read.values())))


def _rows(path: Path, sort: str) -> list[dict[str, Any]]:
    types, limits = _FORMS[sort]
    later = stored_totals.LATER if sort == TOTALS else {}
    query = f"{columns.rows_sql(types, later)} ORDER BY line"
    rows = columns.query(path, query, memory=staging.MEMORY, types=types, limits=limits, later=later)
    return [dict(zip(types, row, strict=True)) for row in rows]


def _times(ledger: Ledger, items: Sequence[derive.Live], read: _Read) -> tuple[set[int], set[str]]:
    instants: set[int] = set()
    days = {str(day) for item in recorded.typed(ledger) for day in _days_of(item)}
    told = (stored_money.item_of(row) for item in items if item.sort == MONEY for row in read[item.rows.document])
    days |= {str(day) for item in told for day in _days_of(item)}
    days |= {since for (since,) in ledger.sql.execute("SELECT since FROM consents")}
    for item in items:
        for row in read[item.rows.document]:
            instants.update(row[name] for name in ("time", "started", "ended") if isinstance(row.get(name), int) and row[name])
            days.update(row[name] for name in ("first_day", "last_day") if name in row)
    return instants, days


def _changed(values: _Values, row: dict[str, Any]) -> list[object]:
    """A row of the twin, in the order of its columns."""
    made: list[object] = []
    for name, value in row.items():
        if name in ("line", "region", "gift_type", "repeat_end", "occurrence", "span", "approximate"):
            made.append(value)
        elif name in ("time", "started", "ended"):
            made.append(values.times.get(value, 0))
        elif name in ("first_day", "last_day"):
            made.append(values.days[value])
        elif name in ("creator", "gift", "combo"):
            made.append(values.name(name, value))
        elif name in ("event_id", "message_id", "stream", "room", "gift_id"):
            made.append(values.identifier(value))
        elif name in ("quantity", "repeat_count"):
            made.append(values.count(value))
        elif name == "raw":
            made.append(str(values.amount(len(value) * 7)) if value else "")
        elif name == "source":
            made.append(value if value in _SOURCES else values.name("profile", value))
        elif isinstance(value, int):
            made.append(_within(values, row, name, value))
        else:  # people: an alias, or the creator
            made.append(values.name("creator", value) if value == row["creator"] else values.alias(value))
    return made


def _changed_money(values: _Values, row: dict[str, Any]) -> list[object]:
    """The same for a row of a statement."""
    return [row["line"], row["occurrence"], *stored_money.plain_of(_told(values, stored_money.item_of(row)))]


_CHANGE: Final = {MONEY: _changed_money}


def _within(values: _Values, row: dict[str, Any], name: str, value: int) -> int:
    """An amount that no limit of a row forbids."""
    amount = values.amount(value)
    return min(amount, 10**15 // max(values.count(row.get("quantity", 1)), 1)) if name == "coins" else amount


def _fill(ledger: Ledger, made: Ledger, values: _Values, staged: _Staged, read: _Read) -> None:
    """The catalog of the twin, all but what is derived."""
    cursor = ledger.sql.execute("SELECT * FROM documents ORDER BY id")
    names = [column for column, *_ in cursor.description]
    for at, row in enumerate(cursor.fetchall()):
        document = dict(zip(names, row, strict=True))
        number = document["id"]
        file, name = staged[number]
        imported = datetime(2025, 1, 1) + timedelta(minutes=at)
        left_out = _left_out(ledger, number)
        document |= {
            "name": f"file {number}",
            "kind": document["kind"] if document["kind"] in _KINDS else values.name("kind", document["kind"]),
            "sha256": secrets.token_hex(32),
            "bytes": values.amount(document["bytes"]),
            "creator": values.name("creator", document["creator"]),
            "input_timezone": "UTC" if document["input_timezone"] else "",
            "encoding": "utf-8",
            "imported": f"{imported:%Y-%m-%d %H:%M:%S}",
            "coins": str(_coins(values, read[number]) or values.amount(int(document["coins"]))),
            "notices": "[]",
            "file": name,
            "file_sha256": file.sha256,
            "rejects_sha256": rejects.sha256(left_out) if left_out else "",
            "profile": "",
            "uncertain": "{}",
        }
        marks = ", ".join(f":{name}" for name in document)
        quoted = ", ".join(f'"{name}"' for name in document)
        made.sql.execute(f"INSERT INTO documents ({quoted}) VALUES ({marks})", document)
        if left_out:
            rejects.put(made, number, left_out)
    _spans(ledger, made, values, read)
    people = ledger.sql.execute("SELECT alias, name IS NULL FROM gifters").fetchall()
    for alias, erased in people:
        made.sql.execute(
            "INSERT INTO gifters VALUES (?, ?)", (values.alias(alias), None if erased else values.name("gifter", alias))
        )
    for alias, since in ledger.sql.execute("SELECT alias, since FROM consents").fetchall():
        made.sql.execute("INSERT INTO consents VALUES (?, ?, '2025-01-01 00:00:00')", (values.alias(alias), values.days[since]))
    for document, place, line, code, state, repaired in ledger.sql.execute(
        "SELECT document, place, line, code, state, repaired FROM rejected"
    ).fetchall():
        row = (document, place, line, code, CODES.get(code, "a problem"), "", state, "", repaired)
        made.sql.execute("INSERT INTO rejected VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for creator, document, family in ledger.sql.execute("SELECT creator, document, family FROM preferences").fetchall():
        made.sql.execute("INSERT INTO preferences VALUES (?, ?, ?)", (values.name("creator", creator), document, family))
    for number, (file, _) in staged.items():
        if ledger.sql.execute("SELECT 1 FROM documents WHERE id = ? AND sort = 'money'", (number,)).fetchone():
            stored_money.store(made, number, "", file.path, ProblemLog())
    for item in recorded.typed(ledger):
        recorded.put(made, _told(values, item), "2025-01-01 00:00:00")


def _days_of(item: Record) -> Iterator[date]:
    """Every day that a record names."""
    yield from (day for day in (item.day, item.arrived_on, item.invoiced, item.ended) if day is not None)
    if item.kind in ("day", "week", "month"):
        yield from periods.span_of(item.kind, item.name, item.day)


def _told(values: _Values, item: Record) -> Record:
    """A record of the twin: of the same sort, on other days, of other amounts, by nobody."""

    def day(known: date | None) -> date | None:
        return None if known is None else date.fromisoformat(values.days[str(known)])

    name = item.name
    if item.sort == "income":
        name = values.name("payer", name)
    elif item.kind == "live":
        name = values.identifier(name)
    elif item.sort == "credit":
        first = date.fromisoformat(values.days[str(periods.span_of(item.kind, item.name, item.day)[0])])
        name = {"day": str(first), "week": periods.week_of(first).label, "month": periods.month_of(first).label}[item.kind]
    changed: dict[str, Any] = {
        key: Decimal(_money(values, f"{known:f}"))
        for key in ("amount", "arrived", "tax", "fee")
        if (known := getattr(item, key)) is not None
    }
    changed |= {key: day(getattr(item, key)) for key in ("day", "arrived_on", "invoiced", "ended")}
    if item.sort == "income":
        changed["kind"] = values.name("product", item.kind)
    return item._replace(
        **changed, creator=values.name("creator", item.creator), name=name, at="12:00" if item.at else "",
        method=values.name("method", item.method), exchange="1" if item.exchange else "",
        exchange_source="a source" if item.exchange_source else "", invoice=values.name("invoice", item.invoice),
        key=values.name("key", item.key), account=values.name("account", item.account),
        reason="a reason" if item.reason else "",
    )  # fmt: skip


def _coins(values: _Values, rows: Iterable[dict[str, Any]]) -> int:
    """Those of all rows that are gifts."""
    gifts = (row for row in rows if "quantity" in row)
    return sum(_within(values, row, "coins", row["coins"]) * values.count(row["quantity"]) for row in gifts)


def _spans(ledger: Ledger, made: Ledger, values: _Values, read: _Read) -> None:
    of: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for document, rows in read.items():
        for row in rows:
            of.setdefault(document, {}).setdefault(row["creator"], []).append(row)
    for number, creator, family in ledger.sql.execute("SELECT document, creator, family FROM spans").fetchall():
        mine = of[number][creator]
        if family in (TOTALS, MONEY):
            days = [
                periods.instant_of(datetime.fromisoformat(values.days[row[name]]))
                for row in mine
                for name in (("first_day", "last_day") if family == TOTALS else ("day",))
            ]
            first, last, ids = min(days), max(days), [""]
        else:
            times = [values.times[row["time"]] for row in mine]
            first, last = min(times), max(times)
            ids = [values.identifier(made_of) for row in mine if (made_of := row.get("event_id") or row.get("message_id"))] or [
                ""
            ]
        span = (number, values.name("creator", creator), family, len(mine), first, last, min(ids), max(ids))
        made.sql.execute("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?)", span)


def _left_out(ledger: Ledger, number: int) -> str:
    """As many rejected rows of a document, at the same places, without a word of theirs."""
    rows = ledger.sql.execute("SELECT place FROM rejected WHERE document = ? ORDER BY line, place", (number,)).fetchall()
    if not rows:
        return ""
    name = document_name(number)
    return "\n".join([",".join(LEFT_OUT_COLUMNS), *(f"{name},{place},,," for (place,) in rows), ""])


def _money(values: _Values, amount: str) -> str:
    """Another amount of the same sign and digits."""
    whole = Decimal(amount)
    exponent = int(whole.as_tuple().exponent)
    units = values.amount(int(abs(whole).scaleb(-exponent)))
    return f"{Decimal(units).scaleb(exponent).copy_sign(whole):f}"
