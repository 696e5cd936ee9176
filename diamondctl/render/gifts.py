"""Gifts, tiers and gifters of a period in all their forms. Names are there only where the report was given them."""

from __future__ import annotations

from dataclasses import replace
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


def _here(report: Gifts) -> list[GiftKind]:
    """What came in the period, where single gifts are known."""
    return [kind for kind in report.kinds if kind.state != "gone" and kind.tier]


def gifts_answer(report: Gifts) -> str:
    """The first line."""
    title, here = report.scope.period.title, _here(report)
    if not here:
        return f"{title}: no single gift is known."
    singles, coins = (sum(getattr(kind.got, name) for kind in here) for name in ("gifts", "coins"))
    kinds = len({kind.gift_id or kind.gift for kind in here})
    text = f"{title}: {counted(singles, 'gift')} of {counted(kinds, 'kind')} brought {counted(coins, 'coin')}"
    large = report.of_all[-1]
    if large.got.coins:
        text += f"; {habits.percent_text(large.percent)} of them by {counted(large.got.gifts, 'large gift')}"
    return f"{text}."


GIFTS = frame.document(
    "gifts",
    (
        f.Field("tiers", f.many((*frame.WHOSE[:3], *TIER))),
        f.Field("gifts", f.many((*frame.WHOSE[:3], *KIND)), "kinds"),
        habits.METHOD_FIELD,
    ),
    KIND,
    answer=gifts_answer,
)


def gifts_view(report: Gifts) -> View:
    """Gifts in all their forms; flat, one row per gift."""
    every = len(report.kinds)
    return frame.view(
        GIFTS,
        report,
        lambda: gifts_page(report),
        lambda: [(kind.account, kind) for kind in report.kinds],
        evidence=lambda: [lambda width: [_kinds(report, every, width)], habits.method_part(report.method)],
    )


def gifts_page(report: Gifts) -> list[Part]:
    """Tiers, the best gifts, what is new and gone."""
    here = _here(report)
    if not here:
        return []
    rest = here[SHOWN:]
    more = f"{counted(len(rest), 'more kind')}: {counted(sum(kind.got.coins for kind in rest), 'coin')}." if rest else ""
    return [lambda width: [_tiers(report, width), _kinds(report, SHOWN, width)], said(more, *_changes(report))]


def _whose(report: Gifts) -> f.Fields:
    several = len({tier.account.key for tier in report.tiers}) > 1
    return f.pick(frame.WHOSE, "creator", "region") if several else ()


def _tiers(report: Gifts, width: int | None) -> Part:
    tiers = report.of_all
    most = max(tier.got.coins for tier in tiers)
    fields = (
        *f.pick(TIER, tier="Tier"),
        *f.pick(TIER, "gifts", "coins", percent=habits.part_title(report.scope), **habits.reward_column(report.scope, width)),
        f.cell("Picture", lambda tier: habits.bar(tier.got.coins, most), f.PICTURE, drop=1),
    )
    return f.table(fields, tiers, whole=True)


def _kinds(report: Gifts, shown: int, width: int | None) -> Part:
    fields = (
        *_whose(report),
        *f.pick(KIND, "gift", "each", "gifts", "coins", percent=habits.part_title(report.scope)),
        *f.pick(KIND, "gifters", **habits.reward_column(report.scope, width)),
    )
    return f.table(fields, _here(report)[:shown], whole=True)


def _changes(report: Gifts) -> list[str]:
    before = report.scope.previous.title
    new = [f"{_name(kind)} ({kind.got.coins:,})" for kind in report.kinds if kind.state == "new" and kind.tier]
    gone_first = sorted((kind for kind in report.kinds if kind.state == "gone"), key=lambda kind: -kind.before)
    gone = [f"{_name(kind)} ({kind.before:,})" for kind in gone_first]
    if not any(kind.before for kind in report.kinds):
        return [f"Of {before} no gift is known, so none is called new or gone."]
    texts = [f"New since {before}: {few(new)}."] if new else []
    return [*texts, *([f"Gone since {before}: {few(gone)}."] if gone else [])]


def gifters_answer(report: Gifters) -> str:
    """The first line."""
    title, here = report.scope.period.title, report.here
    if not here:
        return f"{title}: no gift says who sent it."
    text = f"{title}: {counted(len(here), 'gifter')} sent {counted(sum(one.got.coins for one in here), 'coin')}"
    if len({item.account.key for item in report.without}) == 1:
        shares = (
            f"the {'largest' if item.top == 1 else f'{item.top} largest'} sent {habits.percent_text(item.percent)}"
            for item in report.without
        )
        text += f"; {', '.join(shares)}"
    return f"{text}."


