"""Where the config is, reading it, and what it says where no option is given."""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import date
from pathlib import Path
from typing import Final

from diamondctl.config.values import PLATFORM, Config, Setting
from diamondctl.desk import parse
from diamondctl.ledger.catalog import STATE
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.yamlfile import nodes
from diamondctl.yamlfile.nodes import MAX_BYTES

NAME: Final = "config.yaml"


def region_or_default(given: str, config: Config, day: date) -> str:
    """A region for a command that has no rows: the option, that of the config's creator on a day, the config's."""
    mine = config.on(day, "creators", config.text("creator"), "region")
    return parse.region(given) or (mine.text if mine else config.text("region"))


def platform_and_rates(platform: str, rates: str, config: Config) -> tuple[str, Path | None]:
    """The platform and the folder of own rate files: by option, else by the config."""
    return platform or config.text("platform") or PLATFORM, parse.folder(rates, "--rates") or folder_of(config, "rates")


def folder_of(config: Config, key: str) -> Path | None:
    """A folder that the config names: of own rate files, or of profiles."""
    setting = config.get(key)
    if setting is None:
        return None
    try:
        return parse.folder(str(path_of(setting)), key)
    except Refusal as refusal:
        problem = refusal.problems[0]
        raise Refusal(setting.place.problem(problem.code, f"{problem.message}: {problem.file}", problem.hint)) from None


def path_of(setting: Setting) -> Path:
    """A path in the config: `~` is the home folder, and a relative one begins in the folder of the config."""
    return Path(setting.place.file).parent / os.path.expanduser(setting.text)  # noqa: PTH111 - pathlib raises without a home


def default_path() -> Path | None:
    """Where the config is when nothing else is said; None where no home folder is known."""
    folder = user_folder("XDG_CONFIG_HOME", ".config", "user_config_path")
    return None if folder is None else folder / NAME


def user_folder(variable: str, below_home: str, function: str) -> Path | None:
    """A folder of the user's own by a function of `platformdirs`; None where no home folder is known.

    The plain case of Linux is worked out here, for `platformdirs` would cost every command its import; a test holds the
    two equal.
    """
    if sys.platform == "linux" and "ANDROID_DATA" not in os.environ:
        base, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
        if base.startswith("/"):
            return Path(base, "diamondctl")
        if not base and home.startswith("/"):
            return Path(home, below_home, "diamondctl")

    import platformdirs

    try:
        folder: Path = getattr(platformdirs, function)("diamondctl", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def ledger_folder(ledger: str, config: str) -> Path:
    """The ledger's folder: the one given, else the config's, else `ledger` in the user's data folder."""
    if ledger:
        return Path(ledger)
    if setting := read_config(config).get("ledger"):
        return path_of(setting)
    path = user_folder("XDG_DATA_HOME", ".local/share", "user_data_path")
    if path is None:
        hint = "name the folder: --ledger DIR"
        raise Refusal(Problem("L001", "no home folder, so no place for the ledger", hint), exit_code=STATE)
    return path / "ledger"


def config_path(given: str) -> Path:
    """The config's path, whether it exists or not; refuses where there is no place for one (K004)."""
    path = Path(given) if given else default_path()
    if path is None:
        raise Refusal(Problem("K004", "no home folder is known, so there is no place for settings", "give --config FILE"))
    return path


def read_config(given: str) -> Config:
    """The config by option or environment, which has to exist; else the one at the default place, if there is one.

    Refuses with every problem of the file. The null device is no config at all.
    """
    return read_config_and_text(given)[0]


def read_config_and_text(given: str) -> tuple[Config, str]:
    """The same with the text of the file."""
    if given == os.devnull:
        return Config(), ""
    path = Path(given) if given else default_path()
    data = None if path is None else read_bytes(path, must_exist=bool(given))
    return (Config(), "") if data is None else (parse_config(data, str(path)), text_of(data, str(path)))


def read_bytes(path: Path, *, must_exist: bool) -> bytes | None:
    """The bytes of a config; None when there is none and none has to be."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise Refusal(Problem("F002", "the config is not a regular file", "", str(path)))
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES * 4 + 1)
    except (FileNotFoundError, NotADirectoryError):
        if not must_exist:
            return None
        hint = "make it: diamondctl init --config FILE"
        raise Refusal(Problem("F001", "no such config", hint, str(path))) from None
    except OSError as error:
        raise Refusal(Problem("F001", f"the config cannot be read: {error.strerror}", "", str(path))) from None


def parse_config(data: bytes, file: str) -> Config:
    """A config from its bytes; refuses with all of its problems."""

    from diamondctl.config import format as config_format

    log = ProblemLog()
    text = nodes.decode(data, file, log)
    found = None
    if text is not None:
        found = config_format.read(text, file=file, sha256=hashlib.sha256(data).hexdigest(), log=log)
    log.refuse_if_any()
    if found is None:
        raise AssertionError(f"{file}: no config, and yet no problem")
    return found


def text_of(data: bytes | None, file: str) -> str:
    """The text of a config, without its byte order mark; blank when there is none."""
    log = ProblemLog()
    text = nodes.decode(data or b"", file, log)
    log.refuse_if_any()
    if text is None:
        raise AssertionError(f"{file}: no text, and yet no problem")
    return text


def known_creators() -> tuple[str, ...]:
    """Names for completion; nothing where the config cannot be read."""
    try:
        return read_config(os.environ.get("DIAMONDCTL_CONFIG", "")).creators
    except Refusal:
        return ()
