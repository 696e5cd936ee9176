"""Books as text: hledger, beancount, and CSV as a mapping file describes it. The same books give the same bytes.

What comes from files (names, reasons) can begin no directive and end no text: accounts are made of letters, digits and
hyphens (`reports.posting.slug`), and texts lose what is a mark there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl.money import MINOR_UNITS, total
from diamondctl.rating.places import WALLET
from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.formats import as_csv, harmless
from diamondctl.render.parquet import parquet
from diamondctl.render.text import clean
from diamondctl.render.view import Records
from diamondctl.reports.journal import Booking
from diamondctl.reports.posting import Assertion, Books, Line, Posted, filled
from diamondctl.words import counted

_ABOUT: Final = "The least of a range: "
STANDS_ON = "These entries go on from earlier ones: read them together, or export with --alone."


def hledger(books: Books) -> str:
    """A journal that `hledger check --strict` accepts."""
    used = {line.currency for item in books.entries for line in item.lines}
    used |= {line.currency for line in books.opening} | {item.currency for item in books.assertions}
    currencies = sorted(used)
    lines = [f"; {text}" for text in _head(books)]
    lines += [f"commodity {currency}" for currency in currencies]
    lines += [f"account {account}" for account in sorted({*(account for account, _ in books.opened), *_accounts(books)})]
    lines.append("")
    for part in _in_order(books):
        if isinstance(part, Posted):
            entry = part.booking
            lines.append(f"{entry.day} ({entry.id}) {_said(part, ';|')}")
            if entry.document:
                lines.append(f"    ; document: {_safe(entry.document, ',')}")
            lines += [f"    {line.account}  {_amount(line)}" for line in part.lines]
        elif part.opening:
            lines.append(f"{part.day} (opening-{part.day}) opening balances")
            lines += [f"    {line.account}  {_amount(line)}" for line in part.opening]
        else:
            lines.append(f"{part.day} end of the month")
            lines += [
                f"    {item.account}  {_money(Decimal(0), item.currency)} = {_money(item.amount, item.currency)}"
                for item in part.assertions
            ]
        lines.append("")
    return "\n".join(lines)


def beancount(books: Books) -> str:
    """A ledger that `bean-check` accepts."""
    lines = [f"; {text}" for text in _head(books)]
    if books.stands_alone:
        lines += ['option "title" "diamondctl"', 'option "tolerance_multiplier" "0"']
    lines.append("")
    lines += [f"{day} open {account}" for account, day in books.opened]
    lines.append("")
    for part in _in_order(books):
        if isinstance(part, Posted):
            entry = part.booking
            lines += [f'{entry.day} * "{_quoted(_said(part, ""))}"', f'  id: "{entry.id}"']
            if entry.document:
                lines.append(f'  document_name: "{_quoted(entry.document)}"')
            lines += [f"  {line.account}  {_amount(line)}" for line in part.lines]
        elif part.opening:
            lines += [f'{part.day} * "opening balances"', f'  id: "opening-{part.day}"']
            lines += [f"  {line.account}  {_amount(line)}" for line in part.opening]
        else:
            after = part.day + timedelta(days=1)  # a balance is of the beginning of its day
            lines += [f"{after} balance {item.account}  {_money(item.amount, item.currency)}" for item in part.assertions]
        lines.append("")
    return "\n".join(lines)


class _Pause(NamedTuple):
    """What stands between entries: the opening before a day, or what accounts hold at its end."""

    day: date
    assertions: tuple[Assertion, ...] = ()
    opening: tuple[Line, ...] = ()


def _in_order(books: Books) -> Iterator[Posted | _Pause]:
    """Entries by time, the opening before the first, the balances of a day after its last."""
    if books.opening and books.start is not None:
        yield _Pause(books.start, opening=books.opening)
    ends = sorted({item.day for item in books.assertions})
    at = 0
    for day in [*ends, date.max]:
        while at < len(books.entries) and books.entries[at].booking.day <= day:
            yield books.entries[at]
            at += 1
        if day != date.max:
            yield _Pause(day, tuple(item for item in books.assertions if item.day == day))


def _head(books: Books) -> list[str]:
    first = f" from {books.start}" if books.start else ""
    texts = [f"diamondctl export: entries{first} up to {books.until}, by the day on which the platform booked them."]
    if not books.stands_alone:
        texts.append(STANDS_ON)
    if books.left_out:
        texts.append(f"{len(books.left_out):,} entries are left out: only a range is known of them.")
    return texts


def _accounts(books: Books) -> Iterator[str]:
    for item in books.entries:
        for line in item.lines:
            yield line.account
    for assertion in books.assertions:
        yield assertion.account


def _said(item: Posted, marks: str) -> str:
    return _safe((_ABOUT if item.is_least else "") + item.booking.text, marks)


def _safe(text: str, marks: str) -> str:
    """A text on one line, without what is a mark."""
    return clean(text).translate({ord(mark): " " for mark in marks + "\r\n"})


def _quoted(text: str) -> str:
    return _safe(text, "").replace("\\", "\\\\").replace('"', '\\"')


def _amount(line: Line) -> str:
    return _money(line.amount, line.currency)


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:.{MINOR_UNITS[currency]}f} {currency}"


LINE: f.Fields = (
    f.Field("id", of=lambda pair: pair[0].booking.id),
    f.Field("day", f.DAY, lambda pair: pair[0].booking.day),
    f.Field("instant", of=lambda pair: _instant(pair[0].booking.instant), maybe=True),
    f.Field("creator", of=lambda pair: pair[0].booking.creator),
    f.Field("platform", of=lambda pair: pair[0].booking.platform),
    f.Field("kind", of=lambda pair: pair[0].booking.kind),
    f.Field("place", of=lambda pair: pair[1].place),
    f.Field("account", of=lambda pair: pair[1].account),
    f.Field(
        "amount",
        f.DIGITS._replace(flat=lambda key, value: {key: value}),
        lambda pair: f"{pair[1].amount:.{MINOR_UNITS[pair[1].currency]}f}",
    ),
    f.Field("currency", f.CURRENCY, lambda pair: pair[1].currency),
    f.Field("text", of=lambda pair: (_ABOUT if pair[0].is_least else "") + pair[0].booking.text),
    f.Field("document", of=lambda pair: pair[0].booking.document),
)
COLUMNS: Final = f.columns_of(LINE)


def pairs(books: Books) -> list[tuple[Posted, Line]]:
    """Every line with its entry."""
    return [(item, line) for item in books.entries for line in item.lines]


def _instant(second: int | None) -> str:
    return "" if second is None else datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mapped(books: Books) -> list[bytes]:
    """CSV files as a mapping describes them, each with its header; no entry is cut in two."""
    target = books.target
    parts: list[list[list[str]]] = [[]]
    for number, item in enumerate(books.entries, 1):
        rows = [_row(books, item, line, number) for line in item.lines if line.amount]
        if target.lines and parts[-1] and len(parts[-1]) + len(rows) > target.lines:
            parts.append([])
        parts[-1] += rows
    return [_csv(books, rows) for rows in parts]


def _row(books: Books, item: Posted, line: Line, number: int) -> list[str]:
    target, entry = books.target, item.booking
    text = _said(item, "")
    places = MINOR_UNITS[line.currency]

    def amount(value: Decimal) -> str:
        return f"{value:.{places}f}".replace(".", target.decimal)

    values = {
        "id": entry.id,
        "number": str(number),
        "date": dated(entry.day, target.date),
        "text": text[: target.text_limit] if target.text_limit else text,
        "kind": entry.kind,
        "creator": clean(entry.creator),
        "platform": entry.platform,
        "place": line.place,
        "account": line.account,
        "amount": amount(line.amount),
        "debit": amount(line.amount) if line.amount > 0 else "",
        "credit": amount(-line.amount) if line.amount < 0 else "",
        "currency": line.currency,
        "tax_code": target.tax_codes.get(entry.kind, target.tax_codes.get("other", "")),
        "document": clean(entry.document),
    }
    numbers = {"{amount}", "{debit}", "{credit}"}
    cells = [(template, filled(template, values)) for template in target.columns.values()]
    return [harmless(cell, number=template in numbers) for template, cell in cells]


def dated(day: date, form: str) -> str:
    """A day in a form made of YYYY, YY, MM and DD."""
    names = {"YYYY": f"{day.year:04d}", "YY": f"{day.year % 100:02d}", "MM": f"{day.month:02d}", "DD": f"{day.day:02d}"}
    for name, text in names.items():
        form = form.replace(name, text)
    return form


def _csv(books: Books, rows: Sequence[Sequence[str]]) -> bytes:
    target = books.target
    out = io.StringIO()
    writer = csv.writer(out, delimiter=target.delimiter, lineterminator=target.line_end)
    writer.writerow(harmless(name, number=False) for name in target.columns)
    writer.writerows(rows)
    return out.getvalue().encode(target.encoding, "replace")


def as_parquet(rows: Records) -> bytes:
    """The lines of CSV as Parquet, amounts as exact decimals."""
    types = dict.fromkeys(rows.columns, "VARCHAR") | {"day": "DATE", "amount": "DECIMAL(38, 3)"}
    return parquet("entries", as_csv(rows._replace(numbers=frozenset(rows.columns))).encode(), types)


def texts(made: Books, *, quiet: bool, verbose: bool) -> list[str]:
    """What was written, and what was left out and why."""
    least = sum(item.is_least for item in made.entries)
    since = f"from {made.start} to" if made.start else "up to"
    told = [] if quiet else [f"{counted(len(made.entries), 'entry').replace('entrys', 'entries')} {since} {made.until}."]
    if least:
        told.append(f"! {least:,} of them at the least of what they can be (--post least): the rest is not in these books.")
    if made.left_out:
        told.append(f"! {len(made.left_out):,} left out, because only a range is known{'' if verbose else ' (each: -v)'}:")
        told += [f"!   {_listed(entry)}" for entry in made.left_out] if verbose else _by_wallet(made.left_out)
        creators = sorted({entry.creator for entry in made.left_out})
        name = creators[0] if len(creators) == 1 else "NAME"
        told.append(f"  Make them numbers: diamondctl config set creators.{name}.share PERCENT (LIVE Center shows it),")
        told.append("  or book the least of each: --post least")
    return told


def _listed(entry: Booking) -> str:
    amount, currency = entry.postings[-1].amount, entry.postings[-1].currency
    return f"{entry.day} {entry.creator}, {entry.text}: {numbers.money_range(amount, currency)} {currency}"


def _by_wallet(entries: Sequence[Booking]) -> list[str]:
    """A line for each wallet: one cause, told once."""
    texts = []
    for wallet in sorted({entry.wallet for entry in entries}):
        mine = [entry for entry in entries if entry.wallet == wallet]
        amount = numbers.money_range(total(entry.of(WALLET) for entry in mine), wallet[2])
        texts.append(f"!   {wallet[0]}: {len(mine):,} since {mine[0].day}, together {amount} {wallet[2]}")
    return texts
