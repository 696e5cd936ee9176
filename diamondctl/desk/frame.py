"""From the options of a command to the frame of its report: read files or the ledger, rate, frame."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from diamondctl import periods
from diamondctl.cli import options
from diamondctl.cli.settings import choose
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.facts import facts_of, personal
from diamondctl.problems import Problem, Refusal
from diamondctl.rating.credits import Credit, Rated
from diamondctl.rating.missions import Facts
from diamondctl.rating.rewards import rate
from diamondctl.reports.scope import Scope, make_scope
from diamondctl.reports.values import Asked, Origin

if TYPE_CHECKING:  # read only where it is needed
    from pathlib import Path

    from diamondctl.readers.gift_rows import Settings
    from diamondctl.readers.profile import Profile


class Run(NamedTuple):
    """Everything that was rated, and the frame around the part that was asked for."""

    rated: Rated
    scope: Scope
    chosen: Chosen
    at: Callable[[date], Scope]  # the same at the end of another day


def settings_of(given: options.Inputs, chosen: Chosen) -> Settings:
    """How the rows of files are read."""
    from diamondctl.readers.gift_rows import Settings

    return Settings(
        chosen.creator,
        chosen.input_timezone,
        given.salvage,
        profiles(given.profile),
        options.earning_unit(given.earning_unit),
        saved_profiles(chosen.profiles),
    )


def reads_twice(given: options.Inputs, what: str) -> None:
    """Refuses (F001) standard input, which can be read only once."""
    if "-" in (given.file or ()):
        hint = "save it to a file, and name that"
        raise Refusal(Problem("F001", f"{what} reads the gifts twice, so not from standard input", hint, "stdin"))


def frame(given: options.Inputs, today: date, *, whole: bool = False, about_period: bool = True) -> Run:
    """Check the options, read the files or the ledger, rate what they hold. Every option is checked before a file is opened.

    With `whole` every stream of a ledger is rated by itself, however long it is over.
    Without `about_period` nothing is noted of the period, because the report does not show it.
    """
    as_of = options.day(given.as_of, "--as-of")
    chosen = choose(given)
    asked = Asked(
        period=periods.parse_period(given.period, as_of or today) if given.period else None,
        as_of=as_of,
        timezone=chosen.timezone,
        timezones=chosen.timezones,
        own_share=options.percent(given.share, "--share"),
        own_shares=chosen.own_shares,
        rates_as_of=options.day(given.rates_as_of, "--rates-as-of"),
        config=chosen.config_file,
    )
    people = personal(given, chosen)
    asked = asked._replace(facts=Facts(people=people))
    only = unicodedata.normalize("NFC", given.creator)
    origin = Origin()
    past: tuple[Credit, ...] = ()
    if given.file:
        from diamondctl.desk import file_usage

        found = file_usage.read_files(
            given.file,
            settings=settings_of(given, chosen),
            only_creator=only,
            chosen=chosen,
            encoding=options.encoding(given.encoding),
            pause=(options.pause(given.infer_streams), given.infer_streams),
        )
        missing = f"Incomplete: {'; '.join(found.lost)}." if found.lost else ""
        origin = origin._replace(incomplete=missing, rest_on=found.rest_on)
    else:
        from diamondctl.desk.ledger_usage import read_ledger

        options.of_files_only(given)
        place = options.Place(given.ledger, given.config)
        found, origin, past = read_ledger(place, only_creator=only, chosen=chosen, asked=None if whole else asked)
    asked = asked._replace(facts=facts_of(found.facts, people, found.zones))
    rated = rate(
        found.usage,
        found.zones,
        own_share=asked.own_share,
        own_shares=chosen.own_shares,
        as_of=asked.rates_as_of,
        facts=asked.facts,
    )
    notices = list(found.notices)
    if chosen.rates is not None and not any(zone.origin == "user" for zone in found.zones.values()):
        regions = " or ".join(sorted(found.zones))
        notices.insert(0, f"No file in {chosen.rates} covers {regions} on {chosen.platform}: the shipped rates are used.")

    def at(day: date) -> Scope:
        # A quarter of a year, for what a warning says of the width of a range.
        wanted = asked._replace(as_of=day, period=periods.days(day - timedelta(days=90), day))
        return make_scope(rated, found.zones, found.documents, wanted, notices, origin, past, about_period=False)

    scope = make_scope(rated, found.zones, found.documents, asked, notices, origin, past, about_period=about_period)
    return Run(rated, scope, chosen, at)


def saved_profiles(folder: Path | None) -> tuple[Profile, ...]:
    """The mappings of the folder that the config names."""
    return profiles(str(folder)) if folder is not None else ()


def profiles(argument: str) -> tuple[Profile, ...]:
    """The mappings that `--profile` names."""
    if not argument:
        return ()
    from diamondctl.profiles import store

    return store.find(argument)
