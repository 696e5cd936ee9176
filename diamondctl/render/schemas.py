"""JSON Schemas of every JSON output. `diamondctl/schemas/*.json` are written from here (python -m tests.generate)."""

from __future__ import annotations

from diamondctl.ratebook.compare import KINDS
from diamondctl.ratebook.entries import RATES
from diamondctl.ratebook.rules import SEVERITIES
from diamondctl.render import balance, explain, fees, payout, project, summary
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
from diamondctl.reports.coverage import WORDS
from diamondctl.reports.impact import FIGURES

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
ENTRY = closed(**_ENTRY, state={"enum": ["known", "none", "unknown"]}, missions=maybe(TEXT))
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
SOURCE = closed(name=TEXT, title=TEXT, published=maybe(DAY), retrieved=DAY, url=maybe(TEXT))
PROBLEM = closed(
    code=TEXT,
    severity={"enum": list(SEVERITIES)},
    message=TEXT,
    hint=maybe(TEXT),
    file=TEXT,
    line=maybe(COUNT),
    column=maybe(COUNT),
)


def schemas() -> dict[str, Schema]:
    """Every schema by the name of its report."""
    return ledger_schemas() | {
        "summary": summary.DOCUMENT.schema,
        "fees": fees.DOCUMENT.schema,
        "balance": balance.DOCUMENT.schema,
        "payout-check": payout.DOCUMENT.schema,
        "explain-reward": explain.REWARD.schema,
        "explain-stream": explain.STREAM.schema,
        "project": project.DOCUMENT.schema,
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
                passed=FLAG,
                strict=FLAG,
                max_age=maybe(COUNT),
                require=maybe(CONFIDENCE),
                problems_total=COUNT,
                errors=COUNT,
                warnings=COUNT,
                notices=COUNT,
                problems=each(PROBLEM),
            ),
            as_of=DAY,
        ),
        "rates-diff": report(
            "rates-diff",
            closed(
                base=TEXT,
                head=TEXT,
                zones=COUNT,
                history_kept=FLAG,
                changes=each(
                    closed(
                        change={"enum": list(KINDS)},
                        when=maybe({"enum": ["past", "future"]}),
                        platform=TEXT,
                        zone=TEXT,
                        rate=maybe({"enum": list(RATES)}),
                        fields=each(TEXT),
                        before=maybe(ENTRY),
                        after=maybe(ENTRY),
                        before_text=maybe(TEXT),
                        after_text=maybe(TEXT),
                    )
                ),
                problems=each(PROBLEM),
            ),
            as_of=DAY,
        ),
        "rates-impact": report(
            "rates-impact",
            closed(
                base=TEXT,
                head=TEXT,
                max_change=maybe(DECIMAL),
                exceeding=COUNT,
                effects=each(
                    closed(
                        creator=TEXT,
                        region=REGION,
                        month=TEXT,
                        figure={"enum": list(FIGURES)},
                        way=maybe(TEXT),
                        currency=CURRENCY,
                        before=maybe(MONEY),
                        after=maybe(MONEY),
                        changed=FLAG,
                        exceeds=FLAG,
                    )
                ),
                crossings=each(
                    closed(
                        creator=TEXT,
                        region=REGION,
                        month=TEXT,
                        currency=CURRENCY,
                        rule={"enum": ["minimum_payout", "maximum_payout"]},
                        method=TEXT,
                        before=maybe(TEXT),
                        after=maybe(TEXT),
                    )
                ),
                totals=each(closed(currency=CURRENCY, before=MONEY, after=MONEY)),
                left_out=each(closed(side={"enum": ["before", "after"]}, reason=TEXT, gifts=COUNT, coins=COUNT)),
            ),
            inputs=closed(files=each(FILE), base=each(RATE_FILE), head=each(RATE_FILE), share=maybe(DECIMAL)),
            notes=each(TEXT),
        ),
        "rates-coverage": report(
            "rates-coverage",
            closed(
                rate={"enum": list(RATES)},
                months=each(TEXT),
                counts=closed(**dict.fromkeys(WORDS, COUNT)),
                regions=each(
                    closed(region=REGION, platform=TEXT, zone=TEXT, file=TEXT, confidence=each({"enum": list(WORDS)}))
                ),
            ),
        ),
        "rates-explain": report(
            "rates-explain",
            closed(
                rules=each(
                    closed(code=TEXT, severity={"enum": list(SEVERITIES)}, what=TEXT, why=TEXT, broken=TEXT, mended=TEXT)
                )
            ),
        ),
    }
