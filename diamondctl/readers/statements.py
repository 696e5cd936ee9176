"""Reading statements: rows of a PayPal or bank account, lists of credits, tables of other income, as movements of money.

One engine for all of `statement_formats`. Rows that are no payment of the platform (conversions, holds, transfers to an own
account, money of others) are left out and counted; days are the statement's own.
"""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, allocate, exact, quantise
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import cells, mapped, money_cells, tables
from diamondctl.readers.cells import CellError, listed, short
from diamondctl.readers.gift_rows import Facts, Payer, Settings
from diamondctl.readers.money_cells import Written
from diamondctl.readers.profile import Profile
from diamondctl.readers.sources import Source
from diamondctl.readers.statement_formats import CREDIT, FORMATS, INCOME, LEFT, PAYOUT, Format, of_profile
from diamondctl.readers.total_rows import is_total
from diamondctl.records import Movement, Record

_AMOUNTS: Final = ("amount", "fee", "net", "tax")
_IN_BRACKETS: Final = re.compile(r"(.*?) ?\(([a-z]{3})\)")
_PATTERN_MARKS: Final = re.compile(r"[*?\[]")


class _Row(NamedTuple):
    line: int
    texts: Mapping[str, str]  # by field
    products: tuple[tuple[str, str, str], ...]  # product, currency, text
    cells: Sequence[str]
    place: Callable[[str], tuple[int, int]]  # of a field

    def text(self, field: str) -> str:
        """The cell of a field, without blanks around it; blank where there is none."""
        return self.texts.get(field, "").strip(" \t\u00a0\ufeff")


class _Left(Exception):
    """A row that is left out, and what such rows are called."""


def recognises(source: Source) -> bool:
    """Whether the header is that of a statement."""
    return _known(source, ProblemLog()) is not None


def kind_of(source: Source) -> str:
    """What a statement is, such as `PayPal statement`."""
    known = _known(source, ProblemLog())
    return known[0].kind if known else "statement"


def _known(source: Source, log: ProblemLog) -> tuple[Format, tables.Table] | None:
    for table in islice(tables.csv_tables(source, "", 0, log), 40):
        words = set(tables.words(table.names))
        bare = {_bare(word)[0] for word in words}
        for item in FORMATS:
            if all(words & set(item.columns[field]) for field in item.needed) and (
                not item.products or bare & item.products.keys()
            ):
                return item, table
    return None


def _bare(word: str) -> tuple[str, str]:
    """A header without the currency in brackets at its end, and that."""
    match = _IN_BRACKETS.fullmatch(word)
    return (match[1], match[2].upper()) if match and match[2].upper() in MINOR_UNITS else (word, "")


def read(
    source: Source, settings: Settings, log: ProblemLog, take: Callable[[Movement], None], profile: Profile | None = None
) -> Facts:
    """Hand every movement to `take`. Refuses a file of which nothing says who pays (S005), or whose money it is (S006)."""
    item, every, left_columns = _rows(source, settings, log, profile)
    rows: list[_Row] = []
    totals: list[_Row] = []
    for row in every:
        (totals if is_total(row.text("day"), row.cells) else rows).append(row)
    reader = _Reader(item, source.name, settings, rows, log)
    count = 0
    occurrences: Counter[Record] = Counter()
    for row in rows:
        for record in reader.records(row):
            occurrence = occurrences[record] if not record.key else 0
            occurrences[record] += 1
            take(Movement(record, row.line, occurrence))
            count += 1
    reader.finish(totals)
    source.rewind()
    return Facts(count, tuple(reader.notices(left_columns)), kind=item.kind)


