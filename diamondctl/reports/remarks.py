"""What reports say beside their figures: what is missing, what is doubtful, what would settle it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from diamondctl import periods
from diamondctl.money import Range, amount_text, exact, percent_of, quantise, total
from diamondctl.periods import Period
from diamondctl.ratebook.entries import RateEntry, Reward, Zone
from diamondctl.rating.credits import WEEKLY, Credit, Part, Unrated, reward_of
from diamondctl.rating.states import completes
from diamondctl.rating.weekly import is_limited
from diamondctl.reports.remark import MISSING, PERIOD, SHARE, Brief, Cause, Command, Fresh, Remark, stated
from diamondctl.reports.values import Account, Basis, CrossCheck, RateUse
from diamondctl.words import counted, few, key_text

STALE_DAYS = 180
LONGEST_STREAM = 192  # quarters: two days


def cross_check_text(check: CrossCheck) -> str:
    """What a reported total says beside the lines it speaks of."""
    difference = check.coins - check.counted_coins
    says = (
        "the same coins"
        if not difference
        else f"{check.coins:,} coins, {difference:+,} beside the {check.counted_coins:,} counted"
    )
    return f"Cross-check of {check.creator}, {counted(check.days, 'day')}: {check.source} say {says}."


def quarter_after(day: date, timezone: str) -> int:
    """The first quarter hour after a day has ended where the creator lives."""
    return periods.day_start(day + timedelta(days=1), timezone)


def names(credit: Credit) -> set[str]:
    """Streams of a credit that the source names."""
    return {row.stream for row in credit.rows if row.stream}


def quarter_text(quarter: int, timezone: str) -> str:
    """The beginning of a quarter of an hour in a time zone: `2026-10-31 20:15`."""
    moment = datetime.fromtimestamp(quarter * 900, periods.zone(timezone))
    return moment.strftime("%Y-%m-%d %H:%M")


def number_text(number: Decimal) -> str:
    """`38`, `1.5`."""
    return f"{number.normalize():f}"


def percent_text(share: Range) -> str:
    """`48%` or `0 - 53%`."""
    low, high = (f"{end.normalize():f}" for end in (share.low, share.high))
    return f"{low}%" if share.is_exact else f"{low} - {high}%"


def shares_of(credits: Iterable[Credit]) -> list[tuple[Range, bool]]:
    """The shares that priced some credits, each once, from low to high; True with those that are the creator's own."""
    return shares_of_parts(part for credit in credits for part in credit.parts)


def share_text(credits: Iterable[Credit]) -> str:
    """The share or shares that priced some credits: `48% (config)`, `0 - 53%; 48% and 50% (config)`."""
    credits = list(credits)
    shares = shares_of(credits)
    texts = [" and ".join(percent_text(share) for share, own in shares if own is mine) for mine in (False, True)]
    built = [part for credit in credits for part in credit.parts if part.built is not None]
    if built:
        mine = shares_of_parts(part for credit in credits for part in credit.parts if part.built is None)
        texts[0] = " and ".join(
            [*(percent_text(share) for share, own in mine if not own), percent_text(missions_share(credits))]
        )
        texts[0] += _by(built)
    return "; ".join(text + mark for text, mark in zip(texts, ("", " (config)"), strict=True) if text)


def _by(built: Iterable[Part]) -> str:
    """What made a share: missions, or, where a scheme is for some creators only, the flat one, or what is not decided."""
    flat = {(part.built.flat is not None, len(part.built.terms) == 1) for part in built if part.built is not None}
    if flat == {(True, True)}:
        return " flat, not by missions"
    return " by missions or flat" if (True, False) in flat else " by missions"


def shares_of_parts(parts: Iterable[Part]) -> list[tuple[Range, bool]]:
    """The shares of some parts, each once, from low to high; True with those that are the creator's own."""
    found = {(part.share, part.own is not None) for part in parts}
    return sorted(found, key=lambda item: (item[0].low, item[0].high, item[1]))


def missions_share(credits: Iterable[Credit]) -> Range:
    """What lies between the smallest and the largest share that missions gave: of a stream and its week together."""
    streams: list[Range] = []
    weeks: list[Range] = []
    for credit in credits:
        for part in credit.parts:
            if part.built is not None:
                (weeks if credit.unit == WEEKLY else streams).append(part.share)
    parts = [group for group in (streams, weeks) if group]
    with exact():
        low = sum((min(share.low for share in group) for group in parts), Decimal(0))
        high = sum((max(share.high for share in group) for group in parts), Decimal(0))
    return Range(low, high)


def unrated_warnings(accounts: list[Account]) -> list[str]:
    """Gifts that no rate covers: what the period, and what was earned by then, leave out."""
    return [
        *_left_out(
            [item for account in accounts for item in account.unrated],
            "{} left out of the money",
        ),
        *_left_out(
            [item for account in accounts for item in account.unrated_earlier],
            "from outside the period {} left out of what was earned",
        ),
        *_ways_to_rates(accounts),
    ]


