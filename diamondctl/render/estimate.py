"""An estimate in all its forms."""

from __future__ import annotations

from diamondctl.money import Range
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.estimate import LASTED, Estimate
from diamondctl.reports.remark import Command
from diamondctl.words import counted

ESTIMATE: f.Fields = (
    f.Field("coins", f.COUNT),
    f.Field("region", f.REGION),
    f.Field("day", f.DAY),
    f.Field("currency", f.CURRENCY, maybe=True),
    f.money("gift_value", "value", maybe=True),
    f.money("reward", maybe=True),
    f.money("usual_reward", "usual", maybe=True),
    f.Field("share", maybe=True),
)


def answer(report: Estimate) -> str:
    """What the coins come to, in a sentence."""
    place = f"in {report.region}, {report.day:%B %Y}"
    if report.reward is None or report.value is None:
        return f"Nobody can say what {counted(report.coins, 'coin')} {'comes' if report.coins == 1 else 'come'} to {place}."
    coins = counted(report.coins, "coin")
    return f"{coins} {'is' if report.coins == 1 else 'are'} {_most(report)} for you {place}{_usual(report)}."


DOCUMENT = f.Document("estimate", (*ESTIMATE, f.Field("rates", f.many(frame.USE), forms="json")), ESTIMATE, answer=answer)


def view(report: Estimate) -> View:
    """One answer; flat, one row."""
    return DOCUMENT.view(
        report,
        lambda: _page(report),
        lambda: [report],
        complete=report.reward is not None,
        warnings=report.warnings,
        closing="Calculated from rate files. Not a promise of payment." if report.reward is not None else "",
        units=frame.units_of(report.scope),
        evidence=lambda: [frame.rests_on(report.scope, report.day.isoformat()), frame.rates(report.rates)],
    )


def _page(report: Estimate) -> list[Part]:
    if report.value is None:
        return []
    value = f"{numbers.money(report.value.high, report.currency)} {report.currency}"
    if report.usual is None:
        return [said(f"{report.share} of the gifts' {value}.")]
    file = Command(f"diamondctl summary FILE --region {report.region}")
    return [
        said(
            f"Often is {report.share}, of {value}: if LIVEs last {LASTED} minutes and no rule was broken.",
            ("A bare number knows nothing of your LIVEs; a file does:", file),
        )
    ]


def _most(report: Estimate) -> str:
    assert report.reward is not None
    if report.usual is None:
        return f"{_between(report.reward, report.currency)} {report.currency}"
    most = Range.of(report.reward.ordered.high).on(report.reward.confidence)
    return f"at most {numbers.money_range(most, report.currency)} {report.currency}"


def _usual(report: Estimate) -> str:
    return "" if report.usual is None else f"; often {_between(report.usual, report.currency)}"


def _between(amount: Range, currency: str) -> str:
    return numbers.money_range(amount, currency).replace(" - ", " to ")
