"""`diamondctl rates impact`."""

from __future__ import annotations

import unicodedata
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
from diamondctl.desk.impact import Books, gifts_of, limit_of
from diamondctl.desk.impact import impact as impact_of
from diamondctl.desk.intake import Opening
from diamondctl.desk.settings import read_config
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Zone
from diamondctl.readers.gift_rows import Settings
from diamondctl.render import formats
from diamondctl.render import impact as render
from diamondctl.reports.values import Asked


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
    limits, own_share = tuple(map(limit_of, max_change or ())), parse.percent(share, "--share")
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
        chosen = gifts_of(
            config, asked, platform, sides,
            files=tuple(gifts or ()), ledger=folder(place) if from_ledger else None, rows=rows, opening=opening,
            fast=may_be_fast(), region=code,
        )  # fmt: skip
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
