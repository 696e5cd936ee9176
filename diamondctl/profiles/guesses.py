"""Which column of a table is which, by its name and by what it holds, and what the rows are. Every guess says why."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from diamondctl.combos import Price
from diamondctl.profiles import evidence
from diamondctl.profiles.evidence import Dates
from diamondctl.readers import combo_flags
from diamondctl.readers.cells import AFTER, short
from diamondctl.readers.tables import Table

SAMPLE: Final = 2_000
# Words that columns are called by, in the languages whose exports are met, without blanks and strokes; the plain names first.
_CALLED: Final[dict[str, tuple[str, ...]]] = {
    "timestamp": (
        "timestamp", "datetime", "date", "time", "createdat", "sentat", "receivedat", "createtime", "creationtime", "eventtime",
        "ts", "loggedat", "chattimestamp", "eventtimestamp", "timestampms", "giftedat", "insertedat", "recordedat", "day",
        "month",
        "datum", "zeit", "zeitpunkt", "datumuhrzeit", "zeitstempel", "tag", "monat", "fecha", "fechayhora", "fechahora",
        "hora", "día",
        "dia", "mes", "data", "datahora", "dataehora", "dateheure", "dateetheure", "heure", "jour", "mois",
        "日時", "時間", "日付",
        "时间", "日期", "시간", "날짜", "tanggal", "waktu", "ngày", "thờigian", "วันที่", "เวลา", "period", "dataperiod",
    ),
    "creator": (
        "creator", "host", "streamer", "channel", "anchor", "creatorname", "creatorusername", "creatorsusername",
        "hostusername",
        "tikfinityusername", "kanal", "creador", "createur", "créateur", "criador", "配信者",
    ),
    "gift": (
        "gift", "giftname", "giftlabel", "gifttitle", "geschenk", "geschenkname", "regalo", "nombredelregalo", "cadeau",
        "presente",
        "hadiah", "quà", "quàtặng", "ギフト", "ギフト名", "선물", "礼物", "禮物", "ของขวัญ", "name",
    ),
    "coins": (
        "coins", "coin", "coinseach", "coinspergift", "price", "unitprice", "coinvalue", "coinprice", "coincost", "münzen",
        "monedas",
        "pièces", "moedas", "コイン", "เหรียญ", "코인", "xu", "koin", "diamondcount", "giftdiamondcount",
        "diamondcost", "giftvalue",
        "giftcost",
        "giftprice", "diamondunit", "cost", "giftdiamonds", "giftcoins", "giftcoinvalue", "diamondvalue",
    ),
    "quantity": (
        "quantity", "qty", "count", "amount", "number", "repeatcount", "giftrepeatcount", "giftcount", "combocount", "repeat",
        "repeats", "anzahl", "menge", "stück", "cantidad", "quantité", "quantidade", "jumlah", "sốlượng", "個数",
        "数量", "수량",
        "จำนวน",
    ),
    "event_id": ("eventid", "msgid", "messageid", "transactionid", "giftmessageid", "id", "uuid"),
    "gifter": (
        "gifter", "senderuniqueid", "uniqueid", "sender", "user", "from", "username", "fromusername", "sendername", "nickname",
        "viewer", "fan", "userid", "senderid", "displayname", "absender", "benutzer", "usuario", "remitente", "utilisateur",
        "usuário",
        "pengirim", "ngườigửi", "ユーザー名", "ユーザー", "보낸사람", "ผู้ส่ง",
    ),
    "gift_id": ("giftid", "geschenkid"),
    "stream": ("stream", "streamid", "room", "roomid", "live", "liveid", "session", "sessionid"),
    "receiver": ("receiver", "to", "recipient", "receiveruserid", "touserid", "empfänger", "receptor", "destinataire"),
    "region": ("region", "country", "land", "país", "pays"),
}  # fmt: skip
_OF_EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "combo": ("groupid", "comboid", "streakid", "repeatid"),
    "gift_type": ("gifttype", "streakable", "isstreakable", "type"),
}
_OF_TOTALS: Final[dict[str, tuple[str, ...]]] = {
    "diamonds": (
        "diamonds", "totaldiamonds", "diamondsearned", "diamondcount", "diamanten", "diamantes", "diamants",
        "ダイヤモンド", "钻石",
        "鑽石",
        "다이아몬드", "เพชร", "kimcương", "berlian", "coins", "totalcoins", "coinsreceived",
    ),
    "seconds": ("liveduration", "duration", "livetime", "live時間", "livedauer", "duracióndelive", "durationseconds"),
    "streams": ("livestreams", "lives", "livecount", "streams", "liveの合計数"),
    "new_followers": ("newfollowers", "followersgained", "nuevosseguidores", "新規フォロワー", "neuefollower"),
    "viewers": ("viewers", "uniqueviewers", "totalviewers", "espectadores", "zuschauer", "ユニーク視聴者数"),
    "likes": ("likes", "totallikes", "megusta", "いいね"),
    "comments": ("comments", "commenters", "comentarios", "kommentare", "コメントした視聴者"),
    "stream": ("roomid", "streamid", "liveid", "sessionid"),
}  # fmt: skip
_OF_ROW: Final = re.compile("total|sum|gesamt|summe|celkem|合計|总|總|합계|รวม|tổng")
_CLOCK: Final = ("time", "uhrzeit", "zeit", "hora", "heure", "時刻", "clock", "ora", "waktu", "giờ", "시각")
_DIAMONDS: Final = frozenset(("diamonds", "diamanten", "diamantes", "diamants", "ダイヤモンド"))
# Where no name is known: a part of one, and what the texts of the column must be.
_LIKE: Final[dict[str, re.Pattern[str]]] = {
    "timestamp": re.compile("time|date|datum|fecha|when|zeit|at$|日|ngày|วัน"),
    "gift": re.compile("gift|geschenk|regalo|cadeau|hadiah|quà"),
    "coins": re.compile("coin|diamon?d|diamant|cost|price|value|worth|münz|moneda|moeda|prec|preis|valor|wert"),
    "quantity": re.compile("count|qty|quant|amount|repeat|anzahl|cantidad"),
    "gifter": re.compile("user|sender|from|nick|gifter|viewer"),
}
_UNMARKED: Final = re.compile("[.,' \u00a0\u202f]")
_EVENT_TYPE: Final = re.compile("type|event|kind|action|art|tipo")


class Guess(NamedTuple):
    """What a table seems to be."""

    table: Table
    kind: str
    columns: dict[str, int]
    clock: int  # where the time of day has a column of its own; -1: nowhere
    dates: Dates
    coins: str  # each | row; blank: it could be either
    coins_why: str
    diamonds: bool  # the column of the coins is one of diamonds
    where: tuple[int, tuple[str, ...]] | None  # a column, and what it says in rows of gifts
    why: str  # the rows are of this kind
    sample: list[list[str]]
    totals: int  # rows of totals among the others

    def texts(self, field: str) -> list[str]:
        """The texts of a column."""
        return at(self.sample, self.columns[field])


def word(name: str) -> str:
    """A column's name as it is compared: without case, blanks, strokes and marks."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())


