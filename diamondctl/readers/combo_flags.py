"""Which columns and keys say that a combo ends or goes on, and what their values mean. Whoever reads rows asks here, so that
no event of a combo is taken for a gift because its flag has a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# As names are compared: `plain`. The first are what known programs write.
ENDS: Final = (
    "repeatend", "giftrepeatend", "repeatended", "isrepeatend", "streakfinished", "isstreakfinished",
    "streakended", "streakend",
    "isstreakend", "comboend", "comboended", "iscomboend", "combofinished", "iscombofinished", "esfinal", "isfinal",
    "streakcomplete", "streakover", "comboover", "combostate", "giftcombostate", "combostatus",
)  # fmt: skip
GOES_ON: Final = (
    "streaking",
    "isstreaking",
    "instreak",
    "streakactive",
    "isstreakactive",
    "comboactive",
    "incombo",
    "comboing",
)
_COMBO: Final = "(?:repeat|streak|combo|racha|combinat|chain)"
_END: Final = re.compile(
    f"{_COMBO}.*(?:end|fin|over|done|complet|clos|stop|last|stat(?:e|us)$)|^(?:is)?(?:end|fin|last|clos).*{_COMBO}"
)
_ON: Final = re.compile(f"{_COMBO}.*(?:active|going|open|progress|running)|^(?:is)?(?:active|going|open|still|in).*{_COMBO}")
_TRUE: Final = frozenset(("true", "1", "yes", "t", "y", "ja", "si", "sí", "oui", "sim"))
_FALSE: Final = frozenset(("false", "0", "no", "f", "n", "nein", "non", "nao", "não", ""))
_OVER: Final = ("fin", "end", "over", "done", "complet", "clos", "stop")
_RUNNING: Final = ("beg", "start", "act", "going", "ongoing", "progress", "inprogress", "open", "run", "continu", "streak")


def plain(name: str) -> str:
    """A column or key as it is compared: the last part of a path, without case, blanks, strokes and points."""
    return re.sub(r"[\W_]", "", name.rpartition(".")[2].casefold())


def role(name: str) -> str:
    """`end`: this says whether a combo is over; `going`: whether it goes on; blank: neither."""
    word = plain(name)
    if word in ENDS:
        return "end"
    if word in GOES_ON:
        return "going"
    if len(word) > 30 or word.endswith(("id", "count", "name", "url", "time", "at")):
        return ""
    return "end" if _END.search(word) else "going" if _ON.search(word) else ""


def says(value: object) -> bool | None:
    """What a flag says: yes, no, or None for what is no flag. Words for states: finished is yes, active is no."""
    if isinstance(value, float):
        return None
    word = re.sub(r"[\W_]", "", str(value).casefold())
    if word in _TRUE or word.startswith(_OVER):
        return True
    if word in _FALSE or word.startswith(_RUNNING):
        return False
    return None


def is_over(name: str, value: object) -> bool | None:
    """Whether a flag says that its combo is over."""
    said = says(value)
    return said if said is None or role(name) != "going" else not said


def flags(names: Iterable[str]) -> tuple[str, ...]:
    """The columns that look like such a flag."""
    return tuple(name for name in names if role(name))
