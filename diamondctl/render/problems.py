"""Problems for people: the sentence, its code and place, and what to do, with commands to copy.

What a hint says in options is written out as the command that was typed with them, so that it can be copied. `concise` is the
form for editors and logs: one line a problem.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from diamondctl.problems import Cause, Problem, Refusal
from diamondctl.render.tables import wrap
from diamondctl.render.text import clean

_HARD: Final = "\u00a0"
# A command inside a text; it ends where the sentence goes on.
_COMMAND: Final = re.compile(r"diamondctl(?: (?!(?:or|and|then|first|instead|proposes|lists|shows|folds|says)\b)[^\s;,()`]+)+")
_OPTION: Final = re.compile(r"(?<![\w-])(--[a-z][a-z-]+)(?: ([^\s;,()]+))?")
_MEANT: Final = re.compile(r"did you mean (.+)\?")
_DO: Final = "Do: "
# Words that begin a hint which says what to do; another one says what is so.
_DOING: Final = frozenset(
    (
        *("add", "ask", "bring", "check", "choose", "close", "copy", "correct", "decide", "delete", "do", "export"),
        *("fill", "give", "if", "import", "keep", "leave", "log", "look", "make", "name", "open", "put"),
        *(
            "read",
            "remove",
            "rename",
            "run",
            "save",
            "say",
            "see",
            "separate",
            "set",
            "take",
            "type",
            "undo",
            "update",
            "use",
            "write",
        ),
    )
)
# Hints that speak of an option to leave out, or of one among other words.
_WITHOUT: Final = re.compile(r"leave --|instead of --|with --from|without --")

Known = Mapping[str, bool]  # the options of the command that was typed, and whether each takes a value


def concise(refusal: Refusal, encoding: str) -> list[str]:
    """A line for each problem, and how many more there are."""
    lines = [clean(str(problem), encoding) for problem in refusal.problems]
    if (rest := refusal.total - len(refusal.problems)) > 0:
        lines.append(f"... and {rest:,} more problems.")
    return lines


def full(refusal: Refusal, width: int, encoding: str, typed: Sequence[str], options: Callable[[], Known]) -> list[str]:
    """A paragraph for each cause; `typed` are the words after `diamondctl`."""
    lines: list[str] = []
    for cause in refusal.causes:
        lines += ["", *_paragraph(cause, width, lambda text: clean(text, encoding), typed, options)]
    if (rest := refusal.total - sum(cause.times for cause in refusal.causes)) > 0:
        lines += ["", f"... and {rest:,} more problems."]
    return lines[1:]


def _paragraph(
    cause: Cause, width: int, clean: Callable[[str], str], typed: Sequence[str], options: Callable[[], Known]
) -> list[str]:
    problem = cause.first
    code = f" [{problem.code}]"
    first, *rest = wrap(clean(_sentence(problem.message)), max(width - len(code), 20))
    lines = [first + code, *rest]
    if place := _place(problem):
        more = f", and {cause.times - 1:,} more like it" if cause.times > 1 else ""
        last = f" up to {_place(cause.last, short=True)}" if more and cause.last.line else ""
        lines.append(clean(place) + more + last)
    elif cause.times > 1:
        lines.append(f"{cause.times:,} times")
    text, commands = _remedy(problem, typed, options)
    does = bool(commands) or text.partition(" ")[0] in _DOING or text.startswith("diamondctl ")
    mark = _DO if does else ""
    if text:
        text = _glued(clean(text if does else _fact(text)))
        lines += [line.replace(_HARD, " ") for line in wrap(mark + text, width, " " * len(mark))]
        mark = " " * len(mark)
    for command in commands:
        lines.append(mark + clean(command))
        mark = " " * len(mark)
    return lines


def _sentence(message: str) -> str:
    """A message as a sentence; a column or an option at its beginning keeps its letters."""
    head = message.split(" ", 1)[0]
    if head.isalpha() and head.islower():
        message = message[0].upper() + message[1:]
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _fact(hint: str) -> str:
    """A hint that says what is so, as a sentence; a command at its end stays as it can be copied."""
    ends_in_command = any(match.end() == len(hint) for match in _COMMAND.finditer(hint))
    return hint[0].upper() + (hint[1:] if ends_in_command or hint.endswith((".", "?", "!")) else f"{hint[1:]}.")


def _place(problem: Problem, *, short: bool = False) -> str:
    """`file:line:column`, as far as it is known."""
    numbers = [str(number) for number in (problem.line, problem.column) if number]
    return ":".join(["line " + numbers[0], *numbers[1:]] if short else [problem.file, *numbers]) if problem.file else ""


def _glued(text: str) -> str:
    """A text whose commands and options are one word each."""
    return re.sub(f"{_COMMAND.pattern}|{_OPTION.pattern}", lambda match: match[0].replace(" ", _HARD), text)


def _remedy(problem: Problem, typed: Sequence[str], options: Callable[[], Known]) -> tuple[str, list[str]]:
    """What a hint says, and the commands that it means."""
    hint = problem.hint
    if match := _MEANT.fullmatch(hint):
        command = _corrected(problem.message, match[1], typed, problem.file)
        return ("", [command]) if command else (hint, [])
    if only := _COMMAND.fullmatch(hint.removeprefix("see: ")):
        return "", [only[0]]
    commands = [] if _WITHOUT.search(hint) else _with_options(hint, typed, options)
    nothing_else = commands and not re.search(r"\w", re.sub(r"\bor\b", "", _OPTION.sub("", hint)))
    return "" if nothing_else else hint, commands


def _corrected(message: str, meant: str, typed: Sequence[str], file: str) -> str:
    """What was typed, with the word that was meant; blank where the wrong one was not typed."""
    words = list(typed)
    option, _, value = meant.partition(" ")
    if option.startswith("--") and option in words and words.index(option) + 1 < len(words):
        words[words.index(option) + 1] = value
        return shlex.join(["diamondctl", *words])
    for wrong in filter(None, [*re.findall(r"'([^']+)'", message), file]):
        for place, word in enumerate(words):
            if word == wrong or word.endswith(f"={wrong}"):
                words[place] = word.removesuffix(wrong) + meant
                return shlex.join(["diamondctl", *words])
    return ""


def _with_options(hint: str, typed: Sequence[str], options: Callable[[], Known]) -> list[str]:
    """What was typed, with each option that a hint names and the command takes."""
    outside = _COMMAND.sub("", hint)
    found = _OPTION.findall(outside)
    if not found:
        return []
    known, commands = options(), []
    for option, value in found:
        if option in known and option not in typed and not any(word.startswith(f"{option}=") for word in typed):
            if known[option] and not value:
                continue
            words = [option, value] if known[option] else [option]
            commands.append(shlex.join(["diamondctl", *typed, *words]))
    return commands[:2]