_TIMES: Final = frozenset(map(word, _CALLED["timestamp"]))


def at(sample: Sequence[Sequence[str]], place: int) -> list[str]:
    """The texts of one column of some rows."""
    return [row[place] for row in sample if 0 <= place < len(row)]


def _find(called: Sequence[str], *spelled: list[str]) -> int:
    """The place of the first of some words, as names are compared; -1: nowhere."""
    for name in map(word, called):
        for names in spelled:
            if name in names:
                return names.index(name)
    return -1


def named(table: Table) -> dict[str, int]:
    """Columns of gifts by their names alone; enough to choose between tables."""
    words, ends = _words(table)
    columns: dict[str, int] = {}
    for field, called in _CALLED.items():
        for name in map(word, called):
            place = words.index(name) if name in words else ends.index(name) if name in ends else -1
            if place >= 0 and place not in columns.values():
                columns[field] = place
                break
    return columns


def _words(table: Table) -> tuple[list[str], list[str]]:
    words = [word(name) for name in table.names]
    is_path = table.about == "keys"
    return words, [word(name.rpartition(".")[2]) for name in table.names] if is_path else words


def guess(table: Table, sample: list[list[str]], totals: int, price: Price) -> Guess:
    """What the rows of a table are, and its columns, as far as names and texts tell."""
    columns = named(table)
    words, ends = _words(table)
    _by_content(columns, ends, sample)
    kind, why = _kind(table, columns, sample)
    if kind == "events":
        _of_events(columns, table, words, ends, sample)
    where = _where(table, columns, sample) if kind != "totals" else None
    if where is not None:
        sample = [row for row in sample if row[where[0]].strip() in where[1]]
    clock, dates = _times(table, columns, words, sample)
    if kind == "gifts" and (found := _totals(table, columns, words, ends, dates)) is not None:
        kind, columns, why = "totals", *found
        clock = clock if clock not in columns.values() else -1
    coins, coins_why = _coins(table, columns, sample, price) if kind != "totals" else ("each", "")
    diamonds = kind == "gifts" and "coins" in columns and words[columns["coins"]] in _DIAMONDS
    return Guess(table, kind, columns, clock, dates, coins, coins_why, diamonds, where, why, sample, totals)


