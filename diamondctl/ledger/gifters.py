"""Gifters' names: what the ledger knows of them, and forgetting one for good.

A name stands in the catalog only, beside the alias that rows carry. Erasing removes it from there and from every text the
ledger keeps, and remembers the alias as erased, so that importing the same file again does not bring the name back.
"""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from datetime import date
from pathlib import Path
from typing import NamedTuple

from diamondctl import columns
from diamondctl.ledger import closes, leftovers, rejects
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.rejects import Rejects
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Consent


class Privacy(NamedTuple):
    """What a ledger holds about gifters, and who can read it."""

    names: int
    erased: int
    consented: int  # to be named on what is made to be shown
    rejected_rows: int  # kept as they were, names included
    open_to_others: tuple[str, ...]  # files and folders that others may read


class Erased(NamedTuple):
    """What was forgotten."""

    alias: str
    name: str  # blank: an alias without a name was given
    found: bool  # the name was known until now
    texts: int  # other texts in which it was replaced


def status(ledger: Ledger) -> Privacy:
    """Look at names and permissions."""
    ledger.verify_people()
    names, erased = ledger.sql.execute("SELECT count(name), count(*) - count(name) FROM gifters").fetchone()
    rejected = ledger.sql.execute("SELECT count(*) FROM rejected").fetchone()[0]
    consented = ledger.sql.execute("SELECT count(*) FROM consents").fetchone()[0]
    return Privacy(names, erased, consented, rejected, tuple(open_to_others(ledger.folder)))


