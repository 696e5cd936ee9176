"""From the options of a run to its journal: every gift read, rated, and told month by month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import __version__, periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import Run, frame
from diamondctl.desk.plain import plain
from diamondctl.ledger import derive, documents, opening, recorded, stored_totals
from diamondctl.money import Range
from diamondctl.periods import MICROSECONDS
from diamondctl.records import Correction, Record
from diamondctl.reports.journal import Journal, journal, settle
from diamondctl.reports.scope import Scope
from diamondctl.reports.sealed import month_start
from diamondctl.reports.statement import Basis, Statement, cuts_of, so_far, statement
from diamondctl.words import document_name


class Told(NamedTuple):
    """A journal, and the frame that it was made in."""

    scope: Scope
    journal: Journal


def journal_of(chosen: Chosen) -> Told:
    """The journal up to the end of the period asked for, or to now."""
    scope = frame(chosen, about_period=chosen.asked.period is not None, since_first=True).scope
    spans = {} if chosen.files else _spans(chosen)
    if chosen.files and len(scope.documents) == 1:
        spans = {account.creator: [(0, 2**62, scope.documents[0].name)] for account in scope.accounts}
    return Told(scope, settle(journal(scope, spans)))


def statement_of(
    chosen: Chosen,
    options: Mapping[str, str],
    *,
    of_year: bool = False,
    form: Decimal | None = None,
    more: Sequence[Record] = (),
    corrections: Sequence[Correction] = (),
) -> Statement:
    """The statement of the period asked for, else of the last month in which a LIVE began, or of its year.

    Settings and `options` are kept beside it, so that `verify` can compute it again; `more` are records and
    `corrections` those of closed months that are not stored.
    """
    if chosen.asked.period is None:
        period = frame(chosen, whole=False).scope.period
        period = periods.year(period.start.year) if of_year else period
        chosen = chosen._replace(asked=chosen.asked._replace(period=period))
    run = frame(chosen, of_earnings=True, since_first=True, more=more)
    scope = run.scope._replace(corrections=tuple(corrections)) if corrections else run.scope
    cuts = cuts_of(scope.period, so_far(scope.period, of_year=of_year))
    spans = {} if chosen.files else _spans(chosen)
    made = statement(scope, journal(scope, spans, cuts), of_year=of_year, form=form)
    kept = {**options, "period": scope.period.label} | ({"form": f"{form}"} if form is not None else {})
    return made._replace(basis=_basis(run, made, kept))


def _basis(run: Run, made: Statement, options: Mapping[str, str]) -> Basis:
    records = [item for item in made.scope.origin.records if item.day <= made.scope.as_of]
    settings = [
        {"key": ".".join(item.key), "value": item.text, "from": str(item.start or "")}
        for item in run.chosen.config.settings
        if item.key in _SETTINGS or (item.key[0] == "creators" and item.key[1] == made.creator and item.key[2] not in _LEFT_OUT)
    ]
    return Basis(
        __version__,
        tuple(options.items()),
        tuple(settings),
        tuple(dict(zip(Record._fields, plain(item), strict=True)) for item in records),
        tuple(_readings(run.chosen, {item.sha256 for item in made.scope.documents})),
        tuple(_as_texts(item) for item in made.scope.corrections if made.creator in ("", item.creator)),
        run.closed,
    )


_ENDS: Final = ("low", "high")


def _as_texts(item: Correction) -> dict[str, object]:
    """A correction without what names it in its ledger."""
    amounts = {f"{name}_{end}": f"{getattr(getattr(item, name), end):f}" for name in ("before", "after") for end in _ENDS}
    return {name: getattr(item, name) for name in ("creator", "month", "currency", "basis", "cause", "booked")} | amounts


def correction_of(texts: Mapping[str, str]) -> Correction:
    """A correction as a statement keeps it. Raises what is raised by one that is none."""
    before, after = (Range(Decimal(texts[f"{name}_low"]), Decimal(texts[f"{name}_high"])) for name in ("before", "after"))
    month, booked = (f"{month_start(texts[name]):%Y-%m}" for name in ("month", "booked"))
    return Correction(texts["creator"], month, texts["currency"], texts["basis"], texts["cause"], before, after, booked)


# What of the settings decides a figure; of a creator all but what names files and people.
_SETTINGS: Final = (("platform",), ("region",), ("timezone",), ("input_timezone",))
_LEFT_OUT: Final = ("files", "profile", "payee", "payer", "deposits", "schedule", "partners")


def _readings(chosen: Chosen, used: Collection[str]) -> Iterator[dict[str, str]]:
    """How the documents that it is made of were read, of a ledger."""
    if chosen.files:
        return
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        held = documents.of_creator(book, chosen.creator) if chosen.creator else documents.stored(book)
    for item in (item for item in held if item.sha256 in used):
        reading = item.reading
        yield {
            "sha256": item.sha256,
            "sort": item.sort,
            "creator": reading.creator,
            "region": reading.region,
            "input_timezone": reading.input_timezone,
            "encoding": reading.encoding,
        }


def creators_of(chosen: Chosen) -> list[str]:
    """Everybody of whom there is something."""
    if chosen.files:
        return sorted({account.creator for account in frame(chosen, whole=False).scope.accounts})
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        return sorted({*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)})


def _spans(chosen: Chosen) -> Mapping[str, list[tuple[int, int, str]]]:
    """From when to when each document of a ledger has rows of each creator."""
    spans: dict[str, list[tuple[int, int, str]]] = {}
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        rows = book.sql.execute("SELECT creator, first_time, last_time, document FROM spans ORDER BY creator, document")
        for creator, first, last, number in rows.fetchall():
            spans.setdefault(creator, []).append((first // MICROSECONDS, last // MICROSECONDS, document_name(number)))
    return spans
