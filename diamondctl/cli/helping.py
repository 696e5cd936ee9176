"""What `--help` looks like: the root under its headings, ten options of a command; and the nearest of a word that is none.

The texts are in `texts`; which command stands under which heading, in `app`. Nothing here loads a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from inspect import cleandoc
from textwrap import fill
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperOption

from diamondctl.cli.texts import CLOSING, MEANT, ROOT, TEXTS

SHOWN: Final = 10  # options in the help of a command
LATER: Final = "later"  # the panel of an option that only `--help-all` shows; that of others is a rank, low ones first
_ALL: Final = "diamondctl.help-all"
_WIDTH: Final = 80
_EVERYDAY: Final = "Everyday"  # the heading whose commands have a line each
_EXIT: Final = re.compile(r"(\d+) (.+?)(?=   \d|$)", re.M)


def everything(ctx: Any) -> bool:
    """Whether `--help-all` asks for this help."""
    return bool(ctx.meta.get(_ALL))


def help_all() -> TyperOption:
    """The option `--help-all`; the last line of a help names it."""

    def show(ctx: Any, _: Any, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            ctx.meta[_ALL] = True
            typer.echo(ctx.get_help())
            raise typer.Exit

    option = TyperOption(
        param_decls=["--help-all"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        hidden=True,
        help="Show the help with every option.",
    )
    option.callback = show  # Typer hands on only what its own `main` has wrapped
    return option


def errors() -> TyperOption:
    """The option `--errors`, which `main` reads by itself, for a command may fail before its options are known."""

    def check(_: Any, __: Any, value: str) -> None:
        if value not in ("", "full", "concise"):
            raise typer.BadParameter(f"'{value}' is not full or concise")

    option = TyperOption(
        param_decls=["--errors"],
        metavar="FORM",
        default="",
        show_default=False,
        is_eager=True,
        expose_value=False,
        envvar="DIAMONDCTL_ERRORS",
        rich_help_panel=LATER,
        help="Problems in full, or concise: one line each. Default: full on a terminal.",
    )
    option.callback = check
    return option


class Command(TyperCommand):
    """A command whose help shows the options that people use, and `--help-all` every one."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params += [errors(), help_all()]

    def make_parser(self, ctx: Any) -> Any:
        """One that refuses an option that says two things: Click would take the last and be silent of the others."""
        parser = super().make_parser(ctx)
        options: list[Any] = [item for item in self.params if item.param_type_name == "option"]
        once = [item for item in options if not (item.is_flag or item.multiple)]
        for item in once:
            parser.add_option(obj=item, opts=item.opts, dest=item.name, action="append")
        parse = parser.parse_args

        def parse_args(args: list[str]) -> tuple[dict[str, Any], list[str], list[Any]]:
            values, rest, order = parse(args=args)
            for item in once:
                if given := values.get(item.name):
                    values[item.name] = given[-1]
                    if len(set(given)) > 1 and not ctx.resilient_parsing:
                        texts = " and as ".join(f"'{text}'" for text in dict.fromkeys(given))
                        raise typer.BadParameter(f"{item.opts[-1]}: given as {texts}; say it once", ctx=ctx)
            return values, rest, order

        parser.parse_args = parse_args  # type: ignore[method-assign]
        return parser

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments, then options in the order in which they are declared."""
        shown, hidden = usual(self)
        if hidden and not everything(ctx):
            for option in hidden:
                option.hidden = True
            for option in shown:
                option.show_envvar = False
        super().format_options(ctx, formatter)
        if hidden and not everything(ctx):
            formatter.write(f"\n{len(hidden)} more options: {ctx.command_path} --help-all\n")


def usual(command: Any) -> tuple[list[Any], list[Any]]:
    """The options that the help of a command shows, and the others."""
    options = [item for item in command.params if item.param_type_name == "option" and not item.hidden]
    if len(options) <= SHOWN:
        return options, []
    now = [item for item in options if item.rich_help_panel != LATER]
    shown = {id(item) for item in sorted(now, key=lambda item: int(item.rich_help_panel or 0))[:SHOWN]}
    return [item for item in options if id(item) in shown], [item for item in options if id(item) not in shown]


def first_line(text: str) -> str:
    """What stands of a command's help in the help of its group: the first paragraph."""
    return " ".join(cleandoc(text).partition("\n\n")[0].split())


def root(headings: Mapping[str, Mapping[str, Any]]) -> str:
    """The help of the program, on one screen."""
    lines = ["Usage: diamondctl COMMAND [OPTIONS]", "", f"  {first_line(ROOT)}"]
    for heading, places in headings.items():
        if heading == _EVERYDAY:
            width = max(map(len, places))
            lines += ["", heading, *(f"  {name:{width}}  {first_line(TEXTS[name])}" for name in places), ""]
        elif places:
            whole = f"{heading:10}" + ", ".join(f"{name}{_below(place)}" for name, place in places.items())
            lines.append(whole if len(whole) <= _WIDTH else fill(f"{heading:10}" + ", ".join(places), _WIDTH))
    return "\n".join([*lines, "", *CLOSING.splitlines()]) + "\n"


def _below(place: Any) -> str:
    """The commands of a group, where the tree names them."""
    return " " + " | ".join(place) if isinstance(place, Mapping) else ""


def no_such(path: str, word: str, top: Any) -> str:
    """What is said of a word that is no command: the nearest of the same group, or else of all."""
    below = path.removeprefix("diamondctl").strip()
    names = dict(top.commands_below())
    found = _nearest(word, f"{below} " if below else "", names)
    said = f"There is no command '{f'{below} {word}'.strip()}'."
    lines = [f"{'Do:' if number == 0 else ' or'} diamondctl {name}" for number, name in enumerate(found)]
    width = max(map(len, lines), default=0)
    texts = [first_line(names[name].help or "") for name in found]
    return "\n".join([said, *(f"{line:{width}}   {text}" for line, text in zip(lines, texts, strict=True))])


def _nearest(word: str, below: str, names: Iterable[str]) -> Sequence[str]:
    """Names of commands that a word may have meant, at most three."""
    if not below and word.lower() in MEANT:
        return [MEANT[word.lower()]]
    mine = [name for name in names if name.startswith(below)]
    first = list(dict.fromkeys(name.removeprefix(below).partition(" ")[0] for name in mine))
    near = get_close_matches(word.lower(), first, n=1, cutoff=0.6)
    found = [name for name in mine if near and name.removeprefix(below).partition(" ")[0] == near[0]]
    return (found or [name for name in names if word.lower() in name.split()])[:3]


def exit_codes(text: str) -> dict[int, str]:
    """What a help text says of exit codes."""
    _, _, said = text.partition("Exit codes")
    return {int(code): " ".join(words.split()) for code, words in _EXIT.findall(said.partition("\n\n")[0])}