def _by_content(columns: dict[str, int], ends: list[str], sample: list[list[str]]) -> None:
    """Columns whose name is not known, but holds a known word, and whose texts are what they have to be."""
    fits: dict[str, Callable[[list[str]], bool]] = {
        "timestamp": lambda texts: bool(evidence.dates(texts).forms),
        "coins": lambda texts: evidence.numbers(texts).fits,
        "quantity": lambda texts: evidence.numbers(texts).fits,
        "gift": lambda texts: not evidence.numbers(texts).fits and not any(text.startswith("http") for text in texts),
        "gifter": lambda texts: not any(text.startswith("http") for text in texts),
    }
    if "timestamp" in columns and not fits["timestamp"](at(sample, columns["timestamp"])):
        better = [place for place, name in enumerate(ends) if name in _TIMES and fits["timestamp"](at(sample, place))]
        if better and better[0] not in columns.values():
            columns["timestamp"] = better[0]
    for field, pattern in _LIKE.items():
        if field in columns:
            continue
        for place, name in enumerate(ends):
            texts = at(sample, place)
            if place in columns.values() or not pattern.search(name) or combo_flags.role(name) or name.endswith("id"):
                continue
            if any(text.strip() for text in texts) and fits[field](texts):
                columns[field] = place
                break


def _kind(table: Table, columns: dict[str, int], sample: list[list[str]]) -> tuple[str, str]:
    """Whether the rows are events of combos: by a flag, or by counts that climb."""
    for place, name in enumerate(table.names):
        texts = at(sample, place)
        said = any(text.strip() for text in texts)  # where only those that are over say so, a blank is a no
        if combo_flags.role(name) and said and table.about == "keys":
            return "events", f"'{short(name)}' says which events end a combo"
        if combo_flags.role(name) and said and any(not text.strip() or not combo_flags.is_over(name, text) for text in texts):
            return "events", f"'{short(name)}' says which rows end a combo; the others count so far"
    if {"quantity", "gifter"} <= columns.keys() and ("gift" in columns or "gift_id" in columns):
        gift = columns.get("gift_id", columns.get("gift", -1))
        last: dict[tuple[str, str], tuple[int, int]] = {}
        for row in sample:
            count = row[columns["quantity"]].strip()
            if count.isascii() and count.isdecimal():
                key, number = (row[columns["gifter"]], row[gift]), int(count[:9])
                before, rises = last.get(key, (0, 0))
                rises = rises + 1 if before and number == before + 1 else 0
                if rises >= 3:
                    return "events", "counts of one sender and gift climb one by one: each is the count so far"
                last[key] = number, rises
    return "gifts", ""


def _of_events(columns: dict[str, int], table: Table, words: list[str], ends: list[str], sample: list[list[str]]) -> None:
    for field, called in _OF_EVENTS.items():
        for name in map(word, called):
            place = words.index(name) if name in words else ends.index(name) if name in ends else -1
            if place >= 0 and place not in columns.values():
                texts = {text.strip().casefold() for text in at(sample, place)} - {""}
                if field != "gift_type" or texts <= {*map(str, range(20)), "true", "false"}:
                    columns[field] = place
                    break
    for place, name in enumerate(table.names):
        if place not in columns.values() and (role := combo_flags.role(name)):
            columns.setdefault("end" if role == "end" else "going_on", place)
    if {"end", "going_on"} <= columns.keys():
        del columns["going_on"]
    # The number of a row is no id of a message.
    if "event_id" in columns and any(len(text) < 12 for text in at(sample, columns["event_id"]) if text):
        del columns["event_id"]


