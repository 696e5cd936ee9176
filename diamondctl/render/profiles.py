"""Profiles, and what came of testing them, in all their forms. Takes values of `profiles`, which lies beside `render`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.render import shape as f
from diamondctl.render.page import said
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
LIST = f.Document("profile-list", (f.Field("profiles", f.many(PROFILE), lambda profiles: profiles),), PROFILE)
TESTED: f.Fields = (
    f.Field("profile", title="Profile"),
    f.Field("sample", title="Sample"),
    f.Field("gifts", f.COUNT, title="Gifts"),
    f.Field("answer", f.word("ok", "differs", "written", "no sample", "refused"), title="Answer"),
    f.Field("detail", title="Detail", blank=""),
)
TEST = f.Document("profile-test", (f.Field("results", f.many(TESTED), lambda results: results),), TESTED)


def list_view(profiles: Sequence[Any]) -> View:
    """`profile list`."""
    columns = (*PROFILE, f.cell("From", lambda profile: f"{profile.origin}, {profile.file}"))
    none = said("No profile. Propose one: diamondctl profile sniff FILE")
    return LIST.view(profiles, lambda: [f.table(columns, profiles) if profiles else none], lambda: profiles)


def test_view(results: Sequence[Any]) -> View:
    """`profile test`."""
    bad = sum(result.answer not in ("ok", "written") for result in results)
    closing = said(f"{counted(len(results), 'profile')}: {len(results) - bad:,} ok, {bad:,} not.")
    return TEST.view(results, lambda: [(f.table(TESTED, results), closing)], lambda: results, complete=not bad)
