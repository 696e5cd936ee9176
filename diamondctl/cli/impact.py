"""`diamondctl rates impact`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from diamondctl.cli import options
from diamondctl.cli.diff import Base, Head
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import RateEntry, Zone, look_up
from diamondctl.rating.missions import NO_FACTS, Facts
from diamondctl.records import Document, Total, Usage
from diamondctl.render import formats

if TYPE_CHECKING:
    from diamondctl.reports.impact import Compared

HELP = """What a change of rate files does to money: before and after per creator and month, and thresholds crossed.

\b
Examples:
  diamondctl rates impact HEAD
  diamondctl rates impact origin/main rates/ --max-change 0
  diamondctl rates impact HEAD~1 --gifts exports/ --region US --share 48
  diamondctl rates impact HEAD --from-ledger --region US
  diamondctl rates impact old-rates/ new-rates/ --gifts gifts.csv --region GB --json

BASE and HEAD are those of `diamondctl rates diff`. Without --gifts or --from-ledger it prices the sample that comes
with diamondctl: synthetic gifts of five months from 2023 to 2026, and of the first week of every later entry, once for
every zone.

With them, what the config says of a creator's missions (active fans, league, penalty) is used on both sides.

Payout rules are those at the end of each month, as if it were paid out then. --max-change looks at the creator's money
that was known before; what fans paid is only shown.

\b
Exit codes:
  0 done   1 money moves by more than --max-change   2 refused, with every problem on stderr
  3 a side cannot rate some of the gifts given by --gifts