def _where(table: Table, columns: dict[str, int], sample: list[list[str]]) -> tuple[int, tuple[str, ...]] | None:
    """The column that tells rows of gifts from others, where some name no gift and no coins."""
    fields = [columns[field] for field in ("gift", "gift_id", "coins") if field in columns]
    if not fields:
        return None
    gifts = [row for row in sample if any(row[place].strip() for place in fields)]
    others = [row for row in sample if not any(row[place].strip() for place in fields)]
    if not gifts or not others:
        return None
    for place in sorted(range(len(table.names)), key=lambda place: not _EVENT_TYPE.search(word(table.names[place]))):
        mine, theirs = {row[place].strip() for row in gifts}, {row[place].strip() for row in others}
        if place not in columns.values() and "" not in mine and len(mine) <= 5 and mine.isdisjoint(theirs):
            return place, tuple(sorted(mine))
    return None


def _times(table: Table, columns: dict[str, int], words: list[str], sample: list[list[str]]) -> tuple[int, Dates]:
    """Where a time of day stands apart from its date, and how times are written."""
    if "timestamp" not in columns:
        return -1, Dates((), False, "no column looks like a time")
    mine = at(sample, columns["timestamp"])
    dates = evidence.dates(mine)
    for place in (words.index(name) for name in _CLOCK if name in words):
        if place not in columns.values():
            both = evidence.dates([" ".join(pair) for pair in zip(mine, at(sample, place), strict=False)])
            if both.forms:
                return place, both
    return -1, dates


def _totals(
    table: Table, columns: dict[str, int], words: list[str], ends: list[str], dates: Dates
) -> tuple[dict[str, int], str] | None:
    """The columns of totals, where rows have a day or month and diamonds or coins, and neither gift, sender nor count."""
    if {"gift", "gift_id", "gifter", "quantity"} & columns.keys() or "timestamp" not in columns:
        return None
    if not dates.forms or not (dates.days_only or not any(re.search("[hHx_]", form) or not form for form in dates.forms)):
        return None
    found: dict[str, int] = {name: columns[name] for name in ("timestamp", "creator") if name in columns}
    for field, called in _OF_TOTALS.items():
        place = _find(called, words, ends)
        if place >= 0 and place not in found.values():
            found[field] = place
    if "diamonds" not in found and "coins" in columns:
        found["diamonds"] = columns["coins"]
    return (found, "a day or month and diamonds in each row, and no gift: totals") if "diamonds" in found else None


def _coins(table: Table, columns: dict[str, int], sample: list[list[str]], price: Price) -> tuple[str, str]:
    """Whether coins are those of one unit or of the row: by the name, by what divides, by equal gifts, by the catalogue."""
    if "coins" not in columns:
        return "each", ""
    name = word(table.names[columns["coins"]].rpartition(".")[2])
    if _OF_ROW.search(name):
        return "row", "by its name"
    if "quantity" not in columns:
        return "each", ""
    gift, gift_id = (columns.get(field, -1) for field in ("gift", "gift_id"))
    rows: list[tuple[tuple[str, str], int, int]] = []
    for row in sample:
        texts = [_UNMARKED.sub("", row[columns[field]]) for field in ("coins", "quantity")]
        if all(text.isascii() and text.isdecimal() and len(text) < 16 for text in texts):
            of_row, units = map(int, texts)
            if of_row and units > 1:
                rows.append(((row[gift_id] if gift_id >= 0 else "", row[gift] if gift >= 0 else ""), of_row, units))
    if not rows or any(coins % count for _, coins, count in rows):
        return "each", "" if not rows else "not every value divides by its count"
    same: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for names, coins, count in rows:
        same.setdefault(names, set()).add((coins, count))
    varied = [pairs for pairs in same.values() if len({count for _, count in pairs}) > 1]
    if varied and all(len({coins for coins, _ in pairs}) == 1 for pairs in varied):
        return "each", "the same gift costs the same, whatever its count"
    if varied and all(len({coins // count for coins, count in pairs}) == 1 for pairs in varied):
        return "row", "the same gift costs its count times as much"
    votes: Counter[str] = Counter()
    for (of_id, of_name), coins, count in rows:
        listed = price(of_id, of_name, AFTER - 1)
        if listed is not None:
            votes["row" if coins == listed * count else "each" if coins == listed else "other"] += 1
    if len(votes) == 1 and "other" not in votes:
        return next(iter(votes)), "the gift catalogue says so"
    return "", f"every value divides by its count, such as {rows[0][1]:,} by {rows[0][2]:,}" + (
        "; the gift catalogue does not settle it" if votes else "; the gift catalogue lists none of these gifts"
    )
