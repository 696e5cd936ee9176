"""The payout check in all its forms."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from diamondctl import periods
from diamondctl.confidence import is_firm
from diamondctl.money import ZERO, Range
from diamondctl.ratebook.entries import Minimum
from diamondctl.render import entries, frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import item_text
from diamondctl.render.page import Part, Texts, said
from diamondctl.render.records import RECORD, percent_of_payout
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.render.wallets import MINIMUM, WALLET, Amount, story
from diamondctl.reports.payout import Check, PayoutCheck, Step
from diamondctl.reports.remark import PERIOD, Brief, Cause, Command, Remark
from diamondctl.reports.wallets import State, ground_notes
from diamondctl.words import counted, key_text, method_name, platform_name

LABELS = {
    "balance": "1 Balance",
    "minimum": "2 Minimum",
    "limit": "3 Limit",
    "method": "4 Method",
    "time": "5 Time",
    "identity": "6 Identity",
    "leaves": "Leaves the wallet",
    "taken": "Taken on the way",
    "arrives": "Reaches your account",
}
_OPENING = (
    "Files know no wallet. What it held before them settles it: diamondctl payout check FILE... {}--opening AMOUNT "
    "(--opening 0: nothing)."
)
_SHARE = "The balance rests on a share that is only assumed: give your own, --share PERCENT, to settle it."
_RULE = "The minimum or the limit that decides it is only assumed."


class Line(NamedTuple):
    """A step of a check."""

    check: Check
    step: Step


def _lines(check: Check) -> list[Line]:
    return [Line(check, step) for step in check.steps]


def _outcome(check: Check) -> list[Line]:
    return [Line(check, step) for step in check.follows]


class OfAccount(NamedTuple):
    """One account of a wallet, and the answer that the wallet has."""

    state: State
    check: Check


def _parts(report: PayoutCheck) -> list[OfAccount]:
    parts = (OfAccount(state, check) for check in report.checks for state in check.wallet.states)
    return sorted(parts, key=lambda part: part.state.account.key)


# What every verdict is in machine formats; `rests_on` as the confidence of an amount.
VERDICT_FIELDS: f.Fields = f.under(
    "verdict",
    (
        f.Field("answer", f.word("yes", "no", "depends", "unknown")),
        f.Field("certain", f.FLAG),
        f.Field("rests_on", f.TRUST, "confidence", maybe=True),
    ),
)
_METHOD, _ANSWER, _CERTAIN, _RESTS_ON, *_REST = VERDICT = (
    f.Field("method"),
    *VERDICT_FIELDS,
    f.money("available", currency="state.account.currency"),
    f.money("short_by", currency="state.account.currency"),
    f.Field("short_of_diamonds", f.DECIMAL),
)
_MONEY: f.Fields = (
    f.money("credited", "credited", "account.currency"),
    f.money("pending", "pending", "account.currency", forms="json"),
)
CHECK: f.Fields = (_METHOD, _ANSWER, _CERTAIN, _RESTS_ON, *f.under("state", _MONEY), *_REST)
_PAID = ("limit", "leaves")
_WALK, _FOLLOWS = tuple(LABELS)[:6], tuple(LABELS)[6:]
_AMOUNT = f.money("amount", "step.amount", "check.state.account.currency", maybe=True, forms="flat")
_CONFIDENCE, *_PLACE = f.under("step.entry", entries.PLACE, maybe=True)
STEP: f.Fields = (
    f.Field("step", f.word(*_WALK), "step.key"),
    f.Field("status", f.word("ok", "no", "?", "depends", "note"), "step.status", "Status"),
    f.Field("detail", of=lambda line: detail(line.check, line.step), title="Detail"),
    *f.under("step.entry", f.pick(entries.FIELDS, "effective", "since", "verified"), maybe=True),
    _CONFIDENCE._replace(after="sources"),
    f.Field("sources", f.WORDS, lambda line: line.step.entry.sources if line.step.entry else ()),
    *_PLACE,
    f.Field("minimums", f.many(MINIMUM), "step.checks", forms="json"),
    f.Field("payouts", f.PAIR, lambda line: line.step.payouts if line.step.key in _PAID else None, maybe=True, forms="json"),
    _AMOUNT,
    _AMOUNT._replace(kind=f.STORIES),
    f.Field("earliest", f.DAY, "step.earliest", maybe=True),
    f.Field("latest", f.DAY, "step.latest", maybe=True),
)
STEPS = f.Field("steps", f.many(STEP), _lines)
OUTCOME = f.Field(
    "outcome",
    f.many(
        (
            f.Field("step", f.word(*_FOLLOWS), "step.key"),
            *f.pick(STEP, "status", "detail"),
            _AMOUNT._replace(forms="json"),
            _AMOUNT._replace(key="stories", kind=f.STORIES, forms="json"),
            *f.pick(STEP, "payouts", "earliest", "latest"),
        )
    ),
    _outcome,
)
OBSERVED = f.Field("observed_payout", f.one(RECORD), "observed", maybe=True)
# What would arrive by each method, where there are several whose fees are known; the cheapest first.
METHODS = f.Field("methods", f.many((f.Field("method"), f.money("net", currency="flow.currency"))), "others")
# An account has its own money, and the verdict of its wallet.
ACCOUNT: f.Fields = (
    *f.under("state", frame.WHOSE),
    *f.under("check", (_METHOD, _ANSWER, _CERTAIN, _RESTS_ON)),
    *f.under("state", _MONEY),
    *f.under("check", (*_REST, STEPS)),
)


def answer_of(report: PayoutCheck) -> str:
    """The report in one sentence."""
    if not report.checks:
        return f"Not known: there is no wallet at the end of {periods.day_words(report.scope.as_of)} {report.scope.as_of.year}."
    if len(report.checks) == 1:
        return answer(report.checks[0])
    counts = [(word, sum(check.answer == word for check in report.checks)) for word in ("yes", "no", "depends", "unknown")]
    says = {"yes": "can withdraw", "no": "cannot", "depends": "depend on their share", "unknown": "are not known"}
    parts = [f"{count:,} {says[word]}" for word, count in counts if count]
    return f"Of {counted(len(report.checks), 'wallet')} {', '.join(parts)}."


DOCUMENT = frame.document(
    "payout-check",
    (
        f.Field("accounts", f.many(ACCOUNT), _parts),
        f.Field("wallets", f.many((*f.under("wallet", WALLET), *VERDICT, STEPS, OUTCOME, OBSERVED, METHODS)), "checks"),
    ),
    (*f.under("check", CHECK), *STEP),
    frame.AS_OF,
    *f.under("exchange", (frame.EXCHANGE,)),
    answer=answer_of,
)


def view(report: PayoutCheck) -> View:
    """The report in all its forms; flat, one row per wallet and step."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: ((check.state.account, line) for check in report.checks for line in (*_lines(check), *_outcome(check))),
        complete=report.complete,
        evidence=lambda: [_walk(report, check) for check in report.checks],
        notes=_notes(report),
    )


