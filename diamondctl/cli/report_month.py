"""`diamondctl report`: month."""

from __future__ import annotations

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import emit, target
from diamondctl.desk.choosing import exchange
from diamondctl.desk.monthly import monthly
from diamondctl.render.month import DOCUMENT, HTML, view
from diamondctl.reports.fees import Wanted
from diamondctl.reports.month import creators
from diamondctl.words import few


@options.with_formats(HTML)
@options.expand
def month(inputs: options.Inputs, output: options.Output, method: options.Method = "", fx: options.Fx = "") -> int:
    """Read, rate, put together."""
    where = target(output, inputs.file or (), DOCUMENT.columns, (HTML,))
    reads_twice(inputs, "report month")
    chosen = choose(inputs)
    taken = Wanted(True, method, None, {}, chosen.methods, chosen.agreements, exchange(fx), chosen.tax_forms)
    report = monthly(chosen, taken)
    if len(names := creators(report.scope)) > 1:
        raise typer.BadParameter(f"it is of one creator: say --creator NAME ({few(names)})")
    emit(where, view(report))
    if report.scope.not_corrected:
        return report.scope.exit_code
    return report.scope.exit_code or (0 if report.fees.complete else 3)
