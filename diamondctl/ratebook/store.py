"""Rate files on disk: where they are, which one covers a region, loading them with all their problems.

Of the shipped zone files only those a command needs are read whole, of the others just the first keys. A user's files are
few and all read whole: one that is wrong must be refused, never passed over in favour of a shipped one.
"""

from __future__ import annotations

import difflib
import hashlib
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

import diamondctl
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook.entries import Zone, uncovered
from diamondctl.ratebook.zone_format import build_zone
from diamondctl.regions import REGIONS
from diamondctl.yamlfile import nodes

if TYPE_CHECKING:  # only event logs need them
    from diamondctl.ratebook.gifts import Catalogue, GiftFile

# In a rates folder, beside the zones: gift catalogues.
NOT_ZONES = frozenset({"gifts.yaml", "gifts.yml"})
ENDINGS = (".yaml", ".yml")
HOW_TO_WRITE = "write your own: diamondctl rates new {}; then use --rates DIR"


class ZoneFile(NamedTuple):
    """A zone file that has been found, not yet read whole."""

    path: Path
    file: str  # how it is named in output
    origin: str  # shipped | user
    platform: str
    regions: tuple[str, ...]
    zone: Zone | None = None  # of a user's file, which has been read whole


def shipped_folder() -> Path:
    """The rate files that came with this installation (in a checkout: the `rates/` beside the package)."""
    package = Path(diamondctl.__file__).parent
    packed = package / "shipped_rates"
    return packed if packed.is_dir() else package.parent / "rates"


def paths_in(folder: Path) -> list[Path]:
    """Zone files of a rates folder: `<zone>.yaml` and `<platform>/<zone>.yaml`, sorted; or the one file given.

    Whatever has such a name is listed, a pipe too: `load` says what it is. Hidden names are no zones. Refuses (F001) a
    folder that cannot be read.
    """
    return [path for path in _files_in(folder) if path.name.lower() not in NOT_ZONES]


def gift_paths_in(folder: Path) -> list[Path]:
    """Gift catalogues of a rates folder: `gifts.yaml` and `<platform>/gifts.yaml`, sorted; or the one file given."""
    return [path for path in _files_in(folder) if path.name.lower() in NOT_ZONES]


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return [folder]
    paths = []
    for path in _inside(folder):
        if path.suffix.lower() not in ENDINGS and path.is_dir():
            paths += [inner for inner in _inside(path) if inner.suffix.lower() in ENDINGS]
        elif path.suffix.lower() in ENDINGS:
            paths.append(path)
    return sorted(paths)