def _page(report: PayoutCheck) -> list[Part]:
    """One wallet: what becomes of it, and what decides it. Several: a row each."""
    if len(report.checks) == 1:
        check = report.checks[0]
        return [_becomes(report, check), said(_cheapest(check)), _decides(check)]
    return [_roster(report)] if report.checks else []


def _becomes(report: PayoutCheck, check: Check) -> Part:
    """From the wallet to the account, in two stories."""
    account, steps = check.state.account, {step.key: step for step in check.follows}
    currency, platform = account.currency, platform_name(account.zone.platform)
    rows = [Amount("In your wallet", check.state.balance, "" if known(check) else "if nothing was withdrawn")]
    if check.state.pending != ZERO:
        until = f"on {periods.day_words(check.state.pending_until)}" if check.state.pending_until else "later"
        rows.append(Amount("Booked later", check.state.pending, until))
    if steps:
        leaves, taken, arrives = (steps[key] for key in _FOLLOWS)
        rows.append(Amount(f"Leaves {platform}", leaves.amount, _when(leaves)))
        rows.append(Amount("Taken on the way", taken.amount, _taken_brief(check, taken)))
        by = "account" if check.method == "any" else method_name(check.method)
        rows.append(Amount(f"Reaches your {by}", arrives.amount, _arrives_brief(arrives)))
    return story(currency, rows)