"""


_WEEK = 7 * 96  # quarters


class Gifts(NamedTuple):
    """Usage to price, and where it is from."""

    usage: tuple[Usage, ...]
    documents: tuple[Document, ...]
    notices: tuple[str, ...]
    sampled: bool = False
    facts: Facts = NO_FACTS


@options.with_formats(*formats.GITHUB)
@options.expand
def impact(
    base: Base,
    output: options.Output,
    place: options.Place,
    head: Head = "",
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
        str, typer.Option("--max-change", metavar="PERCENT", help="Exit code 1 when money moves by more, up or down.")
    ] = "",
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
    from diamondctl.cli.check import append_summary
    from diamondctl.cli.output import emit, target
    from diamondctl.desk.chosen import plain
    from diamondctl.desk.file_usage import read_files
    from diamondctl.ratebook.books import read_both
    from diamondctl.readers.gift_rows import Settings
    from diamondctl.render import impact as render

    where = target(output, gifts or (), more=formats.GITHUB)
    limit, own_share = _limit(max_change), options.percent(share, "--share")
    name, code = unicodedata.normalize("NFC", creator), options.region(region)
    reporting = options.timezone(timezone, "--timezone")
    settings = Settings(creator=name, input_timezone=options.timezone(input_timezone, "--input-timezone"))
    charset = options.encoding(encoding)
    first, second = read_both(base, head)
    sides = first.regions(platform), second.regions(platform)
    if not sides[0] and not sides[1]:
        raise Refusal(Problem("A006", f"no rate file for platform '{platform}'", "name another --platform"))
    if gifts and from_ledger:
        raise typer.BadParameter("--gifts and --from-ledger are two sources: name one")
    if from_ledger:
        from diamondctl.desk.ledger_usage import read_ledger

        held = read_ledger(
            place,
            only_creator=name,
            chosen=plain(platform=platform, region=code),
            zones={**sides[0], **sides[1]},
        )
        told = tuple(text for text in (held.origin.incomplete, *held.inputs.notices) if text)
        priced = Gifts(held.inputs.usage, held.inputs.documents, told)
        priced = _with_facts(priced, held.inputs.facts, place.config, sides)
    elif gifts:
        chosen = plain(platform=platform, region=code, creator=name)
        both = {**sides[0], **sides[1]}
        found = read_files(gifts, settings=settings, only_creator=name, chosen=chosen, encoding=charset, zones=both)
        priced = Gifts(found.usage, found.documents, (*found.rest_on, *found.notices))
        priced = _with_facts(priced, found.facts, place.config, sides)
    else:
        priced = sample(*sides)
    compared = compare(priced, *sides, names=(first.name, second.name), timezone=reporting, own_share=own_share, limit=limit)
    emit(where, render.view(compared))
    if where.format.name == "github":
        append_summary(render.job_summary(compared))
    return 1 if compared.exceeding else 0 if compared.complete else 3


def _with_facts(
    priced: Gifts, totals: tuple[Total, ...], given_config: str, sides: tuple[Mapping[str, Zone], Mapping[str, Zone]]
) -> Gifts:
    """What totals and the config say for shares that are built from missions; it holds on both sides."""
    from diamondctl.cli.settings import read_config
    from diamondctl.desk.chosen import personal_of
    from diamondctl.desk.facts import facts_of

    config = read_config(given_config)
    creators = {row.creator for row in priced.usage}
    people = {name: said for name, said in personal_of(config).items() if name in creators}
    zones = {f"{side} {code}": zone for side, zones in enumerate(sides) for code, zone in zones.items()}
    told = (f"What {config.file} says of missions is used on both sides.",) if people else ()
    return priced._replace(facts=facts_of(totals, people, zones), notices=(*priced.notices, *told))


def compare(
    priced: Gifts,
    before: Mapping[str, Zone],
    after: Mapping[str, Zone],
    *,
    names: tuple[str, str],
    timezone: str,
    own_share: Decimal | None,
    limit: Decimal | None,
) -> Compared:
    """The step from usage and the zones of both sides to the report, wherever the usage is from (files, sample, ledger)."""
    from diamondctl.reports.impact import Compared
    from diamondctl.reports.impact import impact as effects

    found = effects(priced.usage, before, after, timezone=timezone, own_share=own_share, facts=priced.facts)
    regions = sorted({row.region for row in priced.usage})
    zones = [tuple({side[code].file: side[code] for code in regions if code in side}.values()) for side in (before, after)]
    return Compared(found, *names, (zones[0], zones[1]), priced.documents, own_share, limit, priced.notices, priced.sampled)


def sample(before: Mapping[str, Zone], after: Mapping[str, Zone]) -> Gifts:
    """The gifts that come with diamondctl, once for the first region of every zone, as far as a side has rates for them."""
    import diamondctl
    from diamondctl.desk.chosen import plain
    from diamondctl.desk.file_usage import read_files
    from diamondctl.readers.gift_rows import Settings

    regions = sorted({zone.regions[0] for zone in (*before.values(), *after.values())})
    path = Path(diamondctl.__file__).parent / "sample_gifts.csv"
    zones = {**before, **after}
    found = read_files(
        [str(path)],
        settings=Settings(creator="", input_timezone=""),
        only_creator="",
        chosen=plain(platform="", region=regions[0]),
        encoding="utf-8",
        zones=zones,
    )
    usage = []
    for code in regions:
        sides = [side[code] for side in (before, after) if code in side]
        rows = [*found.usage, *_later(found.usage, sides)]
        mine = [row._replace(region=code, creator=f"sample {code}") for row in rows]
        usage += [row for row in mine if any(_has_rates(zone, row.quarter) for zone in sides)]
    documents = tuple(document._replace(name="the shipped sample") for document in found.documents)
    notices = () if usage else ("The sample has no gift that either side has a reward for.",)
    return Gifts(tuple(usage), documents, notices, sampled=True)


def _later(usage: tuple[Usage, ...], sides: list[Zone]) -> list[Usage]:
    """The last week of the sample once more from the beginning of every entry after it, so that what is to come is priced."""
    last = max(row.quarter for row in usage)
    week = [row for row in usage if row.quarter > last - _WEEK]
    first = min(row.quarter for row in week)
    starts = {entry.effective for zone in sides for history in zone.rates.values() for entry in history}
    return [
        row._replace(quarter=row.quarter - first + start, stream=f"{row.stream} from {start}")
        for start in sorted(starts)
        if start > last
        for row in week
    ]


def _has_rates(zone: Zone, quarter: int) -> bool:
    return all(isinstance(look_up(zone, rate, quarter), RateEntry) for rate in ("reward", "settlement"))


def _limit(text: str) -> Decimal | None:
    """A percentage of change, which may be above 100 and below 1 (A004)."""
    if not text:
        return None
    digits = text.removesuffix("%")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", digits):
        raise Refusal(Problem("A004", f"--max-change: '{text}' is not a percentage", "write it as 0, 0.5 or 10"))
    return Decimal(digits)
