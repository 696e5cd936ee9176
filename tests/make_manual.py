"""Man pages, from the same text as `--help`. Written by `python -m tests.generate` to `diamondctl/man/`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diamondctl import __version__
from diamondctl.cli.app import command


def pages() -> dict[str, str]:
    """File name -> roff text, for the tool and every command."""
    return {f"{name.replace(' ', '-')}.1": page(name, found) for name, found in commands("diamondctl", command())}


def commands(name: str, group: Any) -> Iterator[tuple[str, Any]]:
    """A command and everything below it."""
    yield name, group
    for below, found in getattr(group, "commands", {}).items():
        yield from commands(f"{name} {below}", found)


def page(name: str, found: Any) -> str:
    """One page."""
    first, *rest = (found.help or "").replace("\b\n", "\b").strip().split("\n\n")
    lines = [
        f'.TH "{name.replace(" ", "-").upper()}" "1" "" "diamondctl {__version__}" "diamondctl"',
        ".SH NAME",
        f"{name.replace(' ', '-')} \\- {text(' '.join(first.split()))}",
        ".SH SYNOPSIS",
        f".B {name}",
        text(" ".join(synopsis(found))),
    ]
    for paragraph in rest:
        if paragraph.lstrip().startswith("\b"):
            title, *body = paragraph.replace("\b", "").strip("\n").split("\n")
            lines += [f".SH {title.strip().rstrip(':').upper()}", ".nf", *(text(line.strip()) for line in body), ".fi"]
        else:
            lines += [".SH DESCRIPTION" if ".SH DESCRIPTION" not in lines else ".PP", text(" ".join(paragraph.split()))]
    arguments = [parameter for parameter in found.params if not getattr(parameter, "opts", [""])[0].startswith("-")]
    options = [parameter for parameter in found.params if parameter not in arguments]
    if arguments:
        lines.append(".SH ARGUMENTS")
        for parameter in arguments:
            lines += [".TP", f".B {text(label(parameter))}", text(parameter.help or "")]
    if options:
        lines.append(".SH OPTIONS")
        for parameter in options:
            metavar = f" {parameter.metavar}" if parameter.metavar else ""
            help_ = parameter.help or "Show the help and exit."
            env = f" Environment: {parameter.envvar}." if getattr(parameter, "envvar", None) else ""
            lines += [".TP", f".B {text(', '.join(parameter.opts) + metavar)}", text(help_ + env)]
    if below := sorted(getattr(found, "commands", {})):
        lines += [".SH SEE ALSO", text(", ".join(f"{name.replace(' ', '-')}-{word}(1)" for word in below))]
    return "\n".join(lines) + "\n"


def label(parameter: Any) -> str:
    """How an argument is called."""
    return str(parameter.metavar or parameter.name.upper())


def synopsis(found: Any) -> list[str]:
    """What follows the name of a command."""
    if getattr(found, "commands", None):
        return ["COMMAND", "..."]
    arguments = [parameter for parameter in found.params if not parameter.opts[0].startswith("-")]
    return ["[OPTIONS]", *(label(parameter) + ("..." if parameter.nargs == -1 else "") for parameter in arguments)]


def text(line: str) -> str:
    """A line that roff takes literally."""
    escaped = line.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + escaped if escaped[:1] in (".", "'") else escaped
