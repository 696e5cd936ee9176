"""Reconciliation, the payout explained, and the page for a support desk, in all their forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from diamondctl import periods
from diamondctl.money import ZERO, Range, total
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.records import ID
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.reports.paid import PayoutExplained, letter_of, lot_text
from diamondctl.reports.reconcile import NAMES, Bridge, Gap, Reconciliation, distance, letter_command
from diamondctl.words import counted, few

_CURRENCY = "payout.currency"
LINE: f.Fields = (
    f.Field("name", f.word(*NAMES)),
    f.money("amount"),
    f.Field("source"),
)
LOT: f.Fields = (
    f.Field("lot", of=lambda part: lot_text(part.lot)),
    f.Field("is", f.word("booked", "opening", "adjusted", "corrected", "shown"), "lot.key"),
    f.Field("record", ID, lambda part: part.lot.record.id if part.lot.record is not None else None, maybe=True),
    f.Field("least", f.DIGITS, "amount.low"),
    f.Field("most", f.DIGITS, "amount.high"),
)
BRIDGE: f.Fields = (
    f.Field("record", ID, "payout.id", "Payout"),
    f.Field("date", f.DAY, "payout.day"),
    f.Field("method", of="payout.method", maybe=True),
    f.Field("amount", f.DIGITS, "payout.amount"),
    f.Field("arrived", f.DIGITS, "payout.arrived", maybe=True),
    f.Field("arrived_currency", f.CURRENCY, lambda item: item.payout.arrived_currency or None, maybe=True),
    f.Field("arrived_on", f.DAY, "payout.arrived_on", maybe=True),
    f.money("unexplained"),
    f.Field("explained", f.FLAG, "is_explained"),
    f.Field("open", maybe=True),
    f.Field("taken", f.many(LINE), "lines", forms="json"),
    f.Field("lots", f.many(LOT), "paid.parts", forms="json"),
    f.money("before_first_file", "paid.before", _CURRENCY, forms="json"),
)
GAP: f.Fields = (
    f.Field("gap", f.word("taken", "late", "unseen", "shown", "before"), "key"),
    f.Field("creator", of="account.creator"),
    f.Field("date", f.DAY, "day"),
    f.money("amount"),
    f.Field("records", f.each(ID)),
    f.Field("text"),
    f.Field("command", maybe=True),
)


def answer(report: Reconciliation) -> str:
    """The report in one sentence."""
    text = _answer(report)
    return text[0].upper() + text[1:]


def _answer(report: Reconciliation) -> str:
    when = f"{report.scope.period.words}: " if report.of_period else ""
    count = len(report.bridges)
    surely = report.unexplained
    if surely:
        amounts = " and ".join(numbers.to(Range.of(amount), currency) for currency, amount in sorted(surely.items()))
        within = ", within the tolerance" if report.is_whole else ""
        return f"{when}{amounts} {'is' if len(surely) == 1 else 'are'} unexplained, of {_of(report)}{within}."
    if not count:
        return f"{when}no payout is recorded, so there is nothing to reconcile."
    if not report.complete:
        return f"{when}nothing of {counted(count, 'payout')} is surely unexplained, and not all of it can be told."
    exact = all(gap.amount.is_exact for gap in report.gaps) and all(item.unexplained.is_exact for item in report.bridges)
    every = "to the cent" if exact else "within what is known as a range"
    return f"{when}{counted(count, 'payout')}, all explained {every}."


def _of(report: Reconciliation) -> str:
    """Of what that is: of payouts, and of balances that the app showed, by their ids."""
    surely = [gap for gap in report.gaps if distance(gap.amount)]
    shown = few([*dict.fromkeys(name for gap in surely if gap.key == "shown" for name in gap.records)])
    payouts = any(gap.key != "shown" for gap in surely)
    return " and ".join(
        filter(
            None,
            (counted(len(report.bridges), "payout") if payouts else "", f"what the app showed ({shown})" if shown else ""),
        )
    )


DOCUMENT = frame.document(
    "reconcile",
    (
        f.Field("payouts", f.many((*frame.WHOSE, *BRIDGE)), "bridges"),
        f.Field("gaps", f.many(GAP)),
        f.Field("tolerance", f.DIGITS),
        f.Field("whole", f.FLAG, "is_whole"),
    ),
    BRIDGE,
    frame.AS_OF,
    answer=answer,
)


def view(report: Reconciliation) -> View:
    """The report in all its forms; flat, one row a payout."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: [(bridge.account, bridge) for bridge in report.bridges],
        complete=report.complete,
        evidence=lambda: [*_lots(report.bridges)],
        closing="",
    )


