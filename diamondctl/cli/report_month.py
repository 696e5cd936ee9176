"""`diamondctl report`: month."""

from __future__ import annotations

from diamondctl.api import month as api
from diamondctl.cli import options
from diamondctl.cli.choose import choose, reads_twice
from diamondctl.cli.output import answer, target
from diamondctl.render.month import DOCUMENT, HTML


@options.with_formats(HTML)
@options.expand
def month(inputs: options.Inputs, output: options.Output, method: options.Method = "", fx: options.Fx = "") -> int:
    """Read, rate, put together."""
    where = target(output, inputs.file or (), DOCUMENT.columns, (HTML,))
    reads_twice(inputs, "report month")
    return answer(where, api.month(choose(inputs), method=method, fx=fx))
