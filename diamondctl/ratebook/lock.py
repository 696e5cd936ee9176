"""A rates.lock: the fingerprints of rate files that reports are pinned to. Pure.

One line a file, `SHA-256  platform/zone`, as `sha256sum` writes them. A report made with other rates says so; it is made all
the same, because rates may have to move.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.entries import Zone

NAME: Final = "rates.lock"
_HEAD: Final = "# diamondctl rates.lock 1; written by: diamondctl rates list{} -f lock -o rates.lock --force\n"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([a-z0-9_-]+/[^\s/]+)")


class Lock(NamedTuple):
    """What a lock file pins."""

    file: str
    pins: Mapping[str, str]  # platform/zone -> SHA-256


def text(zones: Iterable[Zone], options: str = "") -> str:
    """The file for some zones; a catalogue is one too. `options` are those by which the same zones are listed again."""
    lines = {f"{zone.platform}/{zone.name}": f"{zone.sha256}  {zone.platform}/{zone.name}\n" for zone in zones}
    return _HEAD.format(options and f" {options}") + "".join(lines[name] for name in sorted(lines))


def told(zones: Iterable[Zone]) -> str:
    """Whose files a lock of some zones pins: `36 shipped, 2 yours`."""
    mine = {(zone.platform, zone.name): zone.origin == "user" for zone in zones}.values()
    return f"{len(mine) - sum(mine):,} shipped, {sum(mine):,} yours"


def parse(content: str, file: str) -> Lock:
    """A lock from its text; refuses (K006) every line that is none."""
    pins: dict[str, str] = {}
    problems = []
    for number, line in enumerate(content.split("\n"), 1):
        found = _LINE.fullmatch(line.rstrip("\r"))
        if found is not None and found[2] not in pins:
            pins[found[2]] = found[1]
        elif line.strip() and not line.startswith("#"):
            message = f"'{found[2]}' is pinned twice" if found else "no fingerprint and name of a rate file"
            hint = "write it anew: diamondctl rates list -f lock -o rates.lock --force"
            problems.append(Problem("K006", message, hint, file, number))
    if problems:
        raise Refusal(problems)
    return Lock(file, pins)


def differences(lock: Lock | None, zones: Iterable[Zone]) -> Iterator[str]:
    """What a report has to say of the zones it used: those that are not as they were pinned."""
    for zone in {(zone.platform, zone.name): zone for zone in zones}.values() if lock else ():
        name = f"{zone.platform}/{zone.name}"
        pinned = lock.pins.get(name, "") if lock else ""
        if pinned != zone.sha256:
            was = f"pins {pinned[:8]}" if pinned else "does not name it"
            yield f"Made with other rates than {lock.file if lock else ''} says: {name} is {zone.sha256[:8]}, the lock {was}."
