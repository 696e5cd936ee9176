"""Profiles, and what came of testing them, in all their forms. Takes values of `profiles`, which lies beside `render`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.render.page import said
from diamondctl.render.shape import COUNT, ORIGIN, SHA256, WORDS, Document, Field, Fields, cell, many, table, word
from diamondctl.render.view import View
from diamondctl.words import counted

PROFILE: Fields = (
    Field("name", title="Profile"),
    Field("kind", title="Kind"),
    Field("form", title="File"),
    Field("columns", WORDS, title="Columns", drop=1),
    Field("file"),
    Field("origin", ORIGIN),
    Field("sha256", SHA256),
)
LIST = Document("profile-list", (Field("profiles", many(PROFILE), lambda profiles: profiles),), PROFILE)
TESTED: Fields = (
    Field("profile", title="Profile"),
    Field("sample", title="Sample"),
    Field("gifts", COUNT, title="Gifts"),
    Field("answer", word("ok", "differs", "written", "no sample", "refused"), title="Answer"),
    Field("detail", title="Detail", blank=""),
)
TEST = Document("profile-test", (Field("results", many(TESTED), lambda results: results),), TESTED)


def list_view(profiles: Sequence[Any]) -> View:
    """`profile list`."""
    columns = (*PROFILE, cell("From", lambda profile: f"{profile.origin}, {profile.file}"))
    none = said("No profile. Propose one: diamondctl profile sniff FILE")
    return LIST.view(profiles, lambda: [table(columns, profiles) if profiles else none], lambda: profiles)


def test_view(results: Sequence[Any]) -> View:
    """`profile test`."""
    bad = sum(result.answer not in ("ok", "written") for result in results)
    closing = said(f"{counted(len(results), 'profile')}: {len(results) - bad:,} ok, {bad:,} not.")
    return TEST.view(results, lambda: [(table(TESTED, results), closing)], lambda: results, complete=not bad)
