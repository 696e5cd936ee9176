"""What has to be said before a document joins the others: conflicts that refuse it, and doubts with the coins at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from diamondctl.ledger.catalog import STATE, Ledger
from diamondctl.ledger.derive import Live
from diamondctl.ledger.families import family_words
from diamondctl.ledger.merge import Clash, Contest, Merged
from diamondctl.ledger.staging import Incoming
from diamondctl.periods import MICROSECONDS, day_text
from diamondctl.problems import Problem, ProblemLog, Refusal, two_contents
from diamondctl.words import counted, document_name


def log_clashes(log: ProblemLog, file: Incoming, number: int, others: Sequence[Live], merged: Merged) -> None:
    """Rows with one id and other content (G040), both with their places."""
    names = {item.rows.document: f"{document_name(item.rows.document)} ({item.name})" for item in others}
    for clash in merged.clashes:
        log.add(_clash_problem(clash, file.name, number, names))
    log.total += max(merged.clash_count - len(merged.clashes), 0)


def _clash_problem(clash: Clash, name: str, number: int, names: dict[int, str]) -> Problem:
    if clash.document != number and clash.other_document == number:
        raise AssertionError("the new document's row comes second")
    where = f"line {clash.other_line}"
    if clash.other_document != number:
        where = f"{names[clash.other_document]}:{clash.other_line}"
    if clash.event_id:
        return two_contents(clash.event_id, clash.different, where, name, clash.line)
    message = f"the same gift was imported for another {' and '.join(clash.different)}; first on {where}"
    return Problem("G040", message, "use the same --region, or undo the other document", name, clash.line)


def contested(names: Mapping[str, str], contests: Sequence[Contest]) -> Refusal:
    """Two families over the same days of a creator, and nobody said which counts (L010). `names`: the new file, by creator."""
    problems = []
    for contest in contests:
        parts = [
            f"{family_words(family)} ({counted(gifts, 'gift')}, {counted(coins, 'coin')})"
            for family, gifts, coins in contest.coins
        ]
        days = (
            f"{day_text(contest.first)} to {day_text(contest.last)}"
            if contest.last > contest.first
            else day_text(contest.first)
        )
        message = f"{contest.creator}, {days}: {' and '.join(parts)} cover the same days, and may be the same gifts"
        words = " or ".join(f"--prefer {family}" for family, *_ in contest.coins)
        hint = f"say which counts: {words}; the other is kept as a cross-check"
        problems.append(Problem("L010", message, hint, names[contest.creator]))
    return Refusal(problems, exit_code=STATE)


_RENAMED: Final = """
WITH bare AS (
    SELECT *, row(time, creator, content.receiver, content.region, content.stream, content.gift_id, coins, quantity) AS rest
    FROM merged WHERE event_id = ''
)
SELECT coalesce(sum(least(fresh.n - fresh.n_before, old.n)), 0),
       coalesce(sum(least(fresh.n - fresh.n_before, old.n)::HUGEINT * fresh.coins * fresh.quantity), 0)
FROM bare fresh JOIN bare old ON old.rest = fresh.rest AND old.content.gifter <> fresh.content.gifter
WHERE fresh.n_new > 0 AND fresh.n_before = 0 AND old.n_new = 0
"""
_MISSING: Final = """
WITH mine AS (
    SELECT creator, any_value(family) AS family, min(time) AS first, max(time) AS last FROM met WHERE incoming GROUP BY creator
)
SELECT coalesce(sum(n_before - n_new), 0), coalesce(sum((n_before - n_new)::HUGEINT * coins * quantity), 0)
FROM merged JOIN mine USING (creator, family)
WHERE n_new < n_before AND time > first AND time < last
"""
_MEETING: Final = """
SELECT coalesce(sum(n_new - (n - n_before)), 0), coalesce(sum((n_new - (n - n_before))::HUGEINT * coins * quantity), 0)
FROM merged WHERE n_new > n - n_before AND event_id = '' AND (creator, time // 1000000) IN ({instants})
"""


def doubts(connection: Any, ledger: Ledger, file: Incoming, others: Sequence[Live]) -> tuple[str, ...]:
    """What cannot be known, with the coins at stake."""
    texts = []
    instants = _instants(ledger, file, others)
    if instants:
        marks = ", ".join(["(?, ?)"] * len(instants))
        values = [value for instant in sorted(instants) for value in instant]
        rows, coins = connection.execute(_MEETING.format(instants=marks), values).fetchone()
        if rows:
            texts.append(
                f"This file and another one meet within one second: {counted(int(rows), 'equal row')} there "
                f"({int(coins):,} coins) count once. If the files are pages of one list, they may be gifts of their own."
            )
    gifts, coins = connection.execute(_RENAMED).fetchone()
    if gifts:
        texts.append(
            f"{counted(int(gifts), 'gift')} ({int(coins):,} coins) and gifts in the ledger differ only in the gifter's name: "
            "if somebody changed a name, they count twice."
        )
    gifts, coins = connection.execute(_MISSING).fetchone()
    if gifts:
        texts.append(
            f"Between its first and last row the file lacks {counted(int(gifts), 'gift')} ({int(coins):,} coins) that the "
            "ledger has. They still count; if they were taken back: diamondctl record adjustment refund AMOUNT."
        )
    return tuple(texts)


def _instants(ledger: Ledger, file: Incoming, others: Sequence[Live]) -> set[tuple[str, int]]:
    """Seconds in which another document ends and this one begins, or the other way round."""
    numbers = {item.rows.document for item in others}
    instants = set()
    for span in file.staged.spans:
        edges = ledger.sql.execute(
            "SELECT document, first_time, last_time FROM spans WHERE creator = ?", (span.creator,)
        ).fetchall()
        for document, first, last in edges:
            if document not in numbers:
                continue
            for end, start in ((last, span.first_time), (span.last_time, first)):
                if end // MICROSECONDS == start // MICROSECONDS:
                    instants.add((span.creator, end // MICROSECONDS))
    return instants
