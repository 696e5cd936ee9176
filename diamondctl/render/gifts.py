"""Gifts, tiers and gifters of a period in all their forms. Names are there only where the report was given them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from diamondctl.money import amount_text
from diamondctl.render import frame, habits
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.gifts import TIERS, Gifter, Gifters, GiftKind, Gifts, Tier
from diamondctl.words import counted, few

SHOWN: Final = 5
_STATE: Final = f.word("new", "stayed", "back", "gone", "unknown")
_TIER: Final = f.word(*TIERS)


def _name(kind: GiftKind) -> str:
    return kind.gift or (f"gift {kind.gift_id}" if kind.gift_id else "no single gifts")


def _tier_text(tier: Tier) -> str:
    if tier.below is None:
        return f"{tier.tier}, {tier.least:,} coins and more"
    return (
        f"{tier.tier}, below {tier.below:,} coins" if not tier.least else f"{tier.tier}, {tier.least:,} to {tier.below - 1:,}"
    )


def _was_here(one: Gifter) -> str:
    return {"new": "new", "stayed": "before too", "back": "again", "gone": "gone"}.get(one.state, "")


KIND: f.Fields = (
    f.Field("gift_id"),
    f.Field("gift", f.LABEL, title="Best gifts", show=_name),
    f.Field("each", f.COUNT, title="Each"),
    f.Field("tier", _TIER, maybe=True),
    *habits.got_fields(),
    f.Field("percent", habits.PERCENT, title="Of month"),
    f.Field("gifters", f.COUNT, title="Gifters", maybe=True),
    f.Field("coins_before", f.COUNT, "before"),
    f.Field("state", _STATE),
)
TIER: f.Fields = (
    f.Field("tier", _TIER, title="Gifts", show=_tier_text),
    f.Field("from", f.COUNT, "least"),
    f.Field("below", f.COUNT, maybe=True),
    *habits.got_fields(),
    f.Field("percent", habits.PERCENT, title="Of month"),
    f.Field("gifters", f.COUNT, title="Gifters", maybe=True),
    f.Field("coins_before", f.COUNT, "before"),
)
GIFTS = frame.document(
    "gifts",
    (
        f.Field("tiers", f.many((*frame.WHOSE[:3], *TIER))),
        f.Field("gifts", f.many((*frame.WHOSE[:3], *KIND)), "kinds"),
        habits.METHOD_FIELD,
    ),
    KIND,
)
PERSON: f.Fields = (
    f.Field("gifter", f.LABEL, "shown", "Gifter", show=lambda one: one.shown or "nobody named"),
    f.Field("named", f.FLAG),
    *habits.got_fields(),
    f.Field("percent", habits.PERCENT, title="Of month"),
    f.Field("lives", f.COUNT, title="LIVEs"),
    f.Field("largest_coins", f.COUNT, "largest", "Largest"),
    f.Field("coins_before", f.COUNT, "before"),
    f.Field("state", _STATE, title="Was here", show=_was_here, drop=1),
)
WITHOUT: f.Fields = (
    f.Field("top", f.COUNT),
    f.Field("their_coins", f.COUNT, "coins"),
    f.Field("percent", habits.PERCENT),
    f.Field("coins", f.COUNT, "left.coins"),
    f.money("reward", "left.reward", "account.currency", maybe=True),
)
GIFTERS = frame.document(
    "gifters",
    (
        f.Field("gifters", f.many((*frame.WHOSE[:3], *PERSON)), "people"),
        f.Field("without", f.many((*frame.WHOSE[:3], *WITHOUT))),
        habits.METHOD_FIELD,
    ),
    PERSON,
)


def gifts_view(report: Gifts) -> View:
    """Gifts in all their forms; flat, one row per gift."""
    return frame.view(
        GIFTS, report, lambda: gifts_page(report), lambda: [(kind.account, kind) for kind in report.kinds], header=False
    )


def gifters_view(report: Gifters, *, thanks: bool = False) -> View:
    """Gifters in all their forms; flat, one row per person."""
    return frame.view(
        GIFTERS,
        report,
        lambda: thanks_page(report) if thanks else gifters_page(report),
        lambda: [(one.account, one) for one in report.people],
        header=False,
    )


def gifts_page(report: Gifts, *, verbose: bool = False) -> list[Part]:
    """Tiers, the best gifts, what is new and gone."""
    title, scope = report.scope.period.title, report.scope
    here = [kind for kind in report.kinds if kind.state != "gone" and kind.tier]
    if not here:
        return [said(f"{title}: no single gift is known.", kind="title")]
    singles = sum(kind.got.gifts for kind in here)
    text = f"{title}: {counted(singles, 'gift')} of {len(here):,} kinds brought {sum(kind.got.coins for kind in here):,} coins"
    large = [tier for tier in report.tiers if tier.tier == TIERS[-1] and tier.got.coins]
    if large:
        percent = sum((tier.percent for tier in large), Decimal(0))
        text += f"; {habits.percent_text(percent)} of them by {counted(sum(tier.got.gifts for tier in large), 'large gift')}"
    most = max((tier.got.coins for tier in report.tiers), default=0)
    several = len({tier.account.key for tier in report.tiers}) > 1
    whose = f.pick(frame.WHOSE, "creator", "region") if several else ()

    def fitting(width: int | None) -> list[Part]:
        reward = habits.reward_title(scope) if width is None or width >= 90 else ""
        money = {"reward": reward} if reward else {}
        tiers = (
            *whose, *f.pick(TIER, tier="Tier"), *f.pick(TIER, "gifts", "coins", "percent", **money),
            f.cell("Picture", lambda tier: habits.bar(tier.got.coins, most), f.PICTURE, drop=1),
        )  # fmt: skip
        kinds = (*whose, *f.pick(KIND, "gift", "each", "gifts", "coins", "percent", "gifters", **money))
        shown = here if verbose else here[:SHOWN]
        return [f.table(tiers, [tier for tier in report.tiers if tier.got.gifts or not several]), f.table(kinds, shown)]

    rest = 0 if verbose else max(len(here) - SHOWN, 0)
    more = f"{rest:,} more kinds: {sum(kind.got.coins for kind in here[SHOWN:]):,} coins." if rest else ""
    parts: list[Part] = [said(f"{text}.", kind="title"), fitting, said(more, *_changes(report))]
    return [*parts, habits.method_part(report.method)] if verbose else parts


def _changes(report: Gifts) -> list[str]:
    before = report.scope.previous.title
    new = [f"{_name(kind)} ({kind.got.coins:,})" for kind in report.kinds if kind.state == "new" and kind.tier]
    gone_first = sorted((kind for kind in report.kinds if kind.state == "gone"), key=lambda kind: -kind.before)
    gone = [f"{_name(kind)} ({kind.before:,})" for kind in gone_first]
    if not any(kind.before for kind in report.kinds):
        return [f"Of {before} no gift is known, so none is called new or gone."]
    texts = [f"New since {before}: {few(new)}."] if new else []
    return [*texts, *([f"Gone since {before}: {few(gone)}."] if gone else [])]


def gifters_page(report: Gifters, *, verbose: bool = False) -> list[Part]:
    """The largest, how much hangs on them, who is new and gone."""
    title, scope, here = report.scope.period.title, report.scope, report.here
    if not here:
        return [said(f"{title}: no gift says who sent it.", kind="title")]
    text = f"{title}: {counted(len(here), 'gifter')} sent {sum(one.got.coins for one in here):,} coins"
    shares = [
        f"the {'largest' if item.top == 1 else f'{item.top} largest'} sent {habits.percent_text(item.percent)}"
        for item in report.without
    ] if len({item.account.key for item in report.without}) == 1 else []  # fmt: skip
    text += f"; {', '.join(shares)}" if shares else ""
    several = habits.who(scope.accounts) > 1

    def fitting(width: int | None) -> list[Part]:
        reward = habits.reward_title(scope) if width is None or width >= 90 else ""
        fields = (
            *(f.pick(frame.WHOSE, "creator") if several else ()),
            *f.pick(PERSON, "gifter", "gifts", "lives", "coins", "percent", **({"reward": reward} if reward else {})),
            *f.pick(PERSON, "state"),
        )
        shown = [one for one in report.people if one.state != "gone"]
        return [f.table(fields, shown if verbose else shown[:SHOWN])]

    parts: list[Part] = [said(f"{text}.", kind="title"), fitting, said(*_without_texts(report)), said(*_people_texts(report))]
    return [*parts, habits.method_part(report.method)] if verbose else parts


def _without_texts(report: Gifters) -> list[str]:
    texts = []
    for item in report.without:
        who = "the largest gifter" if item.top == 1 else f"the {item.top} largest"
        money = ""
        if item.left.reward is not None:
            money = f", {amount_text(item.left.reward, item.account.currency)} {item.account.currency}"
        whose = f"{item.account.creator}: " if habits.who(report.scope.accounts) > 1 else ""
        texts.append(f"{whose}{'w' if whose else 'W'}ithout {who}: {item.left.coins:,} coins{money}.")
    return texts if len(texts) <= 2 else []


def _people_texts(report: Gifters) -> list[str]:
    count = {
        state: sum(one.state == state and bool(one.alias) for one in report.people)
        for state in ("new", "stayed", "back", "gone")
    }
    rest = len(report.here) - SHOWN
    texts = [f"{counted(rest, 'more gifter')}: --csv has all."] if rest > 0 else []
    if any(one.state == "unknown" and one.alias for one in report.people):
        texts.append("Nothing is known of the time before, so nobody is called new or gone.")
    else:
        before = report.scope.previous.title
        words = ((f"In {before} too", "stayed"), ("last before that", "back"), ("new", "new"), (f"gone since {before}", "gone"))
        texts.append("; ".join(f"{what}: {count[state]:,}" for what, state in words) + ".")
    nameless = sum(one.got.coins for one in report.people if not one.alias)
    if nameless:
        texts.append(f"{nameless:,} coins name nobody.")
    return texts


def thanks_page(report: Gifters) -> list[Part]:
    """Whom to thank: by name who agreed to it."""
    here = report.here
    named = [one for one in here if one.named]
    title = report.scope.period.title
    agreed = "none of them agreed" if not named else f"{len(named):,} of them agreed"
    text = f"{title}: {counted(len(here), 'person').replace('persons', 'people')} to thank; {agreed} to be named."
    fields = f.pick(PERSON, gifter="Thank you", gifts="Gifts", lives="LIVEs")
    others = len(here) - len(named)
    notes = [f"And {others:,} more: thank them all, without names."] if others and named else []
    if others:
        notes.append("Who agrees is named here: diamondctl privacy consent NAME")
    return [said(text, kind="title"), f.table(fields, named) if named else (), said(*notes)]
