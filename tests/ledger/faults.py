"""Every system call of a command: SIGKILL or Ctrl-C before each write, ENOSPC or EIO in its place; and for each call that
reads, locks, looks or asks for memory the error that it has when a disk, a network file system or the machine gives out.

    python -m tests.ledger.faults --all            every call of every command: some minutes
    python -m tests.ledger.faults --sample 40      the seeded sample that the tests try
    python -m tests.ledger.faults --all --only import --fault KILL

`strace` counts calls for each thread by itself, so a first run that only watches says which calls there are and which
number each has in its thread; then every one of them is met in a run of its own. Hash seed and inputs are fixed, so runs
do the same calls. What was met is read from the log of the run, not believed.

After each run the ledger is opened as ever. Its whole content must be that of before or of after the command, `doctor` must
find no damage, a command that said "nothing was changed" must have changed nothing, one that ended well must have done all
of it, and running it again must reach after, with no file left that nobody would ever sweep.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from tests.ledger import state
from tests.ledger.make_fixture import BACKUP, FIXTURES
from tests.ledger.state import FAN, Content
from tests.support import environment

SEED: Final = 20261031
_SIGNALS: Final = ("KILL", "INT")
_OF_WRITES: Final = ("KILL", "INT", "ENOSPC", "EIO")
_WRITES: Final = (
    "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,ftruncate,"
    "openat,mkdir,rmdir,chmod,fchmod,symlink,symlinkat"
)
_LOCKS: Final = ("ENOLCK", "ENOSYS", "EOPNOTSUPP")
_READS: Final = ("EIO", "ENOMEM")
_LOOKS: Final = ("EACCES", "EIO")
# What each call can meet.
OF_CALL: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(_WRITES.split(","), _OF_WRITES),
    **dict.fromkeys(("flock", "fcntl"), _LOCKS),
    **dict.fromkeys(("read", "pread64", "getdents64"), _READS),
    **dict.fromkeys(("stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat2"), _LOOKS),
    "mmap": ("ENOMEM",),
}
CALLS: Final = ",".join(OF_CALL)
FAULTS: Final = tuple(dict.fromkeys(fault for faults in OF_CALL.values() for fault in faults))
_WORDS_OF_NOTHING: Final = ("nothing was changed", "Nothing was changed")


class Action(NamedTuple):
    """A command that is cut off. `ledger` names the folder or file whose content is compared."""

    name: str
    arguments: tuple[str, ...]
    fresh: bool = False  # begins without a ledger
    subject: str = "ledger"
    once: bool = False  # done twice it does more
    raw: bool = False  # its catalog is compared as it stands: opening it is what is cut off


ACTIONS: Final = (
    Action("import", ("import", "b.csv", "--ledger", "ledger")),
    Action("first", ("import", "a.csv", "--ledger", "ledger"), fresh=True),
    Action("keep-good", ("import", "worse.csv", "--keep-good", "--ledger", "ledger")),
    Action("statement", ("import", "paypal.csv", "--creator", "mara", "--config", "payer.yaml", "--ledger", "ledger")),
    Action("undo", ("undo", "d002", "--ledger", "ledger")),
    Action("undo-both", ("undo", "d002", "p001", "--ledger", "ledger")),
    Action(
        "payout",
        ("record", "payout", "3", "--date", "2026-10-12", "--by", "paypal", "--arrived", "2.90", "--arrived-on", "2026-10-14",
         "--id", "again", "--ledger", "ledger"),
    ),
    Action("erase", ("privacy", "erase", FAN, "--ledger", "ledger")),
    Action(
        "adjust",
        ("record", "adjustment", "bonus", "25", "USD", "--date", "2026-10-31", "--reason", "r",
         "--ledger", "ledger"),
        once=True,
    ),
    Action(
        "close",
        ("period", "close", "2026-10", "--accept", "ranges", "--accept", "rejects", "--accept", "payouts", "--accept",
         "balances", "--reason", "r", "--ledger", "ledger"),
    ),
    Action("restore", ("restore", "kept.zip", "--ledger", "restored"), subject="restored"),
    Action("backup", ("backup", "new.zip", "--ledger", "ledger"), subject="new.zip"),
    Action("upgrade", ("summary", "--region", "US", "--ledger", "old"), subject="old", raw=True),
    Action("restore-old", ("restore", "old.zip", "--ledger", "restored"), subject="restored"),
)  # fmt: skip


class Point(NamedTuple):
    """A call of a thread, by its number among that thread's calls of the same name."""

    call: str
    number: int
    catalog: bool  # counted among calls on the catalog and its journal only
    text: str  # as strace wrote it in the run that watched