def open_to_others(folder: Path) -> list[str]:
    """Everything below a ledger's folder that somebody else than its owner may read or change."""
    return [
        str(path.relative_to(folder.parent))
        for path in [folder, *sorted(folder.rglob("*"))]
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def alias_given(ledger: Ledger, text: str) -> str:
    """The alias a person means: by name, or by the shown form `fan-1f0c9a2b3d4e` when it fits one gifter only."""
    if match := re.fullmatch(r"fan-([0-9a-f]{12})", text):
        rows = ledger.sql.execute("SELECT alias FROM gifters WHERE alias LIKE ?", (match[1] + "%",)).fetchall()
        if len(rows) == 1:
            return str(rows[0][0])
    return columns.alias_of(ledger.key, text)


def consents(ledger: Ledger) -> tuple[Consent, ...]:
    """Every consent, by alias."""
    rows = ledger.sql.execute(
        "SELECT alias, since, coalesce(name, '') FROM consents LEFT JOIN gifters USING (alias) ORDER BY alias"
    ).fetchall()
    return tuple(Consent(alias, date.fromisoformat(since), name) for alias, since, name in rows)


def consent(ledger: Ledger, text: str, since: date, added: str) -> Consent:
    """Keep that a gifter, given by name or alias, agrees to be named from a day on, inside `writing`; said again, it replaces.

    Refuses (L009) somebody whose name the ledger does not know: nobody could be named.
    """
    alias = alias_given(ledger, text)
    row = ledger.sql.execute("SELECT name FROM gifters WHERE alias = ?", (alias,)).fetchone()
    if row is None or row[0] is None:
        what = "the name of that gifter was erased" if row else f"no gifter '{text}' in the ledger"
        raise Refusal(Problem("L009", what, "names and aliases: diamondctl records show DOCUMENT --names"))
    ledger.sql.execute("INSERT OR REPLACE INTO consents VALUES (?, ?, ?)", (alias, str(since), added))
    return Consent(alias, since, row[0])


def withdraw(ledger: Ledger, text: str) -> Consent:
    """Take a consent back, inside `writing`; refuses (L009) where there is none."""
    given = {item.alias: item for item in consents(ledger)}
    prefix = text.removeprefix("fan-")
    short = [alias for alias in given if text == f"fan-{alias[:12]}"] if prefix != text else []
    alias = short[0] if len(short) == 1 else alias_given(ledger, text)
    if alias not in given:
        raise Refusal(Problem("L009", f"no consent of '{text}' is kept", "those that are: diamondctl privacy consent"))
    ledger.sql.execute("DELETE FROM consents WHERE alias = ?", (alias,))
    return given[alias]


def erase(ledger: Ledger, text: str) -> tuple[Erased, list[Path]]:
    """Forget a gifter, given by name or alias, inside `writing`; every total stays.

    Returns what was done, and the files with the name to remove once that is committed.
    """
    leftovers.sweep(ledger)
    alias = alias_given(ledger, text)
    row = ledger.sql.execute("SELECT name FROM gifters WHERE alias = ?", (alias,)).fetchone()
    known = row[0] if row else None
    name = known if known is not None else "" if text.startswith("fan-") and row else text
    ledger.sql.execute("DELETE FROM consents WHERE alias = ?", (alias,))
    ledger.sql.execute("INSERT INTO gifters VALUES (?, NULL) ON CONFLICT (alias) DO UPDATE SET name = NULL", (alias,))
    texts, old = _replace_texts(ledger, name, f"alias:{alias}") if name else (0, [])
    return Erased(alias, name, known is not None, texts), old


def leave_no_files(ledger: Ledger) -> None:
    """Remove what an erasure that was not stored wrote, of a ledger that is open."""
    with ledger.writing(keep=False):
        leftovers.sweep(ledger)


def _replace_texts(ledger: Ledger, name: str, alias: str) -> tuple[int, list[Path]]:
    """Put the alias in place of the name wherever the catalog or the rejected rows quote it as a word of its own."""
    word, in_file = rejects.word_of(name), rejects.word_in_file_name(name)
    count = closes.replace_reasons(ledger, lambda text: word.sub(alias, text))
    for table, key, texts in (
        ("documents", ("id",), ("name", "notices")),
        ("rejected", ("document", "place"), ("problem", "hint", "reason")),
        ("records", ("sort", "number"), ("name", "invoice", "reason")),
    ):
        for row in ledger.sql.execute(f"SELECT {', '.join((*key, *texts))} FROM {table}").fetchall():
            old = row[len(key) :]
            new = [
                _in_json(word, alias, text)
                if field == "notices"
                else (in_file if (table, field) == ("documents", "name") else word).sub(alias, text)
                for field, text in zip(texts, old, strict=True)
            ]
            if list(old) != new:
                count += 1
                sets = ", ".join(f"{field} = ?" for field in texts)
                where = " AND ".join(f"{field} = ?" for field in key)
                ledger.sql.execute(f"UPDATE {table} SET {sets} WHERE {where}", (*new, *row[: len(key)]))
    old_files = []
    for number, digest in ledger.sql.execute("SELECT id, rejects_sha256 FROM documents WHERE rejects_sha256 <> ''").fetchall():
        header, rows = rejects.read(rejects.get(ledger, number))
        mended = rejects.without_name(rows, header, name, alias)
        if mended != rows:
            count += 1
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows([header, *mended])
            rejects.put(ledger, number, out.getvalue())
            old_files.append(ledger.rejected / rejects.file_name(number, digest))
            ledger.sql.execute("UPDATE documents SET rejects_sha256 = ? WHERE id = ?", (rejects.sha256(out.getvalue()), number))
    return count, old_files


def _in_json(word: re.Pattern[str], alias: str, text: str) -> str:
    return json.dumps([word.sub(alias, notice) for notice in json.loads(text)])


def forget_in_name(ledger: Ledger, name: str) -> str:
    """The name of a file with those of erased gifters replaced, so that an import does not bring them back."""
    erased = {alias for (alias,) in ledger.sql.execute("SELECT alias FROM gifters WHERE name IS NULL")}
    for person in sorted(rejects.people_in_file_name(name) if erased else (), key=len, reverse=True):
        if (alias := columns.alias_of(ledger.key, person)) in erased:
            name = rejects.word_in_file_name(person).sub(f"alias:{alias}", name)
    return name


def forget_again(ledger: Ledger, left_out: Rejects) -> Rejects:
    """Rejected rows with the names of erased gifters replaced, so that an import does not bring them back."""
    erased = {alias for (alias,) in ledger.sql.execute("SELECT alias FROM gifters WHERE name IS NULL")}
    if not erased:
        return left_out
    rows = []
    for row in left_out.rows:
        for name in sorted(rejects.people_of(row)):
            if (alias := columns.alias_of(ledger.key, name)) in erased:
                row = rejects.forgotten(row, name, f"alias:{alias}")  # noqa: PLW2901
        rows.append(row)
    return left_out._replace(rows=tuple(rows))


def traces(folder: Path, name: str) -> list[str]:
    """Files below a ledger's folder in which the bytes of a name still stand."""
    whole = len(name.replace('"', ""))
    forms = {form for form in rejects.written(name) if len(form.replace('"', "")) >= whole}
    needles = {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le", "utf-16-be")}
    files = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if any(needle in data for needle in needles) or name in path.name:
                files.append(str(path.relative_to(folder)))
    return files
