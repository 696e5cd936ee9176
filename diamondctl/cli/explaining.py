"""`diamondctl explain`: reward, stream."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.problems import Refusal

app = typer.Typer(
    help="""Where a number comes from, to the rate entry and to the line of the file.

\b
Examples:
  diamondctl explain reward -p 2026-10
  diamondctl explain stream 7390000000000000117
  diamondctl explain stream 2026-10-31T20:15 gifts.csv --region US --penalty 0
""",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("reward")
@options.expand
def reward(inputs: options.Inputs, output: options.Output) -> int:
    """Every credit of the period: when it is credited, its share, and the missions the share is built from.

    \b
    Examples:
      diamondctl explain reward -p 2026-10
      diamondctl explain reward gifts.csv --region US --penalty 0 --active-fans 120 --league held --csv
    """
    from diamondctl.cli.output import emit, target
    from diamondctl.desk.frame import frame
    from diamondctl.render.explain import REWARD, reward_view
    from diamondctl.reports import explain

    where = target(output, inputs.file or (), REWARD.columns)
    scope = frame(inputs, date.today(), whole=True).scope
    emit(where, reward_view(explain.reward(scope)))
    return 0 if scope.complete else 3


@app.command("stream")
@options.expand
def stream(
    wanted: Annotated[
        str, typer.Argument(metavar="ID|TIME", help="A stream by its id, or by a time at which one of its gifts was sent.")
    ],
    inputs: options.Inputs,
    output: options.Output,
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many of its gifts to show; 0 is all.")] = 10,
) -> int:
    """One stream: which missions counted, what the next band would have paid, the credits it went into, and its gifts.

    A time without a zone is in the reporting time zone.

    \b
    Examples:
      diamondctl explain stream 7390000000000000117
      diamondctl explain stream 2026-10-31T20:15 gifts.csv --region US --penalty 0
    """
    from diamondctl import periods
    from diamondctl.cli.output import emit, target
    from diamondctl.desk.frame import frame, reads_twice, settings_of
    from diamondctl.desk.gift_places import Wanted, of_files, of_ledger
    from diamondctl.ratebook import store
    from diamondctl.readers import cells
    from diamondctl.readers.cells import CellError
    from diamondctl.records import INFERRED
    from diamondctl.render.explain import STREAM, stream_view
    from diamondctl.reports import explain

    where = target(output, inputs.file or (), STREAM.columns)
    reads_twice(inputs, "explain stream")
    run = frame(inputs, date.today(), whole=True, about_period=False)
    scope = run.scope
    quarter = None
    try:
        zone = scope.accounts[0].timezone if scope.accounts else "UTC"
        quarter = cells.timestamp(wanted, zone)[0] // periods.QUARTER
    except (CellError, Refusal):
        pass  # then it is an id
    account, name = explain.find_stream(scope, wanted, quarter)
    found = explain.stream(scope, account, name, quarter, (), 0)
    meant = Wanted(account.creator, account.region, "" if name.startswith(INFERRED) else name, found.first, found.last)
    if inputs.file:
        price = store.catalogue(run.chosen.platform, run.chosen.rates).price
        gifts = of_files(inputs.file, meant, settings_of(inputs, run.chosen), options.encoding(inputs.encoding), price)
    else:
        gifts = of_ledger(options.Place(inputs.ledger, inputs.config), meant)
    shown = gifts[:rows] if rows else gifts
    emit(where, stream_view(found._replace(rows=tuple(shown), more_rows=len(gifts) - len(shown))))
    return 0 if scope.complete else 3
