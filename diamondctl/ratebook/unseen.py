"""Characters that a reader of a change does not see, or that make its lines others than git's: refused (R032).

In comments too: a right-to-left mark there can show a value that does not run. YAML ends lines at U+0085, U+2028, U+2029 and at
a carriage return alone, git does not, so what is named as line 9 would be another line in a review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from diamondctl.problems import Problem, ProblemLog
from diamondctl.yamlfile.nodes import Mapping, Node, Scalar, Sequence

_HINT: Final = "remove it, or write what is meant with letters that can be seen"
# Control characters but tab and line feed; ends of lines; what Unicode calls ignorable (format and bidirectional marks,
# joiners, fillers, variation selectors, tags); a blank that is no space; letters of no alphabet (private use).
_UNSEEN: Final = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff\U000f0000-\U0010ffff\ud800-\udfff]"
)


def refuse(text: str, file: str, log: ProblemLog) -> None:
    """Tell the first such character of every line, with the line that git counts."""
    last = 0
    for match in _UNSEEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if line != last:
            column = match.start() - text.rfind("\n", 0, match.start())
            log.add(Problem("R032", _message(match[0]), _HINT, file, line, column))
        last = line


def blanked(text: str) -> str:
    """The text with a blank for each of them, which leaves every line and column where it is."""
    return _UNSEEN.sub(" ", text)


def refuse_escaped(root: Node, log: ProblemLog) -> None:
    r"""Tell such characters that are written as escapes (`"\u202e"`), where the value begins."""
    for scalar in _scalars(root):
        if match := _UNSEEN.search(scalar.text):
            problem = scalar.place.problem("R032", _message(match[0]), _HINT)
            if not any(other[3:5] == problem[3:5] and other.code == "R032" for other in log.problems):
                log.add(problem)


def _message(character: str) -> str:
    return f"a character that cannot be seen, or that ends a line for some readers only: U+{ord(character):04X}"


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Mapping):
        for key, (place, item) in node.items.items():
            yield Scalar(key, place)
            yield from _scalars(item)
