"""Every JSON output, and its schema. `diamondctl/schemas/*.json` are written from here (python -m tests.generate)."""

from __future__ import annotations

from typing import Final

from diamondctl.render import (
    adjustments,
    balance,
    check,
    config,
    coverage,
    diff,
    documents,
    explain,
    fees,
    impact,
    payout,
    profiles,
    project,
    rates,
    rules,
    summary,
    upkeep,
)
from diamondctl.render.schema_parts import Schema

DOCUMENTS: Final = (
    *(documents.IMPORT, documents.LIST, documents.SHOW, documents.UNDO, documents.REJECTED),
    *(summary.DOCUMENT, balance.DOCUMENT, fees.DOCUMENT, payout.DOCUMENT, project.DOCUMENT),
    *(explain.REWARD, explain.STREAM),
    *(adjustments.LIST, adjustments.ADD, adjustments.UNDO),
    *(upkeep.DOCTOR, upkeep.BACKUP, upkeep.RESTORE, upkeep.STATUS, upkeep.ERASE),
    *(config.DOCUMENT, profiles.LIST, profiles.TEST),
    *(rates.LIST, rates.SHOW, rates.WHICH, coverage.DOCUMENT),
    *(check.DOCUMENT, diff.DOCUMENT, impact.DOCUMENT, rules.DOCUMENT),
)


def schemas() -> dict[str, Schema]:
    """Every schema by the name of its report."""
    return {document.name: document.schema for document in DOCUMENTS}
