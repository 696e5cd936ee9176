"""Files into a ledger: `import`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from diamondctl.api.report import Report
from diamondctl.combos import Price
from diamondctl.desk import choosing, importer, parse, start
from diamondctl.desk.choosing import Around, Options
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.intake import Opening
from diamondctl.desk.kept import renew
from diamondctl.desk.moved import Allowed
from diamondctl.desk.platforms import units_of
from diamondctl.desk.settings import folder_of, platform_and_rates, read_config
from diamondctl.desk.staged import Importing
from diamondctl.ledger import opening
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Misuse, Refusal
from diamondctl.ratebook import store
from diamondctl.readers.date_formats import UnknownForm, converter
from diamondctl.readers.gift_rows import MoneyRows
from diamondctl.render.documents import IMPORT, import_view
from diamondctl.reports.documents import Import


class ImportOptions(TypedDict, total=False):
    """The options of an import, by the names that they have on the command line."""

    ledger: str | Path
    config: str | Path
    creator: str
    region: str
    input_timezone: str
    encoding: str
    date_format: str
    profile: str | Path
    earning_unit: str
    platform: str
    rates: str | Path
    salvage: bool
    keep_good: bool
    prefer: str
    only_period: str
    correct: bool
    dry_run: bool


class Brought(NamedTuple):
    """What was imported, by which options, and into which ledger; `after` chooses those of reports on it."""

    value: Import
    chosen: Chosen
    after: Options

    def report(self) -> Report[Import]:
        """A row per file; exit code 3 where rows were left out."""
        view = import_view(self.value, units_of(self.chosen.platform, self.chosen.rates))
        return Report(self.value, IMPORT, view, 3 if self.value.rejected else 0)


def bring(
    files: Sequence[str],
    options: ImportOptions,
    around: Around,
    *,
    clock: Callable[[], str],
    changed: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Brought:
    """Add documents to a ledger, all of them or none. `clock` gives the time to note down beside them."""
    if unknown := sorted(options.keys() - ImportOptions.__annotations__.keys()):
        raise TypeError(f"no such option: {', '.join(unknown)}")
    given: dict[str, Any] = {name: value if isinstance(value, bool) else str(value) for name, value in options.items()}

    def text(name: str) -> str:
        return str(given.get(name, ""))

    config = read_config(text("config"))
    reading = Reading(
        creator=parse.name(parse.text(text("creator"), "--creator")),
        input_timezone=parse.timezone(text("input_timezone"), "--input-timezone"),
        encoding=parse.encoding(text("encoding")),
        region=parse.region(text("region")),
        earning_unit=parse.earning_unit(text("earning_unit")),
    )
    importing = Importing(
        reading=reading,
        roster=choosing.roster(config),
        usual=Reading(creator=config.text("creator"), input_timezone=config.text("input_timezone")),
        opening=Opening(reading.encoding, bool(given.get("salvage")), around.stdin),
        keep_good=bool(given.get("keep_good")),
        prefer=text("prefer"),
        dry_run=bool(given.get("dry_run")),
        fast=around.fast,
        profiles=choosing.profiles(text("profile")),
        saved=choosing.profiles(folder_of(config, "profiles")),
        price=_price(*platform_and_rates(text("platform"), text("rates"), config)),
        allowed=Allowed(parse.only_period(text("only_period"), around.today), bool(given.get("correct"))),
        money=MoneyRows(choosing.payers_of(config), choosing.shares_of(config), _form(text("date_format"))),
        named=frozenset(filter(None, (*config.creators, config.text("creator")))),
    )
    after = Options(ledger=text("ledger"), config=text("config"))
    chosen = choosing.choose(Options(**after, platform=text("platform"), rates=text("rates")), around)
    value = importer.bring(chosen.ledger, files, importing, chosen=chosen, clock=clock, changed=changed, tell=tell)
    return Brought(value, chosen, after)


def finish(brought: Brought, around: Around) -> Brought:
    """Say of whom nobody knows where she is paid, and keep the states of months that are over."""
    chosen = choosing.choose(brought.after, around)
    try:
        with opening.open_ledger(chosen.ledger) as book, book.reading():
            missing = start.nameless(book, chosen)
    except Refusal:  # what was imported is stored by now
        missing = ()
    renew(chosen)
    command = start.region_step(missing).command if missing else ""
    return brought._replace(value=brought.value._replace(set_region=command))


def _price(platform: str, rates: Path | None) -> Price:
    """The coins of one unit by the gift catalogue, which is read when the first event of a log asks."""
    catalogue = cache(lambda: store.catalogue(platform, rates))
    return lambda gift_id, gift, time: catalogue().price(gift_id, gift, time)


def _form(text: str) -> str:
    """How days are written, such as DD/MM/YYYY, or blank."""
    try:
        if text:
            converter(text)
    except UnknownForm:
        raise Misuse(f"--date-format: '{text}' is no form of dates, such as DD/MM/YYYY or MM/DD/YYYY") from None
    return text
