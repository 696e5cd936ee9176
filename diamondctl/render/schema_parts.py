"""The words that JSON Schemas of outputs are made of.

Convention: objects are closed, every key is always there, what is not known is null; money is decimal text with both ends.
"""

from __future__ import annotations

from typing import Any

from diamondctl.confidence import CONFIDENCES, OWN

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
TRUST: Schema = {"enum": [OWN, *CONFIDENCES]}
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


def report(name: str, data: Schema, version: int = 1, /, **more: Schema) -> Schema:
    """A whole document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"diamondctl.{name}/{version}",
        **closed(schema={"const": f"diamondctl.{name}/{version}"}, complete=FLAG, **more, data=data, warnings=each(TEXT)),
    }
