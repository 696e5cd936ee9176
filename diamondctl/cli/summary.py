"""`diamondctl summary`."""

from __future__ import annotations

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.output import emit, target
from diamondctl.desk.frame import frame
from diamondctl.render.summary import DOCUMENT, view
from diamondctl.reports.summary import summarise

HELP = """One screen: what your gifts earned in a period, and what the payout minimum says.

\b
Examples:
  diamondctl summary gifts.csv --region US --share 48
  diamondctl summary -p 2026-10
  diamondctl summary october.csv november.jsonl --region GB
  diamondctl summary exports/ --region DE -p 2026-10 -o october.json
  cat gifts.json | diamondctl summary - --region US --json
  diamondctl summary live-events.jsonl --region US --creator mara

Without files it reads your ledger. A file is the plain gift format as CSV, XLSX, JSON list or JSON Lines, a log of LIVE
events, a ZIP archive or a folder of them, or of any other shape with --profile. A gift that two files hold counts once.

\b
Exit codes:
  0 done   2 refused, with every problem on stderr   3 gifts of the period are missing from the money
  4 the output file exists or cannot be written
"""


@options.expand
def summary(inputs: options.Inputs, output: options.Output) -> int:
    """Read, rate, report."""

    where = target(output, inputs.file or (), DOCUMENT.columns)
    scope = frame(choose(inputs)).scope
    emit(where, view(summarise(scope)))
    return 0 if scope.complete else 3
