"""The waterfall in all its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, hull, percent_change, total
from diamondctl.rating.fees import Step, Waterfall
from diamondctl.rating.places import taken_of
from diamondctl.records import Record
from diamondctl.render import entries, frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.records import RECORD, TAKEN, arrived_text, taken_text
from diamondctl.render.view import View
from diamondctl.render.wallets import Amount, story
from diamondctl.reports.fees import AccountFees, FansPaid, Fees
from diamondctl.reports.values import Account
from diamondctl.words import counted, method_name, platform_name


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


def answer(report: Fees) -> str:
    """The report in one sentence."""
    period = report.scope.period.words + ("" if report.complete else " (incomplete)")
    sums: dict[str, list[tuple[Range, Range]]] = {}
    for item in report.accounts:
        nets = [waterfall.net for waterfall in item.waterfalls]
        sums.setdefault(item.account.currency, []).append((item.waterfalls[0].steps[0].amount, _hull(nets)))
    if not sums:
        return f"{period}: no gift whose value is known."
    parts = []
    for currency, pairs in sums.items():
        value, net = total(pair[0] for pair in pairs), total(pair[1] for pair in pairs)
        percent = ""
        if value.is_exact and value.low:
            shares = ((percent_change(end, value.low) or Decimal(0)) + 100 for end in (net.ordered.low, net.ordered.high))
            ends = dict.fromkeys(f"{share:.0f}" for share in shares)
            percent = f", {' to '.join(ends)}%"
        reaches = numbers.to(net, currency).removesuffix(f" {currency}")
        what = "reach the bank" if _reaches(report) else "are your reward"
        parts.append(f"of {numbers.to(value, currency)} in gifts {reaches} {what}{percent}")
    return f"{period}: {'; '.join(parts)}."


def _reaches(report: Fees) -> bool:
    """Whether it goes on to the bank, and does not end with the reward."""
    return any(waterfall.steps[-1].key == "net" for item in report.accounts for waterfall in item.waterfalls)


def _hull(nets: Sequence[Range]) -> Range:
    """Of several methods, from the least to the most."""
    return nets[0] if len(nets) == 1 else hull(nets)


DOCUMENT = frame.document("fees", _DATA, (*METHOD, *STEP), *f.under("exchange", (frame.EXCHANGE,)), answer=answer)


def view(report: Fees) -> View:
    """The report in all its forms."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: _items(report),
        complete=report.complete,
        evidence=lambda: _evidence(report),
    )


def _page(report: Fees) -> list[Part]:
    """One account: from gift value to the bank, by each method. Several: a row each."""
    page: list[Part] = []
    if len(report.accounts) == 1:
        item = report.accounts[0]
        page += [story(item.account.currency, way_of(item)), said(_fans_paid(item))]
    elif report.accounts:
        page.append(_roster(report))
    return [*page, said(*map(_arrived, report.payouts[:_FEW]))]


def way_of(item: AccountFees) -> list[Amount]:
    """Each step once; what comes after the reward by method, where there are several."""
    platform = platform_name(item.account.zone.platform)
    rows: list[Amount] = []
    for number, waterfall in enumerate(item.waterfalls):
        by = f" by {method_name(waterfall.method)}" if waterfall.method and len(item.waterfalls) > 1 else ""
        for step in waterfall.steps:
            after = step.key in ("agency", "withholding", "fee", "net")
            if number and not after:
                continue
            label = {"platform": f"Kept by {platform}", "gift_value": "Gifts"}.get(step.key, step.label)
            line = Line(item.account, waterfall, step)
            missing = " (incomplete)" if line.label != step.label else ""
            label = f"{label}{by if step.key == 'net' else ''}{missing}"
            rows.append(Amount(label, step.amount, _percent(item, step), step.is_total))
    return rows


def _percent(item: AccountFees, step: Step) -> str:
    if step.key == "gift_value":
        return f"{numbers.count(item.diamonds)} diamonds"
    if step.percent is None:
        return ""
    ends = dict.fromkeys(f"{end:.1f}" for end in sorted(map(abs, (step.percent.low, step.percent.high))))
    return f"{' - '.join(ends)}%"


