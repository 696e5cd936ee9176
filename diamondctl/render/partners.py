"""LIVEs with a partner beside those alone, and the split with each partner, in all forms."""

from __future__ import annotations

from diamondctl.render import frame, habits
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.schedule import SHIFT, shift_text
from diamondctl.render.streams import label
from diamondctl.render.view import View
from diamondctl.reports.partners import Partner, PartnersReport, percent_of_partner, unknown_text
from diamondctl.reports.remark import Command

LIVE: f.Fields = (
    f.Field("stream", of="name"),
    f.Field("start", f.LABEL, lambda live: live.start.isoformat(), "LIVE", show=label),
    f.Field("coins", f.COUNT, "got.coins", "Coins"),
    f.money("reward", "got.reward", "account.currency", maybe=True, blank="unrated"),
)
PARTNER: f.Fields = (
    f.Field("partner", f.LABEL, "name", "With"),
    f.Field("lives", f.COUNT, lambda partner: len(partner.lives), "LIVEs"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.Field("percent", f.DECIMAL, title="Agreed", show=percent_of_partner, maybe=True),
    f.money("reward", currency="account.currency", maybe=True),
    f.money("part", currency="account.currency", maybe=True),
    f.money("left", currency="account.currency", maybe=True),
)


def answer(report: PartnersReport) -> str:
    """The first line."""
    title = report.scope.period.title
    number = sum(len(partner.lives) for partner in report.partners)
    if not number:
        return f"{title}: no LIVE with a partner, {report.alone:,} alone."
    return f"{title}: {shift_text(report.compared, 'with a partner', 'alone')}"


DOCUMENT = frame.document(
    "streams-partners",
    (
        f.Field("partners", f.many((*frame.WHOSE[:3], *PARTNER, f.Field("of", f.many(LIVE), "lives")))),
        f.Field("alone", f.COUNT),
        f.Field("compared", f.one(SHIFT)),
        f.Field("unknown", f.each(f.TEXT)),
        habits.METHOD_FIELD,
    ),
    PARTNER,
    answer=answer,
)


def view(report: PartnersReport) -> View:
    """The report in all its forms; flat, one row per partner."""
    return frame.view(
        DOCUMENT,
        report,
        lambda: _page(report),
        lambda: [(partner.account, partner) for partner in report.partners],
        evidence=lambda: [*(_lives(partner) for partner in report.partners), habits.method_part(report.method)],
    )


def _lives(partner: Partner) -> Part:
    return f.table(LIVE, partner.lives, f"With {partner.name}", whole=True)


def _page(report: PartnersReport) -> list[Part]:
    if not report.partners:
        name = next((account.creator for account in report.scope.accounts), "NAME")
        hint = ("Say with whom a day's LIVEs were:", Command(f'diamondctl config set creators.{name}.partners "DATE NAME 50%"'))
        return [said(hint, unknown_text(report))]
    money = {"reward": "Reward", "part": "Theirs", "left": "Yours"} if habits.currency_of(report.scope) else {}
    fields = (*f.pick(PARTNER, "partner", "lives", "coins", "percent"), *f.pick(PARTNER, **money))
    currency = habits.currency_of(report.scope)
    unit = f"Rewards in {currency}, before any fee of a payout." if currency else ""
    return [f.table(fields, report.partners), said(unit, unknown_text(report))]
