"""How a share of kind `missions` is written in a rate file: its schema, and how checked YAML becomes `Missions`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from diamondctl.problems import ProblemLog
from diamondctl.ratebook.missions import MODES, NO_BANDS, Band, Bands, Missions
from diamondctl.yamlfile.schema import Fields, MapOf, Number, Or, Record, Schema, Text, Word

POINTS: Final[Schema] = Number(percent=True)
_MAYBE: Final[Schema] = Or(("unknown",), POINTS)
_TIERS: Final = MapOf(Text("0|[1-9][0-9]{0,8}", "a whole number"), _MAYBE, 1)
_DURATION: Final = Record({"mode": Word(MODES), "minutes": _TIERS})
_STREAM: Final = Record({"cap": POINTS, "duration": _DURATION}, {"new_followers": _TIERS})
_WEEKLY: Final = Record(
    {"cap": POINTS, "valid_minutes": Number(digits=4, positive=True), "valid_days": _TIERS},
    {
        "active_fans": _TIERS,
        "league": MapOf(Text("(?!none$)[a-z0-9]+([_-][a-z0-9]+)*", "a word such as held, and not none"), _MAYBE, 1),
        "max_amount": Number(positive=True),
    },
)
MISSIONS: Final = Record({"cap": POINTS, "per_stream": _STREAM, "weekly": _WEEKLY}, {"penalty": POINTS})


def build(fields: Fields, log: ProblemLog) -> Missions | None:
    """The missions of a checked share, or None when problems were logged: tiers that fall, caps that contradict (R026)."""
    before = log.total
    stream, weekly = fields["per_stream"], fields["weekly"]
    cap: Decimal = fields["cap"]
    if stream["cap"] + weekly["cap"] > cap:
        message = f"{stream['cap']:f} per stream and {weekly['cap']:f} a week are more than {cap:f} together"
        log.add(fields.places["cap"].problem("R026", message, "the cap is that of both parts"))
    if weekly["valid_minutes"] > 1_440:
        log.add(weekly.places["valid_minutes"].problem("R026", f"{weekly['valid_minutes']} minutes are more than a day has"))
    if over := next((text for text in weekly["valid_days"] if int(text) > 7), ""):
        log.add(weekly["valid_days"].places[over].problem("R026", f"{over} valid days are more than a week has"))
    found = Missions(
        cap,
        stream["cap"],
        _bands(stream["duration"]["minutes"], log, stream["duration"]["mode"]),
        _bands(stream.get("new_followers"), log),
        weekly["cap"],
        weekly.get("max_amount"),
        int(weekly["valid_minutes"]),
        _bands(weekly["valid_days"], log),
        _bands(weekly.get("active_fans"), log),
        tuple((word, _known(points)) for word, points in weekly.get("league", {}).items()),
        fields.get("penalty", Decimal(0)),
    )
    return None if log.total > before else found


def _known(value: Any) -> Decimal | None:
    return None if value == "unknown" else value


def _bands(fields: Fields | None, log: ProblemLog, mode: str = "rising") -> Bands:
    if fields is None:
        return NO_BANDS
    highest: Decimal | None = None
    bands = []
    for text in sorted(fields, key=int):
        percent = _known(fields[text])
        if percent is not None and mode == "rising":
            if highest is not None and percent < highest:
                message = f"{percent:f} from {text} on is less than {highest:f} before"
                log.add(fields.places[text].problem("R026", message, "bands that may fall have mode step"))
            highest = percent
        bands.append(Band(int(text), percent))
    return Bands(tuple(bands), mode)
