"""What a change moved, for every command that writes: its table, its sentences, its field of JSON."""

from __future__ import annotations

from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.reports.moved import MOST_SHOWN, Moved
from diamondctl.words import counted, few

MOVE: f.Fields = (
    f.Field("creator", of="figure.creator", title="Moved"),
    f.Field("month", of="figure.month", title="Month", kind=f.LABEL),
    f.Field("basis", f.word("earned", "credited", "paid"), "figure.basis", "Basis"),
    f.Field("currency", f.CURRENCY, "figure.currency", "Currency"),
    f.money("before", currency="figure.currency", title="Before"),
    f.money("after", currency="figure.currency", title="After"),
    f.Field("cause", f.each(f.TEXT), title="By", drop=1),
)
MOVED = f.Field("moved", f.many(MOVE), "moved.moves")


def moved_text(moved: Moved) -> str:
    """Which figures there are of creators of whom there was nothing; and that nothing moved, where that is so."""
    if not moved.moves:
        return "" if moved.untold else "Of what was earned, credited and paid nothing moved."
    if not moved.first:
        return ""
    months = sorted({move.figure.month for move in moved.moves})
    when = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
    return f"New figures of {few(moved.creators)} for {when}; nothing that was there before moved."


def undo_text(names: str, moved: Moved) -> str:
    """How what moved this is taken back: what was booked in closed months is so with a correction again."""
    return f"Undo: diamondctl undo {names}{' --correct' if moved.corrections else ''}"


def _booked(moved: Moved) -> str:
    if not moved.corrections:
        return ""
    months = sorted({item.month for item in moved.corrections})
    return (
        f"Closed, and told as before: {few(months)}. The difference is booked in {moved.corrections[0].booked}; "
        "see: diamondctl period list"
    )


def _not_booked(moved: Moved) -> str:
    if not moved.closed:
        return ""
    return (
        f"Reports up to {moved.closed} stay as they were closed, and say what is not corrected. To book it, with the next "
        "month: diamondctl period close MONTH --correct"
    )


def moved_parts(moved: Moved) -> list[Part]:
    """At most ten of the figures that moved, and of whom that cannot be told."""
    columns = (*MOVE[:2], f.cell("Basis", lambda move: move.figure.basis), *MOVE[3:])
    rest = 0 if moved.first else len(moved.moves) - MOST_SHOWN
    return [
        f.table(columns, [part for move in moved.moves[:MOST_SHOWN] for part in move.apart])
        if moved.moves and not moved.first
        else (),
        said(f"{counted(rest, 'more figure')} moved: --json" if rest > 0 else ""),
        said(_booked(moved), _not_booked(moved)),
        said(*moved.untold, kind="warning", mark="! "),
    ]
