"""Made-up creators by kind, for the bench of forecasts: eighteen months of streams from a seed. No real person's data.

Kinds differ in what goes wrong for a forecast: an end, a new level, one enormous gift, gifts without a mean, two fans who pay
for all, holidays, a trend, a year's wave, streams that are rare.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

import numpy as np

EPOCH: Final = date(1970, 1, 1)
MONTHS: Final = 18
STARTS: Final = tuple((date(2024 + month // 12, month % 12 + 1, 1) - EPOCH).days for month in range(MONTHS + 1))
DAYS: Final = STARTS[-1] - STARTS[0]
Stream = tuple[int, int, int]  # day, coins, quarters of an hour


class Shape(NamedTuple):
    """What makes a kind: logarithms added to a stream's coins by day, streams expected by day, and gifts beside them.

    `gifts` are (day, times a typical stream); they come with the next stream.
    """

    level: np.ndarray
    rate: np.ndarray
    gifts: tuple[tuple[int, float], ...] = ()
    tail: float = 0.0  # of a Pareto law of the streams; 0: they are lognormal


def _drift(rng: np.random.Generator, deviation: float) -> np.ndarray:
    """A level that wanders from week to week and comes back (log, by day)."""
    weeks = DAYS // 7 + 2
    noise = rng.normal(0, deviation * math.sqrt(1 - 0.8**2), weeks)
    noise[0] = rng.normal(0, deviation)
    for week in range(1, weeks):
        noise[week] += 0.8 * noise[week - 1]
    return np.repeat(noise, 7)[:DAYS]


def _common(rng: np.random.Generator, least: float = 2, most: float = 6) -> Shape:
    """Two to six streams a week on favourite weekdays, a level that wanders a little."""
    favourite = rng.dirichlet(np.full(7, 2.0)) * rng.uniform(least, most)
    rate = np.minimum(favourite, 0.95)[np.arange(DAYS) % 7]
    return Shape(_drift(rng, rng.uniform(0.1, 0.25)), rate)


def _visits(
    rng: np.random.Generator, a_month: float, size: float, tail: float, begin: int, end: int
) -> list[tuple[int, float]]:
    """The gifts of a fan who pays a lot, by a Pareto law, between two days."""
    count = rng.poisson(a_month * max(end - begin, 0) / 30.4)
    return [(int(rng.uniform(begin, end)), size * rng.random() ** (-1 / tail)) for _ in range(count)]


def steady(rng: np.random.Generator) -> Shape:
    """No change but noise."""
    return _common(rng)


def trend(rng: np.random.Generator) -> Shape:
    """3 to 12 % more each month, or less, at a pace that itself varies."""
    shape = _common(rng)
    way = 1 if rng.random() < 0.7 else -1
    pace = np.repeat(rng.normal(way * rng.uniform(0.03, 0.12), 0.04, MONTHS + 1), 31)[:DAYS]
    return shape._replace(level=shape.level + np.cumsum(pace / 30.4))


def season(rng: np.random.Generator) -> Shape:
    """Weekends, the week after pay day, and a wave over the year."""
    shape = _common(rng)
    day = np.arange(DAYS)
    weekday = rng.normal(0, 0.5, 7)[day % 7]
    pay_day = np.where(day % 30.4 < 7, rng.uniform(0.1, 0.5), 0)
    year = rng.uniform(0.15, 0.45) * np.sin(2 * np.pi * (day / 365.25 + rng.random()))
    return shape._replace(level=shape.level + weekday + pay_day + year)


def whale(rng: np.random.Generator) -> Shape:
    """One fan whose few gifts follow a Pareto law and outweigh everybody else's."""
    return _common(rng)._replace(
        gifts=tuple(_visits(rng, rng.uniform(0.7, 3), rng.uniform(3, 10), rng.uniform(1.1, 1.8), 0, DAYS))
    )


def two_whales(rng: np.random.Generator) -> Shape:
    """Two fans who pay for most of it, and who come and go for months."""
    gifts: list[tuple[int, float]] = []
    for _ in range(2):
        day = -int(rng.uniform(0, 120))
        while day < DAYS:
            stays = int(rng.exponential(200)) + 30
            gifts += _visits(
                rng, rng.uniform(1, 5), rng.uniform(4, 15), rng.uniform(1.5, 3), max(day, 0), min(day + stays, DAYS)
            )
            day += stays + int(rng.exponential(60))
    return _common(rng)._replace(gifts=tuple(gifts))


