"""Problems where a repository has their files: a review can only mark lines of `rates/tiktok/us.yaml`, seen from the top."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from diamondctl.problems import Problem


def in_repository(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same problems with the paths that a review has: without a revision, and from the top of the repository."""
    top = next((folder for folder in (Path.cwd(), *Path.cwd().parents) if os.path.lexists(folder / ".git")), None)
    return tuple(problem._replace(file=_inside(problem.file, top)) for problem in problems)


def _inside(file: str, top: Path | None) -> str:
    revision = re.match("[0-9a-f]{8}:(?=.)", file)
    if revision and not os.path.lexists(file):
        return file[revision.end() :]
    if not file or top is None:
        return file
    # The folders may be links, the file itself is what is named.
    folder, name = os.path.split(os.path.abspath(file))  # noqa: PTH100 (not resolved)
    path = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(top))  # noqa: PTH118
    return file if path.startswith(os.pardir) else Path(path).as_posix()