def _left_out(items: list[Unrated], what: str) -> list[str]:
    reasons: dict[str, list[int]] = {}
    for item in items:
        count = reasons.setdefault(item.why.detail, [0, 0])
        count[0] += item.row.gifts
        count[1] += item.row.coins
    texts = []
    for why, (gifts, coins) in sorted(reasons.items()):
        gone = what.format("is" if gifts == 1 else "are")
        texts.append(f"Incomplete: {counted(gifts, 'gift')} ({counted(coins, 'coin')}) {gone}: {why}.")
    return [stated(MISSING, text) for text in texts]


def regionless_warnings(creators: Sequence[str]) -> list[str]:
    """Creators who are in no figure because nobody knows where they are paid, and how to say it of the first."""
    if not creators:
        return []
    command = f"diamondctl config set {shlex.quote(key_text(('creators', creators[0], 'region')))} CODE"
    text = f"Incomplete: {few(creators)} {'is' if len(creators) == 1 else 'are'} in no figure, for no payout region is known:"
    return [stated(MISSING, text, command)]


def _ways_to_rates(accounts: list[Account]) -> list[str]:
    """The command that writes a rate file, for each region with gifts that no file covers, or from before its first date."""
    firsts: dict[str, tuple[int, Zone]] = {}
    for account in accounts:
        for item in (*account.unrated, *account.unrated_earlier):
            first = firsts.get(account.region)
            if item.why.reason in ("uncovered", "before") and (first is None or item.row.quarter < first[0]):
                firsts[account.region] = (item.row.quarter, account.zone)
    return [
        Remark(way_to_rates(region, day, zone), _RATES, (region, day, zone))
        for region, (first, zone) in sorted(firsts.items())
        for day in (periods.local_day(first, zone.timezone),)
    ]


def _rates_brief(abouts: Sequence[tuple[str, date | None, Zone]]) -> Brief:
    region, day, zone = abouts[0]
    others = ", ".join(other for other, _, _ in abouts[1:])
    if zone.origin == "user":
        return (way_to_rates(region, day, zone) + (f" So do {others}." if others else ""),)
    also = f" (so do {others})" if others else ""
    use = Command("diamondctl config set rates my-rates")
    return (f"{region} needs a rate file of your own{also}:", _new_rates(region, day, zone), Fresh("Then:"), use)


_RATES = Cause(MISSING, _rates_brief)


def way_to_rates(region: str, day: date | None, zone: Zone) -> str:
    """The command that writes a rate file of a region that holds from a day on (None: from today)."""
    if zone.origin == "user":
        return f"To have a rate: add an entry that holds from {day} on to {zone.file}."
    instead = f", which then stands for {zone.file} in {region}" if zone.covered else ""
    return (
        f"To have a rate for {region}, write a file of your own with your share of it{instead}: "
        f"{_new_rates(region, day, zone)}  Then use it: --rates my-rates, or for good: diamondctl config set rates my-rates"
    )


def _new_rates(region: str, day: date | None, zone: Zone) -> Command:
    """The command that writes a rate file."""
    words = ["diamondctl", "rates", "new", region, *(["--since", str(day)] if day else []), "--share", "PERCENT"]
    if zone.timezone != "UTC":
        words += ["--timezone", zone.timezone]
    if zone.platform != "tiktok":
        words += ["--platform", zone.platform]
    words += ["-o", f"my-rates/{zone.platform}/{region.lower()}.yaml"]
    return Command(shlex.join(words))


def long_stream_warnings(accounts: list[Account]) -> list[str]:
    """A name that gifts of several days share is no stream, and all of it would be rounded as one credit."""
    shown: dict[tuple[str, ...], Credit] = {}
    for account in accounts:
        for credit in account.now:
            shown[credit[:5]] = credit
    long = [credit for credit in shown.values() if credit.unit == "stream" and credit.last - credit.first > LONGEST_STREAM]
    if not long:
        return []
    days = max(credit.last - credit.first for credit in long) // 96
    first = min(credit.name for credit in long)
    return [
        stated(
            PERIOD,
            f"{counted(len(long), 'stream')} with gifts over {days:,} days (such as '{first}'): is it one LIVE? "
            "Leave the stream column out if it names something else.",
        )
    ]


