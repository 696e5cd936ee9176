"""Whether a statement comes out the same again: both as JSON, figure by figure, and what explains a difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from diamondctl.render import shape as f
from diamondctl.render.differs import in_json
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.words import counted

# What names a document or a place of another machine, and no figure.
_NAMES: Final = ("document", "basis")
_OF_LINE: Final = re.compile(r"statements\[(\d+)\]\.lines\[(\d+)\]")


class Verified(NamedTuple):
    """What was compared and what came of it. `first` is the path of the first figure that differs, then and now."""

    number: str
    files: int
    from_files: bool
    rates: tuple[str, ...]
    figures: int
    first: tuple[str, str, str] | None
    causes: tuple[str, ...]
    aside: tuple[str, ...] = ()  # files that came after it was closed
    line: str = ""  # what the statement calls the line of the first figure that differs, if it is of one

    @property
    def same(self) -> bool:
        """Whether every figure is the same."""
        return self.first is None


def verified(then: Mapping[str, Any], now: Mapping[str, Any], given: Mapping[str, str], aside: Sequence[str] = ()) -> Verified:
    """Compare a statement with the same one computed again; `given` are the names of files by their hashes, if any."""
    before, after = (_figures(document["data"]["statements"]) for document in (then, now))
    first = next(in_json(before, after, "statements"), None)
    numbers = [item["number"] for item in then["data"]["statements"]]
    rates = tuple(f"{item['file']} {item['sha256'][:8]}" for item in then["inputs"]["rates"])
    documents = {item["sha256"]: item["name"] for item in then["inputs"]["files"]}
    causes = tuple(_causes(then, now, documents, given)) if first else ()
    files = len(given) or len(documents)
    return Verified(
        ", ".join(numbers),
        files,
        bool(given),
        rates,
        _count(before),
        first,
        causes,
        tuple(aside),
        _line(then, first[0]) if first else "",
    )


def _line(then: Mapping[str, Any], place: str) -> str:
    """What the line at a place, such as `statements[0].lines[4].current.least`, is called."""
    found = _OF_LINE.match(place)
    statements = then["data"]["statements"]
    if not found or int(found[1]) >= len(statements) or int(found[2]) >= len(lines := statements[int(found[1])]["lines"]):
        return ""
    return str(lines[int(found[2])]["label"])


def _figures(value: Any) -> Any:
    """All but names."""
    if isinstance(value, dict):
        return {key: _figures(item) for key, item in value.items() if key not in _NAMES}
    return [_figures(item) for item in value] if isinstance(value, list) else value


def _count(value: Any) -> int:
    """How many figures: both stories of an amount are one."""
    if isinstance(value, dict):
        return 1 if value.keys() == {"least", "most"} else sum(map(_count, value.values()))
    if isinstance(value, list):
        return sum(map(_count, value))
    return isinstance(value, int) and not isinstance(value, bool)


def _causes(
    then: Mapping[str, Any], now: Mapping[str, Any], documents: Mapping[str, str], given: Mapping[str, str]
) -> Iterator[str]:
    held = given or {item["sha256"]: item["name"] for item in now["inputs"]["files"]}
    for sha256, name in documents.items():
        if sha256 not in held:
            yield f"{name} (SHA-256 {sha256[:12]}) is missing"
    for sha256, name in held.items():
        if sha256 not in documents:
            yield f"{name} (SHA-256 {sha256[:12]}) was not among its files"
    files = {item["file"]: item["sha256"] for item in now["inputs"]["rates"]}
    for item in then["inputs"]["rates"]:
        if files.get(item["file"]) != item["sha256"]:
            yield f"{item['file']} is another file than {item['sha256'][:8]}"
    used = [{_entry(entry) for entry in document["data"]["rates"]} for document in (then, now)]
    for entry in sorted(used[0] - used[1]):
        yield f"{entry} is no longer used"
    for entry in sorted(used[1] - used[0]):
        yield f"{entry} is used now"
    records = [{_id(item): item for item in document["data"]["basis"]["records"]} for document in (then, now)]
    for name in sorted(records[0].keys() | records[1].keys()):
        if records[0].get(name) != records[1].get(name):
            yield f"the record {name} is another one, or gone, or new"
    programs = [document["data"]["basis"]["program"] for document in (then, now)]
    if programs[0] != programs[1]:
        yield f"diamondctl {programs[0]} computed it, and this is {programs[1]}"


def _entry(entry: Mapping[str, Any]) -> str:
    return f"{entry['rate']} of {entry['file']}:{entry['line']}, {entry['text']}"


def _id(item: Mapping[str, Any]) -> str:
    return f"{str(item['sort'])[:1]}{item['number']:03d}"


def answer(found: Verified) -> str:
    """Same, or the first figure that differs, in one sentence."""
    what = f"{counted(found.files, 'file')}, rates {', '.join(found.rates) or 'none'}"
    if found.same:
        return f"Same: {what}, {counted(found.figures, 'figure')}, to the cent."
    assert found.first is not None
    place, before, now = found.first
    where = f"{found.line} ({place})" if found.line else place
    return f"Not the same: {where} was {before}, and is {now}."


DOCUMENT = f.Document(
    "verify",
    (
        f.Field("number"),
        f.Field("same", f.FLAG),
        f.Field("files", f.COUNT),
        f.Field("rates", f.WORDS),
        f.Field("figures", f.COUNT),
        f.Field("line", maybe=True),
        f.Field("place", of=lambda found: found.first and found.first[0], maybe=True),
        f.Field("then", of=lambda found: found.first and found.first[1], maybe=True),
        f.Field("now", of=lambda found: found.first and found.first[2], maybe=True),
        f.Field("causes", f.WORDS),
        f.Field("aside", f.WORDS),
    ),
    (f.Field("number"), f.Field("same", f.FLAG), f.Field("files", f.COUNT), f.Field("figures", f.COUNT)),
    answer=answer,
)


def view(found: Verified) -> View:
    """The verdict in all its forms."""
    return DOCUMENT.view(found, lambda: _page(found), lambda: [found])


def _page(found: Verified) -> Sequence[Part]:
    aside = said(*found.aside, mark="not in it, because it was closed before: ")
    if found.same:
        return [aside]
    nothing = (
        "Files, rates and records are the same: the statement itself may have been altered after it was made, or the program, "
        "or what it runs on, computes otherwise."
    )
    return [said(*(found.causes or (nothing,)), mark="because: " if found.causes else ""), aside]
