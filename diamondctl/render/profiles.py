"""Profiles, and what came of testing them, in all their forms. Takes values of `profiles`, which lies beside `render`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.render import shape as f
from diamondctl.render.view import View
from diamondctl.words import counted

PROFILE: f.Fields = (
    f.Field("name", title="Profile"),
    f.Field("kind", title="Kind"),
    f.Field("form", title="File"),
    f.Field("columns", f.WORDS, title="Columns", drop=1),
    f.Field("file"),
    f.Field("origin", f.ORIGIN),
    f.Field("sha256", f.SHA256),
)


def _listed(profiles: Sequence[Any]) -> str:
    """The report in one sentence."""
    return f"{counted(len(profiles), 'profile')}." if profiles else "No profile. Propose one: diamondctl profile sniff FILE"


LIST = f.Document(
    "profile-list",
    (f.Field("profiles", f.many(PROFILE), lambda profiles: profiles),),
    PROFILE,
    answer=_listed,
)
TESTED: f.Fields = (
    f.Field("profile", title="Profile"),
    f.Field("sample", title="Sample"),
    f.Field("gifts", f.COUNT, title="Gifts"),
    f.Field("answer", f.word("ok", "differs", "written", "no sample", "refused"), title="Answer"),
    f.Field("detail", title="Detail", blank=""),
)


def _bad(results: Sequence[Any]) -> int:
    return sum(result.answer not in ("ok", "written") for result in results)


def _tested(results: Sequence[Any]) -> str:
    """The report in one sentence."""
    bad = _bad(results)
    return f"{counted(len(results), 'profile')}: {len(results) - bad:,} ok, {bad:,} not."


TEST = f.Document(
    "profile-test",
    (f.Field("results", f.many(TESTED), lambda results: results),),
    TESTED,
    answer=_tested,
)


def list_view(profiles: Sequence[Any]) -> View:
    """`profile list`."""
    columns = (*PROFILE, f.cell("From", lambda profile: f"{profile.origin}, {profile.file}"))
    return LIST.view(profiles, lambda: [f.table(columns, profiles)] if profiles else [], lambda: profiles)


def test_view(results: Sequence[Any]) -> View:
    """`profile test`."""
    return TEST.view(results, lambda: [f.table(TESTED, results)], lambda: results, complete=not _bad(results))
