"""`diamondctl schema`: the JSON Schemas of what commands write, and of the files that people write."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

import diamondctl
from diamondctl.cli.main import closed_output
from diamondctl.cli.output import write_file
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook import store
from diamondctl.yamlfile.schema import did_you_mean

_ENDING: Final = ".schema.json"
# Files that people write, by what they are: below the package, or below the shipped rate files.
_OF_FILES: Final = {
    "rate-file": "rates",
    "gift-catalogue": "gifts",
    "evidence-file": "evidence",
    "gift-log": "gift-log",
}


def schema_files() -> dict[str, Path]:
    """Every schema by its name."""
    package = Path(diamondctl.__file__).parent
    found = {path.name.removesuffix(_ENDING): path for path in (package / "schemas").glob(f"*{_ENDING}")}
    found["profile"] = package / "readers" / "profiles" / f"profile{_ENDING}"
    found |= {name: store.shipped_folder() / f"{file}{_ENDING}" for name, file in _OF_FILES.items()}
    return dict(sorted(found.items()))


def _names(incomplete: str) -> list[str]:
    return [name for name in schema_files() if name.startswith(incomplete)]


def schema(
    name: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]", help="The words of a command, or one of the list.", autocompletion=_names),
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; - is the screen.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Let -o replace an existing file.")] = False,
) -> int:
    """One, as it is; without a name, their names."""
    files = schema_files()
    wanted = "-".join(name or [])
    if wanted and wanted not in files:
        raise Refusal(Problem("A025", f"there is no schema '{wanted}'", did_you_mean(wanted, list(files))))
    text = files[wanted].read_text("utf-8") if wanted else "".join(f"{known}\n" for known in files)
    if output not in ("", "-"):
        write_file(output, text, force)
    elif sys.stdout is None:
        raise closed_output()
    else:
        sys.stdout.write(text)
    return 0