def known(check: Check) -> bool:
    """Whether a balance, an opening or a payout says what the wallet held."""
    return check.wallet.held.stands_on != "nothing"


def _when(step: Step) -> str:
    if step.earliest is None:
        return ""
    if step.payouts[1] > 1:
        return f"in {f.PAIR.screen(step.payouts)} payouts from {periods.day_words(step.earliest)} on"
    return f"on {periods.day_words(step.earliest)} at the earliest"


def _taken_brief(check: Check, step: Step) -> str:
    if step.why:
        return f"not known: {step.why}"
    seen = check.observed
    if seen is not None and step.amount is not None and seen.arrived_on is not None:
        other = "" if step.amount.is_exact else ", or as the published rules say"
        return f"{percent_of_payout(seen)} as on {periods.day_words(seen.arrived_on, check.arrival.first)}{other}"
    labels = [
        item.label for item in check.arrival.flow.steps if item.key in ("agency", "withholding", "fee") and item.amount != ZERO
    ]
    return ", ".join(label[0].lower() + label[1:] for label in labels)


def _arrives_brief(step: Step) -> str:
    if step.earliest is None:
        return ""
    if step.latest is None or step.latest == step.earliest:
        return "" if step.latest is None else f"on {periods.day_words(step.earliest)}"
    return f"{periods.day_words(step.earliest)} to {periods.day_words(step.latest)}"


_SAYS = {"note": "you say", "?": "?"}


def _decides(check: Check) -> Part:
    """Each rule in a line: minimum, limit, what only the app knows; the others where they do not hold or are not known."""
    shown = [step for step in check.steps if step.key in ("minimum", "limit", "identity") or step.status in ("no", "?")]
    rows = [step for step in shown if step.key != "balance"]
    return f.table(
        (
            f.cell("", lambda step: _SAYS.get(step.status, step.status) if step.key == "identity" else step.status, f.LABEL),
            f.cell("", lambda step: _rule(check, step)),
        ),
        rows,
        whole=True,
    )


def _rule(check: Check, step: Step) -> str:
    """A rule in words, without its place."""
    if step.key == "identity":
        since = f" since {step.since}" if step.since else ""
        done = {"ok": f"done{since}", "no": "not done: in the app first"}.get(
            step.status, "only the app knows whether they are done"
        )
        return f"Identity and tax form: {done}"
    name = LABELS[step.key].split(" ", 1)[1]
    if step.why or step.entry is None:
        return f"{name} not known (-v says why)" if step.why else f"{name}: none is known"
    rests = "" if is_firm(step.entry.confidence) else f" ({step.entry.confidence})"
    if step.key == "minimum":
        text = f"{name} {' and '.join(item_text(one.minimum) for one in step.checks)}{rests}"
        missing = _missing(check) if step.status != "ok" else ""
        text += f", {missing} missing" if missing else ""
        if step.stronger is not None and isinstance(step.stronger.value, tuple):
            older = ", ".join(item_text(item) for item in step.stronger.value if isinstance(item, Minimum))
            text += f". An older {step.stronger.confidence} page says {older}"
        return text
    if step.key == "limit" and step.limit is not None:
        return f"{name} {item_text(step.limit)}{rests}"
    return f"{name}: {detail(check, step)}"


