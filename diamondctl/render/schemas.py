"""Every JSON output, and its schema. `diamondctl/schemas/*.json` are written from here (python -m tests.generate)."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from diamondctl import render
from diamondctl.render.schema_parts import Schema
from diamondctl.render.shape import Document


def _documents() -> tuple[Document, ...]:
    """Every document that a module of this folder says is its own; a report that is added is found here."""
    names = [module.name for module in iter_modules(render.__path__) if module.name != __name__.rpartition(".")[2]]
    found = (vars(import_module(f"{render.__name__}.{name}")).values() for name in names)
    return tuple(value for values in found for value in values if isinstance(value, Document))


DOCUMENTS: Final = _documents()


def schemas() -> dict[str, Schema]:
    """Every schema by the name of its report."""
    return {document.name: document.schema for document in DOCUMENTS}