def pareto(rng: np.random.Generator) -> Shape:
    """Streams whose coins follow a Pareto law, from one with hardly a mean to one with a variance."""
    return _common(rng)._replace(tail=rng.uniform(1.05, 2.2))


def giant(rng: np.random.Generator) -> Shape:
    """One gift of 50 to 2,000 typical streams, once."""
    size = math.exp(rng.uniform(math.log(50), math.log(2_000)))
    return _common(rng)._replace(gifts=((int(rng.uniform(60, DAYS - 30)), size),))


def irregular(rng: np.random.Generator) -> Shape:
    """Pauses of one to five weeks every two or three months, and another level after each."""
    shape = _common(rng)
    level, rate, day = shape.level.copy(), shape.rate.copy(), 0
    while day < DAYS:
        day += int(rng.exponential(60)) + 7
        pause = int(rng.integers(7, 36))
        rate[day : day + pause] = 0
        level[day:] += rng.normal(0, 0.25)
        day += pause
    return shape._replace(level=level, rate=rate)


def holiday(rng: np.random.Generator) -> Shape:
    """Two holidays of two to four weeks in a year, and a slow start after them."""
    shape = _common(rng)
    level, rate = shape.level.copy(), shape.rate.copy()
    for begin in (rng.uniform(10, 100), rng.uniform(150, 280), rng.uniform(330, 430), rng.uniform(450, DAYS - 20)):
        first, days = int(begin), int(rng.integers(14, 29))
        rate[first : first + days] = 0
        level[first + days : first + days + 14] -= rng.uniform(0, 0.7)
    return shape._replace(level=level, rate=rate)


def regime(rng: np.random.Generator) -> Shape:
    """One to three times another level, half or double and more, in a day."""
    shape = _common(rng)
    level, rate = shape.level.copy(), shape.rate.copy()
    for _ in range(int(rng.integers(1, 4))):
        day = int(rng.uniform(90, DAYS - 20))
        level[day:] += rng.choice([-1, 1]) * rng.uniform(0.5, 1.4)
        rate[day:] = np.minimum(rate[day:] * rng.uniform(0.7, 1.4), 0.97)
    return shape._replace(level=level, rate=rate)


def dying(rng: np.random.Generator) -> Shape:
    """Less and less from some day on, fewer streams and smaller ones; or none from one day to the next."""
    shape = _common(rng)
    level, rate = shape.level.copy(), shape.rate.copy()
    day = int(rng.uniform(240, DAYS - 20))
    if rng.random() < 0.3:
        rate[day:] = 0
    else:
        weeks = np.arange(DAYS - day) / 7
        rate[day:] *= 0.5 ** (weeks / rng.uniform(4, 16))
        level[day:] -= math.log(2) * weeks / rng.uniform(4, 16)
    return shape._replace(level=level, rate=rate)


def few(rng: np.random.Generator) -> Shape:
    """Two to six streams a month."""
    return _common(rng, 0.5, 1.4)


KINDS: Final[dict[str, Callable[[np.random.Generator], Shape]]] = {
    kind.__name__: kind
    for kind in (steady, trend, season, whale, two_whales, pareto, giant, irregular, holiday, regime, dying, few)
}


def creator(kind: str, number: int, seed: int) -> list[Stream]:
    """The streams of one creator in `MONTHS` months from `STARTS[0]` on."""
    rng = np.random.default_rng([seed, number, *kind.encode()])
    shape = KINDS[kind](rng)
    typical, deviation = math.log(rng.uniform(100, 5_000)), rng.uniform(0.6, 1.0)
    live = rng.random(DAYS) < shape.rate
    live[0] = True
    days = np.flatnonzero(live)
    noise = rng.normal(0, deviation, len(days))
    if shape.tail:
        noise = -np.log(rng.random(len(days))) / shape.tail
    coins = np.exp(typical + shape.level[days] + noise)
    for day, times in shape.gifts:
        # A fan comes to streams, so gifts of days without one come to the next; after the last there is nobody to send to.
        place = int(np.searchsorted(days, day))
        if place < len(days):
            coins[place] += math.exp(typical + deviation**2 / 2) * times
    lengths = rng.integers(2, 17, len(days))
    return [
        (STARTS[0] + int(day), round(amount), int(length)) for day, amount, length in zip(days, coins, lengths, strict=True)
    ]