def _roster(report: PayoutCheck) -> Part:
    """A wallet a row; those with most money first."""
    checks = sorted(report.checks, key=lambda check: (check.state.account.currency, -check.available.high))
    fields = (
        f.cell("Creator", lambda check: check.state.account.creator, f.LABEL),
        f.cell("Region", lambda check: "+".join(check.wallet.regions), f.LABEL, drop=1),
        f.cell("Can leave?", lambda check: f"{_WORDS[check.answer]}{check.verdict.probably}", f.LABEL),
        f.cell("In the wallet", lambda check: numbers.money_range(check.state.balance, check.state.account.currency), f.FIGURE),
        f.cell("", lambda check: check.state.account.currency, f.LABEL),
        f.cell("On", lambda check: periods.day_words(day) if (day := check.arrival.first) else "-", f.LABEL),
        f.cell("Missing", lambda check: _missing(check) or "-", f.LABEL, drop=2),
    )
    return f.table(fields, checks)


_WORDS = {"yes": "yes", "no": "no", "depends": "depends", "unknown": "?"}


def _notes(report: PayoutCheck) -> tuple[str, ...]:
    """What would settle a probable answer comes first; then what was exchanged, and at which rate."""
    converted = dict.fromkeys(text for check in report.checks for text in check.converted)
    probable = [check for check in report.checks if check.answer in ("yes", "no") and not check.verdict.certain]
    settles: list[str] = []
    if any(check.verdict.open for check in probable):
        if report.scope.origin.ledger:
            settles += ground_notes([check.wallet for check in report.checks], ledger=True)
        else:
            settles.append(_OPENING.format("--creator NAME " if len(report.checks) > 1 else ""))
    if any(check.state.balance.about for check in probable):
        settles.append(_SHARE)
    elif any(not is_firm(check.verdict.confidence) for check in probable):
        settles.append(_RULE)
    forms = [
        Remark(f"{check.state.account.creator}: {_identity(check, step)}", _FORM, _tax_form(check))
        for check in report.checks
        for step in check.steps
        if step.key == "identity" and step.status == "note"
    ]
    return (*settles, *converted, *forms)


def _tax_form(check: Check) -> str:
    return f"diamondctl config set {shlex.quote(key_text(('creators', check.state.account.creator, 'tax_form')))} yes"


def _form_brief(abouts: Sequence[str]) -> Brief:
    return ("Identity and tax form are done in the app?", Command(abouts[0]))


_FORM = Cause(PERIOD, _form_brief)


def _walk(report: PayoutCheck, check: Check) -> Part:
    """One wallet's steps, then its answer."""
    account = check.state.account
    title = f"Payout check   {account.creator}   {_regions(check)}   {account.currency}   by {check.method}"
    columns = (
        f.cell("Step", lambda line: LABELS[line.step.key]),
        *f.pick(STEP, "status", "detail"),
        f.cell("From", lambda line: _source(line.step)),
    )
    walk = f.table(columns, _lines(check), f"{title}   at the end of {report.scope.as_of}", whole=True)
    return (walk, *_follows(check))


def _follows(check: Check) -> tuple[Table | Texts, ...]:
    """What becomes of today's balance, in two stories where they differ; and the cheapest of several methods."""
    currency, steps = check.state.account.currency, check.follows
    stories: list[tuple[Literal["low", "high"], str]] = [("low", currency)]
    if not all(step.amount is None or step.amount.is_exact for step in steps):
        stories = [("low", f"{currency} least"), ("high", f"{currency} most")]

    def shown(end: Literal["low", "high"]) -> Callable[[Line], str]:
        return lambda line: "-" if line.step.amount is None else numbers.money_range(line.step.amount.at(end), currency)

    columns = (
        f.cell("What becomes of it", lambda line: LABELS[line.step.key]),
        *(f.cell(name, shown(end), f.FIGURE) for end, name in stories),
        f.cell("", lambda line: detail(line.check, line.step)),
    )
    return (f.table(columns, _outcome(check)),) if steps else ()


