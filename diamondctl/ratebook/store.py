"""Rate files on disk: where they are, which one covers a region, loading them with all their problems.

Only the zone file a command needs is read whole; of the others just the first keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import yaml

import diamondctl
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import nodes
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.gift_format import build_gifts
from diamondctl.ratebook.gifts import Catalogue, GiftFile
from diamondctl.ratebook.zone_format import build_zone

# In a rates folder, beside the zones: gift catalogues.
NOT_ZONES = frozenset({"gifts.yaml", "gifts.yml"})
HOW_TO_WRITE = "write your own: rates/README.md shows a whole file; then use --rates DIR"


class ZoneFile(NamedTuple):
    """A zone file that has been found, not yet read whole."""

    path: Path
    file: str  # how it is named in output
    origin: str  # shipped | user
    platform: str
    regions: tuple[str, ...]


def shipped_folder() -> Path:
    """The rate files that came with this installation (in a checkout: the `rates/` beside the package)."""
    package = Path(diamondctl.__file__).parent
    packed = package / "shipped_rates"
    return packed if packed.is_dir() else package.parent / "rates"


def paths_in(folder: Path) -> list[Path]:
    """Zone files of a rates folder: `<zone>.yaml` and `<platform>/<zone>.yaml`, sorted; or the one file given."""
    return [path for path in _files_in(folder) if path.name not in NOT_ZONES]


def gift_paths_in(folder: Path) -> list[Path]:
    """Gift catalogues of a rates folder: `gifts.yaml` and `<platform>/gifts.yaml`, sorted; or the one file given."""
    return [path for path in _files_in(folder) if path.name in NOT_ZONES]


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return [folder]
    found = [*folder.glob("*.yaml"), *folder.glob("*/*.yaml"), *folder.glob("*.yml"), *folder.glob("*/*.yml")]
    return sorted(path for path in found if path.is_file())


def load(path: Path, *, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """Read one zone file whole. Logs every problem of the file and returns None when there is any."""
    before = log.total
    tree = _tree(path, file, log)
    if tree is None:
        return None
    root, digest = tree
    if log.total > before:
        # A tree with forbidden parts is still checked, so that one run names everything.
        aliases = any(problem.message.startswith("alias") for problem in log.problems)
        if not aliases:  # an alias stands for a value that is not there to be checked
            build_zone(root, name=path.stem, file=file, sha256="", origin=origin, log=log)
        return None
    return build_zone(root, name=path.stem, file=file, sha256=digest, origin=origin, log=log)


def load_gifts(path: Path, *, file: str, log: ProblemLog) -> GiftFile | None:
    """Read one gift catalogue. Logs every problem of the file and returns None when there is any."""
    before = log.total
    tree = _tree(path, file, log)
    if tree is None or log.total > before:
        return None
    return build_gifts(tree[0], file=file, sha256=tree[1], log=log)


def catalogue(platform: str, user_folder: Path | None) -> Catalogue:
    """The gift catalogue of a platform, the user's beside the shipped one; refuses every problem of the files."""
    log = ProblemLog()
    folder = shipped_folder()
    paths = [(path, str(path)) for path in (gift_paths_in(user_folder) if user_folder is not None else [])]
    paths += [(path, path.relative_to(folder).as_posix()) for path in gift_paths_in(folder)]
    files = [load_gifts(path, file=file, log=log) for path, file in paths]
    log.refuse_if_any()
    return Catalogue(file for file in files if file is not None and file.platform == platform)


def _tree(path: Path, file: str, log: ProblemLog) -> tuple[nodes.Node, str] | None:
    """The YAML tree of a file, and its fingerprint."""
    data = _read(path, file, log)
    if data is None:
        return None
    text = nodes.decode(data, file, log)
    if text is None:
        return None
    root = nodes.parse(text, file, log)
    return None if root is None else (root, hashlib.sha256(data).hexdigest())


def _read(path: Path, file: str, log: ProblemLog) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(nodes.MAX_BYTES * 4 + 1)
    except OSError as error:
        log.add(Problem("F001", f"cannot be read: {error.strerror}", "", file))
        return None


def find(user_folder: Path | None) -> list[ZoneFile]:
    """Every zone file, the user's before the shipped ones, by its first keys only; refuses files it cannot read."""
    found: list[ZoneFile] = []
    if user_folder is not None:
        paths = paths_in(user_folder)
        if not paths and not gift_paths_in(user_folder):
            hint = "it should hold <platform>/<zone>.yaml"
            raise Refusal(Problem("R025", "no rate file here", hint, str(user_folder)))
        found += [_peek(path, str(path), "user") for path in paths]
    folder = shipped_folder()
    return found + [_peek(path, path.relative_to(folder).as_posix(), "shipped") for path in paths_in(folder)]


def _peek(path: Path, file: str, origin: str) -> ZoneFile:
    """Platform and regions from the first keys of a file; a file where they cannot be found is loaded whole to say why."""
    platform, regions = "", []
    try:
        with path.open("rb") as stream:
            text = stream.read(nodes.MAX_BYTES).decode("utf-8-sig", "replace")
        depth, key, events = 0, "", yaml.parse(text, Loader=nodes.LOADER)
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                if depth == 1 and not key:
                    key = event.value
                    continue
                if depth == 1 and key == "platform":
                    platform = event.value
                if depth == 2 and key == "regions":
                    regions.append(event.value)
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > nodes.MAX_DEPTH:
                    break
                if depth == 1:
                    continue
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth <= 1:
                key = ""
            if platform and regions and depth <= 1:
                return ZoneFile(path, file, origin, platform, tuple(regions))
    except (OSError, ValueError, yaml.YAMLError):
        pass
    log = ProblemLog()
    load(path, file=file, origin=origin, log=log)
    log.refuse_if_any()
    raise AssertionError(f"{file}: no platform or regions, and yet no problem")


def zones_for(platform: str, regions: Iterable[str], user_folder: Path | None) -> dict[str, Zone]:
    """The zone of each region, the user's file before the shipped one.

    Refuses an unknown platform (A006), an uncovered region (A005, listing the covered ones) and every problem of the
    files needed.
    """
    files = find(user_folder)
    platforms = sorted({item.platform for item in files})
    if platform not in platforms:
        raise Refusal(Problem("A006", f"no rate file for platform '{platform}'", "there are: " + ", ".join(platforms)))
    files = [item for item in files if item.platform == platform]
    log = ProblemLog()
    loaded: dict[Path, Zone | None] = {}
    zones: dict[str, Zone] = {}
    for region in sorted(set(regions)):
        claims = [item for item in files if region in item.regions]
        if not claims:
            covered = ", ".join(sorted({name for item in files for name in item.regions}))
            log.add(Problem("A005", f"no rate file covers region {region}", f"covered: {covered}; {HOW_TO_WRITE}"))
            continue
        origin = claims[0].origin
        if len([item for item in claims if item.origin == origin]) > 1:
            log.add(Problem("R016", f"region {region} is claimed by {claims[0].file} too", "", claims[1].file))
            continue
        item = claims[0]
        if item.path not in loaded:
            loaded[item.path] = load(item.path, file=item.file, origin=item.origin, log=log)
        zone = loaded[item.path]
        if zone is not None:
            zones[region] = zone
    log.refuse_if_any()
    return zones
