"""What may come: `project`, and what so many coins would be: `estimate`."""

from __future__ import annotations

from collections.abc import Sequence

from diamondctl.api.report import Report
from diamondctl.desk import estimating, parse, projecting
from diamondctl.desk.choosing import taken
from diamondctl.desk.chosen import Chosen
from diamondctl.problems import Misuse, Problem, Refusal
from diamondctl.render import estimate as of_estimate
from diamondctl.render import project as of_project
from diamondctl.reports.estimate import Estimate
from diamondctl.reports.projected_goals import tier_of
from diamondctl.reports.projection import Given, ProjectionReport
from diamondctl.reports.verdict import exit_code


def project(
    chosen: Chosen,
    period: str = "",
    *,
    until: str = "",
    threshold: bool = False,
    goals: Sequence[str] = (),
    streams: int | None = None,
    hours: str = "",
    without_top: int = 0,
    method: str = "",
    level: int = 80,
    seed: int = 0,
    fx: str = "",
) -> Report[ProjectionReport]:
    """A range for the coming period, or for an amount. `chosen` names no period: what is read is everything up to now."""
    if sum(map(bool, (until, threshold, period))) > 1:
        raise Misuse("choose one of -p, --until and --threshold")
    amount = parse.amount(until, "--until")
    quarters = parse.hours(hours)
    supposed = streams is not None or quarters is not None
    if supposed and (until or threshold):
        raise Misuse("--streams and --hours are of a period, so not with --until or --threshold")
    if supposed and goals:
        raise Misuse("--streams and --hours say what --goal asks for, so not both")
    given = Given(
        question="until" if amount is not None else "threshold" if threshold else "period",
        period=None,
        amount=amount,
        level=level,
        seed=seed,
        tiers=tuple(map(tier_of, goals)),
        streams=streams,
        quarters=quarters,
        payout_method=method,
        wanted=taken(chosen, method, fx),
        top=without_top,
    )
    value = projecting.projection(chosen, given, period)
    verdicts = (item.reach.verdict for item in value.items if item.reach is not None)
    code = exit_code(verdicts, complete=value.scope.complete and not value.skipped)
    return Report(value, of_project.DOCUMENT, of_project.view(value), code)


def estimate(coins: str, chosen: Chosen) -> Report[Estimate]:
    """What so many coins are, no more exactly than a file would say. Refuses (G051) where no payout region is known."""
    number = parse.coins(coins)
    who = chosen.creator or chosen.usual or (min(chosen.named) if len(chosen.named) == 1 else "you")
    if not chosen.region_of(who, 0) and not any(stay.region for stay in chosen.regions.get(who, ())):
        hint = "say where you are paid: --region CODE, such as US, GB or DE; for good: diamondctl init"
        raise Refusal(Problem("G051", "coins alone name no payout region", hint))
    value = estimating.estimate_of(number, chosen, chosen.asked.as_of or chosen.asked.today, who)
    return Report(value, of_estimate.DOCUMENT, of_estimate.view(value), 0 if value.reward is not None else 3)
