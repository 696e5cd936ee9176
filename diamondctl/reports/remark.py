"""A remark of a report: a text that every form has, and what the default screen says of its cause, once for all creators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Self

# Those of a lower rank come first.
MISSING, WALLET, SHARE, PERIOD = 1, 2, 3, 4


class Command(str):
    """Words of a sentence that are typed, and so are not broken over two lines."""

    __slots__ = ()


class Fresh(str):
    """Words of a sentence that begin a line of their own: what is to be done next."""

    __slots__ = ()


Brief = tuple[str, ...]  # a sentence in pieces, of which some are a `Command` or `Fresh`


class Cause(NamedTuple):
    """Why remarks are made. `brief` takes what each of them is about, and says it once."""

    rank: int
    brief: Callable[[Sequence[Any]], Brief]


class Remark(str):
    """A text of a report. One without a cause is evidence alone: nobody should believe or do something else because of it."""

    __slots__ = ("about", "cause")
    cause: Cause | None
    about: Any

    def __new__(cls, text: str, cause: Cause | None = None, about: Any = None) -> Self:
        """A remark of a cause, and what it is about."""
        made = super().__new__(cls, text)
        made.cause, made.about = cause, about
        return made


def stated(rank: int, text: str, command: str = "", after: str = "", *, brief: str = "") -> Remark:
    """A remark that speaks of all creators already: the default screen says the same, or `brief` instead."""
    pieces = tuple(filter(None, (text, Command(command), after)))
    return Remark(" ".join(pieces), Cause(rank, lambda abouts: abouts[0]), (brief,) if brief else pieces)


def briefs(remarks: Iterable[str]) -> list[tuple[Brief, int]]:
    """What a default screen says of them: every cause once, the most urgent first; and of how many remarks."""
    causes: dict[int, tuple[Cause, list[Any]]] = {}
    for remark in remarks:
        cause = getattr(remark, "cause", None)
        if cause is not None:
            causes.setdefault(id(cause), (cause, []))[1].append(remark.about)  # type: ignore[attr-defined]
    return [(cause.brief(abouts), len(abouts)) for cause, abouts in sorted(causes.values(), key=lambda item: item[0].rank)]
