"""diamondctl: what LIVE gifts earned, when it can be paid out, and what was taken on the way.

As a library: `import diamondctl; diamondctl.summary("gifts.csv", region="US").answer`. See `diamondctl.api.library`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
# Named here so that looking for a module of the package does not load the library.
LIBRARY = {
    "Misuse", "Options", "Problem", "Refusal", "Report", "balance", "compare", "estimate", "fees", "gifters", "gifts",
    "import_files", "payout_check", "project", "rates", "reconcile", "schedule", "statement", "streams", "summary", "verify",
    "year",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """The functions of the library; a command loads none of them."""
    if name in LIBRARY:
        return getattr(import_module("diamondctl.api.library"), name)
    raise AttributeError(f"module 'diamondctl' has no attribute '{name}'")
