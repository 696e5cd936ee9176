"""What the rows of a file with a profile are: gifts, events of combos, totals, payouts, credits or other income; and the
columns that each of them has.
"""

from __future__ import annotations

from typing import Final

from diamondctl.readers.gift_rows import COLUMNS

SPANS: Final = ("day", "month", "stream")
# What a row is, and the columns that rows of a kind may have: gifts those of the plain format, events of combos more.
COLUMNS_OF: Final[dict[str, tuple[str, ...]]] = {
    "gifts": COLUMNS,
    "events": (*COLUMNS, "combo", "end", "going_on", "gift_type"),
    "totals": (
        "timestamp", "creator", "stream", "diamonds", "seconds", "streams", "new_followers", "viewers", "likes", "comments",
    ),
    "payouts": (
        "timestamp", "creator", "amount", "currency", "fee", "net", "tax", "status", "transaction", "reference", "payer",
        "account", "leg",
    ),
    "credits": ("timestamp", "creator", "stream", "amount", "currency", "booked", "transaction", "account"),
    "income": (
        "timestamp", "creator", "amount", "currency", "fee", "product", "source", "status", "transaction", "invoice", "account",
    ),
}  # fmt: skip
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "gifts": ("timestamp", "gift", "coins"),
    "events": ("timestamp",),
    "totals": ("timestamp", "diamonds"),
    **dict.fromkeys(("payouts", "credits", "income"), ("timestamp", "amount", "currency")),
}
MONEY: Final = ("payouts", "credits", "income")
KINDS: Final = tuple(COLUMNS_OF)
