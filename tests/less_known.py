"""Worlds in which something is known and then is not, and what a report says in each, to be put side by side.

A world is a creator with six weeks of LIVEs, in the US (a share built from missions), in France (a flat one), or first there
and then here; rate files with any confidence and two payout methods; and what she says of herself. Numbers are invented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tests.support import Result, run_in

TRUST: Final = (None, "own", "official", "measured", "reported", "assumed")  # from firm to weak; None: rests on no rate
RATES: Final = ("reward", "settlement", "minimum_payout", "maximum_payout", "payout_fees", "payout_timing", "coin_price")
START: Final = datetime(2026, 5, 4, 19, tzinfo=UTC)  # a Monday; so is the first of June
WEEKS: Final = 6
SHARES: Final = {
    "US": "{kind: missions, cap: 53, per_stream: {cap: 40, duration: {mode: rising, minutes: {0: 20, 5: unknown, 25: 38}}, "
    "new_followers: {5: 2}}, weekly: {cap: 13, valid_minutes: 25, valid_days: {1: 6, 2: 8}, active_fans: {10: 1, 2000: 2}, "
    "league: {held: 1, personal_best: 3}}, penalty: 20}",
    "FR": "{kind: flat, percent: 50}",
}
_FILE: Final = """\
schema: 1
platform: tiktok
regions: [{region}]
timezone: UTC
sources:
  invented: {{title: "Invented notes", retrieved: 2026-01-01}}
rates:
"""
_ENTRY: Final = """\
  {rate}:
    - effective: 2026-01-01
      recorded: 2026-01-01
      value: {value}
      confidence: {confidence}
      sources: [invented]
      verified: 2026-10-20
