"""`diamondctl rates impact`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.check import append_summary
from diamondctl.cli.choose import may_be_fast, stdin
from diamondctl.cli.clock import today
from diamondctl.cli.diff import both
from diamondctl.cli.ledger import folder
from diamondctl.cli.output import emit, target
from diamondctl.desk import parse
from diamondctl.desk.chosen import Chosen, personal_of, regions_of
from diamondctl.desk.impact import Books
from diamondctl.desk.impact import impact as impact_of
from diamondctl.desk.intake import Opening
from diamondctl.desk.settings import read_config
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.missions import Facts
from diamondctl.readers.gift_rows import Settings
from diamondctl.render import formats
from diamondctl.render import impact as render
from diamondctl.reports.impact import Limit
from diamondctl.reports.values import Asked, ConfigFile


@options.with_formats(*formats.IMPACT)
@options.expand
def impact(
    between: options.Between,
    output: options.Output,
    place: options.Place,
    from_ledger: Annotated[
        bool, typer.Option("--from-ledger", help="The gifts of your ledger, instead of the sample.")
    ] = False,
    gifts: Annotated[
        list[str] | None,
        typer.Option("--gifts", metavar="FILE", help="Gift files or folders. Can be repeated. Default: the sample."),
    ] = None,
    creator: Annotated[
        str,
        typer.Option(
            "--creator",
            metavar="NAME",
            envvar="DIAMONDCTL_CREATOR",
            help="With --gifts: the creator, where rows name none; show only this one.",
        ),
    ] = "",
    region: options.Region = "",
    platform: options.Platform = "tiktok",
    share: Annotated[
        str | None, typer.Option("--share", metavar="PERCENT", help="Your own reward share in percent, on both sides.")
    ] = None,
    max_change: Annotated[
        list[str] | None,
        typer.Option(
            "--max-change",
            metavar="LIMIT",
            help="Exit code 1 when money moves by more: 10, -5%, +20% or 25USD. Can be repeated.",
        ),
    ] = None,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="How long a change has held. Default: today.")] = "",
    timezone: Annotated[
        str,
        typer.Option(
            "--timezone", metavar="ZONE", envvar="DIAMONDCTL_TIMEZONE", help="Of the months. Default: the rate file's."
        ),
    ] = "",
    input_timezone: Annotated[
        str,
        typer.Option(
            "--input-timezone",
            metavar="ZONE",
            envvar="DIAMONDCTL_INPUT_TIMEZONE",
            help="With --gifts: for times that name no zone. Default: UTC.",
        ),
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="With --gifts: of files that are not UTF-8, such as cp1252.")
    ] = "",
) -> int:
    """Read both sides and the gifts, price twice, report."""
    where = target(output, gifts or (), more=formats.IMPACT)
    limits, own_share = tuple(map(_limit, max_change or ())), parse.percent(share, "--share")
    on = parse.day(as_of, "--as-of") or today()
    name, code = unicodedata.normalize("NFC", creator), parse.region(region)
    asked = Asked(timezone=parse.timezone(timezone, "--timezone"), own_share=own_share)
    rows = Settings(creator=name, input_timezone=parse.timezone(input_timezone, "--input-timezone"))
    opening = Opening(parse.encoding(encoding), stdin=stdin())
    first, second = both(between)
    sides = first.regions(platform), second.regions(platform)
    if not sides[0] and not sides[1]:
        raise Refusal(Problem("A006", f"no rate file for platform '{platform}'", "name another --platform"))
    if gifts and from_ledger:
        raise typer.BadParameter("--gifts and --from-ledger are two sources: name one")
    chosen = None
    if gifts or from_ledger:
        config = read_config(place.config)
        sides = _over_shipped(sides, platform)
        chosen = Chosen(
            files=tuple(gifts or ()),
            ledger=folder(place) if from_ledger else Path(),
            asked=asked._replace(config=ConfigFile(config.file, config.sha256), facts=Facts(people=personal_of(config))),
            platform=platform,
            zones={**sides[0], **sides[1]},
            creator=name,
            rows=rows if gifts else Settings(),
            opening=opening,
            fast=may_be_fast(),
            region=code or config.text("region"),
            regions={} if code else regions_of(config, platform, None),
            given_region=code,
        )
    names, books = (first.name, second.name), Books(first, second, on)
    compared = impact_of(chosen, *sides, asked=asked, names=names, limit=limits, books=books)
    emit(where, render.view(compared))
    if where.format.name == "github":
        append_summary(render.job_summary(compared))
    return 1 if compared.exceeding or compared.exceeding_entries else 0 if compared.complete else 3


def _over_shipped(sides: tuple[dict[str, Zone], dict[str, Zone]], platform: str) -> tuple[dict[str, Zone], dict[str, Zone]]:
    """Both sides over the shipped zones, as `--rates` lays a folder of one's own over them."""
    shipped = {region: zone for zone in store.load_all(None, platform, may_be_none=True) for region in zone.regions}
    before, after = ({**shipped, **side} for side in sides)
    return before, after


def _limit(text: str) -> Limit:
    """`10`, `-5%`, `+20 USD`: a percentage of change, which may be above 100 and below 1, or an amount of money (A004)."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(%|[A-Z]{3})?", text)
    if found is None or (found[3] or "%") not in {"%", *MINOR_UNITS}:
        hint = "write it as 0, 0.5, 10%, -5% or +20USD"
        raise Refusal(Problem("A004", f"--max-change: '{text}' is not a percentage or an amount of money", hint))
    return Limit(found[1], Decimal(found[2]), (found[3] or "").removeprefix("%"))
