"""`diamondctl balance`."""

from __future__ import annotations

from diamondctl.cli import options

HELP = """What was earned in these files by creator: credited by the platform, and pending until it is.

\b
Examples:
  diamondctl balance gifts.csv --region US --share 48
  diamondctl balance exports/ --region GB --as-of 2026-10-15 --csv

A file knows no payouts, so nothing that was withdrawn is taken off. Without --as-of it is the end of the period.
"""


@options.expand
def balance(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, split by state."""
    from diamondctl.cli.output import emit, target
    from diamondctl.cli.pipeline import frame
    from diamondctl.render.balance import view
    from diamondctl.reports import balance as report

    where = target(output, inputs.file or ())
    scope = frame(inputs).scope
    emit(where, view(report.balance(scope)))
    return 0 if scope.complete else 3
