"""Rate files in a git revision, read by git's plumbing: no checkout, no shell, no network, nothing of the repository runs.

A revision is resolved once to a commit id; from then on git sees only hexadecimal ids and one literal path after `--`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final, NamedTuple

from diamondctl.problems import Problem, Refusal

_SECONDS: Final = 120
_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Replace refs could show another history, a file system monitor is a program of the repository's choice, and a partial
# clone would fetch what it lacks.
_SAFE: Final = (
    *("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
    *("-c", "core.warnAmbiguousRefs=true"),
)
_ENVIRONMENT: Final = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class Blob(NamedTuple):
    """One file, link or submodule of a commit, not yet read."""

    path: str  # from the top of the repository
    kind: str  # file | link | other
    id: str
    size: int


def commit_of(revision: str) -> str | None:
    """The id of the commit that a revision names; None when it names none.

    Refuses a git that cannot be asked (R302), and a name that two refs have (R303): git would take one of them in silence.
    """
    # No ref begins with a dash, and no revision of ours is a search (`:/text`) or a place in the index.
    if not revision or revision.startswith(("-", ":")) or re.search(r"[\x00-\x20\x7f]", revision):
        return None
    done = _git(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"])
    commit = done.stdout.decode("ascii", "replace").strip()
    if done.returncode == 0 and _ID.fullmatch(commit):
        told = b"" if _ID.fullmatch(revision) else _git(["rev-parse", "--verify", "--end-of-options", revision]).stderr
        if b"is ambiguous" in told:
            hint = "write it whole, such as refs/heads/main or a commit of 40 digits"
            raise Refusal(Problem("R303", f"'{revision}' is the name of several refs", hint))
        return commit
    if message := done.stderr.decode("utf-8", "replace").strip():
        raise Refusal(_problem(message))
    return None


def merge_base(one: str, other: str) -> str | None:
    """The commit at which two commits parted; None when they have none in common, as in a shallow clone."""
    done = _git(["merge-base", "--", one, other])
    commit = done.stdout.decode("ascii", "replace").strip()
    return commit if done.returncode == 0 and _ID.fullmatch(commit) else None


def empty_tree() -> str:
    """The id of a tree that holds nothing, which every repository knows."""
    done = _git(["hash-object", "-t", "tree", "--stdin"])
    if done.returncode:
        raise Refusal(_problem(done.stderr.decode("utf-8", "replace").strip()))
    return done.stdout.decode("ascii", "replace").strip()


def top() -> str:
    """The top folder of the repository that holds the current folder."""
    done = _git(["rev-parse", "--show-toplevel"])
    if done.returncode:
        raise Refusal(_problem(done.stderr.decode("utf-8", "replace").strip()))
    return os.fsdecode(done.stdout).removesuffix("\n")


def blobs(commit: str, path: str) -> list[Blob]:
    """Everything in a commit at or below `path` (blank: everywhere), in order of path; links and submodules say so."""
    done = _git(["ls-tree", "-r", "-l", "-z", "--full-tree", "--", commit, *([path] if path else [])])
    if done.returncode:
        raise Refusal(_problem(done.stderr.decode("utf-8", "replace").strip()))
    blobs = []
    for record in done.stdout.split(b"\0"):
        head, tab, name = record.partition(b"\t")
        fields = head.split()
        if tab and len(fields) == 4:
            kind = "file" if fields[0].startswith(b"100") else "link" if fields[0] == b"120000" else "other"
            size = int(fields[3]) if fields[3].isdigit() else 0
            blobs.append(Blob(os.fsdecode(name), kind, fields[2].decode("ascii"), size))
    return sorted(blobs)


def contents(wanted: list[Blob]) -> Iterator[tuple[Blob, bytes]]:
    """The bytes of each file, from one process."""
    if not wanted:
        return
    done = _git(["cat-file", "--batch"], "".join(blob.id + "\n" for blob in wanted).encode("ascii"))
    rest = memoryview(done.stdout)
    for blob in wanted:
        head = bytes(rest[:200]).partition(b"\n")[0]
        if head != f"{blob.id} blob {blob.size}".encode("ascii"):
            message = done.stderr.decode("utf-8", "replace").strip() or head.decode("utf-8", "replace")
            raise Refusal(_problem(message or "it stopped early"))
        start = len(head) + 1
        yield blob, bytes(rest[start : start + blob.size])
        rest = rest[start + blob.size + 1 :]


def _git(arguments: list[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise Refusal(_problem("it is not installed"))
    try:
        return subprocess.run(
            [program, *_SAFE, *arguments],
            input=data,
            capture_output=True,
            env={**os.environ, **_ENVIRONMENT},
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise Refusal(_problem(str(getattr(error, "strerror", None) or error))) from None
    except subprocess.TimeoutExpired:
        raise Refusal(_problem(f"no answer within {_SECONDS} seconds")) from None


def _problem(message: str) -> Problem:
    reason = message.splitlines()[0].removeprefix("fatal: ") if message else "it failed"
    return Problem("R302", f"git cannot be asked: {reason}", "run inside the repository, or name files and folders")