def _taken(bridge: Bridge) -> str:
    """What was taken, by name."""
    words = {"rated_fee": "fee by the rate file"}
    parts = [
        f"{words.get(line.name, line.name)} {_plain(line.amount, line.currency)}"
        + (f" {line.currency}" if line.currency != bridge.payout.currency else "")
        for line in bridge.lines
        if line.name not in ("timing", "back")
    ]
    parts += [line.source for line in bridge.lines if line.name in ("timing", "back")]
    return "; ".join(parts)


def _plain(amount: Range, currency: str) -> str:
    ends = amount.ordered
    return numbers.money_range(amount.but(-ends.high or ends.high * 0, -ends.low or ends.low * 0), currency)


def _page(report: Reconciliation) -> list[Part]:
    several = len({(bridge.account.creator, bridge.payout.currency) for bridge in report.bridges}) > 1
    day = report.scope.as_of
    who = [f.cell("Creator", lambda item: item.account.creator)] if several else []
    fields = (
        f.cell("Payout", lambda item: item.payout.id),
        *who,
        f.cell("Left", lambda item: periods.day_words(item.payout.day, day)),
        f.cell("Amount", lambda item: numbers.money_range(Range.of(item.payout.amount), item.payout.currency), f.FIGURE),
        f.cell("Arrived", _arrived, f.FIGURE),
        f.cell("Taken", _taken),
        f.cell("Unexplained", _unexplained, f.FIGURE),
    )
    return [*([f.table(fields, report.bridges)] if report.bridges else []), *_beside(report)]


def _beside(report: Reconciliation) -> Iterator[Part]:
    """What is unexplained and stands in no row of a payout."""
    gaps = [gap for gap in report.gaps if gap.key not in ("taken", "late") and distance(gap.amount)]
    fields = (
        f.cell("Record", lambda gap: ", ".join(gap.records)),
        f.cell("Of", lambda gap: periods.day_words(gap.day, report.scope.as_of)),
        f.cell("Unexplained", lambda gap: numbers.to(_size(gap.amount), gap.currency), f.FIGURE),
        f.cell("What it is", _what),
    )
    if gaps:
        yield f.table(fields, gaps)


def _size(amount: Range) -> Range:
    """An amount that is surely not nothing, without its sign."""
    ends = amount.ordered
    return ends if ends.low >= 0 else amount.but(-ends.high, -ends.low)


def _what(gap: Gap) -> str:
    showed = f"the app showed {'less' if gap.amount.ordered.low < 0 else 'more'} than was computed"
    words = {"shown": showed, "unseen": "came, and was not seen to leave", "before": "more left than came in"}
    return words[gap.key]


def _arrived(bridge: Bridge) -> str:
    item = bridge.payout
    if item.arrived is None:
        return "-"
    return f"{numbers.money_range(Range.of(item.arrived), item.arrived_currency)} {item.arrived_currency}"


def _unexplained(bridge: Bridge) -> str:
    if bridge.open:
        return "?"
    amount = bridge.unexplained.ordered
    return numbers.money_range(amount if distance(amount) else ZERO, bridge.currency)


def _lots(bridges: Sequence[Bridge]) -> Iterator[Part]:
    for bridge in bridges:
        if bridge.paid.parts:
            yield lots_table(bridge)


