"""The waterfall in all its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from diamondctl.money import Range
from diamondctl.rating.fees import Step, Waterfall
from diamondctl.rating.places import taken_of
from diamondctl.render import entries, frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part
from diamondctl.render.records import RECORD, TAKEN, arrived_text, taken_text
from diamondctl.render.view import View
from diamondctl.reports.fees import AccountFees, FansPaid, Fees
from diamondctl.reports.values import Account


class Line(NamedTuple):
    """A step with what it is a step of."""

    account: Account
    waterfall: Waterfall
    step: Step

    @property
    def label(self) -> str:
        """The label of the step; the end of a waterfall from which something is missing says so."""
        missing = self.step.key == "net" and (self.waterfall.unknown or self.account.unrated)
        return f"{self.step.label} (incomplete)" if missing else self.step.label


PLACE = f.under("entry", entries.PLACE, maybe=True)
STEP: f.Fields = (
    f.Field(
        "step",
        f.word("gift_value", "platform", "weekly", "reward", "agency", "withholding", "fee", "net"),
        "step.key",
    ),
    f.Field("label"),
    f.Field("rule", of="step.rule", maybe=True),
    f.Field("rate", of="step.rate", maybe=True),
    f.money("amount", "step.amount", "waterfall.currency"),
    f.money("amount", "step.amount", "waterfall.currency", kind=f.STORIES, forms="flat"),
    f.money("stories", "step.amount", "waterfall.currency", kind=f.STORIES, forms="json"),
    f.Field("percent_of_gifts", f.TENTHS, "step.percent", maybe=True, forms="json"),
    f.Field("percent", f.TENTHS, "step.percent", forms="flat"),
    f.Field("provenance", f.word("rated", "config"), "step.provenance"),
    *f.under("step", PLACE),
    f.Field("note", of="step.note", maybe=True),
)
METHOD: f.Fields = (
    f.Field("method", of="waterfall.method", maybe=True),
    f.Field("steps", f.many(STEP), lambda line: _lines(line.account, line.waterfall), forms="json"),
    f.Field("payouts", f.PAIR, "waterfall.payouts", forms="json"),
    f.Field("unknown", f.WORDS, "waterfall.unknown", forms="json"),
)
FANS: f.Fields = (
    f.Field("channel", f.word("web", "in_app"), "price.channel"),
    f.Field("per_coin", f.RANGE),
    f.money("amount", currency="price.currency"),
    f.money("kept", currency="price.currency", maybe=True),
    *PLACE,
)
ACCOUNT: f.Fields = (
    *frame.WHOSE,
    f.Field("coins", f.COUNT),
    f.Field("diamonds", f.DECIMAL),
    f.Field("fans_paid", f.many(FANS), "fans"),
    f.Field("methods", f.many(METHOD), lambda item: [_lines(item.account, waterfall)[0] for waterfall in item.waterfalls]),
)
# A payout as it was recorded: what was really taken of it.
PAID: f.Fields = (
    *f.pick(RECORD, "record", "date", "creator", "method", "amount", "currency", "arrived", "arrived_currency", "arrived_on"),
    f.Field("taken", f.many(TAKEN), taken_of),
)
_DATA: f.Fields = (f.Field("accounts", f.many(ACCOUNT)), f.Field("payouts", f.many(PAID)))
DOCUMENT = frame.document("fees", _DATA, (*METHOD, *STEP), *f.under("exchange", (frame.EXCHANGE,)))


def view(report: Fees) -> View:
    """The report in all its forms."""
    return frame.view(DOCUMENT, report, lambda: _page(report), lambda: _items(report), complete=report.complete)


def _lines(account: Account, waterfall: Waterfall) -> list[Line]:
    return [Line(account, waterfall, step) for step in waterfall.steps]


def _items(report: Fees) -> Iterator[tuple[Account, Line]]:
    """One row per account, method and step; what fans paid is a step of its own, in its own currency."""
    for item in report.accounts:
        for fan in item.fans:
            account = item.account._replace(currency=fan.price.currency)
            label = f"Fans paid, if all through {_channel(fan)}"
            step = Step("fans_paid", label, "coin_price", _per_coin(fan), fan.amount, None, fan.entry, "rated")
            yield account, Line(account, Waterfall(None, account.currency, (step,), ()), step)
        for waterfall in item.waterfalls:
            yield from ((item.account, line) for line in _lines(item.account, waterfall))


def _page(report: Fees) -> list[Part]:
    """One table per account and payout method."""
    page: list[Part] = []
    for item in report.accounts:
        name = f"{item.account.creator} {item.account.region}" if len(report.accounts) > 1 else ""
        page.append(_fans(item, name))
        page += [_waterfall(item, waterfall, name) for waterfall in item.waterfalls]
    if report.payouts:
        columns = (
            *f.pick(RECORD, "record", date="Left on"),
            *f.pick(RECORD, amount="Left", currency="Currency"),
            f.cell("Arrived", arrived_text),
            f.cell("Taken on the way, observed", taken_text),
        )
        page.append(f.table(columns, report.payouts, "Payouts that arrived in the period, as you recorded them"))
    return page


def _channel(fan: FansPaid) -> str:
    return fan.price.channel.replace("_", "-")


def _per_coin(fan: FansPaid) -> str:
    return " - ".join(dict.fromkeys(map(numbers.plain, (fan.per_coin.low, fan.per_coin.high))))


def _fans(item: AccountFees, name: str) -> Part:
    columns = (
        f.cell(f"Fans paid for {item.coins:,} coins, if all", lambda fan: f"through {_channel(fan)}"),
        f.cell("Per coin", _per_coin, f.FIGURE),
        f.cell("Amount", lambda fan: f"{numbers.money_range(fan.amount, fan.price.currency)} {fan.price.currency}", f.FIGURE),
        *_kept(item.fans),
        f.cell("From", lambda fan: f"rated, {fan.entry.confidence}, {fan.entry.where}", drop=1),
    )
    return f.table(columns, item.fans, name) if item.fans else ()


def _kept(fans: tuple[FansPaid, ...]) -> f.Fields:
    """What stores and the platform keep of a price whose value is fixed."""

    def kept(fan: FansPaid) -> str:
        return "-" if fan.kept is None else f"{numbers.money_range(fan.kept, fan.price.currency)} {fan.price.currency}"

    return (f.cell("Kept by store and platform", kept, f.FIGURE),) if any(fan.kept is not None for fan in fans) else ()


def _waterfall(account: AccountFees, item: Waterfall, name: str) -> Part:
    currency = item.currency
    stories: list[tuple[Literal["low", "high"], str, str]] = [("low", currency, "% of gifts")]
    if not all(step.amount.is_exact for step in item.steps):
        stories = [("low", f"{currency} least", "% least"), ("high", f"{currency} most", "% most")]
    amounts = []
    for end, amount, percent in stories:
        amounts.append(f.cell(amount, _shown("amount", end, lambda value: numbers.money_range(value, currency)), f.FIGURE))
        if any(step.percent is not None for step in item.steps):
            amounts.append(f.cell(percent, _shown("percent", end, lambda value: f"{value.low:.1f}"), f.FIGURE))

    def label(line: Line) -> str:
        return f"Gift value ({numbers.count(account.diamonds)} diamonds)" if line.step.key == "gift_value" else line.label

    columns = (
        f.cell("Step", label),
        f.cell("Rule", lambda line: line.step.rule, drop=2),
        f.cell("Rate", _rate),
        *amounts,
        f.cell("From", lambda line: _source(line.step), drop=1),
    )
    by = f"by {item.method}" if item.method not in (None, "any") else ""
    payouts = f"in {f.PAIR.screen(item.payouts)} payouts" if max(item.payouts) > 1 else ""
    return f.table(columns, _lines(account.account, item), " ".join(filter(None, (name, by, payouts))))


def _shown(name: str, end: Literal["low", "high"], text: Callable[[Range], str]) -> Callable[[Line], str]:
    """One end of a range of a step."""

    def show(line: Line) -> str:
        value: Range | None = getattr(line.step, name)
        return "" if value is None else text(value.at(end))

    return show


def _rate(line: Line) -> str:
    if line.step.key == "gift_value" and line.step.entry is not None:
        return f"{numbers.plain(line.step.entry.value.cash_per_diamond)} {line.waterfall.currency}"  # type: ignore[union-attr]
    return line.step.rate


def _source(step: Step) -> str:
    entry = f"{step.entry.confidence}, {step.entry.where}" if step.entry is not None else ""
    return ", ".join(filter(None, (step.provenance, entry, step.note)))