class Trial(NamedTuple):
    """One run that met a fault."""

    action: Action
    fault: str
    point: Point


class Outcome(NamedTuple):
    """What came of it. `wrong` is blank when everything held."""

    trial: Trial
    code: int
    met: str  # the call that was cut off or refused; blank: the run did not come to it
    state: str  # before | after
    wrong: str

    def __str__(self) -> str:
        """One line."""
        trial = f"{self.trial.action.name} {self.trial.fault} {self.trial.point.call} {self.trial.point.number}"
        return f"{trial:44} exit {self.code:4} {self.state:7} {self.wrong or 'ok'}  {self.met[:90]}"


def cannot_trace() -> str:
    """Why this machine cannot do it; blank when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "strace may not trace here"


class Laboratory:
    """A world to copy for each trial, and what each command makes of it when nothing goes wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = folder / "world"
        state.make_world(self.world)
        shutil.copy(FIXTURES / "v3" / BACKUP, self.world / "old.zip")
        state.unpack(self.world / "old.zip", self.world / "old")
        self.env: dict[str, str] = {}  # of the commands that are cut off
        self.before: dict[str, Content] = {}
        self.after: dict[str, Content] = {}
        self.points: dict[str, list[Point]] = {}

    def prepare(self, action: Action) -> None:
        """Run the command undisturbed and watched."""
        here = self._fresh(f"{action.name}-warm", action)
        self._strace(here, action, [], here / "trace.txt")  # the first run may write caches of Python
        here = self._fresh(f"{action.name}-watched", action)
        self.before[action.name] = self._subject(here, action)
        done = self._strace(here, action, ["-e", f"trace={CALLS}"], here / "trace.txt")
        if done.returncode not in (0, 3):
            raise AssertionError(f"{action.name}: {done.stderr}")
        self.after[action.name] = self._subject(here, action)
        if self.before[action.name] == self.after[action.name]:
            raise AssertionError(f"{action.name} changes nothing")
        self.points[action.name] = list(_points((here / "trace.txt").read_text("utf-8", "replace"), here))

    def trials(self, only: Sequence[str] = (), faults: Sequence[str] = FAULTS) -> list[Trial]:
        """Every fault at every call."""
        chosen = [action for action in ACTIONS if not only or action.name in only]
        for action in chosen:
            self.prepare(action)
        return [
            Trial(action, fault, point)
            for action in chosen
            for fault in faults
            for point in self.points[action.name]
            if fault in OF_CALL[point.call]
        ]

    def run(self, trials: Sequence[Trial]) -> Iterator[Outcome]:
        """Meet the faults, two runs at a time, and judge what is left."""
        with ThreadPoolExecutor(2) as pool:
            for number, (here, done, met) in enumerate(pool.map(self._meet, range(len(trials)), trials)):
                yield self._judge(trials[number], here, done, met)
                shutil.rmtree(here)

    def _meet(self, number: int, trial: Trial) -> tuple[Path, subprocess.CompletedProcess[str], str]:
        here = self._fresh(f"trial-{number}", trial.action)
        point = trial.point
        how = f"signal={trial.fault}" if trial.fault in _SIGNALS else f"error={trial.fault}"
        options = ["-e", f"trace={point.call}", "-e", f"inject={point.call}:{how}:when={point.number}"]
        if point.catalog:
            for name in ("catalog.sqlite", "catalog.sqlite-journal"):
                options += ["-P", str(here / trial.action.subject / name)]
        log = here / "trace.txt"
        done = self._strace(here, trial.action, options, log)
        return here, done, _met(log.read_text("utf-8", "replace"), trial.fault)

    def _judge(self, trial: Trial, here: Path, done: subprocess.CompletedProcess[str], met: str) -> Outcome:
        action = trial.action
        (here / "trace.txt").unlink()
        where = ""
        wrong = []
        try:
            found = self._subject(here, action)
            where = _where(found, self.before[action.name], self.after[action.name])
            if not where:
                wrong.append("the state is neither that of before nor of after")
            wrong += self._damage(here, action) if not action.raw else ()
            if trial.fault != "KILL":
                wrong += _broken_words(action, done, where, trial.fault, met)
            elif met and done.returncode != -9:
                wrong.append(f"exit code {done.returncode} after SIGKILL")
            if not (action.once and where == "after"):
                with state.inside(here):
                    again = state.run_here(*action.arguments)
                if again.code not in (0, 3) and where != "after":
                    wrong.append(f"again: exit code {again.code}: {again.err.strip()}")
                if self._subject(here, action) != self.after[action.name]:
                    wrong.append("running it again does not reach after")
                wrong += self._damage(here, action)
            wrong += self._left(here)
        except Exception as error:  # whatever it is, this trial failed and the others go on
            wrong.append(f"{type(error).__name__}: {error}")
        return Outcome(trial, done.returncode, met, where, "; ".join(wrong))

    def _fresh(self, name: str, action: Action) -> Path:
        here = self.folder / name
        shutil.copytree(self.world, here)
        if action.fresh:
            shutil.rmtree(here / "ledger")
        return here

    def _strace(self, here: Path, action: Action, options: list[str], log: Path) -> subprocess.CompletedProcess[str]:
        # Filtering in the kernel is faster, but then strace injects no signal, and with -P nothing at all.
        slow = "-P" in options or any("signal=" in option for option in options)
        command = [
            "strace",
            "-f",
            "-y",
            *([] if slow else ["--seccomp-bpf"]),
            "-o",
            str(log),
            *options,
            sys.executable,
            "-m",
            "diamondctl",
            *action.arguments,
        ]
        env = environment(TMPDIR=str(here / "tmp"), PYTHONHASHSEED="0", **self.env)
        return subprocess.run(command, cwd=here, env=env, capture_output=True, text=True, timeout=120, check=False)

    def _subject(self, here: Path, action: Action) -> Content:
        path = here / action.subject
        if action.raw:
            return state.raw(path)
        if path.suffix != ".zip":
            return state.content(path)
        scratch = here.with_name(f"{here.name}-opened")
        try:
            return state.content_of_backup(path, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _damage(self, here: Path, action: Action) -> list[str]:
        folders = {here / "ledger", here / action.subject}
        return [text for path in folders if (path / "catalog.sqlite").exists() for text in state.damage(path)]

    def _left(self, here: Path) -> list[str]:
        wrong = [f"left in the ledger for ever: {name}" for part in ("ledger", "old") for name in state.strangers(here / part)]
        known = {"a.csv", "b.csv", "bad.csv", "worse.csv", "paypal.csv", "payer.yaml", "kept.zip", "tmp", "ledger", "restored",
                 "new.zip", "old", "old.zip"}  # fmt: skip
        return wrong + [f"left beside it for ever: {name}" for name in sorted(set(os.listdir(here)) - known)]


def _where(found: Content, before: Content, after: Content) -> str:
    return "before" if found == before else "after" if found == after else ""


def _broken_words(action: Action, done: subprocess.CompletedProcess[str], where: str, fault: str, met: str) -> list[str]:
    """What a command said of its end must be so."""
    wrong = []
    expected: tuple[int, ...] = (0, 3, 130 if fault == "INT" else 4)
    if fault == "ENOMEM":
        expected = (0, 2, 3, 4)
    if done.returncode == 2 and "ledger" not in met and "/tmp/diamondctl-" not in met:
        expected = (2,)  # the input, or something of the machine, could not be read
    if done.returncode not in expected or "Traceback" in done.stderr:
        wrong.append(f"exit code {done.returncode}: {done.stderr.strip()[:300]}")
    if done.returncode in (0, 3) and where != "after":
        wrong.append("it ended well, and nothing was done")
    # That an earlier ledger was brought up to date is no change that anybody asked for.
    if any(words in done.stderr for words in _WORDS_OF_NOTHING) and where != "before" and not action.raw:
        wrong.append(f"it said that nothing was changed: {done.stderr.strip()[:200]}")
    if done.returncode not in (0, 3) and not done.stderr.strip():
        wrong.append("it failed without a word")
    return wrong


_OF_BYTES: Final = ("write", "pwrite64", "read", "pread64")  # the text in the log is no name
_ENTERED: Final = re.compile(r"^(\d+) +(\w+)\((.*)$")


def _points(log: str, here: Path) -> Iterator[Point]:
    """Calls that touch something below `here`, each by its number in its thread."""
    seen: Counter[tuple[str, str]] = Counter()
    on_catalog: Counter[tuple[str, str]] = Counter()
    known: set[tuple[str, int, bool]] = set()
    main_thread = ""
    at_work = False  # Python has begun with the command
    for line in log.splitlines():
        entered = _ENTERED.match(line)
        if entered is None:
            continue
        thread, call, rest = entered.groups()
        main_thread = main_thread or thread
        seen[thread, call] += 1
        text = re.sub(r"AT_FDCWD<[^>]*>", "AT_FDCWD", rest)
        at_work = at_work or f"{here}/" in text
        in_catalog = f"{here}/" in text and "catalog.sqlite" in text
        on_catalog[thread, call] += in_catalog
        named = re.search(r'"([^"]*)', text)
        if f'"{here}"' in text and "O_DIRECTORY" in text:
            continue  # Python looks for modules there
        if thread != main_thread and seen[main_thread, call] >= seen[thread, call]:
            continue  # the fault would fall on the main thread, before this one
        relative = call not in _OF_BYTES and named is not None and named[1][:1] not in ("", "/")
        if f"{here}/" not in text and not relative and not (call == "mmap" and at_work):
            continue
        # The first calls of the main thread have the same numbers as those of DuckDB's threads, which come earlier.
        narrow = call in ("pwrite64", "fcntl") and in_catalog and seen[thread, call] <= 3
        point = Point(call, on_catalog[thread, call] if narrow else seen[thread, call], narrow, line)
        if (key := (point.call, point.number, narrow)) not in known:
            known.add(key)
            yield point


def _met(log: str, fault: str) -> str:
    """The call on which the fault fell."""
    lines = [line for line in log.splitlines() if _ENTERED.match(line)]
    if fault == "INT":
        return next((line for line in log.splitlines() if "--- SIGINT" in line), "")
    if fault == "KILL":
        return lines[-1] if "+++ killed by SIGKILL +++" in log and lines else ""
    return next((line for line in lines if line.rstrip().endswith("(INJECTED)")), "")


def sample(trials: Sequence[Trial], count: int, seed: int = SEED) -> list[Trial]:
    """So many of them, every command and fault about equally often."""
    chosen: list[Trial] = []
    groups: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        groups.setdefault((trial.action.name, trial.fault), []).append(trial)
    pick = random.Random(seed)
    for group in groups.values():
        pick.shuffle(group)
    # One fault of each command before a second one, and not the same fault of all: a small sample meets every one of them.
    names = list(dict.fromkeys(name for name, _ in groups))
    kinds = list(dict.fromkeys(fault for _, fault in groups))
    turns = sorted(groups, key=lambda key: (names.index(key[0]) + kinds.index(key[1])) % len(kinds))
    while len(chosen) < min(count, len(trials)):
        for group in (groups[key] for key in turns):
            if group and len(chosen) < count:
                chosen.append(group.pop())
    return chosen


def main() -> int:
    """Try them and print each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every call")
    parser.add_argument("--sample", type=int, default=40, help="how many otherwise")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", action="append", choices=[action.name for action in ACTIONS], default=[])
    parser.add_argument("--fault", action="append", choices=FAULTS, default=[])
    given = parser.parse_args()
    if reason := cannot_trace():
        print(reason)
        return 2
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        laboratory = Laboratory(Path(folder).resolve())
        trials = laboratory.trials(given.only, given.fault or FAULTS)
        chosen = trials if given.all else sample(trials, given.sample, given.seed)
        counts: Counter[str] = Counter()
        for outcome in laboratory.run(chosen):
            counts["failed" if outcome.wrong else outcome.state if outcome.met else "not met"] += 1
            print(outcome, flush=True)
    print(f"seed {given.seed}: {len(chosen)} of {len(trials)} points; {dict(counts)}")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
