"""How often the ranges of `diamondctl.forecast` hold, on made-up creators: `python -m tests.bench.calibration --creators 50`.

Every creator streams for eighteen months. The last six are forecast one by one, each from everything before it. A kind
passes when its 80 % ranges hold 75 to 88 % of these months and its pinball loss is below the seasonal-naive baseline's
(the same length of time before, with the errors that it made so far; enormous streams are tamed for it too, which makes it
the better one). `--seed` makes other creators of the same kinds.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Final, NamedTuple

import numpy as np

from diamondctl.forecast.project import forecast
from diamondctl.forecast.values import Ask, Band, History, StreamDay

EPOCH: Final = date(1970, 1, 1)
MONTHS: Final = 18
HELD_OUT: Final = 6
STARTS: Final = tuple((date(2024 + month // 12, month % 12 + 1, 1) - EPOCH).days for month in range(MONTHS + 1))
DAYS: Final = STARTS[-1] - STARTS[0]
LEAST, MOST = 0.75, 0.88  # of the months inside an 80 % range


class Shape(NamedTuple):
    """What makes a kind: logarithms added to a stream's coins by day, streams expected by day, gifts of whales by day."""

    level: np.ndarray
    rate: np.ndarray
    whales: np.ndarray


def _drift(rng: np.random.Generator, deviation: float) -> np.ndarray:
    """A level that wanders from week to week and comes back (log, by day)."""
    weeks = DAYS // 7 + 2
    noise = rng.normal(0, deviation * math.sqrt(1 - 0.8**2), weeks)
    noise[0] = rng.normal(0, deviation)
    for week in range(1, weeks):
        noise[week] += 0.8 * noise[week - 1]
    return np.repeat(noise, 7)[:DAYS]


def _common(rng: np.random.Generator) -> Shape:
    """Two to six streams a week on favourite weekdays, a level that wanders a little."""
    favourite = rng.dirichlet(np.full(7, 2.0)) * rng.uniform(2, 6)
    rate = np.minimum(favourite, 0.95)[np.arange(DAYS) % 7]
    return Shape(_drift(rng, rng.uniform(0.1, 0.25)), rate, np.zeros(DAYS))


def steady(rng: np.random.Generator) -> Shape:
    """No change but noise."""
    return _common(rng)


def growing(rng: np.random.Generator) -> Shape:
    """3 to 12 % more each month, at a pace that itself varies."""
    shape = _common(rng)
    pace = np.repeat(rng.normal(rng.uniform(0.03, 0.12), 0.04, MONTHS + 1), 31)[:DAYS]
    return shape._replace(level=shape.level + np.cumsum(pace / 30.4))


def seasonal(rng: np.random.Generator) -> Shape:
    """Weekends, the week after pay day, and a wave over the year."""
    shape = _common(rng)
    day = np.arange(DAYS)
    weekday = rng.normal(0, 0.5, 7)[day % 7]
    pay_day = np.where(day % 30.4 < 7, rng.uniform(0.1, 0.5), 0)
    year = rng.uniform(0.15, 0.45) * np.sin(2 * np.pi * (day / 365.25 + rng.random()))
    return shape._replace(level=shape.level + weekday + pay_day + year)


def whale(rng: np.random.Generator) -> Shape:
    """One fan whose few gifts follow a Pareto law and outweigh everybody else's."""
    shape = _common(rng)
    return shape._replace(whales=np.full(DAYS, rng.uniform(0.7, 3) / 30.4))


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


KINDS: Final[dict[str, Callable[[np.random.Generator], Shape]]] = {
    kind.__name__: kind for kind in (steady, growing, seasonal, whale, irregular)
}


def creator(kind: str, number: int, seed: int = 0) -> list[tuple[int, int, int]]:
    """The streams (day, coins, quarters) of one creator in `MONTHS` months from `STARTS[0]` on."""
    rng = np.random.default_rng([seed, number, *kind.encode()])
    shape = KINDS[kind](rng)
    typical, deviation = math.log(rng.uniform(100, 5_000)), rng.uniform(0.6, 1.0)
    whale_gift = math.exp(typical + deviation**2 / 2) * rng.uniform(3, 10)
    tail = rng.uniform(1.1, 1.8)
    streams = []
    live = rng.random(DAYS) < shape.rate
    live[0] = True
    for day in np.flatnonzero(live):
        coins = math.exp(typical + shape.level[day] + rng.normal(0, deviation))
        # A whale comes to streams, so the gifts of days without one come to the next.
        gifts = rng.poisson(shape.whales[day] / max(live.mean(), 0.1))
        coins += sum(whale_gift * rng.random() ** (-1 / tail) for _ in range(gifts))
        streams.append((STARTS[0] + int(day), round(coins), int(rng.integers(2, 17))))
    return streams


SEEDS: Final = (0, 1001, 1002, 1003)
RESULTS: Final = Path(__file__).parent / "CALIBRATION.md"


