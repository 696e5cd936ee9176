"""The papers of one creator that can be proved: `report statement`, `report year`, and `verify` of one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from diamondctl.api.report import Report
from diamondctl.desk import parse, verifying
from diamondctl.desk.books import creators_of, statement_of
from diamondctl.desk.choosing import Around, Options
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Misuse
from diamondctl.render import statement as of_statement
from diamondctl.render import verified as of_verified
from diamondctl.render.formats import FORMATS
from diamondctl.reports.statement import Statement
from diamondctl.words import few

# Options that say where something is or what reads it, and so say nothing elsewhere.
_PLACES: Final = ("file", "ledger", "config", "rates", "profile", "basis", "engine", "master")


def statement(chosen: Chosen, options: Options) -> Report[Statement]:
    """What was there, what came and went, what is there: of the only creator there is, or of the one that is named."""
    return _of_one(chosen, options, of_year=False)


def year(chosen: Chosen, options: Options, *, form: str = "") -> Report[Statement]:
    """The same of a year, with its months, and what a payer's form says of it."""
    return _of_one(chosen, options, of_year=True, form=parse.amount(form, "--form", zero=True))


def _of_one(chosen: Chosen, options: Options, *, of_year: bool, form: Decimal | None = None) -> Report[Statement]:
    known = creators_of(_checked(chosen, of_year=of_year))
    if not chosen.creator and len(known) > 1:
        hint = f"say --creator NAME ({few(known)}), or --each creator -o 'out/{{creator}}/{{period}}.xlsx'"
        raise Misuse(f"a statement is of one creator: {hint}")
    return _statement(chosen, options, of_year=of_year, form=form)


def of_each(chosen: Chosen, options: Options, *, of_year: bool) -> list[Report[Statement]]:
    """One of everybody, each as if only that creator was asked for."""
    names = creators_of(_checked(chosen, of_year=of_year))
    return [
        _statement(chosen._replace(creator=name), Options(**{**options, "creator": name}), of_year=of_year) for name in names
    ]


def _statement(chosen: Chosen, options: Options, *, of_year: bool, form: Decimal | None = None) -> Report[Statement]:
    value = statement_of(chosen, _given(options), of_year=of_year, form=form)
    document = of_statement.YEAR if of_year else of_statement.DOCUMENT
    return Report(value, document, of_statement.view(value), value.scope.exit_code, (*FORMATS, *of_statement.MORE))


def _checked(chosen: Chosen, *, of_year: bool) -> Chosen:
    """The same; refuses a period that is no year where it has to be one."""
    period = chosen.asked.period
    if of_year and period is not None and len(period.label) != 4:
        raise Misuse(f"-p: {period.label} is no year: 2026")
    return chosen


def _given(options: Options) -> dict[str, str]:
    """The options that were given, as text, in one order."""
    values = {name: options.get(name) for name in Options.__annotations__ if name not in _PLACES}
    return {name: str(value) for name, value in values.items() if value not in (None, "", False)}


def verify(
    name: str, files: Sequence[str], around: Around, *, ledger: str = "", rates: str = "", profile: str = ""
) -> Report[of_verified.Verified]:
    """Whether a statement (its JSON) comes out the same again, from files or the ledger; exit code 1 where it does not."""
    then = verifying.read(name)
    hashes = verifying.hashes(files)
    used = verifying.of_closed(then, hashes)
    names = tuple(files) if used == hashes else tuple(used.values())
    places = Options(file=names, ledger=ledger, rates=rates, profile=profile)
    now = of_statement.view(verifying.again(name, then, places, around)).document()
    try:
        value = of_verified.verified(then, now, used, [name for sha256, name in hashes.items() if sha256 not in used])
    except verifying.MALFORMED:
        raise verifying.none(name) from None
    return Report(value, of_verified.DOCUMENT, of_verified.view(value), 0 if value.same else 1)
