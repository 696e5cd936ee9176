"""Tables of fields: what is made of one description agrees, and no report goes around the engine."""

from __future__ import annotations

import ast
import json
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from diamondctl import render
from diamondctl.money import Range
from diamondctl.render import shape as f
from diamondctl.render.page import Page, Part, Texts, Words, said
from diamondctl.render.schemas import DOCUMENTS
from diamondctl.render.text import clean
from tests.support import ROOT

RENDER = Path(str(render.__file__)).parent
# The engine, and what it is made of. Everything else in the folder shows a report, and says only what its fields are.
ENGINE = {"shape", "page", "view", "tables", "screen", "text", "formats", "numbers", "schema_parts", "schemas"}
# Formats that one command alone writes; they pass the gate by themselves.
WRITERS = {"github", "journals", "junit", "manual", "sarif"}
RENDERERS = sorted(path.stem for path in RENDER.glob("*.py") if path.stem not in {*ENGINE, *WRITERS, "__init__"})
NAMES = sorted(path.name.removesuffix(".schema.json") for path in (ROOT / "diamondctl/schemas").glob("*.json"))


class Thing(NamedTuple):
    """A row with a value of every kind."""

    name: str = "mara \u202e"
    amount: Range = Range(Decimal(1), Decimal("2.50"))
    currency: str = "USD"
    gifts: int = 1234
    words: tuple[str, ...] = ("a", "b")
    part: Thing | None = None


FIELDS: f.Fields = (
    f.Field("name", title="Name"),
    f.Field("gifts", f.COUNT, title="Gifts"),
    f.money("amount", title="Amount"),
    f.Field("range", f.RANGE, "amount"),
    f.Field("words", f.WORDS),
    f.Field("state", f.word("on", "off"), lambda thing: "on", forms="json"),
    f.Field("nothing", f.DAY, lambda thing: None, maybe=True),
    *f.under("part", (f.Field("name"), f.money("amount")), prefix="part_", maybe=True),
)


@pytest.mark.parametrize("row", [Thing(), Thing(part=Thing("lee"))])
def test_json_holds_the_schema_and_records_have_the_columns(row: Thing) -> None:
    """Both are made of the same fields, with and without a part."""
    value = f.json_of(FIELDS, row)
    Draft202012Validator(f.schema_of(FIELDS)).validate(json.loads(json.dumps(value)))
    assert list(value) == ["name", "gifts", "amount", "range", "words", "state", "nothing", "part_name", "part_amount"]
    assert value["amount"] == {"currency": "USD", "low": "1.00", "high": "2.50", "confidence": None}
    records = f.records_of(FIELDS, [row])
    assert records.columns == f.columns_of(FIELDS)
    named = dict(zip(records.columns, records.rows[0], strict=True))
    assert (named["amount_high"], named["range_high"], named["words"], named["nothing"]) == ("2.50", "2.5", "a b", "")
    assert named["part_name"] == ("" if row.part is None else "lee")
    assert {"gifts", "amount_low", "part_amount_high"} <= records.numbers
    assert "name" not in records.numbers


def test_every_text_of_a_page_is_made_harmless() -> None:
    """Cells, titles, headers, sentences, words and what closes a page."""
    bad = "x\u202e\x1b[2J"
    page: list[Part] = [
        f.table(f.pick(FIELDS, "gifts", name=bad), [Thing(bad)], bad, [("1", bad)]),
        (said(bad, kind="warning", mark="! "), Texts((bad,), "title", wrapped=False)),
        Words((bad, bad)),
    ]
    for width in (None, 40, 8):
        text = Page(page, bad).lay(width, "-", clean).text()
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert text.count("<U+202E>") >= 8


def test_a_field_can_follow_another_one_in_the_schema_alone() -> None:
    """Schemas that are out stay as they are when a document is written in another order."""
    fields = (f.Field("a", after="c"), f.Field("b", after="a"), f.Field("c"), f.Field("d", after="none"))
    assert list(f.properties_of(fields)) == ["c", "a", "b", "d"]


def test_every_document_is_made_of_fields() -> None:
    """A schema that is shipped belongs to a document of fields, and every document is shipped, under a name of its own."""
    assert sorted(document.name for document in DOCUMENTS) == [name for name in NAMES if name != "config"]
    for document in DOCUMENTS:
        shipped = json.loads((ROOT / f"diamondctl/schemas/{document.name}.schema.json").read_text())
        assert shipped == document.schema
        assert len(set(document.columns)) == len(document.columns)


@pytest.mark.parametrize("name", RENDERERS)
def test_no_renderer_goes_around_the_engine(name: str) -> None:
    """None lays out, cleans, or makes records and schemas by itself."""
    tree = ast.parse((RENDER / f"{name}.py").read_text())
    imported = {
        f"{node.module}.{alias.name}".removeprefix("diamondctl.render.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    around = {
        *(f"tables.{name}" for name in ("Column", "Grid", "Laid", "Line", "lay_out", "join", "notes")),
        *(f"view.{name}" for name in ("records", "Records", "Clean", "ends")),
    }
    assert not imported & around
    assert not [name for name in imported if name.startswith("schema_parts")]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "View"]