def share_warnings(credits: Iterable[Credit]) -> list[str]:
    """Own shares above what is known, and what would settle a share that is known only as a range."""
    above: dict[Range, set[str]] = {}
    open_: dict[str, Reward] = {}
    for credit in credits:
        for part in credit.parts:
            if part.own is None and part.built is not None:
                continue  # what is known of missions is told by `mission_warnings`
            reward = reward_of(part.entry)
            if part.own is None and not part.share.is_exact and reward.share.missions is None:
                open_[part.entry.where] = reward
            if part.own is not None and part.share.low > reward.share.percent.high:
                highest = f"{percent_text(Range.of(reward.share.percent.high))} ({part.entry.where})"
                above.setdefault(part.share, set()).add(highest)
    warnings: list[str] = []
    for share in sorted(above, key=lambda share: share.low):
        mine, most = percent_text(share), sorted(above[share])
        known = " and ".join(dict.fromkeys(text.split(" (")[0] for text in most))
        text = f"Your share of {mine} is above the highest known: {' and '.join(most)}."
        warnings.append(stated(SHARE, text, brief=f"Your share of {mine} is above the highest known, {known}."))
    # The session page shows the platform's own estimate beside the diamonds.
    return warnings + [
        Remark(
            f"The share is known only as {percent_text(reward.share.percent)} ({where}), so the reward is a range. To settle "
            f"it, open a session in LIVE Center and divide its estimated {reward.currency} by its diamonds x "
            f"{reward.cash_per_diamond}: 0.48 means --share 48.",
            OPEN_SHARE,
            Open("", reward.share.percent),
        )
        for where, reward in sorted(open_.items())
    ]


def mission_warnings(accounts: Iterable[Account]) -> list[str]:
    """Where a share is built from missions: which fact that is not known would narrow the reward most, by how much."""
    warnings: list[str] = []
    for account in accounts:
        open_: dict[str, Decimal] = {}
        where: RateEntry | None = None
        words: set[str] = set()
        with exact():  # once for all: entering it takes as long as a term
            for credit in account.now:
                for part in credit.parts:
                    # A credit that is limited in money may be exact although its share is not.
                    if part.built is None or credit.reward.is_exact:
                        continue
                    where = part.entry
                    words.add(part.confidence)
                    limited = credit.unit == WEEKLY and is_limited(credit.parts)
                    for term in part.built.terms:
                        points = term.points.high - term.points.low
                        if not points:
                            continue
                        width = percent_of(part.gift_value, points)
                        if limited:
                            width = min(width, credit.reward.high - credit.reward.low)
                        if width:
                            open_[term.name] = open_.get(term.name, Decimal(0)) + width
        if not open_ or where is None:
            continue
        name, width = max(open_.items(), key=lambda item: (item[1], item[0]))
        money = money_text(Range.of(quantise(width, account.currency, "up")).on(*words), account.currency)
        others = [other for other in sorted(open_, key=lambda other: (-open_[other], other)) if other != name]
        known = [other for other in others if other != "scheme"]
        rest = f"; not known either: {', '.join(known)}" if known else ""
        asks = f" Not everybody is in that scheme: {_SETTLE['scheme']}." if "scheme" in others else ""
        text = (
            f"The share of {account.creator} is built from missions ({where.where}), and not all of it is known. "
            f"What would narrow the reward most: {name} (up to {money}), {_SETTLE[name]}{rest}.{asks}"
        )
        warnings.append(Remark(text, OPEN_SHARE, Open(account.creator, missions_share(account.now), name)))
    return warnings


class Open(NamedTuple):
    """A share that is known only as a range: whose (blank: of all), between what, and which fact would narrow it most."""

    creator: str
    share: Range
    fact: str = ""


def _share_brief(abouts: Sequence[Open]) -> Brief:
    """Why there is a range, and what makes it one number."""
    creators = sorted({item.creator for item in abouts if item.creator})
    shares = Range(min(item.share.low for item in abouts), max(item.share.high for item in abouts))
    whose = key_text(("creators", creators[0] if len(creators) == 1 else "NAME", "share"))
    why = f"Why a range: no share is published; here it is {number_text(shares.low)} to {number_text(shares.high)}%."
    one = "One number each" if len(creators) > 1 else "Make it one number"
    return (f"{why} {one}:", Command(f"diamondctl config set {shlex.quote(whose)} PERCENT"), "(LIVE Center shows it).")


OPEN_SHARE = Cause(SHARE, _share_brief)


def where_exact(warnings: Iterable[str], amounts: Iterable[Range]) -> tuple[str, ...]:
    """The same; under amounts that are one number each, why a share is a range is evidence alone."""
    if not all(amount.is_exact for amount in amounts):
        return tuple(warnings)
    return tuple(str(text) if getattr(text, "cause", None) is OPEN_SHARE else text for text in warnings)


_SETTLE = {
    "minutes live": "import TikTok's data export or LIVE Center's activity file",
    "new followers": "import LIVE Center's engagement file",
    "penalty": "say --penalty 0 if LIVE Center shows no breach",
    "valid days": "import LIVE Center's activity file",
    "active fans": "say --active-fans NUMBER",
    "league": "say --league WORD",
    "scheme": "say --scheme missions if LIVE Center shows missions, --scheme flat if it shows none",
}


