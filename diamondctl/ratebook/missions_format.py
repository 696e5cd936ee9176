"""How a share of kind `missions` is written in a rate file, of which `Missions` are made.

Bands that fall and caps that contradict each other are refused (R026).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from diamondctl.ratebook.entries import MODES, NO_BANDS, Band, Bands, Missions
from diamondctl.yamlfile.schema import SLUG, At, ListOf, MapOf, Number, Or, Record, Schema, Text, Word

POINTS: Final[Schema] = Number(percent=True)
_MAYBE: Final[Schema] = Or(("unknown",), POINTS)

_Tiers = dict[str, Any]  # whole number -> points, or "unknown"


def _points(value: Any) -> Decimal | None:
    return None if value == "unknown" else value


def _bands(at: At, tiers: _Tiers, mode: str = "rising") -> Bands:
    highest: Decimal | None = None
    bands = []
    for text in sorted(tiers, key=int):
        percent = _points(tiers[text])
        if percent is not None and mode == "rising":
            if highest is not None and percent < highest:
                message = f"{percent:f} from {text} on is less than {highest:f} before"
                at.contradiction(text, "R026", message, "bands that may fall have mode step")
            highest = percent
        bands.append(Band(int(text), percent))
    return Bands(tuple(bands), mode)


def _valid_days(at: At, tiers: _Tiers) -> Bands:
    if over := next((text for text in tiers if int(text) > 7), ""):
        at.contradiction(over, "R026", f"{over} valid days are more than a week has")
    return _bands(at, tiers)


def _stream(cap: Decimal, duration: Bands, new_followers: Bands = NO_BANDS) -> dict[str, Any]:
    return {"stream_cap": cap, "duration": duration, "new_followers": new_followers}


def _weekly(
    at: At,
    cap: Decimal,
    valid_minutes: int,
    valid_minutes_of: str = "",
    max_amount: Decimal | None = None,
    league_max_amount: Decimal | None = None,
    **fields: Any,
) -> dict[str, Any]:
    if valid_minutes > 1_440:
        at.contradiction("valid_minutes", "R026", f"{valid_minutes} minutes are more than a day has")
    rest = {"active_fans": NO_BANDS, "league": (), **fields}
    for key, said in (("leagues", rest.get("leagues")), ("league_max_amount", league_max_amount)):
        if said and not rest["league"]:
            at.contradiction(key, "R026", f"{key} without any league mission")
    limits = {"week_amount": max_amount, "league_amount": league_max_amount}
    return {"week_cap": cap, "valid_minutes": valid_minutes, "valid_in_total": valid_minutes_of == "day", **limits, **rest}


def _missions(
    at: At,
    cap: Decimal,
    per_stream: dict[str, Any],
    weekly: dict[str, Any],
    kind: str = "",
    penalty: Decimal = Decimal(0),
    others: Decimal | None = None,
) -> Missions:
    missions = Missions(cap=cap, penalty=penalty, others=others, **per_stream, **weekly)
    if missions.stream_cap + missions.week_cap > cap:
        message = f"{missions.stream_cap:f} per stream and {missions.week_cap:f} a week are more than {cap:f} together"
        at.contradiction("cap", "R026", message, "the cap is that of both parts")
    return missions


def _tiers(make: Any) -> MapOf:
    return MapOf(Text("0|[1-9][0-9]{0,8}", "a whole number"), _MAYBE, 1, make)


_LEAGUE: Final = MapOf(
    Text("(?!none$)[a-z0-9]+([_-][a-z0-9]+)*", "a word such as held, and not none"),
    _MAYBE,
    1,
    lambda at, points: tuple((word, _points(value)) for word, value in points.items()),
)
_DURATION: Final = Record(
    lambda mode, minutes: _bands(minutes[0], minutes[1], mode),
    {"mode": Word(MODES), "minutes": _tiers(lambda at, tiers: (at, tiers))},
)
MISSIONS: Final = Record(
    _missions,
    {
        "cap": POINTS,
        "per_stream": Record(_stream, {"cap": POINTS, "duration": _DURATION}, {"new_followers": _tiers(_bands)}),
        "weekly": Record(
            _weekly,
            {"cap": POINTS, "valid_minutes": Number(digits=4, positive=True), "valid_days": _tiers(_valid_days)},
            {
                "valid_minutes_of": Word(("day",)),
                "active_fans": _tiers(_bands),
                "league": _LEAGUE,
                "leagues": ListOf(Text(SLUG, "the name of a league in small letters"), 1),
                "league_max_amount": Number(positive=True),
                "max_amount": Number(positive=True),
            },
            placed=True,
        ),
    },
    {"penalty": POINTS, "others": POINTS},
    placed=True,
)