GIFTERS = frame.document(
    "gifters",
    (
        f.Field("gifters", f.many((*frame.WHOSE[:3], *PERSON)), "people"),
        f.Field("without", f.many((*frame.WHOSE[:3], *WITHOUT))),
        habits.METHOD_FIELD,
    ),
    PERSON,
    answer=gifters_answer,
)


def gifters_view(report: Gifters, *, thanks: bool = False) -> View:
    """Gifters in all their forms; flat, one row per person. A list of `thanks` shows no money."""
    every = len(report.people)
    items = [(one.account, one) for one in report.people]
    if thanks:
        made = GIFTERS._replace(answer=thanks_answer)
        shown = replace(report, warnings=tuple(map(str, report.warnings)))
        return frame.view(made, shown, lambda: thanks_page(report), lambda: items, closing="")
    return frame.view(
        GIFTERS,
        report,
        lambda: gifters_page(report),
        lambda: items,
        evidence=lambda: [lambda width: [_people(report, every, width)], habits.method_part(report.method)],
    )


def gifters_page(report: Gifters) -> list[Part]:
    """The largest, how much hangs on them, who is new and gone."""
    if not report.here:
        return []
    return [lambda width: [_people(report, SHOWN, width)], said(*_without_texts(report)), said(*_people_texts(report))]


def _people(report: Gifters, shown: int, width: int | None) -> Part:
    fields = (
        *(f.pick(frame.WHOSE, "creator") if habits.who(report.scope.accounts) > 1 else ()),
        *f.pick(PERSON, "gifter", "gifts", "lives", "coins", percent=habits.part_title(report.scope)),
        *f.pick(PERSON, **habits.reward_column(report.scope, width)),
        *f.pick(PERSON, "state"),
    )
    return f.table(fields, [one for one in report.people if one.state != "gone"][:shown], whole=True)


def _without_texts(report: Gifters) -> list[str]:
    texts = []
    for item in report.without:
        who = "the largest gifter" if item.top == 1 else f"the {item.top} largest"
        money = ""
        if item.left.reward is not None:
            money = f", {amount_text(item.left.reward, item.account.currency)} {item.account.currency}"
        whose = f"{item.account.creator}: " if habits.who(report.scope.accounts) > 1 else ""
        texts.append(f"{whose}{'w' if whose else 'W'}ithout {who}: {counted(item.left.coins, 'coin')}{money}.")
    return texts if len(texts) <= 2 else []


def _people_texts(report: Gifters) -> list[str]:
    count = {
        state: sum(one.state == state and bool(one.alias) for one in report.people)
        for state in ("new", "stayed", "back", "gone")
    }
    rest = len(report.here) - SHOWN
    texts = [f"{counted(rest, 'more gifter')}: -v or --csv."] if rest > 0 else []
    if all(one.state == "unknown" for one in report.people if one.alias):
        texts.append("Nothing is known of the time before, so nobody is called new or gone.")
    else:
        before = report.scope.previous.title
        words = ((f"In {before} too", "stayed"), ("last before that", "back"), ("new", "new"), (f"gone since {before}", "gone"))
        texts.append("; ".join(f"{what}: {count[state]:,}" for what, state in words) + ".")
    nameless = sum(one.got.coins for one in report.people if not one.alias)
    if nameless:
        texts.append(f"{nameless:,} coins name nobody.")
    return texts


def thanks_answer(report: Gifters) -> str:
    """The first line of a list that is made to be shown."""
    here = len(report.here)
    named = sum(one.named for one in report.here)
    people = "1 person" if here == 1 else f"{here:,} people"
    return f"{report.scope.period.title}: {people} to thank; {named or 'none'} of them agreed to be named."


def thanks_page(report: Gifters) -> list[Part]:
    """Whom to thank: by name who agreed to it."""
    here = report.here
    named = [one for one in here if one.named]
    fields = f.pick(PERSON, gifter="Thank you", gifts="Gifts", lives="LIVEs")
    others = len(here) - len(named)
    notes = [f"And {others:,} more: thank them all, without names."] if others and named else []
    if others and report.scope.origin.ledger:
        notes.append("Who agrees is named here: diamondctl privacy consent NAME")
    elif others:
        notes.append("Who agreed is kept in the ledger, not in files: diamondctl import FILE, then privacy consent NAME")
    return [f.table(fields, named) if named else (), said(*notes)]
