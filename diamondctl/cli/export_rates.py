"""`diamondctl rates export`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from diamondctl import files as disk
from diamondctl.cli import options
from diamondctl.cli.main import STATE
from diamondctl.desk.platforms import facts
from diamondctl.desk.settings import platform_and_rates, read_config
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.ratebook.formulas import load_formulas
from diamondctl.render.data_package import package
from diamondctl.render.entries import value_text
from diamondctl.reports.coverage import coverage_to
from diamondctl.reports.open_data import open_data


def export(
    output: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write to.")],
    platform: options.Platform = "",
    rates: options.Rates = "",
    config: options.Config = "",
    force: Annotated[bool, typer.Option("--force", help="Let files of the folder be replaced.")] = False,
) -> int:
    """Make the package, write every file of it or none."""

    platform, folder = platform_and_rates(platform, rates, read_config(config))
    zones = store.load_all(folder, platform)
    regions = {region: zone for zone in reversed(zones) for region in zone.regions}
    newest = max(entry.recorded for zone in zones for history in zone.rates.values() for entry in history)
    catalogue = store.catalogue(platform, folder)
    covered = coverage_to(regions, "reward", newest)
    formulas = load_formulas(store.shipped_folder())
    data = open_data(zones, catalogue.files, formulas, covered, value_text, facts(folder))
    made = package(data)
    changed = _write(Path(output), made, force)
    if sys.stderr is not None:
        sys.stderr.write(f"{len(made)} files, {changed} written, the others were the same already. See: diamondctl help data\n")
    return 0


def _write(folder: Path, made: dict[str, bytes], force: bool) -> int:
    """How many files were written; refuses before the first (A009) where one would be overwritten with something else."""
    try:
        same = {name for name, data in made.items() if (folder / name).is_file() and (folder / name).read_bytes() == data}
        taken = [name for name in made if name not in same and os.path.lexists(folder / name)]
        if taken and not force:
            hint = "choose another folder, or add --force"
            problem = Problem("A009", "the file exists already and was kept", hint, str(folder / taken[0]))
            raise Refusal(problem, exit_code=STATE)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            if name not in same:
                disk.write_bytes(folder / name, data, mode=0o666 & ~disk.umask(), replace=force, prefix=".diamondctl-")
    except OSError as error:
        hint = "check the disk and the folder"
        raise Refusal(Problem("A009", f"cannot be written: {error.strerror}", hint, str(folder)), exit_code=STATE) from None
    return len(made) - len(same)