"""
# Commands by the name of their report; FILES, METHOD and OPENING stand for what a command takes of them.
REPORTS: Final[dict[str, str]] = {
    "summary": "summary FILES",
    "balance": "balance FILES OPENING",
    "fees": "fees FILES --to bank METHOD",
    "payout-check": "payout check FILES METHOD OPENING",
    "project": "project FILES -p 2026-07 METHOD OPENING -v",
    "project --until": "project FILES --until 60 METHOD OPENING -v",
    "project --threshold": "project FILES --threshold METHOD OPENING -v",
    "explain-reward": "explain reward FILES",
    "explain-stream": "explain stream live3 FILES",
    "rates-impact": "rates impact BEFORE RATES GIFTS",
}


@dataclass(frozen=True)
class World:
    """Everything that decides what a report says; blank or None is what is not known."""

    regions: str = "FR"  # US, FR, or both: first US, then FR
    coins: tuple[int, ...] = (2_000,)
    minutes: tuple[int, ...] = (30,)
    confidences: tuple[str, ...] = ("reported",) * len(RATES)  # by RATES
    minimums: tuple[str, str] = ("50.00", "50.00")  # by paypal and by bank
    limit: str = "1000.00"
    share: str = ""
    region_share: str = ""  # from the middle of the time on
    opening: str = ""
    method: str = ""
    totals: bool = False
    missions: dict[str, str] = field(default_factory=dict)
    ledger: bool = False

    @property
    def rules(self) -> set[str]:
        """Amounts that rates say, which stand on a screen as they are."""
        return {f"{Decimal(amount):,.2f}" for amount in (*self.minimums, self.limit, "0.00", "60")}

    def lowered(self, rate: str, confidence: str) -> World:
        """The same with less reason to trust one rate."""
        words = zip(RATES, self.confidences, strict=True)
        return replace(self, confidences=tuple(confidence if name == rate else word for name, word in words))


@dataclass(frozen=True)
class Said:
    """What a report says: its exit code, what it tells by where it stands, and its screen without layout."""

    code: int
    told: dict[tuple[str, ...], Any]
    screen: str


def ask(world: World, report: str, folder: Path) -> Said:
    """What a report says of a world that is written into a folder of its own."""
    folder.mkdir()
    files = _write(world, folder)
    env = {"DIAMONDCTL_AS_OF": "2026-06-30", "COLUMNS": "", "DIAMONDCTL_CONFIG": str(folder / "config.yaml")}
    if world.ledger:
        env["DIAMONDCTL_LEDGER"] = str(folder / "ledger")
        brought = run_in(env, "import", *files, "--creator", "mara", cwd=folder)
        assert brought.code == 0, brought.err
    gifts = ["--from-ledger"] if world.ledger else ["--gifts", files[0]]
    stand_for = {
        "FILES": [*([] if world.ledger else files), "--creator", "mara", "--rates", "rates"],
        "METHOD": ["--method", world.method] if world.method else [],
        "OPENING": ["--opening", world.opening] if world.opening and not world.ledger else [],
        "BEFORE": ["before"],
        "RATES": ["rates"],
        "GIFTS": [*gifts, *(["--share", world.share] if world.share else [])],
    }
    words = [part for word in REPORTS[report].split() for part in stand_for.get(word, [word])]
    done, shown = run_in(env, *words, "--json", cwd=folder), run_in(env, *words, cwd=folder)
    assert done.code == shown.code and done.code in (0, 1, 3), (words, done.err, shown.err)
    return Said(done.code, dict(_told((), json.loads(done.out)["data"])), _plain(shown))


def _write(world: World, folder: Path) -> list[str]:
    """Rate files, config, gifts and totals; gives the names of the last two."""
    for name in ("rates", "before"):
        (folder / name / "tiktok").mkdir(parents=True)
        for region in ("US", "FR"):
            (folder / name / "tiktok" / f"{region.lower()}.yaml").write_text(_rates(world, region, name == "before"))
    said = [f"  share: {world.share}"] if world.share else []
    if world.region_share:
        said = ["  share:", f"    - {{from: {(START + timedelta(weeks=WEEKS // 2)).date()}, percent: {world.region_share}}}"]
    said += [f"  missions: {{{', '.join(f'{key}: {value}' for key, value in world.missions.items())}}}"] * bool(world.missions)
    (folder / "config.yaml").write_text("creators:\n mara:\n" + "\n".join(said or ["  timezone: UTC"]) + "\n")
    rows, days = [], []
    for number in range(WEEKS * 2):
        begin = START + timedelta(days=number * 7 // 2)
        minutes = world.minutes[number % len(world.minutes)]
        coins = world.coins[number % len(world.coins)]
        first = world.regions == "US" or (world.regions == "both" and number < WEEKS)
        for end, time in enumerate((begin, begin + timedelta(minutes=minutes))):
            cells = (
                f"{time:%Y-%m-%dT%H:%M:%SZ}",
                "mara",
                "Rose",
                coins,
                f"e{number}.{end}",
                f"live{number}",
                "US" if first else "FR",
            )
            rows.append(",".join(map(str, cells)))
        days.append((begin.date(), minutes * 60 + 120))
    (folder / "gifts.csv").write_text("timestamp,creator,gift,coins,event_id,stream,region\n" + "\n".join(rows) + "\n")
    (folder / "activity.csv").write_text("Date,LIVE時間,LIVEの合計数\n" + "".join(_day(*day) for day in _each_day(dict(days))))
    return ["gifts.csv", *(["activity.csv"] if world.totals else [])]


def _each_day(live: dict[date, int]) -> Iterator[tuple[date, int]]:
    for offset in range(-1, WEEKS * 7 + 1):
        day = START.date() + timedelta(days=offset)
        yield day, live.get(day, 0)


def _day(day: date, seconds: int) -> str:
    return f"{day},{seconds},{int(seconds > 0)}\n"


def _rates(world: World, region: str, earlier: bool) -> str:
    """One rate file; `earlier` with coins that were worth less."""
    of = ["{diamonds_per_coin: 1, cash_per_diamond: " + ("0.008" if earlier else "0.01")]
    paypal, bank = world.minimums
    values = {
        "reward": f"{of[0]}, currency: USD, share: {SHARES[region]}}}",
        "settlement": "{credit: stream, rounding: down}",
        "minimum_payout": f"[{{method: paypal, amount: {paypal}, currency: USD}}, "
        f"{{method: bank, amount: {bank}, currency: USD}}]",
        "maximum_payout": f"[{{method: any, per: day, amount: {world.limit}, currency: USD}}]",
        "payout_fees": "[{method: paypal, name: conversion, kind: percent, percent: {low: 3, high: 4}, rounding: half_up, "
        "paid_by: creator}, {method: bank, name: transfer, kind: flat, amount: 1.50, currency: USD, rounding: half_up, "
        "paid_by: creator}]",
        "payout_timing": "[{method: paypal, request: manual, review_days: 2}, {method: bank, request: manual, review_days: 9}]",
        "coin_price": "[{channel: web, currency: USD, packs: {70: 0.74}}]",
    }
    words = dict(zip(RATES, world.confidences, strict=True))
    entries = (_ENTRY.format(rate=rate, value=value, confidence=words[rate]) for rate, value in values.items())
    return _FILE.format(region=region) + "".join(entries)


# What tells rows of a list apart.
_NAMES: Final = (
    "creator", "region", "method", "step", "label", "mission", "unit", "name", "month", "figure", "way", "channel", "rate",
    "currency", "rule", "file", "line", "amount",
)  # fmt: skip
_VERDICT: Final = ("answer", "certain")


def _told(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every interval, verdict and stretch of days of a document, by where it stands."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _told((*path, _name(item, number)), item)
        return
    if not isinstance(value, dict):
        return
    if {"low", "high"} <= value.keys() and not isinstance(value["low"], dict):
        bounds = ("-Infinity", "Infinity")  # where there is none
        ends = [bound if value[end] is None else value[end] for end, bound in zip(("low", "high"), bounds, strict=True)]
        yield (*path, "interval"), (Decimal(str(ends[0])), Decimal(str(ends[1])))
        if "confidence" in value:
            yield (*path, "trust"), value["confidence"]
        return
    if "answer" in value:
        yield (*path, "verdict"), _firmness(value["answer"], value.get("certain"))
    for early, late in (("earliest", "latest"), ("middle_earliest", "middle_latest")):
        if early in value and path[-1:] != ("steps",):
            yield (*path, early), (value[early] or "9999", value[late] or "9999")
    for key, part in value.items():
        # What becomes of a balance is told of one method, which is named; where it is not said which, that may be another one.
        yield from _told((*path, f"{key} by {value['method']}" if key == "outcome" else key), part)


def _name(item: Any, number: int) -> str:
    if not isinstance(item, dict):
        return str(number)
    names = [name for name in _NAMES if isinstance(item.get(name), str | int) and not (name == "method" and "answer" in item)]
    return " ".join(f"{item[name]}" for name in names) or str(number)


def _firmness(answer: str, certain: bool | None) -> int:
    """3 a yes or a no, 2 only probably, 1 depends, 0 not known."""
    if answer in ("yes", "no", "above", "below"):
        return 3 if certain else 2
    return 1 if answer == "depends" else 0


def _plain(shown: Result) -> str:
    """A screen as one line of words."""
    return " ".join(re.sub(r"[─-]{2,}|(?<=\.yaml )[0-9a-f]{8}", " ", shown.out).split())


def without_doubt(screen: str) -> str:
    """A screen without every word that says how far it is to be trusted, and without what says why."""
    screen = re.sub(r"- (The balance rests on|The minimum or the limit|It rests on) .*?only assumed[^.]*\.", "", screen)
    words = re.sub(r"\b(about|probably|official|measured|reported|assumed|own)\b", " ", screen)
    return " ".join(re.sub("[,:]", " ", words).split())


def amounts_without_about(screen: str, told: dict[tuple[str, ...], Any], rules: set[str]) -> list[str]:
    """Amounts that rest on what is assumed, and stand on the screen as if they did not."""
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    for path, word in told.items():
        if path[-1] == "trust":
            low, high = told[*path[:-1], "interval"]
            texts[word == TRUST[-1]].add(" - ".join(dict.fromkeys(f"{end:,}" for end in (low, high))))
    wrong = []
    for text in texts[True] - texts[False] - rules:
        found = re.finditer(rf"(?<![\d.,])(?<!\d - )(?<!-){re.escape(text)}(?![\d,]|\.\d| - \d|%)", screen)
        wrong += [screen[max(match.start() - 30, 0) : match.end() + 5] for match in found if not _about(screen, match.start())]
    return wrong


def _about(screen: str, place: int) -> bool:
    """Whether it is said, of this amount or of a range that it ends."""
    return re.search(r"about ([-+]?[\d,.]+ to )?[-+]?$", screen[:place]) is not None


def narrower(more: Said, less: Said, *, inside: bool) -> Sequence[object]:
    """Where the one that knows less tells more exactly, is firmer, or more trusted; `inside`: the truth did not move."""
    wrong: list[object] = []
    for path, was in more.told.items():
        if path not in less.told:
            continue  # what is no longer told is no firmer
        now = less.told[path]
        if path[-1] == "trust":
            bad = TRUST.index(now) < TRUST.index(was) and was == TRUST[-1]
        elif path[-1] == "verdict":
            bad = now > was
        elif {"taken", "difference"} & {*path} or any(part.startswith(("fee ", "withholding ")) for part in path):
            continue  # two stories: the high fee of the least money, the low one of the most; and what each is off by
        elif path[-1] == "interval" and not inside:
            bad = now[1] - now[0] < was[1] - was[0]
        else:
            bad = inside and not (now[0] <= was[0] and was[1] <= now[1])
        if bad:
            wrong.append((path, was, now))
    if more.code == 3 and less.code != 3:
        wrong.append(("exit", more.code, less.code))
    return wrong