class Line(NamedTuple):
    """What one kind came to. Widths and losses are parts of the creator's median month, so that creators count alike."""

    kind: str
    creators: int
    months: int
    inside: int
    width: float
    loss: float
    baseline_inside: int
    baseline_loss: float

    @property
    def coverage(self) -> float:
        """The part of the months that the ranges held."""
        return self.inside / self.months

    @property
    def ratio(self) -> float:
        """The pinball loss, of the baseline's."""
        return self.loss / self.baseline_loss


def pinball(band: Band, coins: int, level: int) -> float:
    """Mean pinball loss of a range, in coins; written apart from the one that is tested."""
    tail = (100 - level) / 200
    parts = zip(band, (tail, 0.5, 1 - tail), strict=True)
    return sum((coins - end) * (part if coins > end else part - 1) for end, part in parts) / 3


def measure(kind: str, creators: int, seed: int = 0, level: int = 80) -> Line:
    """Forecast the held-out months of so many creators of a kind."""
    inside = baseline_inside = 0
    widths, losses, baseline_losses = [], [], []
    for number in range(creators):
        streams = tuple(StreamDay(*stream) for stream in creator(kind, number, seed))
        months = [sum(item.coins for item in streams if start <= item.day < end) for start, end in pairwise(STARTS)]
        usual = max(median(months), 1)
        for month in range(MONTHS - HELD_OUT, MONTHS):
            first, last = STARTS[month], STARTS[month + 1] - 1
            history = History(STARTS[0], first - 1, tuple(stream for stream in streams if stream.day < first))
            band = forecast(history, Ask(first, last, level)).window
            baseline = forecast(history, Ask(first, last, level, method="naive")).window
            inside += band.low <= months[month] <= band.high
            baseline_inside += baseline.low <= months[month] <= baseline.high
            widths.append((band.high - band.low) / usual)
            losses.append(pinball(band, months[month], level) / usual)
            baseline_losses.append(pinball(baseline, months[month], level) / usual)
    return Line(kind, creators, len(losses), inside, mean(widths), mean(losses), baseline_inside, mean(baseline_losses))


def write(creators: int, level: int) -> int:
    """Several seeds into one Markdown table; 1 if a kind fails with one of them."""
    rows = []
    fine = True
    for seed in SEEDS:
        for kind in KINDS:
            line = measure(kind, creators, seed, level)
            good = LEAST <= line.coverage <= MOST and line.ratio < 1
            fine &= good
            cells = (
                f"{seed}", kind, f"{line.creators}", f"{line.months}", f"{line.coverage:.1%}", f"{line.width:.2f}",
                f"{line.loss:.3f}", f"{line.baseline_loss:.3f}", f"{line.ratio:.2f}", "yes" if good else "NO",
            )  # fmt: skip
            rows.append(f"| {' | '.join(cells)} |")
            print(rows[-1], flush=True)
    heads = ("Seed", "Kind", "Creators", "Months", "Inside", "Width", "Loss", "Baseline's", "Ratio", "Reached")
    text = (
        "# How well the ranges of `project` hold\n\n"
        f"`python -m tests.bench.calibration --write --creators {creators} --level {level}`\n\n"
        f"{level} % ranges for the last {HELD_OUT} months of synthetic creators, each month from everything before it, with at "
        f"least a year of history. Wanted: {LEAST:.0%} to {MOST:.0%} of the months inside in every kind (small samples cannot "
        f"hit {level} % exactly), and a mean pinball loss below the baseline's (the same length of time before, calibrated "
        "in the same way). Widths and losses are parts of the creator's median month.\n\n"
        f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n" + "".join(f"{row}\n" for row in rows)
    )
    RESULTS.write_text(text, encoding="utf-8")
    return 0 if fine else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 if a kind fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--creators", type=int, default=50, help="of each of the five kinds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--level", type=int, default=80)
    parser.add_argument("--write", action="store_true", help=f"run {len(SEEDS)} seeds and write {RESULTS.name}")
    options = parser.parse_args(arguments)
    if options.write:
        return write(options.creators, options.level)
    print(f"{options.level} % ranges of held-out months, seed {options.seed}")
    print("kind       creators  months  coverage  baseline's  mean width  mean loss  baseline's  ratio")
    fine, before = True, perf_counter()
    for kind in KINDS:
        line = measure(kind, options.creators, options.seed, options.level)
        fine &= LEAST <= line.coverage <= MOST and line.ratio < 1
        print(
            f"{kind:<10} {line.creators:8}  {line.months:6}  {line.coverage:8.1%}  {line.baseline_inside / line.months:10.1%}"
            f"  {line.width:10.2f}  {line.loss:9.4f}  {line.baseline_loss:10.4f}  {line.ratio:5.2f}"
        )
    forecasts = 2 * HELD_OUT * options.creators * len(KINDS)
    print(f"{(perf_counter() - before) / forecasts * 1000:.0f} ms a forecast, back-test included")
    return 0 if fine or options.level != 80 else 1


if __name__ == "__main__":
    raise SystemExit(main())