def _inside(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        hint = "check its permissions"
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", hint, str(folder))) from None


def load(path: Path, *, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """Read one zone file whole. Logs every problem of the file and returns None when there is any."""
    data = _read(path, file, log)
    return None if data is None else load_data(data, name=path.stem, file=file, origin=origin, log=log)


def load_data(data: bytes, *, name: str, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """The same from the bytes of a file that is called `file` in output; `name` is the zone's."""
    before, kept = log.total, len(log.problems)
    root = _tree(data, file, log)
    if root is None or any(problem.message.startswith("alias") for problem in log.problems[kept:]):
        return None  # an alias stands for a value that is not there to be checked
    # A tree with forbidden parts is still checked, so that one run names everything.
    zone = build_zone(root, name=name, sha256=hashlib.sha256(data).hexdigest(), origin=origin, log=log)
    return zone if log.total == before else None


def load_gifts(path: Path, *, file: str, log: ProblemLog) -> GiftFile | None:
    """Read one gift catalogue. Logs every problem of the file and returns None when there is any."""
    from diamondctl.ratebook.gift_format import build_gifts

    before = log.total
    data = _read(path, file, log)
    root = None if data is None else _tree(data, file, log)
    if data is None or root is None or log.total > before:
        return None
    return build_gifts(root, sha256=hashlib.sha256(data).hexdigest(), log=log)


def catalogue(platform: str, user_folder: Path | None) -> Catalogue:
    """The gift catalogue of a platform, the user's beside the shipped one; refuses every problem of the files."""
    from diamondctl.ratebook.gifts import Catalogue

    log = ProblemLog()
    folder = shipped_folder()
    files = [load_gifts(path, file=path.relative_to(folder).as_posix(), log=log) for path in gift_paths_in(folder)]
    if user_folder is not None:
        mine = [(path, load_gifts(path, file=str(path), log=log)) for path in gift_paths_in(user_folder)]
        for path, gifts in mine:
            if gifts is not None and (problem := misplaced(gifts, path, user_folder)):
                log.add(problem)
        files = [gifts for _, gifts in mine] + files
    log.refuse_if_any()
    return Catalogue(file for file in files if file is not None and file.platform == platform)


def _tree(data: bytes, file: str, log: ProblemLog) -> nodes.Node | None:
    """The YAML tree of a file, with what is forbidden in it already in the log."""
    if len(data) > nodes.MAX_BYTES * 4:
        log.add(Problem("R005", f"more than {nodes.MAX_BYTES} characters", "split the file by rate zone", file))
        return None
    text = nodes.decode(data, file, log)
    return None if text is None else nodes.parse(text, file, log)


def _read(path: Path, file: str, log: ProblemLog) -> bytes | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before it is opened: a pipe would wait for ever
            log.add(Problem("F002", "not a regular file", "a rate file is a text file", file))
            return None
        with path.open("rb") as stream:
            return stream.read(nodes.MAX_BYTES * 4 + 1)
    except OSError as error:
        log.add(Problem("F001", f"cannot be read: {error.strerror}", "", file))
        return None


def find(user_folder: Path | None) -> list[ZoneFile]:
    """Every zone file, the user's before the shipped ones. Refuses with every problem of the user's files."""
    folder = shipped_folder()
    shipped = [_peek(path, path.relative_to(folder).as_posix()) for path in paths_in(folder)]
    return (_users(user_folder) if user_folder is not None else []) + shipped


def _users(folder: Path) -> list[ZoneFile]:
    paths = paths_in(folder)
    if not paths and not gift_paths_in(folder):
        raise Refusal(Problem("R025", "no rate file here", "it should hold <platform>/<zone>.yaml", str(folder)))
    log = ProblemLog()
    files = []
    for path in paths:
        zone = load(path, file=str(path), origin="user", log=log)
        if zone is not None:
            if problem := misplaced(zone, path, folder):
                log.add(problem)
            files.append(ZoneFile(path, zone.file, zone.origin, zone.platform, zone.regions, zone))
    log.refuse_if_any()
    return files


def misplaced(zone: Zone | GiftFile, path: Path, folder: Path) -> Problem | None:
    """What is wrong with the platform of a file: another one than its folder says (R024), or a misspelt one (R009)."""
    if folder.is_dir() and path.parent != folder and path.parent.name != zone.platform:
        message = f"the folder says '{path.parent.name}', the file says platform: {zone.platform}"
        return Problem("R024", message, "move the file or correct it", zone.file, 1)
    platforms = sorted({item.parent.name for item in paths_in(shipped_folder())})
    near = difflib.get_close_matches(zone.platform, platforms, 1, 0.8)
    if zone.platform not in platforms and near:
        hint = "correct it, or choose a name that cannot be mistaken"
        return Problem("R009", f"platform '{zone.platform}' looks like '{near[0]}'", hint, zone.file, 1)
    return None


def _peek(path: Path, file: str) -> ZoneFile:
    """Platform and regions from the first keys of a shipped file; one where they are not is loaded whole to say why."""
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
                return ZoneFile(path, file, "shipped", platform, tuple(regions))
    except (OSError, ValueError, yaml.YAMLError):
        pass
    log = ProblemLog()
    zone = load(path, file=file, origin="shipped", log=log)
    log.refuse_if_any()
    if zone is None:
        raise AssertionError(f"{file}: not loaded, and yet no problem")
    return ZoneFile(path, file, "shipped", zone.platform, zone.regions, zone)  # what could not be opened can be now


def load_all(rates: Path | None, platform: str, *, may_be_none: bool = False) -> list[Zone]:
    """Every zone of a platform; a shipped one of which the user's files cover every region is left out.

    Refuses (A006) a platform of which there is none, unless there `may_be_none`.
    """
    log = ProblemLog()
    zones: list[Zone] = []
    taken: set[str] = set()
    for item in find(rates):
        if item.platform != platform:
            continue
        if item.origin == "shipped" and taken.issuperset(item.regions):
            continue
        if item.origin == "user":
            taken.update(item.regions)
        zone = item.zone or load(item.path, file=item.file, origin=item.origin, log=log)
        if zone is not None:
            zones.append(zone)
    log.refuse_if_any()
    if not zones and not may_be_none:
        raise Refusal(Problem("A006", f"no rate file for platform '{platform}'", "see: diamondctl rates list"))
    return zones


def covered(platform: str, user_folder: Path | None) -> frozenset[str]:
    """The regions of a platform that a rate file covers."""
    return frozenset(region for item in find(user_folder) if item.platform == platform for region in item.regions)


def zones_for(platform: str, regions: Iterable[str], user_folder: Path | None, *, known_only: bool = False) -> dict[str, Zone]:
    """The zone of each region, the user's file before the shipped one; `uncovered` where no file covers one that exists.

    Refuses an unknown platform (A006), a region that does not exist (A005, listing the covered ones; `known_only`: any that
    no file covers) and every problem of the files needed.
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
        if not claims and region in REGIONS and not known_only:
            zones[region] = uncovered(platform, region)
            continue
        if not claims:
            names = ", ".join(sorted({name for item in files for name in item.regions}))
            way = HOW_TO_WRITE.format(region) if region in REGIONS else f"no country is called {region}"
            log.add(Problem("A005", f"no rate file covers region {region}", f"covered: {names}; {way}"))
            continue
        origin = claims[0].origin
        if len([item for item in claims if item.origin == origin]) > 1:
            log.add(Problem("R016", f"region {region} is claimed by {claims[0].file} too", "", claims[1].file))
            continue
        item = claims[0]
        if item.path not in loaded:
            loaded[item.path] = item.zone or load(item.path, file=item.file, origin=item.origin, log=log)
        zone = loaded[item.path]
        if zone is not None:
            zones[region] = zone
    log.refuse_if_any()
    return zones
