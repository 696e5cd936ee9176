"""JSON Schemas of the commands on the ledger. Conventions: `schemas`."""

from __future__ import annotations

from diamondctl.render.schema_parts import COUNT, CURRENCY, DAY, DECIMAL, FLAG, TEXT, Schema, closed, each, maybe, report

_WHOLE: Schema = {"type": "integer"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
DOCUMENT: Schema = {"type": "string", "pattern": "^d[0-9]{3,}$"}
ADJUSTMENT: Schema = {"type": "string", "pattern": "^a[0-9]{3,}$"}
_COUNTS = dict.fromkeys(("rows", "coins", "new", "known", "aside", "elsewhere"), COUNT)

IMPORTED = closed(
    name=TEXT,
    kind=TEXT,
    document=maybe(DOCUMENT),
    same_as=maybe(DOCUMENT),
    rows=COUNT,
    coins=COUNT,
    new=COUNT,
    new_coins=COUNT,
    known=COUNT,
    known_coins=COUNT,
    aside=COUNT,
    aside_coins=COUNT,
    elsewhere=COUNT,
    elsewhere_coins=COUNT,
    repeated=COUNT,
    folded=COUNT,
    folded_coins=COUNT,
    totals=COUNT,
    rejected=COUNT,
    lost=COUNT,
    notices=each(TEXT),
    doubts=each(TEXT),
)
HELD = closed(
    document=DOCUMENT,
    name=TEXT,
    kind=TEXT,
    sha256=SHA256,
    imported=TEXT,
    creator=TEXT,
    input_timezone=TEXT,
    encoding=TEXT,
    region=TEXT,
    profile=TEXT,
    earning_unit=TEXT,
    part_of=maybe(DOCUMENT),
    creators=COUNT,
    first_day=TEXT,
    last_day=TEXT,
    **_COUNTS,
    rejected=COUNT,
    open_rejects=COUNT,
    notices=each(TEXT),
    sort={"enum": ["gifts", "events", "totals"]},
    folded=COUNT,
)
STORED = closed(
    line=COUNT,
    time=TEXT,
    creator=TEXT,
    gift=TEXT,
    coins=COUNT,
    quantity=COUNT,
    event_id=TEXT,
    gifter=TEXT,
    gift_id=TEXT,
    stream=TEXT,
    receiver=TEXT,
    region=TEXT,
)
TOTAL = closed(
    line=COUNT,
    creator=TEXT,
    source=TEXT,
    span={"enum": ["stream", "day", "month"]},
    first_day=DAY,
    last_day=DAY,
    stream=TEXT,
    diamonds=maybe(COUNT),
    approximate=FLAG,
    raw=TEXT,
    seconds=maybe(COUNT),
    streams=maybe(COUNT),
    new_followers=maybe(COUNT),
)
REJECTED = closed(
    document=DOCUMENT,
    name=TEXT,
    place=TEXT,
    code=TEXT,
    problem=TEXT,
    hint=TEXT,
    state={"enum": ["open", "dismissed", "repaired"]},
    reason=TEXT,
    repaired=TEXT,
)
ADJUSTED = closed(
    adjustment=ADJUSTMENT,
    date=DAY,
    creator=TEXT,
    region=maybe(TEXT),
    kind={"enum": ["opening", "refund", "reversal", "bonus", "exchange"]},
    amount=DECIMAL,
    currency=CURRENCY,
    reason=TEXT,
)
FINDING = closed(what=TEXT, status={"enum": ["ok", "damaged", "note"]}, detail=TEXT, remedy=maybe(TEXT))
_FINDINGS = {"findings": each(FINDING)}
_ARCHIVE = {"files": COUNT, "bytes": COUNT, "sha256": SHA256}


def ledger_schemas() -> dict[str, Schema]:
    """Every schema by the name of its report."""
    adjusted = closed(adjustments=each(ADJUSTED))
    return {
        "import": report(
            "import",
            closed(files=each(IMPORTED), documents=each(DOCUMENT), rejected=COUNT),
            dry_run=FLAG,
            notes=each(TEXT),
        ),
        "documents-list": report(
            "documents-list", closed(documents=each(HELD), preferred=each(closed(creator=TEXT, source=TEXT)))
        ),
        "documents-show": report("documents-show", closed(document=HELD, gifts=each(STORED), totals=each(TOTAL))),
        "documents-undo": report(
            "documents-undo", closed(documents=each(DOCUMENT), gifts=_WHOLE, coins=_WHOLE, names=COUNT), dry_run=FLAG
        ),
        "documents-rejected": report("documents-rejected", closed(rows=each(REJECTED), dismissed=COUNT)),
        "adjust-list": report("adjust-list", adjusted),
        "adjust-add": report("adjust-add", adjusted, dry_run=FLAG),
        "adjust-undo": report("adjust-undo", adjusted, dry_run=FLAG),
        "privacy-status": report(
            "privacy-status", closed(names=COUNT, erased=COUNT, rejected_rows=COUNT, open_to_others=COUNT, **_FINDINGS)
        ),
        "privacy-erase": report("privacy-erase", closed(alias=TEXT, found=COUNT, texts=COUNT, left=COUNT, **_FINDINGS)),
        "doctor": report("doctor", closed(ledger=TEXT, **_FINDINGS)),
        "backup": report("backup", closed(file=TEXT, **_ARCHIVE, **_FINDINGS)),
        "restore": report("restore", closed(ledger=TEXT, **_ARCHIVE, **_FINDINGS)),
    }