def _cheapest(check: Check) -> str:
    """Which of several methods brings most."""
    currency = check.state.account.currency
    methods = [f"{item.method} {numbers.money_range(item.net, currency)} {currency}" for item in check.others]
    if not methods or not check.follows:
        return ""
    return f"The cheapest of {len(methods):,} methods is {check.others[0].method}: {', '.join(methods)}."


def _regions(check: Check) -> str:
    """The region of a wallet; of one that had several, all of them, and whose rules hold."""
    regions, home = check.wallet.regions, check.state.account.region
    return home if set(regions) == {home} else f"{' '.join(regions)}, rules of {home}"


def _source(step: Step) -> str:
    """Confidence, place, dates and sources of the entry that decides a step."""
    if step.key == "balance":
        return "rated"
    entry = step.entry
    if entry is None:
        return "-"
    first = "first seen" if entry.since == "first_seen" else "from"
    dates = f"{first} {entry.effective_text}, last seen to hold {entry.verified}"
    return f"{entry.confidence}, {entry.where}, {dates}, sources: {', '.join(entry.sources)}"


def detail(check: Check, step: Step) -> str:
    """A step in words."""
    currency = check.state.account.currency
    if step.key == "balance":
        known = check.wallet.held.stands_on != "nothing"
        text = f"{numbers.money_range(check.state.balance, currency)} {currency} {'in the wallet' if known else 'credited'}"
        if check.state.account.adjustments:
            text += f", {numbers.money_range(check.state.adjusted, currency)} of it by adjustments"
        if check.state.pending_until:
            pending = numbers.money_range(check.state.pending, currency)
            text += f", {pending} pending until {check.state.pending_until}"
        return text
    if step.key == "identity":
        return _identity(check, step)
    if step.why or (step.entry is None and step.amount is None):
        return f"not known: {step.why}"
    words = {"minimum": _minimum, "limit": _limit, "method": _method, "time": _time}
    return (words | {"leaves": _leaves, "taken": _taken, "arrives": _arrives})[step.key](check, step)


def _minimum(check: Check, step: Step) -> str:
    text = " and ".join(f"at least {item_text(one.minimum)}" for one in step.checks)
    if check.too_high is not None:
        text += ", above what one payout can hold"
    missing = _missing(check) if step.status != "ok" else ""
    if missing:
        text += f", {missing} missing"
    if step.status == "depends":
        text += ": it depends on your share"
    if step.status == "?":
        text += ", without the gifts that are missing from the balance"
    if step.stronger is not None and isinstance(step.stronger.value, tuple):
        older = ", ".join(item_text(item) for item in step.stronger.value if isinstance(item, Minimum))
        text += f" (an older {step.stronger.confidence} entry, {step.stronger.where}, says {older})"
    return text


def _missing(check: Check) -> str:
    """`40.00 USD and 5,000 diamonds`, or nothing."""
    currency = check.state.account.currency
    parts = [f"{numbers.money_range(check.short_by, currency)} {currency}"] if check.short_by.high > 0 else []
    parts += [f"{numbers.count(check.short_of_diamonds)} diamonds"] if check.short_of_diamonds else []
    return " and ".join(parts)


def _limit(check: Check, step: Step) -> str:
    assert step.limit is not None
    text = f"at most {item_text(step.limit)}"
    return f"{text}: {f.PAIR.screen(step.payouts)} payouts" if step.payouts[1] > 1 else text


def _method(check: Check, step: Step) -> str:
    return "; ".join(item_text(fee) for fee in step.fees)


def _time(check: Check, step: Step) -> str:
    text = "; ".join([*dict.fromkeys(map(item_text, step.timings)), f"earliest {step.earliest or 'not known'}"])
    return f"{text}, at the latest {step.latest} by these rules" if step.latest else text


