"""Files that people have and that hold no gifts, known by the names of their columns: what they are, and what to bring instead.

A file is named here only for its own sake: nothing of it is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from diamondctl.problems import NoGiftFile, Problem
from diamondctl.readers import csv_rows, statement_formats
from diamondctl.readers.profile import header_word
from diamondctl.readers.sources import Source

_PAYOUTS: Final = "payouts are no gifts; a ledger takes them by a profile of kind payouts: see diamondctl help money"
_MONEY: Final = "money, not gifts of a LIVE in coins; a ledger takes it as income by a profile: see diamondctl help money"
_EVENTS: Final = "the recorder keeps gifts in a file of their own"
_OTHER: Final = "no gifts of TikTok LIVE; a ledger takes it as income by a profile: see diamondctl help money"


class Known(NamedTuple):
    """A kind of file. Any of `headers` tells it: columns that are all there."""

    what: str
    hint: str
    headers: tuple[frozenset[str], ...]
    lacks: str = ""  # columns without which it is not read


def _known(what: str, hint: str, *headers: str) -> Known:
    return Known(what, hint, tuple(frozenset(header.split(",")) for header in headers))


# The first that fits names the file; specific ones come first.
_KNOWN: Final = (
    _known("a Payoneer statement", _PAYOUTS, "credit amount,debit amount,currency",
        "transaction id,running balance,credit amount"),
    _known(
        "a PayPal statement", _PAYOUTS, "gross,fee,net", "brutto,gebühr,netto", "brutto,entgelt,netto",
        "avant commission,commission,net",
        "bruto,tarifa,neto", "bruto,comisión,neto", "lordo,tariffa,netto", "bruto,taxa,líquido",
        "from email address,to email address",
    ),
    _known(
        "a Wise statement", _PAYOUTS, "transferwise id", "wise id", "source amount (after fees),target amount (after fees)",
        "payment reference,running balance,exchange rate",
    ),
    _known("a Stripe statement", _PAYOUTS, "balance_transaction_id", "balance transaction,net", "reporting_category,net"),
    _known("a YouTube Studio report", _OTHER, "content,video title,views", "date,your estimated revenue (usd)",
        "super chat revenue"),
    _known("a Twitch revenue report", _OTHER, "sub revenue", "bits revenue", "prime revenue", "gifted subs revenue",
        "ad revenue,date"),
    _known("a Kick report", _OTHER, "kicks", "kicks gifted", "kicks amount"),
    _known("a Patreon report", _OTHER, "patron status", "lifetime amount,pledge amount", "patreon fee"),
    _known("tips of a donation service", _MONEY, "amount,currency,message", "amount,currency,donor", "donation,message",
        "tip,message",
           "from,message,received"),
    _known("comments", _EVENTS, "comment,user_id", "comment,nickname", "comment,username", "comment,timestamp",
        "message,user_id"),
    _known("follows", _EVENTS, "follow_count", "follow count"),
    _known("joins", _EVENTS, "enter_type", "client_enter_source", "join_type"),
    _known("likes", _EVENTS, "like_count", "likecount", "total_likes", "totallikecount"),
    _known("shares", _EVENTS, "share_type,user_id", "share_count", "shares,user_id"),
    _known("numbers of viewers", _EVENTS, "viewer_count", "viewercount", "viewer count", "viewers,timestamp"),
    _known(
        "a bank statement", _PAYOUTS, "buchungstag,betrag", "buchungsdatum,betrag", "valuta,betrag", "booking date,amount",
        "iban,amount",
        "iban,betrag", "date,description,amount,balance", "date,description,debit,credit", "money in,money out",
        "paid in,paid out",
        "date de valeur,montant", "date,libellé,montant", "fecha,concepto,importe", "fecha valor,importe",
        "data,descrição,valor",
        "transaction date,amount,balance", "posting date,amount",
    ),
)  # fmt: skip
# A file with one of these in a name of a column may well hold gifts, however it is called.
_MAY_BE: Final = re.compile(
    "gift|coin|diamon?d|diamant|geschenk|regalo|cadeau|presente|quà|hadiah|ของขวัญ|선물|ギフト|プレゼント|礼物|禮物|münz|moneda|moeda|pièce|"
    "repeat|streak|combo|ダイヤ|コイン|钻|鑽|다이아"
)
_DIAMONDS: Final = re.compile("diamon?d|diamant|ダイヤ|钻|鑽|다이아|เพชร|kim cương|berlian")
_GIFT: Final = re.compile(
    "gift|geschenk|regalo|cadeau|quà|hadiah|ギフト|선물|礼物|禮物|repeat|streak|combo|user|sender|from|fan"
)
EXPORTED: Final = re.compile(
    r"(?i)(?:tiktok|activity|profile|history|income|wallet|direct messages?|comments?).*\.txt$"
)  # members of one
_LABEL: Final = re.compile(r"[A-Z][A-Za-z +()-]{1,40}: \S")
_WHEN: Final = re.compile(
    r"\b(?:date|day|month|datum|tag|fecha|jour|data|dia|día|mes|monat|mois|tanggal|ngày|period)\b|日付|日期|날짜|日"
)


def names_of(source: Source) -> list[str]:
    """The names in the first line of a CSV, as they are compared, with the delimiter that gives most."""
    records, _ = csv_rows.headers(source.first_line().lstrip("\ufeff").rstrip("\r\n"), 1)
    return max(([header_word(field) for field in record.fields] for record in records), key=len, default=[])


def known(names: Collection[str]) -> Known | None:
    """What a table with these columns is, when it is known to hold no gifts; totals too, which a profile reads as such."""
    there = set(names)
    if any(map(_DIAMONDS.search, there)) and any(map(_WHEN.search, there)) and not any(map(_GIFT.search, there)):
        return Known("a table of totals", "not of single gifts: diamondctl profile sniff FILE proposes a profile for them", ())
    if any(map(_MAY_BE.search, there)):
        return None
    return next((item for item in _KNOWN if any(header <= there for header in item.headers)), None)


def nearly(names: Collection[str]) -> Known | None:
    """What a table with these columns would be if it had one or two more: a statement that was exported without them."""
    found = statement_formats.nearly(set(names))
    if found is None:
        return None
    kind, lacks = found
    hint = "export it with that column, or a profile says it: see diamondctl help money"
    return Known(f"a {kind}", hint, (), f"the column {' and '.join(lacks)}")


def may_be_gifts(names: Collection[str]) -> bool:
    """Whether a table of which nothing is known may hold gifts, by its columns."""
    return any(map(_MAY_BE.search, names)) or {"timestamp", "creator"} <= set(names)


def text_export(name: str) -> NoGiftFile:
    """The refusal of TikTok's data export in its TXT form."""
    what = "TikTok's data export in TXT form"
    hint = "request it again as JSON: that holds the totals of your LIVEs, but no gifts received"
    return NoGiftFile(what, Problem("F012", f"this is {what}", hint, name))


def is_text_export(source: Source) -> bool:
    """Whether a text looks like a file of such an export: a label and a value on each line."""
    lines = [line for line in source.head.splitlines() if line.strip()][:3]
    return len(lines) > 1 and all(_LABEL.match(line) for line in lines)