def lots_table(bridge: Bridge) -> Table:
    """What paid for a payout: a list with its sum, in two stories where they differ."""
    currency = bridge.payout.currency
    rows = [(lot_text(part.lot), part.amount) for part in bridge.paid.parts]
    if bridge.paid.before.ordered.high:
        rows.append(("There before the first file", bridge.paid.before))
    exact = all(amount.is_exact for _, amount in rows)
    ends: list[Literal["low", "high"]] = ["low"] if exact else ["low", "high"]

    def at(end: Literal["low", "high"]) -> Callable[[tuple[str, Range]], str]:
        return lambda row: numbers.money_range(row[1].at(end), currency)

    # Stories, not ends: the first LIVEs of a small story pay for what fewer LIVEs of a great one do.
    titles = {"low": currency if exact else "Earned least", "high": "Earned most"}
    fields = (f.cell("Paid by", lambda row: row[0]), *(f.cell(titles[end], at(end), f.FIGURE) for end in ends))
    whole = total(amount for _, amount in rows)
    sums = [numbers.money_range(whole.at(end), currency) for end in ends]
    return f.table(fields, rows, "", [(f"Left with {bridge.payout.id}", *sums)])


EXPLAINED_LOT: f.Fields = (
    f.Field("lot", of=lambda item: lot_text(item.part.lot), title="Paid by"),
    f.Field("least", f.DIGITS, "part.amount.low", title="Least"),
    f.Field("most", f.DIGITS, "part.amount.high", title="Most"),
    f.Field("gifts", f.COUNT, title="Gifts"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.Field("places", f.WORDS, title="Stands in"),
)


def _explained(report: PayoutExplained) -> str:
    item, bridge = report.bridge.payout, report.bridge
    lives = sum(one.part.lot.credit is not None for one in report.lots)
    left = f"{item.id}: {numbers.to(Range.of(item.amount), item.currency)} left on {item.day}"
    came = ", and came back" if item.ended else ", and is on the way"
    if not (item.ended or bridge.is_on_the_way):
        came = f", and did not arrive in {counted((report.scope.as_of - item.day).days, 'day')}"
    if item.arrived is not None and not item.ended:
        came = f", {numbers.to(Range.of(item.arrived), item.arrived_currency)} arrived"
    gap = ""
    if distance(bridge.unexplained):
        gap = f"; {numbers.to(bridge.unexplained.ordered, bridge.currency)} is unexplained"
    return f"{left}{came}, paid for by {counted(lives, 'credit')}{gap}."


EXPLAIN = frame.document(
    "explain-payout",
    (
        f.Field("payout", f.one(BRIDGE), "bridge"),
        f.Field("lots", f.many(EXPLAINED_LOT)),
        f.Field("letter", f.WORDS, letter_of),
    ),
    EXPLAINED_LOT,
    frame.AS_OF,
    answer=_explained,
)


def explained_view(report: PayoutExplained) -> View:
    """One payout: what paid for it, and where those gifts stand."""
    account = report.bridge.account
    return frame.view(
        EXPLAIN,
        report,
        lambda: _explained_page(report),
        lambda: [(account, one) for one in report.lots],
        complete=report.complete,
        evidence=lambda: [f.table(f.pick(EXPLAINED_LOT, "lot", "gifts", "coins", "places"), report.lots)],
        closing="",
    )


def _explained_page(report: PayoutExplained) -> list[Part]:
    bridge = report.bridge
    taken = [f"Taken: {text}." for text in [_taken(bridge)] if text and not bridge.is_on_the_way]
    letter = f"A page for a support desk: {letter_command(bridge.payout)}"
    return [lots_table(bridge), said(*taken, letter)]


def letter_view(report: PayoutExplained) -> View:
    """The page for a support desk."""
    account, complete = report.bridge.account, report.complete
    return EXPLAIN._replace(answer=lambda _: "").view(
        report,
        lambda: [said(*paragraph) for paragraph in _paragraphs(letter_of(report))],
        lambda: [frame.Row(report, account, complete, one) for one in report.lots],
        complete=complete,
    )


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        else:
            found.append([])
    return found
