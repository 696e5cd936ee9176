"""A pack: a statement with all that proves it in one ZIP, which reads without this tool. Same figures, same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.render import entries, numbers
from diamondctl.render import shape as f
from diamondctl.render.formats import as_csv, as_json, harmless
from diamondctl.render.records import RECORD
from diamondctl.render.statement import HTML, XLSX, answer, number_of, version_of, view
from diamondctl.render.text import clean
from diamondctl.reports.statement import Statement, WalletStatement
from diamondctl.words import counted

_SUMS: Final = "SHA256SUMS"
_TEXT: Final = f.pick(entries.FIELDS, "text")
_CHECK: Final = "`sha256sum -c SHA256SUMS` checks that no file of this pack was changed."


def packed(report: Statement, *, facts: bool) -> bytes:
    """The ZIP; with `facts` only what files and records say, and no figure that rests on a rate."""
    files = dict(_facts(report) if facts else _whole(report))
    files[_SUMS] = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _whole(report: Statement) -> Iterator[tuple[str, bytes]]:
    made = view(report)
    yield "statement.xlsx", _bytes(made.texts[XLSX.name]())
    yield "statement.html", _bytes(made.texts[HTML.name]())
    yield "statement.json", as_json(made.document()).encode()
    yield "statement.csv", as_csv(made.records()).encode()
    yield "entries.csv", _csv(("number", *_ENTRY), _entries(report))
    yield "payouts.csv", as_csv(f.records_of(RECORD, [p for item in report.wallets for p in item.payouts])).encode()
    yield "rates.csv", _csv(_RATE, _rates(report))
    yield "documents.csv", _csv(_DOCUMENT, _documents(report))
    yield "README.txt", _explainer(report).encode()


def _facts(report: Statement) -> Iterator[tuple[str, bytes]]:
    yield "lives.csv", _csv(_LIVE, _lives(report))
    yield "records.csv", as_csv(f.records_of(RECORD, _records(report))).encode()
    yield "documents.csv", _csv(_DOCUMENT, _documents(report))
    yield "README.txt", _facts_only(report).encode()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Numbers are those that are numbers; all else passes the gate of texts."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([harmless(str(cell), isinstance(cell, int)) for cell in row])
    return out.getvalue().encode()


_ENTRY: Final = ("id", "day", "kind", "text", "document", "place", "least", "most", "currency")
_RATE: Final = ("rate", "effective", "value", "confidence", "seen_to_hold", "where", "file_sha256", "source", "address")
_DOCUMENT: Final = ("name", "kind", "sha256", "rows")
_LIVE: Final = ("creator", "region", "unit", "name", "first_gift_utc", "last_gift_utc", "gifts", "coins")


class _Number(int):
    """An amount with its decimals, which is a number to the gate."""

    text: str

    def __new__(cls, text: str) -> _Number:
        made = super().__new__(cls, 0)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text


def _entries(report: Statement) -> Iterator[Sequence[object]]:
    for item in report.wallets:
        for entry in item.entries:
            for posting in entry.postings:
                places = MINOR_UNITS[posting.currency]
                ends = (_Number(f"{end:.{places}f}") for end in (posting.amount.low, posting.amount.high))
                words = (entry.id, entry.day, entry.kind, entry.text, entry.document, posting.place)
                yield (number_of(report, item), *words, *ends, posting.currency)


def _rates(report: Statement) -> Iterator[Sequence[object]]:
    for use in report.rates:
        entry = use.entry
        row = f.json_of(f.under("entry", _TEXT), use)
        for name in entry.sources or ("",):
            source = use.zone.sources.get(name)
            where = (entry.where, use.zone.sha256, name, "" if source is None else source.url or "")
            yield (entry.rate, entry.effective_text, row["text"], entry.confidence, entry.verified, *where)


def _documents(report: Statement) -> Iterator[Sequence[object]]:
    for item in report.scope.documents:
        yield item.name, item.kind, item.sha256, item.rows


def _records(report: Statement) -> list[object]:
    """Payouts, balances, credits and income of the period, as people and statements say."""
    period = report.scope.period
    return [item for item in report.scope.origin.records if period.start <= item.day < period.end]


def _lives(report: Statement) -> Iterator[Sequence[object]]:
    """What came in each LIVE, day or week of the period."""
    for account in report.scope.accounts:
        for credit in account.now:
            if credit.rows:
                gifts, coins = sum(row.gifts for row in credit.rows), sum(row.coins for row in credit.rows)
                name = credit.name if credit.unit == "stream" else f"from {credit.name}"
                times = (_time(credit.rows[0].quarter * 900), _time(credit.rows[-1].quarter * 900 + 899))
                yield (credit.creator, credit.region, credit.unit, name, *times, gifts, coins)


def _time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M")


def _explainer(report: Statement) -> str:
    """One page: what is fact, what is rated, what nobody knows."""
    lines = [f"# {clean(answer(report))}", ""]
    for item in report.wallets:
        lines.append(f"Statement {clean(number_of(report, item))}, version {version_of(report)}.")
    lines += ["", "## Fact: what files and records say", ""]
    lines += [f"- {text}" for text in _facts_of(report)]
    lines += ["", "## Rated: what rate files make of it", ""]
    for item in report.wallets:
        earned = item.line("earned").current
        lines.append(f"- You earned: {_amount(earned, item)}, of gifts worth {_amount(item.line('gift_value').current, item)}.")
    for use in report.rates:
        text = f.json_of(_TEXT, use.entry)["text"]
        since = f"since {use.entry.effective_text}, {use.entry.confidence}, {use.entry.where}"
        lines.append(f"- {clean(use.entry.rate)}: {clean(str(text))}; {clean(since)}. Its sources: rates.csv.")
    lines += ["", "## Unknown", ""]
    open_items = [clean(item.text) for wallet in report.wallets for item in wallet.open_items]
    lines += [f"- {text}" for text in (*open_items, *(clean(str(text)) for text in report.warnings))] or ["- Nothing."]
    lines += ["", "## To check it", "", f"- {_CHECK}"]
    lines.append("- statement.xlsx adds up by its own formulas; entries.csv has every entry, each of which sums to zero.")
    lines.append("- `diamondctl verify statement.json FILE...` computes it again from the files in documents.csv.")
    return "\n".join([*lines, "", "Not a promise of payment.", ""])


def _facts_only(report: Statement) -> str:
    title = clean(f"{report.scope.period.title}, {report.creator}: what files and records say")
    lines = [f"# {title}", "", "No figure here rests on a rate.", ""]
    lines += [f"- {text}" for text in _facts_of(report)]
    lines += ["- lives.csv: gifts and coins of every LIVE. records.csv: what was recorded. documents.csv: the files."]
    return "\n".join([*lines, "", _CHECK, ""])


def _facts_of(report: Statement) -> Iterator[str]:
    documents = report.scope.documents
    rows = counted(sum(item.rows for item in documents), "row")
    yield f"{counted(len(documents), 'document')} with {rows}; see documents.csv."
    for item in report.wallets:
        controls = {control.key: control.value for control in item.controls}
        unrated = controls["unrated"]
        more = f", and {counted(unrated, 'gift')} without a rate" if unrated else ""
        yield f"{counted(controls['gifts'], 'gift')} of {counted(controls['coins'], 'coin')} in the period{more}."
        for payout in item.payouts:
            arrived = "not arrived yet"
            if payout.arrived is not None:
                what = numbers.money_range(Range.of(payout.arrived), payout.arrived_currency)
                arrived = f"{what} {payout.arrived_currency} arrived on {payout.arrived_on}"
            amount = numbers.money_range(Range.of(payout.amount), payout.currency)
            yield clean(f"{payout.id}: {amount} {payout.currency} left on {payout.day}, {arrived}.")
        for shown in item.wallet.held.differences:
            amount = numbers.money_range(Range.of(shown.record.amount), item.currency)
            yield clean(f"{shown.record.id}: the app showed {amount} {item.currency} on {shown.record.day}.")


def _amount(amount: Range, item: WalletStatement) -> str:
    return f"{amount.about}{numbers.money_range(amount, item.currency)} {item.currency}"