def _fans_paid(item: AccountFees) -> str:
    """What fans paid for the coins, by each channel alone."""
    parts = [f"{numbers.to(fan.amount, fan.price.currency)} {_CHANNELS[fan.price.channel]}" for fan in item.fans]
    kept = [numbers.to(fan.kept, fan.price.currency) for fan in item.fans if fan.kept is not None]
    text = f"Fans paid for these {counted(item.coins, 'coin')}: {' or '.join(parts)}, if all of them there." if parts else ""
    return f"{text} Of it the store and the platform keep {' or '.join(kept)}." if kept else text


_CHANNELS = {"web": "on the web", "in_app": "in the app"}


class _Way(NamedTuple):
    """An account by one method, or all accounts of a currency."""

    creator: str
    region: str
    by: str
    gifts: Range
    reward: Range
    net: Range
    currency: str


def _roster(report: Fees) -> Part:
    """One row for each account and method, those with most first; all of a currency in the end, where each has one method."""
    rows: list[_Way] = []
    for item in report.accounts:
        for waterfall in item.waterfalls:
            gifts, reward = (
                next(step.amount for step in waterfall.steps if step.key == key) for key in ("gift_value", "reward")
            )
            by = method_name(waterfall.method or "-")
            account = item.account
            rows.append(_Way(account.creator, account.region, by, gifts, reward, waterfall.net, waterfall.currency))
    rows.sort(key=lambda row: (row.currency, -row.net.high))
    sums: list[_Way] = []
    if all(len(item.waterfalls) == 1 for item in report.accounts):
        for currency in dict.fromkeys(row.currency for row in rows):
            mine = [row for row in rows if row.currency == currency]
            gifts, reward, net = (total(getattr(row, name) for row in mine) for name in ("gifts", "reward", "net"))
            if len(mine) > 1:
                sums.append(_Way("Total", "", "", gifts, reward, net, currency))
    several = len({row.currency for row in rows}) > 1

    def column(title: str, name: str) -> f.Field:
        return f.cell(title, lambda row: numbers.money_range(getattr(row, name), row.currency), f.FIGURE)

    fields = (
        f.cell("Creator", lambda row: row.creator, f.LABEL),
        f.cell("Region", lambda row: row.region, drop=2),
        f.cell("By", lambda row: row.by, drop=1),
        column("Gifts" if several else f"Gifts ({rows[0].currency})", "gifts"),
        column("Your reward", "reward"),
        *([column("Reaches the bank", "net")] if _reaches(report) else ()),
        *([f.cell("", lambda row: row.currency, f.LABEL)] if several else ()),
    )
    return f.table(fields, rows, foot=[[field.show(row) for field in fields if field.show] for row in sums])


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


_FEW = 3  # payouts that a screen tells of


def _arrived(item: Record) -> str:
    """What was really taken of a payout."""
    assert item.arrived is not None
    left, arrived = (
        numbers.money_range(Range.of(amount), currency)
        for amount, currency in ((item.amount, item.currency), (item.arrived, item.arrived_currency))
    )
    day = f" on {periods.day_words(item.arrived_on)}" if item.arrived_on else ""
    return (
        f"Of {left} {item.currency} ({item.id}) {arrived} {item.arrived_currency} arrived{day}: {taken_text(item)} was taken."
    )


def _payouts(report: Fees) -> Part:
    """What was really taken."""
    columns = (
        *f.pick(RECORD, "record", date="Left on"),
        *f.pick(RECORD, amount="Left", currency="Currency"),
        f.cell("Arrived", arrived_text),
        f.cell("Taken on the way, observed", taken_text),
    )
    title = "Payouts that arrived in the period, as you recorded them"
    return f.table(columns, report.payouts, title) if report.payouts else ()


def _evidence(report: Fees) -> list[Part]:
    """Every step with its rule, one table for each account and payout method."""
    page: list[Part] = []
    for item in report.accounts:
        name = f"{item.account.creator} {item.account.region}" if len(report.accounts) > 1 else ""
        page.append(_fans(item, name))
        page += [_waterfall(item, waterfall, name) for waterfall in item.waterfalls]
    return [*page, _payouts(report)]


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
    return f.table(columns, _lines(account.account, item), " ".join(filter(None, (name, by, payouts))), whole=True)


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