def weekly_notes(accounts: Iterable[Account]) -> list[str]:
    """Weekly parts of the share that are not in the wallet yet."""
    notes = []
    for account in accounts:
        pending = [credit for credit in account.pending if credit.unit == WEEKLY and (credit.reward.low or credit.reward.high)]
        if pending:
            day = booked_day(max(pending, key=lambda credit: credit.booked), account)
            money = money_text(total(credit.reward for credit in pending), account.currency)
            notes.append(f"Pending: the weekly part of {account.creator}'s share, {money}, credited on {day:%A} {day}.")
    return notes


def booked_day(credit: Credit, account: Account) -> date:
    """The day on which the platform puts a credit into the wallet, where the creator lives."""
    return periods.local_day(credit.booked, account.timezone)


def money_text(amount: Range, currency: str) -> str:
    """`42.81 USD`, `0.00 - 12.50 USD`, `about 40.00 USD`."""
    return f"{amount_text(amount, currency)} {currency}"


def show_commands(uses: Iterable[RateUse]) -> list[str]:
    """Commands that show the whole history of the zones in use, each as it can be typed."""
    zones = {use.zone.file: use.zone for use in uses}
    return [_show_command(zones[file]) for file in sorted(zones)]


def _show_command(zone: Zone) -> str:
    words = ["diamondctl", "rates", "show", zone.name]
    if zone.platform != "tiktok":
        words += ["--platform", zone.platform]
    if zone.origin == "user":
        return f"{shlex.join(words)} --rates DIR" if zone.elsewhere else shlex.join([*words, "--rates", zone.file])
    return shlex.join(words)


def stale_warnings(uses: Iterable[RateUse], as_of: date) -> list[str]:
    """One line when rates were last seen to hold long before the figures' date."""
    old = [use for use in uses if use.unverified_days > STALE_DAYS]
    if not old:
        return []
    rates = "1 rate was" if len(old) == 1 else f"{len(old):,} rates were"
    where = "; ".join(show_commands(old))
    return [f"{rates} last seen to hold more than {STALE_DAYS} days before {as_of}. See: {where}"]


def basis_notes(basis: Basis) -> list[str]:
    """By which day money counts, where it is not that of the gifts."""
    if basis == "credited":
        return ["Money counts when the platform books it (--basis credited); gifts, coins and LIVEs when they were sent."]
    if basis == "paid":
        return ["Money counts when it arrives (--basis paid: recorded payouts); gifts, coins and LIVEs when they were sent."]
    return []


def cut_notes(accounts: list[Account], period: Period, previous: Period, end: date) -> list[str]:
    """That the figures stop before the period ends, how many later gifts are left out, and what they are compared with."""
    if end >= period.last_day:
        return []
    late = 0
    for account in accounts:
        if account.currency in ("", *account.person.currencies[:1]):
            stop = account.as_of_quarter + 1
            after = period.quarters(account.timezone)[1]
            late += sum(row.gifts for row in account.person.rows if stop <= row.quarter < after)
    left = f": {counted(late, 'later gift')} {'is' if late == 1 else 'are'} left out" if late else ""
    days = f"{previous.start} to {previous.last_day}"
    return [f"{period.title} only up to {end}{left}. It is compared with the same days before: {days}."]


def nameless_notes(accounts: list[Account]) -> list[str]:
    """How gifts without a stream are rounded."""
    nameless = {
        account.region for account in accounts if any(credit.unit == "day" and not names(credit) for credit in account.now)
    }
    if zones := sorted({account.zone.timezone for account in accounts if account.region in nameless}):
        return [f"Gifts that name no stream are credited, and rounded, once a day in {' and '.join(zones)} time."]
    return []


COMPLETION = 20  # one part in so many of a period's money


def notes_on(accounts: list[Account], period: Period) -> list[str]:
    """What of a period completes credits that had begun before it, where that is much; and a period with nothing."""
    notes: list[str] = []
    for account in accounts:
        rest = completes(account.now)
        money = total(credit.reward for credit in account.now)
        if any(abs(part) * COMPLETION > abs(whole) for part, whole in ((rest.low, money.low), (rest.high, money.high))):
            begun = [credit for credit in account.now if credit.begun is not None]
            what = {"stream": "LIVE", WEEKLY: "week"}.get(begun[0].unit, begun[0].unit)
            what = f"a {what}" if len(begun) == 1 else f"{len(begun):,} credits"
            notes.append(
                stated(
                    PERIOD,
                    f"{account.creator}: of it {money_text(rest.ordered, account.currency)} completes {what} begun before "
                    f"{period.start}.",
                )
            )
    if not any(account.now or account.unrated for account in accounts):
        notes.append(f"Nothing was earned in {period.label}.")
    return notes
