"""The guide to a payout in all its forms."""

from __future__ import annotations

from diamondctl.ratebook.entries import Fee
from diamondctl.rating.fees import methods_of
from diamondctl.render import frame, numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import item_text
from diamondctl.render.page import Part
from diamondctl.render.payout import detail
from diamondctl.render.view import View
from diamondctl.reports.guide import WALK, Guide, GuideStep, PayoutGuide
from diamondctl.words import counted, platform_name

LABELS = {
    "balance": "Balance",
    "minimum": "Minimum",
    "identity": "Tax and identity",
    "request": "Request",
    "method": "Method",
    "time": "Time",
    "fees": "Fees",
}


def _detail(guide: Guide, item: GuideStep) -> str:
    """What to do, and what is known of it."""
    check = guide.check
    platform = platform_name(check.state.account.zone.platform)
    if item.key == "balance":
        inside = numbers.to(check.state.balance, check.state.account.currency)
        return f"{inside} by what is known; does the app show it?"
    if item.key == "request":
        if not item.step.timings:
            return "not known how it is asked for: look in the app"
        timing = item.step.timings[0]
        when = f", on {timing.weekday.capitalize()}s" if timing.weekday else ""
        return f"{platform} pays out by itself{when}" if timing.request == "automatic" else "you ask for it in the app"
    if item.key == "method":
        names = [name for name in methods_of(item.entry) if name != "any"]
        if item.status == "ok":
            return f"by {check.method}"
        known = f"the rate file knows {', '.join(names)}" if names else "the rate file names none"
        return f"the app offers what your country has; {known}"
    if item.key == "fees":
        mine = [one for one in item.step.fees if isinstance(one, Fee)]
        return "; ".join(map(item_text, mine)) if mine else "not known: watch what arrives, then diamondctl reconcile"
    return detail(check, item.step)


def _rests_on(line: tuple[Guide, GuideStep]) -> str:
    """How sure the rule is, and the day on which it was last seen to hold."""
    entry = line[1].entry
    return f"{entry.confidence}, {entry.verified}" if entry is not None else ""


STEP: f.Fields = (
    f.Field("step", f.word(*WALK), lambda line: line[1].key, "Step", show=lambda line: LABELS[line[1].key]),
    f.Field("status", f.word("ok", "no", "?"), lambda line: line[1].status, ""),
    f.Field("detail", of=lambda line: _detail(*line), title="What to do, and what is known"),
    f.Field("sources", f.WORDS, lambda line: line[1].sources),
    f.Field("seen", f.DAY, lambda line: line[1].seen, maybe=True),
)


def answer(report: PayoutGuide) -> str:
    """The report in one sentence."""
    if not report.guides:
        return "There is no wallet yet, so there is nothing to ask for."
    steps = [item.status for guide in report.guides for item in guide.steps]
    no, unknown = steps.count("no"), steps.count("?")
    whose = report.guides[0].check.state.account.creator if len(report.guides) == 1 else f"{len(report.guides):,} wallets"
    open_ = f"{counted(unknown, 'step')} only the app can tell" if unknown else "none is open"
    against = f"{counted(no, 'step')} stand{'s' if no == 1 else ''} against it, " if no else ""
    return f"How {whose} {'asks' if len(report.guides) == 1 else 'ask'} for a payout: {against}{open_}."


DOCUMENT = frame.document(
    "payout-guide",
    (
        f.Field(
            "wallets",
            f.many(
                (
                    f.Field("creator", of="check.state.account.creator"),
                    f.Field("currency", f.CURRENCY, "check.state.account.currency"),
                    f.Field("method", of="check.method"),
                    f.Field("steps", f.many(STEP), lambda guide: [(guide, item) for item in guide.steps]),
                )
            ),
            "guides",
        ),
    ),
    STEP,
    frame.AS_OF,
    answer=answer,
)


def view(report: PayoutGuide) -> View:
    """The report in all its forms; flat, one row a step."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: [_walk(guide, len(report.guides) > 1) for guide in report.guides],
        lambda: [(guide.check.state.account, (guide, item)) for guide in report.guides for item in guide.steps],
        evidence=lambda: [_sources(guide) for guide in report.guides],
    )


def _sources(guide: Guide) -> Part:
    """Who says so, step by step."""
    fields = (
        f.cell("Step", lambda item: LABELS[item.key]),
        f.cell("Where", lambda item: item.entry.where),
        f.cell("Sources", lambda item: "; ".join(item.sources)),
        f.cell("Seen to hold", lambda item: str(item.seen)),
    )
    return f.table(fields, [item for item in guide.steps if item.entry is not None])


def _walk(guide: Guide, several: bool) -> Part:
    account = guide.check.state.account
    fields = (
        *f.pick(STEP, "step"),
        f.cell("", lambda line: line[1].status, f.LABEL),
        *f.pick(STEP, "detail"),
        f.cell("Said by", _rests_on, f.LABEL),
    )
    title = f"{account.creator}, {account.currency}" if several else ""
    return f.table(fields, [(guide, item) for item in guide.steps], title, whole=True)