def _rows(
    source: Source, settings: Settings, log: ProblemLog, profile: Profile | None
) -> tuple[Format, Iterable[_Row], Sequence[str]]:
    if profile is not None:
        found = mapped.MappedRows(source, settings._replace(creator=settings.creator or "-"), log, profile)
        return of_profile(profile), _mapped(found), tuple(found.left)
    known = _known(source, log)
    assert known is not None
    item, table = known
    words = tables.words(table.names)
    for word in {word for word in words if words.count(word) > 1}:
        if any(word in names for names in item.columns.values()):
            raise Refusal(Problem("G002", f"column '{short(word)}' appears twice", "keep one of them", source.name, table.line))
    places: dict[str, int] = {}
    for field, names in item.columns.items():
        at = [words.index(name) for name in names if name in words]
        if at:
            places[field] = at[0]
    more = [words.index(name) for name in item.columns.get("more", ()) if name in words]
    wide = [(item.products[bare], currency or item.currency, at) for at, word in enumerate(words)
            for bare, currency in [_bare(word)] if bare in item.products]  # fmt: skip
    return item, _plain(table.rows, places, more, wide), ()


def _plain(
    rows: Iterable[tables.Row], places: Mapping[str, int], more: Sequence[int], wide: Sequence[tuple[str, str, int]]
) -> Iterator[_Row]:
    for row in rows:
        texts = {field: row.cells[at] for field, at in places.items()}
        texts["more"] = " ".join(row.cells[at] for at in more)
        products = tuple((product, currency, row.cells[at]) for product, currency, at in wide)

        def place(field: str, row: tables.Row = row) -> tuple[int, int]:
            at = next((at for product, _, at in wide if product == field), places.get(field, -1))
            return row.place(at) if at >= 0 else (row.line, 0)

        yield _Row(row.line, texts, products, row.cells, place)


def _mapped(found: mapped.MappedRows) -> Iterator[_Row]:
    for row, own in found:
        texts = {"day" if name == "timestamp" else name: text for name, text in own.items()}

        def place(field: str, row: tables.Row = row) -> tuple[int, int]:
            return found.locate(row, "timestamp" if field == "day" else field)

        yield _Row(row.line, texts, (), row.cells, place)


