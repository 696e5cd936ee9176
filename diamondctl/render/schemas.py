"""JSON Schemas of every JSON output. `diamondctl/schemas/*.json` are written from here (python -m tests.generate).

Convention: objects are closed, every key is always there, what is not known is null; money is decimal text with both ends.
"""

from __future__ import annotations

from typing import Any

from diamondctl.ratebook.entries import CONFIDENCES, RATES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
DECIMAL: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}
REGION: Schema = {"type": "string", "pattern": "^[A-Z]{2}$"}
CONFIDENCE: Schema = {"enum": list(CONFIDENCES)}
ORIGIN: Schema = {"enum": ["shipped", "user"]}


def closed(**properties: Schema) -> Schema:
    """An object with exactly these keys."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def each(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def maybe(schema: Schema) -> Schema:
    """That, or null when it is not known."""
    return {"anyOf": [schema, {"type": "null"}]}


MONEY = closed(currency=CURRENCY, low=DECIMAL, high=DECIMAL)
PERIOD = closed(label=TEXT, first_day=DAY, last_day=DAY)
_FRAMES = {f"{name}{of}": COUNT for name in ("folded", "unterminated", "heuristic", "catalogued") for of in ("", "_coins")}
FILE = closed(
    name=TEXT,
    kind=TEXT,
    sha256=SHA256,
    rows=COUNT,
    new=COUNT,
    known=COUNT,
    elsewhere=COUNT,
    notices=each(TEXT),
    **_FRAMES,
    totals=COUNT,
)
RATE_FILE = closed(file=TEXT, sha256=SHA256, origin=ORIGIN, platform=TEXT)
INPUTS = closed(files=each(FILE), rates=each(RATE_FILE), share=maybe(DECIMAL), rates_as_of=maybe(DAY))
FIGURE = closed(
    unit=TEXT,
    now={"anyOf": [MONEY, closed(low=DECIMAL, high=DECIMAL)]},
    before=maybe({"anyOf": [MONEY, closed(low=DECIMAL, high=DECIMAL)]}),
    change_percent=maybe(DECIMAL),
    provenance={"enum": ["imported", "rated", "observed", "config", "projected"]},
    confidence=maybe(CONFIDENCE),
    note=maybe(TEXT),
)
MINIMUM = closed(
    method=TEXT,
    amount=DECIMAL,
    unit=TEXT,
    answer={"enum": ["above", "below", "depends", "other currency"]},
    confidence=CONFIDENCE,
    file=TEXT,
    line=COUNT,
)
_ACCOUNT = {
    "creator": TEXT,
    "region": REGION,
    "currency": maybe(CURRENCY),
    "timezone": TEXT,
    "rates": TEXT,
    "unrated": closed(gifts=COUNT, coins=COUNT),
}
ACCOUNT = closed(
    **_ACCOUNT,
    figures={"type": "object", "additionalProperties": FIGURE, "required": ["gifts", "coins"]},
    earned=closed(as_of=DAY, reward=maybe(MONEY), minimums=each(MINIMUM)),
)
_ENTRY = {
    "rate": {"enum": list(RATES)},
    "effective": TEXT,
    "since": {"enum": ["start", "first_seen"]},
    "recorded": DAY,
    "verified": DAY,
    "confidence": CONFIDENCE,
    "sources": each(TEXT),
    "file": TEXT,
    "line": COUNT,
    "text": TEXT,
}
ENTRY_USED = closed(**_ENTRY, unverified_days=COUNT)
ENTRY = closed(**_ENTRY, state={"enum": ["known", "none", "unknown"]})
_ZONE = {
    "platform": TEXT,
    "zone": TEXT,
    "regions": each(REGION),
    "timezone": TEXT,
    "file": TEXT,
    "sha256": SHA256,
    "origin": ORIGIN,
}
_PERCENTS = closed(low=DECIMAL, high=DECIMAL)
_PLACE = {"confidence": maybe(CONFIDENCE), "file": maybe(TEXT), "line": maybe(COUNT)}
FEE_STEP = closed(
    step={"enum": ["gift_value", "platform", "reward", "agency", "withholding", "fee", "net"]},
    label=TEXT,
    rule=maybe(TEXT),
    rate=maybe(TEXT),
    amount=MONEY,
    percent_of_gifts=maybe(_PERCENTS),
    provenance={"enum": ["rated", "config"]},
    **_PLACE,
    note=maybe(TEXT),
)
FANS_PAID = closed(channel={"enum": ["web", "in_app"]}, per_coin=closed(low=DECIMAL, high=DECIMAL), amount=MONEY, **_PLACE)
FEES = closed(
    **_ACCOUNT,
    coins=COUNT,
    diamonds=DECIMAL,
    fans_paid=each(FANS_PAID),
    methods=each(closed(method=maybe(TEXT), steps=each(FEE_STEP), unknown=each(TEXT))),
)
BALANCE = closed(
    **_ACCOUNT,
    diamonds=DECIMAL,
    credited=MONEY,
    pending=MONEY,
    pending_until=maybe(DAY),
    earned=MONEY,
    minimums=each(MINIMUM),
)
PAYOUT_STEP = closed(
    step={"enum": ["balance", "minimum", "limit", "method", "time"]},
    status={"enum": ["ok", "no", "?", "depends", "note"]},
    detail=TEXT,
    **_PLACE,
    minimum=maybe(MINIMUM),
    payouts=maybe(closed(low=COUNT, high=COUNT)),
    earliest=maybe(DAY),
    latest=maybe(DAY),
)
PAYOUT = closed(
    **_ACCOUNT,
    method=TEXT,
    answer={"enum": ["yes", "no", "depends", "unknown"]},
    credited=MONEY,
    pending=MONEY,
    available=MONEY,
    short_by=MONEY,
    steps=each(PAYOUT_STEP),
)
SOURCE = closed(name=TEXT, title=TEXT, published=maybe(DAY), retrieved=DAY, url=maybe(TEXT))
PROBLEM = closed(code=TEXT, message=TEXT, hint=maybe(TEXT), file=TEXT, line=maybe(COUNT), column=maybe(COUNT))


def _report(name: str, data: Schema, **more: Schema) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"diamondctl.{name}/1",
        **closed(schema={"const": f"diamondctl.{name}/1"}, complete=FLAG, **more, data=data, warnings=each(TEXT)),
    }


def schemas() -> dict[str, Schema]:
    """Every schema by the name of its report."""
    return {
        "summary": _report(
            "summary",
            closed(
                accounts=each(ACCOUNT),
                totals=each(closed(currency=CURRENCY, gift_value=MONEY, reward=MONEY)),
                rates=each(ENTRY_USED),
            ),
            period=PERIOD,
            previous=PERIOD,
            inputs=INPUTS,
            notes=each(TEXT),
        ),
        "fees": _report(
            "fees", closed(accounts=each(FEES), rates=each(ENTRY_USED)), period=PERIOD, inputs=INPUTS, notes=each(TEXT)
        ),
        "balance": _report(
            "balance",
            closed(
                accounts=each(BALANCE),
                totals=each(closed(currency=CURRENCY, credited=MONEY, pending=MONEY, earned=MONEY)),
                rates=each(ENTRY_USED),
            ),
            period=PERIOD,
            as_of=DAY,
            inputs=INPUTS,
            notes=each(TEXT),
        ),
        "payout-check": _report(
            "payout-check",
            closed(accounts=each(PAYOUT), rates=each(ENTRY_USED)),
            period=PERIOD,
            as_of=DAY,
            inputs=INPUTS,
            notes=each(TEXT),
        ),
        "profile-list": _report(
            "profile-list",
            closed(
                profiles=each(
                    closed(name=TEXT, kind=TEXT, form=TEXT, columns=each(TEXT), file=TEXT, origin=ORIGIN, sha256=SHA256)
                )
            ),
        ),
        "profile-test": _report(
            "profile-test",
            closed(
                results=each(
                    closed(
                        profile=TEXT,
                        sample={"type": "string"},
                        gifts=COUNT,
                        answer={"enum": ["ok", "differs", "written", "no sample", "refused"]},
                        detail={"type": "string"},
                    )
                )
            ),
        ),
        "rates-list": _report(
            "rates-list", closed(zones=each(closed(**_ZONE, entries=COUNT, weakest=CONFIDENCE, reward=maybe(ENTRY))))
        ),
        "rates-show": _report("rates-show", closed(**_ZONE, sources=each(SOURCE), entries=each(ENTRY))),
        "rates-which": _report(
            "rates-which",
            closed(
                **_ZONE,
                region=REGION,
                date=DAY,
                rates_as_of=maybe(DAY),
                answers=each(closed(rate=TEXT, entry=maybe(ENTRY), why_not=maybe(TEXT), corrects=each(COUNT))),
            ),
        ),
        "rates-check": _report(
            "rates-check",
            closed(
                files=COUNT,
                entries=COUNT,
                examples=COUNT,
                examples_passing=COUNT,
                problems_total=COUNT,
                problems=each(PROBLEM),
            ),
        ),
    }
