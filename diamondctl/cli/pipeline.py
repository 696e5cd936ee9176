"""From the options of a command to the frame of its report: read, rate, frame."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import NamedTuple

from diamondctl import periods
from diamondctl.cli import inputs, options
from diamondctl.rating.rewards import Rated, rate
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.profile import Profile
from diamondctl.reports.scope import Asked, Scope, make_scope


class Run(NamedTuple):
    """Everything that was rated, and the frame around the part that was asked for."""

    rated: Rated
    scope: Scope


def frame(given: options.Inputs) -> Run:
    """Check the options, read the files, rate what they hold. Every option is checked before a file is opened."""
    as_of = options.day(given.as_of, "--as-of")
    asked = Asked(
        period=periods.parse_period(given.period, as_of or date.today()) if given.period else None,
        as_of=as_of,
        timezone=options.timezone(given.timezone, "--timezone"),
        own_share=options.percent(given.share, "--share"),
        rates_as_of=options.day(given.rates_as_of, "--rates-as-of"),
    )
    name = unicodedata.normalize("NFC", given.creator)
    found = inputs.read_files(
        given.file,
        settings=Settings(
            name,
            options.timezone(given.input_timezone, "--input-timezone"),
            given.salvage,
            profiles(given.profile),
            options.earning_unit(given.earning_unit),
        ),
        only_creator=name,
        region=options.region(given.region),
        encoding=options.encoding(given.encoding),
        platform=given.platform,
        rates=options.folder(given.rates, "--rates"),
        pause=(options.pause(given.infer_streams), given.infer_streams),
    )
    rated = rate(found.usage, found.zones, own_share=asked.own_share, as_of=asked.rates_as_of)
    return Run(rated, make_scope(rated, found.zones, found.documents, asked, found.notices, found.lost, found.warnings))


def profiles(argument: str) -> tuple[Profile, ...]:
    """The mappings that `--profile` names."""
    if not argument:
        return ()
    from diamondctl.profiles import store

    return store.find(argument)
