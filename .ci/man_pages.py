"""Man pages, from the same text as `--help`: made when a package is built, and by `python .ci/man_pages.py` in `build/man`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT: Final = Path(__file__).parent.parent
# What no page needs, and what is too large to be fetched for a build.
NOT_NEEDED: Final = ("duckdb", "pandas", "numpy")


class ManPages(BuildHookInterface[Any]):
    """Puts the man pages into every wheel and sdist. An sdist has them ready, so that a build from it needs no dependency."""

    @property
    def ready(self) -> Path | None:
        """The pages of an unpacked sdist."""
        return ROOT / "man" if (ROOT / "PKG-INFO").is_file() else None

    def dependencies(self) -> list[str]:
        """Packages that the command tree imports."""
        if self.ready:
            return []
        return [name for name in self.metadata.core.dependencies if not name.startswith(NOT_NEEDED)]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the build: make the pages and name them. An editable install puts no pages anywhere."""
        if version == "editable":
            return
        self.made = tempfile.TemporaryDirectory(prefix="diamondctl-man-")
        folder = self.ready or write(Path(self.made.name))
        if self.target_name == "sdist":
            build_data["force_include"][str(folder)] = "man"
        else:
            build_data["shared_data"][str(folder)] = "share/man/man1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """After the build."""
        if version != "editable":
            self.made.cleanup()


class _Absent(ModuleType):
    """Stands for a package that no page needs and that is not there, and for all that is taken from it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Any:
        return self

    def __call__(self, *arguments: object, **more: object) -> Any:
        return self


class Absentees(MetaPathFinder, Loader):
    """Finds those packages where nothing else does."""

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        """Any module of theirs."""
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in NOT_NEEDED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty one."""
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def write(folder: Path) -> Path:
    """Make every page in a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (folder / name).write_text(page, encoding="utf-8", newline="")
    return folder


def pages() -> dict[str, str]:
    """File name -> roff text, for the tool and every command."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))  # a build is not run from here, and nothing is installed yet
    if not any(isinstance(finder, Absentees) for finder in sys.meta_path):
        sys.meta_path.append(Absentees())
    from diamondctl import __version__
    from diamondctl.cli.app import command

    root = command()
    root.load_all()
    tree = commands("diamondctl", root)
    return {f"{name.replace(' ', '-')}.1": page(name, found, __version__) for name, found in tree}


def commands(name: str, group: Any) -> Iterator[tuple[str, Any]]:
    """A command and everything below it."""
    yield name, group
    for below, found in getattr(group, "commands", {}).items():
        yield from commands(f"{name} {below}", found)


def page(name: str, found: Any, version: str) -> str:
    """One page."""
    first, *rest = (found.help or "").replace("\b\n", "\b").strip().split("\n\n")
    lines = [
        f'.TH "{name.replace(" ", "-").upper()}" "1" "" "diamondctl {version}" "diamondctl"',
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


if __name__ == "__main__":
    write(ROOT / "build" / "man" / "man1")
