"""JSON Schemas of every JSON output. `diamondctl/schemas/*.json` are written from here (python -m tests.generate)."""

from __future__ import annotations

from diamondctl.ratebook.entries import RATES
from diamondctl.render.ledger_schemas import ledger_schemas
from diamondctl.render.schema_parts import (
    CONFIDENCE,
    COUNT,
    CURRENCY,
    DAY,
    DECIMAL,
    FLAG,
    ORIGIN,
    REGION,
    SHA256,
    TEXT,
    Schema,
    closed,
    each,
    maybe,
    report,
)

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
CONFIG_FILE = closed(file=TEXT, sha256=SHA256)
INPUTS = closed(
    ledger=maybe(closed(documents=COUNT)),
    files=each(FILE),
    rates=each(RATE_FILE),
    share=maybe(DECIMAL),
    rates_as_of=maybe(DAY),
    config=maybe(CONFIG_FILE),
)
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


def schemas() -> dict[str, Schema]:
    """Every schema by the name of its report."""
    return ledger_schemas() | {
        "summary": report(
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
        "fees": report(
            "fees", closed(accounts=each(FEES), rates=each(ENTRY_USED)), period=PERIOD, inputs=INPUTS, notes=each(TEXT)
        ),
        "balance": report(
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
        "payout-check": report(
            "payout-check",
            closed(accounts=each(PAYOUT), rates=each(ENTRY_USED)),
            period=PERIOD,
            as_of=DAY,
            inputs=INPUTS,
            notes=each(TEXT),
        ),
        "profile-list": report(
            "profile-list",
            closed(
                profiles=each(
                    closed(name=TEXT, kind=TEXT, form=TEXT, columns=each(TEXT), file=TEXT, origin=ORIGIN, sha256=SHA256)
                )
            ),
        ),
        "profile-test": report(
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
        "config-show": report(
            "config-show",
            closed(
                file=maybe(TEXT),
                exists=FLAG,
                settings=each(
                    closed(
                        key=TEXT,
                        value=maybe(TEXT),
                        **{"from": maybe(DAY)},
                        origin={"enum": ["flag", "environment", "config", "default"]},
                        name=maybe(TEXT),
                        file=maybe(TEXT),
                        line=maybe(COUNT),
                    )
                ),
            ),
        ),
        "rates-list": report(
            "rates-list", closed(zones=each(closed(**_ZONE, entries=COUNT, weakest=CONFIDENCE, reward=maybe(ENTRY))))
        ),
        "rates-show": report("rates-show", closed(**_ZONE, sources=each(SOURCE), entries=each(ENTRY))),
        "rates-which": report(
            "rates-which",
            closed(
                **_ZONE,
                region=REGION,
                date=DAY,
                rates_as_of=maybe(DAY),
                answers=each(closed(rate=TEXT, entry=maybe(ENTRY), why_not=maybe(TEXT), corrects=each(COUNT))),
            ),
        ),
        "rates-check": report(
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
