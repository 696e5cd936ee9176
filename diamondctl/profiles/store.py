"""Profiles on disk: the shipped ones, a file, or a folder of one's own."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from diamondctl.files import opened
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.profiles.profile_format import build_profile
from diamondctl.readers.profile import Profile
from diamondctl.yamlfile import nodes

SHIPPED: Final = Path(__file__).parent.parent / "readers" / "profiles"
_MAX_BYTES: Final = 200_000


def shipped() -> tuple[Profile, ...]:
    """The profiles that came with this installation."""
    return _load_all(_files(SHIPPED), "shipped")


def find(argument: str) -> tuple[Profile, ...]:
    """The profiles that `--profile` names: a file, every file of a folder, or the name of a shipped one (P001)."""
    if not os.path.exists(argument):
        chosen = [profile for profile in shipped() if profile.name == argument]
        if not chosen:
            hint = (
                "a file that `diamondctl profile sniff FILE` proposed, a folder of them, or a name of: diamondctl profile list"
            )
            raise Refusal(Problem("P001", "no such profile", hint, argument))
        return tuple(chosen)
    path = Path(argument)
    files = _files(path) if path.is_dir() else [path]
    if not files:
        raise Refusal(Problem("P001", "no profile in this folder", "they end in .yaml", argument))
    return _load_all(files, "user")


def _load_all(files: list[Path], origin: str) -> tuple[Profile, ...]:
    log = ProblemLog()
    profiles = [load(file, origin=origin, log=log) for file in files]
    log.refuse_if_any()
    return tuple(profile for profile in profiles if profile is not None)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if path.is_file())


def load(path: Path, *, origin: str, log: ProblemLog) -> Profile | None:
    """Read one profile. Logs every problem of the file and returns None when there is any."""
    file = path.name if origin == "shipped" else str(path)
    try:
        with opened(path) as stream:
            data = stream.read(_MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        log.add(Problem("F001", f"cannot be read: {error.strerror}", "", file))
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        log.add(Problem("R001", f"byte {error.start + 1} is not UTF-8", "save the file as UTF-8", file, line))
        return None
    if len(data) > _MAX_BYTES:
        log.add(Problem("R005", f"more than {_MAX_BYTES:,} bytes", "a profile is a page of text", file))
        return None
    before = log.total
    root = nodes.parse(text, file, log)
    if root is None or log.total > before:
        return None
    return build_profile(root, sha256=hashlib.sha256(data).hexdigest(), origin=origin, log=log)