class _Reader:
    """The rows of one file, once it is known how its amounts and days are written."""

    def __init__(self, item: Format, file: str, settings: Settings, rows: Sequence[_Row], log: ProblemLog) -> None:
        self._item, self._file, self._settings, self._log = item, file, settings, log
        self._left: Counter[str] = Counter()
        self._payers: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()  # by product, before rounding
        self._rounded = Decimal(0)
        self._form = self._once(lambda: money_cells.day_form(
            [row.text("day") for row in rows], settings.money.date_format or item.form, item.forms), rows, "day")  # fmt: skip
        self._mark = self._once(lambda: money_cells.decimal_mark(self._every(rows), item.decimal), rows, "amount")
        if item.needs_payer and not settings.money.payers:
            raise self._who_pays(rows)

    def _once(self, decide: Callable[[], str], rows: Sequence[_Row], field: str) -> str:
        try:
            return decide()
        except CellError as error:
            place = rows[0].place(field) if rows else (0, 0)
            raise Refusal(Problem(error.code, error.message, error.hint, self._file, *place)) from None

    def _every(self, rows: Iterable[_Row]) -> Iterator[Written]:
        for row in rows:
            places = self._places(row.text("currency").upper() or self._item.currency)
            yield from (Written(row.text(field), places) for field in _AMOUNTS)
            yield from (Written(text, self._places(currency)) for _, currency, text in row.products)

    def _places(self, currency: str) -> int:
        return max(MINOR_UNITS.get(currency, 2), self._item.places)

    def records(self, row: _Row) -> list[Record]:
        """What a row is: none where it is left out, or has a problem."""
        try:
            return self._records(row)
        except _Left as left:
            self._left[str(left)] += 1
        except mapped.WrongCell as wrong:
            place = row.place(wrong.column)
            self._log.add(Problem(wrong.error.code, wrong.error.message, wrong.error.hint, self._file, *place))
        except CellError as error:
            self._log.add(Problem(error.code, error.message, error.hint, self._file, row.line))
        return []

    def _records(self, row: _Row) -> list[Record]:
        item = self._item
        if row.text("test").casefold() in ("true", "1", "yes"):
            raise _Left("test")
        if row.text("impact").casefold() in ("memo", "mémo"):
            raise _Left("authorisation or hold")
        kind = row.text("type").casefold() or (row.text("payer").casefold() if item.account == "wise" else "")
        for beginning, what in item.plumbing.items():
            if kind.startswith(beginning):
                raise _Left(what)
        status = row.text("status")
        state = item.states.get(status.casefold(), LEFT) if status else ""
        if state == LEFT:
            raise _Left(f"status {short(status)}")
        return {PAYOUT: self._payout, CREDIT: self._credit, INCOME: self._income}[item.sort](row, state)

    def _payout(self, row: _Row, state: str) -> list[Record]:
        if not row.text("amount"):
            raise _Left("money out")
        currency = self._currency(row)
        amount = self._amount(row, "amount", currency)
        shares = self._whose(row)
        if amount < 0 and not row.text("reference"):
            raise _Left("money out")
        if amount == 0:
            raise _Left("of nothing")
        day = self._day(row)
        transaction = self._cell(row, "transaction", cells.identifier)
        tax, fee, net = self._taken(row, amount, currency)
        if amount < 0:
            transaction, state = self._cell(row, "reference", cells.identifier), "reversed"
        account = (row.text("account") or self._item.account).casefold()
        leg = row.text("leg").casefold() or self._item.leg
        made = Record(
            "payout", 0, "", "", day, abs(amount), currency, method=account, key=transaction, account=account, leg=leg,
            status=state,
        )  # fmt: skip
        if state in ("failed", "reversed"):
            made = made._replace(ended=day)
        elif not state and leg == "in":
            made = made._replace(arrived=net, arrived_currency=currency, arrived_on=day, tax=tax, fee=fee)
        return _split(made, shares)

    def _taken(self, row: _Row, amount: Decimal, currency: str) -> tuple[Decimal | None, Decimal | None, Decimal]:
        """Tax, fee, and what is left of an amount; what the row says of it must add up (S007)."""
        fee, tax = (abs(self._amount(row, name, currency)) if row.text(name) else None for name in ("fee", "tax"))
        with exact():
            left = abs(amount) - (fee or 0) - (tax or 0)
            if row.text("net"):
                net = abs(self._amount(row, "net", currency))
                if fee is not None and net != left and amount > 0:
                    message = f"{abs(amount):f} less {fee + (tax or 0):f} is {left:f}, and the row says {net:f}"
                    raise mapped.WrongCell("net", CellError("S007", message, "is a column mapped wrongly?"))
                fee, left = abs(amount) - (tax or 0) - net, net
        if left < 0 or (fee is not None and fee < 0):
            raise mapped.WrongCell("fee", CellError("S007", "more was taken than came", "is a column mapped wrongly?"))
        return tax, fee, quantise(left, currency, "half_even")

    def _credit(self, row: _Row, state: str) -> list[Record]:
        currency = self._currency(row)
        amount = self._amount(row, "amount", currency)
        if amount < 0:
            raise mapped.WrongCell("amount", CellError("S001", "less than nothing was credited", "an adjustment is no credit"))
        day = self._day(row)
        kind, name, last = "day", str(day), day
        if self._item.span == "month":
            month = periods.month_of(day)
            kind, name, last = "month", month.label, month.last_day
        elif self._item.span == "stream":
            kind, name = "live", self._cell(row, "stream", cells.identifier)
            if not name:
                raise mapped.WrongCell("stream", CellError("S003", "nothing says which LIVE this is", "fill it in"))
        if row.text("booked"):
            booked = self._day(row, "booked")
            if booked < last:
                message = f"booked on {booked}, before the {kind} {name} was over"
                raise mapped.WrongCell("booked", CellError("S003", message, "is a column mapped wrongly?"))
            last = booked
        key = self._cell(row, "transaction", cells.identifier)
        account = row.text("account") or self._item.account
        made = Record("credit", 0, "", "", last, amount, currency, kind, name, key=key, account=account)
        return [made._replace(creator=self._creator(row))]

    def _income(self, row: _Row, state: str) -> list[Record]:
        if state in ("failed", "reversed"):
            raise _Left(state)
        day, creator = self._day(row), self._creator(row)
        if self._item.products:
            return [
                made
                for product, currency, text in row.products
                for made in self._earned(row, day, creator, currency, product, text)
            ]
        currency = self._currency(row)
        amount = self._amount(row, "amount", currency)
        fee = abs(self._amount(row, "fee", currency)) if row.text("fee") else Decimal(0)
        if amount <= 0:
            raise _Left("of nothing" if not amount else "money out")
        account = row.text("account") or self._item.account
        # Who sent a tip is a fan: no name of theirs is kept.
        source = self._cell(row, "source", cells.text) if self._item.account != "tips" else ""
        if amount <= fee:
            raise mapped.WrongCell("fee", CellError("S007", "more was taken than came", "is a column mapped wrongly?"))
        with exact():
            paid = quantise(amount - fee, currency, "half_even")
        return [
            Record(
                "income", 0, creator, "", day, paid, currency, self._cell(row, "product", cells.text).strip(),
                source.strip() or account, key=self._cell(row, "transaction", cells.identifier), account=account,
                invoice=self._cell(row, "invoice", cells.text).strip(), paid=not state, invoiced=day if state else None,
            )
        ]  # fmt: skip

    def _earned(self, row: _Row, day: date, creator: str, currency: str, product: str, text: str) -> Iterator[Record]:
        if currency not in MINOR_UNITS:
            raise CellError("S008", "the header names no currency", "export it again with its header as it was")
        try:
            value = money_cells.amount(Written(text, self._places(currency)), self._mark) if text.strip() else Decimal(0)
        except CellError as error:
            raise mapped.WrongCell(product, error) from None
        with exact():
            paid = quantise(value, currency, "half_even")
            self._sums[product] += value  # type: ignore[assignment]
            self._rounded += paid - value
        if paid > 0:
            yield Record("income", 0, creator, "", day, paid, currency, product, self._item.account, account=self._item.account)

    def _currency(self, row: _Row) -> str:
        currency = row.text("currency").upper() or self._item.currency
        if currency not in MINOR_UNITS:
            said = f"'{short(currency)}' is not a currency" if currency else "a row without a currency"
            raise mapped.WrongCell("currency", CellError("S008", said, "three letters of ISO 4217, such as USD"))
        return currency

    def _amount(self, row: _Row, field: str, currency: str) -> Decimal:
        try:
            value = money_cells.amount(Written(row.text(field), self._places(currency)), self._mark)
        except CellError as error:
            raise mapped.WrongCell(field, error) from None
        return quantise(value, currency, "half_even") if not self._item.places else value

    def _day(self, row: _Row, field: str = "day") -> date:
        try:
            return money_cells.day(row.text(field), self._form)
        except CellError as error:
            raise mapped.WrongCell(field, error) from None

    def _cell(self, row: _Row, field: str, check: Callable[[str], str]) -> str:
        try:
            return check(row.texts.get(field, ""))
        except CellError as error:
            raise mapped.WrongCell(field, error) from None

    def _creator(self, row: _Row) -> str:
        """Whose a row is: as it says, else as was said of the file, else the only one's (S006)."""
        creator = self._cell(row, "creator", cells.text).strip()
        creator = creator or self._settings.creator or self._settings.money.only
        if not creator:
            raise CellError("S006", "nothing says whose money this is", "give --creator NAME")
        return creator

    def _whose(self, row: _Row) -> list[tuple[str, Decimal]]:
        """Into whose wallets a payment belongs, in percent: none where it is not of the platform."""
        payers = self._settings.money.payers
        text = f"{row.text('payer')} {row.text('more')}"
        if self._item.needs_payer:
            mine = sorted({payer.creator for payer in payers if payer.creator and matches(payer, text)})
            if len(mine) > 1:
                message = f"the names of {listed(mine)} fit one payment: '{short(text.strip())}'"
                raise CellError("S006", message, "make the settings creators.NAME.payer tell them apart")
            if mine:
                return [(mine[0], Decimal(100))]
            if not any(matches(payer, text) for payer in payers if not payer.creator):
                raise _Left("payment of others")
        if row.text("creator") or self._settings.creator:
            return [(self._creator(row), Decimal(100))]
        if shares := self._settings.money.shares:
            return list(shares)
        if not self._settings.money.only:
            hint = "give --creator NAME; or say who gets what of it: diamondctl config set creators.NAME.deposits PERCENT"
            raise CellError("S006", "nothing says whose payout this is, and there are several creators", hint)
        return [(self._settings.money.only, Decimal(100))]

    def _who_pays(self, rows: Sequence[_Row]) -> Refusal:
        """Nothing says who pays: the names there are, and the one that looks like it in a command."""
        seen: Counter[str] = Counter()
        for row in rows:
            name = row.text("payer")
            kind = row.text("type").casefold()
            if (
                name
                and row.text("amount")[:1] not in ("-", "\u2212", "")
                and not any(map(kind.startswith, self._item.plumbing))
            ):
                seen[name] += 1
        names = [name for name, _ in seen.most_common(8)]
        likely = next((name for name in seen if re.search("tiktok|bytedance", name, re.IGNORECASE)), "NAME")
        word = "TikTok" if "tiktok" in likely.casefold() else likely
        who = f"; money came from {listed(names)}" if names else ""
        hint = f'diamondctl config set payer "{word}", then import it again'
        return Refusal(Problem("S005", f"nothing says which payments are TikTok's{who}", hint, self._file))

    def finish(self, totals: Sequence[_Row]) -> None:
        """Check what rows of totals say of a table with a column a product (S007)."""
        for row in totals if not self._log.total else ():
            for product, currency, text in row.products:
                try:
                    says = money_cells.amount(Written(text, self._places(currency)), self._mark) if text.strip() else None
                except CellError:
                    says = None
                if says is not None and says != self._sums[product]:
                    message = f"the row of totals says {says:f} of {product}; the rows come to {self._sums[product]:f}"
                    hint = "is a row missing? export it again"
                    self._log.add(Problem("S007", message, hint, self._file, *row.place(product)))
        if totals:
            self._left["row of totals"] += len(totals)

    def notices(self, left_columns: Sequence[str]) -> list[str]:
        """What is to be said: what was left out, and why."""
        said = []
        if self._left:
            parts = ", ".join(f"{what} ({count:,})" for what, count in sorted(self._left.items()))
            said.append(f"left out: {parts}")
        if self._rounded:
            said.append(f"rounded to the cent row by row: {self._rounded:+f} in all")
        return said


def matches(payer: Payer, text: str) -> bool:
    """Whether a text of a statement names a payer: holds it, or fits it whole where it is a pattern."""
    pattern, words = payer.pattern.casefold(), text.casefold()
    return fnmatch.fnmatchcase(words.strip(), pattern) if _PATTERN_MARKS.search(pattern) else pattern in words


def _split(made: Record, shares: Sequence[tuple[str, Decimal]]) -> list[Record]:
    """One deposit as those of several creators; the parts of each amount add up to it."""
    if len(shares) == 1:
        return [made._replace(creator=shares[0][0])]
    weights = [percent for _, percent in shares]
    parts: dict[str, list[Any]] = {
        name: allocate(value, weights, Decimal(1).scaleb(-MINOR_UNITS[made.currency]))
        for name in ("amount", "arrived", "tax", "fee")
        if (value := getattr(made, name)) is not None
    }
    of_each: list[dict[str, Any]] = [{name: mine[at] for name, mine in parts.items()} for at in range(len(shares))]
    return [made._replace(creator=creator, **mine) for (creator, _), mine in zip(shares, of_each, strict=True)]
