"""The list of statements: payouts, credits and other income, a format an entry. Adding one is adding an entry.

Which of these shapes were seen in real files, and which only in programs that read them, `help money` says. Every column is
known by its header alone: accounts choose which columns they export, and in which language.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final, NamedTuple

from diamondctl.readers.money_cells import FORMS
from diamondctl.readers.profile import Profile

PAYOUT: Final = "payout"
CREDIT: Final = "credit"
INCOME: Final = "income"
# A state that leaves a row out.
LEFT: Final = "left out"
ARRIVED: Final = ""  # as the amounts say


class Format(NamedTuple):
    """What the columns of a statement are called and what its words mean. A header that has all that is `needed` is one."""

    kind: str  # "PayPal statement"
    sort: str  # of its rows: payout | credit | income
    account: str  # where payouts arrive, or who pays an income; transactions are told apart inside it
    columns: Mapping[str, tuple[str, ...]]  # a field -> headers, as they are compared; the first that is there
    needed: tuple[str, ...]
    forms: tuple[str, ...] = FORMS  # of its days
    # Both without case: a status -> what it means (others leave a row out); how a type begins -> what it is, and no payment.
    states: Mapping[str, str] = {}
    plumbing: Mapping[str, str] = {}
    currency: str = ""  # of all its rows
    products: Mapping[str, str] = {}  # of a table with a column each: header, without `(USD)` -> what was sold
    needs_payer: bool = False  # others pay into this account too
    places: int = 0  # decimals beyond those of the currency, which are rounded row by row
    leg: str = "in"  # of payouts
    span: str = "day"  # of credits
    decimal: str = ""
    form: str = ""  # of days, where a profile says it


_DONE: Final = dict.fromkeys(
    ("completed", "abgeschlossen", "terminé", "terminée", "effectué", "effectuée", "cleared", "paid", "success", "successful"),
    ARRIVED,
)
_WAY: Final = dict.fromkeys(
    ("pending", "ausstehend", "offen", "en attente", "processing", "in progress", "on hold", "on the way"), "on the way"
)
_FAILED: Final = dict.fromkeys(
    ("denied", "failed", "cancelled", "canceled", "expired", "rejected", "declined", "abgelehnt", "storniert", "refusé",
     "annulé", "returned"),
    "failed",
)  # fmt: skip
_BACK: Final = dict.fromkeys(
    ("reversed", "refunded", "charged back", "rückgängig gemacht", "zurückgezahlt", "remboursé"), "reversed"
)
STATES: Final = {**_DONE, **_WAY, **_FAILED, **_BACK, "requested": "requested", "arrived": ARRIVED}

_CONVERSION, _HOLD, _TRANSFER = "conversion of a currency", "authorisation or hold", "transfer from or to your own bank"
_PAYPAL_PLUMBING: Final = {
    **dict.fromkeys(
        ("general currency conversion", "allgemeine währungsumrechnung", "conversion de devise", "currency conversion"),
        _CONVERSION,
    ),
    **dict.fromkeys(
        ("general authorization", "temporary hold", "account hold", "reversal of general account hold",
         "general hold", "hold on", "allgemeine autorisierung", "vorübergehende einbehaltung", "einbehaltung", "autorisation",
         "suspension temporaire"),
        _HOLD,
    ),
    **dict.fromkeys(
        ("bank deposit to pp account", "general withdrawal", "user initiated withdrawal", "bank withdrawal", "withdrawal to",
         "bankgutschrift auf paypal-konto", "allgemeine abbuchung", "abbuchung", "von nutzer eingeleitete abbuchung",
         "virement bancaire", "virement standard", "transfer to bank", "retrait"),
        _TRANSFER,
    ),
}  # fmt: skip

FORMATS: Final = (
    Format(
        "PayPal statement", PAYOUT, "paypal",
        {
            "day": ("date", "datum"),
            "payer": ("name", "nom"),
            "type": ("type", "typ"),
            "status": ("status", "état"),
            "currency": ("currency", "währung", "devise"),
            "amount": ("gross", "brutto", "avant commission"),
            "fee": ("fee", "gebühr", "entgelt", "commission"),
            "net": ("net", "netto"),
            "transaction": ("transaction id", "transaktionscode", "numéro de transaction"),
            "reference": ("reference txn id", "zugehöriger transaktionscode", "numéro de la transaction de référence"),
            "more": ("from email address", "absender e-mail-adresse", "de l'adresse email", "subject", "betreff", "objet"),
            "impact": ("balance impact", "auswirkung auf guthaben", "impact sur le solde"),
        },
        ("day", "status", "currency", "amount", "fee", "net", "transaction"),
        states=STATES, plumbing=_PAYPAL_PLUMBING, needs_payer=True,
    ),
    Format(
        "Payoneer statement", PAYOUT, "payoneer",
        {
            "day": ("transaction date",),
            "payer": ("description",),
            "more": ("additional description", "source"),
            "status": ("status",),
            "currency": ("currency",),
            "amount": ("credit amount",),
            "transaction": ("transaction id",),
        },
        ("day", "payer", "amount", "currency", "transaction"),
        forms=("MM/DD/YYYY", "M/D/YYYY", "YYYY-MM-DD"), states=STATES, needs_payer=True,
    ),
    Format(
        "Wise statement", PAYOUT, "wise",
        {
            "day": ("date",),
            "payer": ("description",),
            "more": ("payer name", "payment reference", "merchant"),
            "currency": ("currency",),
            "amount": ("amount",),
            "transaction": ("transferwise id", "wise id"),
        },
        ("day", "payer", "amount", "currency", "transaction"),
        forms=("DD-MM-YYYY", "YYYY-MM-DD"), needs_payer=True,
        plumbing={"converted": _CONVERSION, "topped up": _TRANSFER, "sent money": _TRANSFER},
    ),
    Format(
        "Twitch revenue CSV", INCOME, "Twitch",
        {"day": ("date",)}, ("day",), currency="USD",
        products={
            "sub revenue": "subs", "subs revenue": "subs", "prime revenue": "Prime subs", "gifted subs revenue": "gifted subs",
            "bits revenue": "bits", "ad revenue": "ads", "ads revenue": "ads", "turbo revenue": "Turbo",
            "game sales revenue": "game sales", "extensions revenue": "extensions", "bounties revenue": "bounties",
            "hype chat revenue": "hype chat", "other revenue": "other",
        },
    ),
    Format(
        "YouTube revenue CSV", INCOME, "YouTube",
        {"day": ("date",)}, ("day",), places=6,
        products={
            "your estimated revenue": "revenue", "estimated revenue": "revenue", "estimated partner revenue": "revenue",
        },
    ),
    Format(
        "tips CSV", INCOME, "tips",
        {
            "day": ("date", "time", "timestamp", "created at", "created_at", "createdat", "received"),
            "source": ("name", "user", "username", "tipper", "donor", "donator", "from", "display name"),
            "message": ("message", "comment", "note"),
            "amount": ("amount", "tip", "tip amount", "donation", "gross"),
            "currency": ("currency",),
            "status": ("status",),
            "test": ("istest", "is test", "is_test", "test"),
            "transaction": ("id", "_id", "tip id", "donation id", "transaction id"),
        },
        ("day", "source", "message", "amount", "currency"),
        states=STATES,
    ),
)  # fmt: skip


def nearly(words: Set[str]) -> tuple[str, list[str]] | None:
    """What a header nearly is, by a word that only this format has, and the columns that it lacks, in every language."""
    for item in FORMATS:
        others = {word for other in FORMATS if other is not item for names in other.columns.values() for word in names}
        own = {word for field in item.needed for word in item.columns[field]} - others
        lacks = [field for field in item.needed if not words & set(item.columns[field])]
        if own & words and 0 < len(lacks) <= max(1, len(item.needed) // 3) < len(item.needed):
            return item.kind, [" or ".join(f"'{name}'" for name in item.columns[field]) for field in lacks]
    return None


def of_profile(profile: Profile) -> Format:
    """A profile of kind payouts, credits or income as a format; its columns are fields of the same names."""
    account = profile.values.get("account", "") or {"payouts": "bank", "credits": "app", "income": "income"}[profile.kind]
    return Format(
        f"{profile.kind} {profile.form.upper()}, profile {profile.name}",
        {"payouts": PAYOUT, "credits": CREDIT, "income": INCOME}[profile.kind],
        account, {}, (),
        states=STATES,
        needs_payer=profile.kind == "payouts" and "payer" in profile.columns,
        leg=profile.values.get("leg", "in"),
        span=profile.span,
        decimal=profile.decimal,
        form=profile.date_format,
    )  # fmt: skip