def _leaves(check: Check, step: Step) -> str:
    """On which days, and what stays in the wallet."""
    count = f.PAIR.screen(step.payouts)
    if step.payouts[1] == 1:
        text = f"on {step.earliest}"
    elif step.latest is None:
        text = f"in {count} payouts from {step.earliest} on"
    else:
        text = f"in {count} payouts, {step.earliest} to {step.latest}"
    stays = check.arrival.stays
    if max(stays.low, stays.high) > 0:
        text += f"; {numbers.money_range(stays, check.arrival.flow.currency)} stays, below the minimum"
    return text


def _taken(check: Check, step: Step) -> str:
    """By what, one by one."""
    flow = check.arrival.flow
    steps = [item for item in flow.steps if item.key in ("agency", "withholding", "fee")]
    texts = []
    for item in steps:
        amount = Range(-item.amount.high, -item.amount.low)
        words = ", ".join(text for text in (item.rate, item.note) if text)
        if amount.is_exact and not amount.low:
            texts.append(f"{item.label} nothing{f', {item.note}' if item.note else ''}")
        else:
            texts.append(f"{item.label} {numbers.money_range(amount, flow.currency)} ({words})")
    told = "; ".join(texts) or "nothing"
    seen = check.observed
    if seen is None:
        return told
    return f"{percent_of_payout(seen)} as on {seen.arrived_on} ({seen.id}, observed), or by the rate file: {told}"


def _identity(check: Check, step: Step) -> str:
    """What only the app knows, and what the settings say of it."""
    since = f" since {step.since}" if step.since else ""
    if step.status == "ok":
        return f"identity and tax form are done{since}, you say"
    command = _tax_form(check)
    if step.status == "no":
        return f"identity or tax form are not done{since}, you say: in the app first. Done? {command}"
    return f"identity, tax form, account: only the app knows. Done? {command}"


def _arrives(check: Check, step: Step) -> str:
    """By which method, and when."""
    by = "" if check.method == "any" else f"by {check.method}, "
    if step.latest is None:
        return f"{by}from {step.earliest} on; how long it takes is not known"
    return f"{by}{step.earliest} to {step.latest} at the latest" if step.latest != step.earliest else f"{by}on {step.earliest}"


def answer(check: Check) -> str:
    """The answer in one sentence; never a promise."""
    account, probably = check.state.account, check.verdict.probably
    if check.answer == "yes":
        amounts = {step.key: step.amount for step in check.follows}
        leaves, arrives = (amounts.get(key) or check.available for key in ("leaves", "arrives"))
        day = check.arrival.first
        when = f"on {periods.day_words(day)} " if day else ""
        arrive = numbers.to(arrives, account.currency).removesuffix(f" {account.currency}")
        then = f", and {arrive} arrive" if not any(step.status == "?" for step in check.follows) else ""
        platform = platform_name(account.zone.platform)
        return f"Yes{probably}: {when}{numbers.to(leaves, account.currency)} can leave {platform}{then}."
    if check.answer == "no":
        if any(step.key == "identity" and step.status == "no" for step in check.steps):
            return f"No{probably}: identity or tax form are not done, as you say."
        if check.too_high is not None:
            limit = next(item_text(step.limit) for step in check.steps if step.limit is not None)
            return f"No{probably}: the minimum of {item_text(check.too_high)} is above the limit of {limit}."
        missing = _missing(check)
        return f"No{probably}: {missing} missing to the minimum." if missing else f"No{probably}: nothing to withdraw."
    if len({said for _, said in check.by_method}) > 1:
        listed = ", ".join(f"{said} by {method}" for method, said in check.by_method)
        return f"It depends on the method: {listed}. Give --method NAME to settle it."
    if check.answer == "depends":
        return "It depends on your share, which is known only as a range."
    if not check.complete:
        return "Not known: gifts are missing from the balance."
    return "Not known: no minimum can be compared."
