"""What gifts and gifters brought in a period: by gift, by tier, by person; who is new, who came back, who is gone. Pure.

A gift is told by its id where the source has one, else by its name; its tier goes by the coins of one unit. Gifters are
aliases here: names are put on by whoever may show them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Final, Literal, TypeVar

from diamondctl.money import Range, exact, total
from diamondctl.ratebook.entries import RateEntry, Zone
from diamondctl.records import GiftUsage
from diamondctl.reports import remarks
from diamondctl.reports import scope as frame
from diamondctl.reports.apportion import Brought, Slice, apart, brought, slices
from diamondctl.reports.method import Method
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import beside, percent
from diamondctl.reports.values import Account, RateUse
from diamondctl.words import counted

TIERS: Final = ("small", "middle", "large")
BOUNDS: Final = (100, 1_000)  # coins of one unit from which a gift is middle, and large
TOP: Final = 10
# Against the period before, and against everything before it.
State = Literal["new", "stayed", "back", "gone", "unknown"]
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class GiftKind:
    """One gift of one account. `gone`: nothing of it came in the period."""

    account: Account
    gift_id: str
    gift: str  # blank: no row names it
    each: int  # coins of one unit; of several prices the largest
    tier: str  # blank: no single gift is known, as in totals of a dashboard
    got: Brought
    percent: Decimal  # of the coins of the period, of all accounts
    gifters: int | None
    before: int  # coins in the period before
    state: State


@dataclass(frozen=True, slots=True)
class Tier:
    """The gifts of one tier of one account."""

    account: Account
    tier: str
    least: int  # coins of one unit
    below: int | None
    got: Brought
    percent: Decimal
    gifters: int | None
    before: int


@dataclass(frozen=True, slots=True)
class Gifts:
    """Gifts of a period."""

    scope: Scope
    kinds: tuple[GiftKind, ...]  # from most coins to least, those that are gone last
    tiers: tuple[Tier, ...]
    bounds: tuple[int, int]
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    @property
    def coins(self) -> int:
        """Of the period."""
        return sum(kind.got.coins for kind in self.kinds)

    @property
    def of_all(self) -> tuple[Tier, ...]:
        """The tiers of all accounts together; rewards of several currencies are never added."""
        return tuple(_together([tier for tier in self.tiers if tier.tier == name]) for name in TIERS if self.tiers)


@dataclass(frozen=True, slots=True)
class Gifter:
    """One person of one account."""

    account: Account
    alias: str  # blank: gifts that name nobody
    shown: str  # how the person stands here
    named: bool  # whether that is a name
    got: Brought
    percent: Decimal
    lives: int  # LIVEs with a gift
    largest: int  # coins of the largest single gift
    last: int  # quarter of the last gift in the period; 0: none
    before: int  # coins in the period before
    state: State


@dataclass(frozen=True, slots=True)
class Without:
    """The period without its largest gifters: their coins, and what is left."""

    account: Account
    top: int  # how many people
    coins: int
    percent: Decimal  # of the account's coins
    left: Brought


@dataclass(frozen=True, slots=True)
class Gifters:
    """Gifters of a period."""

    scope: Scope
    people: tuple[Gifter, ...]  # from most coins to least, those that are gone last
    without: tuple[Without, ...]
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]

    @property
    def here(self) -> tuple[Gifter, ...]:
        """Whoever gave something in the period, and is told apart."""
        return tuple(person for person in self.people if person.alias and person.state != "gone")

    def shown_as(self, names: dict[str, str]) -> Gifters:
        """The same, with people by these names where there is one."""
        people = (replace(item, shown=names.get(item.alias, item.shown), named=item.alias in names) for item in self.people)
        return replace(self, people=tuple(people))


def tier_of(each: int, bounds: tuple[int, int]) -> str:
    """The tier of a gift by the coins of one unit."""
    return TIERS[(each >= bounds[0]) + (each >= bounds[1])]


def gifts(scope: Scope, given: Sequence[GiftUsage], bounds: tuple[int, int] = BOUNDS) -> Gifts:
    """What each gift and each tier brought; `given` are the gifts of the same source, those of the period before too."""
    kinds: list[GiftKind] = []
    tiers: list[Tier] = []
    several = False  # prices of one gift
    for account, told, before, coins in _accounts(scope, given):
        ids = _ids_of_names([gift for gift, _ in told if gift is not None] + before)
        kind_of = partial(_kind_of, ids)
        groups, was = _grouped(told, kind_of), _sums(before, kind_of)
        got = brought(groups, account, _first_key)
        here: dict[str, list[GiftUsage]] = {}
        seen: dict[str, list[GiftUsage]] = {}
        for of, some in ((here, [gift for gift, _ in told if gift is not None]), (seen, before)):
            for gift in some:
                of.setdefault(kind_of(gift), []).append(gift)
        compared = bool(before)
        for key in {**got, **was}:
            rows = [*here.get(key, ()), *seen.get(key, ())]
            several |= len({gift.each for gift in rows}) > 1
            each = max((gift.each for gift in rows), default=0)
            state = _state(key in got, key in was, compared)
            mine = got.get(key, _nothing(account))
            names = [gift.gift for gift in rows if gift.gift]
            kinds.append(
                GiftKind(
                    account=account,
                    gift_id=key if any(gift.gift_id for gift in rows) else "",
                    gift=min(names, default=""),
                    each=each,
                    tier=tier_of(each, bounds) if rows else "",
                    got=mine,
                    percent=percent(mine.coins, coins),
                    gifters=_people(here.get(key, ())),
                    before=was.get(key, 0),
                    state=state,
                )
            )
        tiers += _tiers(account, told, before, bounds, coins)
    kinds.sort(
        key=lambda kind: (kind.state == "gone", -kind.got.coins, -kind.before, kind.gift, kind.gift_id, kind.account.key)
    )
    uses = _uses(scope)
    limits = [f"Small is below {bounds[0]:,} coins of one unit, large from {bounds[1]:,} on: --bounds {bounds[0]},{bounds[1]}."]
    limits += (
        ["A gift that was sold at several prices stands in the tier of its largest; tiers go by each price."] if several else []
    )
    limits.append("Money is the reward of the period split by value; a new gift is one that the period before did not have.")
    singles = counted(sum(kind.got.gifts for kind in kinds if kind.tier), "gift")
    method = Method("Which gifts earn?", "Coins of every gift by its id, else by its name.", singles, tuple(limits))
    return Gifts(scope, tuple(kinds), tuple(tiers), bounds, method, uses, beside(scope, uses))


def gifters(scope: Scope, given: Sequence[GiftUsage], shown: Callable[[str], str]) -> Gifters:
    """What each gifter brought; `given` are all gifts that are known, and `shown` says how an alias stands here."""
    people: list[Gifter] = []
    without: list[Without] = []
    for account, told, before, coins in _accounts(scope, given):
        start = account.span[0]
        mine = [gift for gift in given if gift.creator == account.creator]
        earlier = {gift.gifter for gift in mine if gift.quarter < start}
        history = bool(earlier)
        groups = _grouped(told, lambda gift: gift.gifter)
        got, was = brought(groups, account, _first_key), _sums(before, lambda gift: gift.gifter)
        sent: dict[str, list[GiftUsage]] = {}
        for gift, _ in told:
            if gift is not None:
                sent.setdefault(gift.gifter, []).append(gift)
        for alias in {**got, **was}:
            rows = sent.get(alias, [])
            state = _state(alias in got, alias in was, history)
            if state == "new" and alias in earlier:
                state = "back"
            one = got.get(alias, _nothing(account))
            people.append(
                Gifter(
                    account=account,
                    alias=alias,
                    shown=shown(alias) if alias else "",
                    named=False,
                    got=one,
                    percent=percent(one.coins, coins),
                    lives=len({gift.stream for gift in rows if gift.stream}),
                    largest=max((gift.largest for gift in rows), default=0),
                    last=max((gift.quarter for gift in rows), default=0),
                    before=was.get(alias, 0),
                    state=state if alias else "unknown",
                )
            )
        without += _without(account, groups, got)
    people.sort(key=lambda one: (one.state == "gone", -one.got.coins, -one.before, one.alias, one.account.key))
    uses = _uses(scope)
    known = {person.alias for person in people if person.alias and person.state != "gone"}
    limits = [
        "New is who gave nothing in all that was imported before; back who gave before, but not in the period before.",
        "One person with two accounts counts twice, and a changed name where the source has no ids.",
        "Without somebody is the reward less that person's part by value: what others would have given is not known.",
    ]
    method = Method("Who gives?", "Coins of every gift by its gifter.", counted(len(known), "gifter"), tuple(limits))
    warnings = (*scope.warnings, *remarks.stale_warnings(uses, scope.as_of)) if known else beside(scope, uses)
    return Gifters(scope, tuple(people), tuple(without), method, uses, warnings)


def _uses(scope: Scope) -> tuple[RateUse, ...]:
    """Rates used."""
    used: list[tuple[Zone, RateEntry]] = [
        (account.zone, entry) for account in scope.accounts for entry in frame.entries_of(account.now)
    ]
    return scope.uses(used)


_Told = list[tuple[GiftUsage | None, Slice]]


def _accounts(scope: Scope, given: Sequence[GiftUsage]) -> list[tuple[Account, _Told, list[GiftUsage], int]]:
    """Every account with its slices told apart, its gifts of the period before, and the coins of the period, of all."""
    every = []
    for account in scope.accounts:
        mine = [gift for gift in given if (gift.creator, gift.region) == (account.creator, account.region)]
        start, end = account.span_before
        before = [gift for gift in mine if start <= gift.quarter < end]
        # Where a creator has several currencies in a region, what is priced in another is another account's.
        first = account.currency in ("", *account.person.currencies[:1])
        every.append((account, apart(slices(account), mine), before if first else []))
    coins = sum(item.coins for _, told, _ in every for _, item in told)
    return [(account, told, before, coins) for account, told, before in every]


def _grouped(told: _Told, key: Callable[[GiftUsage], _Key]) -> dict[_Key | str, list[Slice]]:
    groups: dict[_Key | str, list[Slice]] = {}
    for gift, item in told:
        groups.setdefault("" if gift is None else key(gift), []).append(item)
    return groups


def _sums(given: Iterable[GiftUsage], key: Callable[[GiftUsage], _Key]) -> dict[_Key, int]:
    sums: dict[_Key, int] = {}
    for gift in given:
        sums[key(gift)] = sums.get(key(gift), 0) + gift.coins
    return sums


def _first_key(key: object) -> str:
    return str(key)


def _nothing(account: Account) -> Brought:
    return Brought(0, 0, Decimal(0), Range.of(0) if account.currency else None)


def _ids_of_names(given: Iterable[GiftUsage]) -> dict[str, str]:
    """The one id of each name that has one: rows without ids are told by it."""
    found: dict[str, set[str]] = {}
    for gift in given:
        if gift.gift_id and gift.gift:
            found.setdefault(gift.gift, set()).add(gift.gift_id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def _kind_of(ids: dict[str, str], gift: GiftUsage) -> str:
    return gift.gift_id or ids.get(gift.gift) or gift.gift or "?"


def _state(now: bool, before: bool, compared: bool) -> State:
    if now and before:
        return "stayed"
    if before:
        return "gone"
    return "new" if compared else "unknown"


def _people(rows: Sequence[GiftUsage]) -> int | None:
    """How many gifters; None: not every gift names one."""
    people = {gift.gifter for gift in rows}
    return None if "" in people or not people else len(people)


def _tiers(account: Account, told: _Told, before: Sequence[GiftUsage], bounds: tuple[int, int], coins: int) -> list[Tier]:
    groups = _grouped(told, lambda gift: tier_of(gift.each, bounds))
    got = brought(groups, account, _first_key)
    was = _sums(before, lambda gift: tier_of(gift.each, bounds))
    made = []
    for tier, least, below in zip(TIERS, (0, *bounds), (*bounds, None), strict=True):
        here = [gift for gift, _ in told if gift is not None and tier_of(gift.each, bounds) == tier]
        mine = got.get(tier, _nothing(account))
        made.append(Tier(account, tier, least, below, mine, percent(mine.coins, coins), _people(here), was.get(tier, 0)))
    return made


def _together(tiers: Sequence[Tier]) -> Tier:
    """One tier of several accounts."""
    if len(tiers) == 1:
        return tiers[0]
    rewards = [tier.got.reward for tier in tiers if tier.got.reward is not None]
    one = len(rewards) == len(tiers) and len({tier.account.currency for tier in tiers}) == 1
    gifts, coins, before = (
        sum(numbers) for numbers in zip(*((tier.got.gifts, tier.got.coins, tier.before) for tier in tiers), strict=True)
    )
    with exact():
        diamonds = sum((tier.got.diamonds for tier in tiers), Decimal(0))
        share = sum((tier.percent for tier in tiers), Decimal(0))
    got = Brought(gifts, coins, diamonds, total(rewards) if one else None)
    return replace(tiers[0], got=got, percent=share, gifters=None, before=before)


def _without(account: Account, groups: dict[str, list[Slice]], got: dict[str, Brought]) -> list[Without]:
    """The account without the largest gifter, and without the ten largest; where there are more than those."""
    ranked = sorted((alias for alias in got if alias), key=lambda alias: (-got[alias].coins, alias))
    coins = sum(item.coins for item in got.values())
    made = []
    for top in (1, TOP):
        if len(ranked) <= top:
            continue
        out = set(ranked[:top])
        halves = {side: [item for alias in got if (alias in out) is side for item in groups[alias]] for side in (False, True)}
        split = brought(halves, account, _first_key)
        made.append(Without(account, top, split[True].coins, percent(split[True].coins, coins), split[False]))
    return made
