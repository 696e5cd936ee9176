"""Usage of many files in one SQL text, which DuckDB and Spark run unchanged; and the proof that it may be believed.

An engine lends it three functions of its own, each equal to a check of `cells`: `matches(text, pattern)`, whether all of a
text is of that form; `instant(text)` and `micros(instant)`, microseconds since 1970 UTC; and `digest(creator, id)`, any
64-bit hash. The relations that it reads have a column `file`, the file's number, and `c0`, `c1`, ... as the files have them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from diamondctl import periods
from diamondctl.readers import cells
from diamondctl.readers.gift_rows import COLUMNS, LONG_ID

# What the cells of a column are: of a CSV always text.
TEXT, WHOLE, INSTANT, LOCAL = "text", "whole", "instant", "local"
# What `cells.timestamp` accepts, less what needs a closer look: days that may not exist are left to the cast.
ZONE: Final = "(?:Z| ?UTC|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
CLOCK: Final = (
    "20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ]"
    "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?"
)
# An id as text that is dressed in no way, and nothing that a spreadsheet makes of one.
_ID: Final = (
    "matches({name}, '[0-9A-Za-z_:/@|~-]*') AND NOT matches({name}, '[0-9][eE][12][0-9]') AND length({name}) <= {longest}"
)
_CUT: Final = "[0-9]{15}0{3,}"
_PLAIN: Final = "[ -~]*"
_PERSONS: Final = ("creator", "gifter", "receiver")
NAMES: Final = ("creator", "gift", "gifter", "receiver")

_GIFTS: Final = """
WITH gifts AS ({cells}
)"""
_JUDGED: Final = """
, judged AS (
    SELECT *, CASE WHEN gift <> '' AND creator <> '' AND time >= {first} AND time < {after}
                    AND coins BETWEEN 0 AND {most_coins} AND quantity BETWEEN 1 AND {most_quantity}
                    AND CAST(coins AS DECIMAL(19, 0)) * CAST(quantity AS DECIMAL(19, 0)) <= {most_product}
                    AND {event_id} AND {gift_id} AND NOT matches(gift_id, '{cut}')
                    AND matches(region, '(?:[A-Z]{{2}})?') AND length(stream) <= {longest} AND {names}
               THEN 1 ELSE 0 END AS good
    FROM gifts
)"""
# What every row is judged to be, by file.
_PROOF: Final = """
SELECT file, count(*) AS gifts, sum(1 - good) AS bad, sum(naive) AS naive,
       sum(CASE WHEN event_id = '' THEN 1 ELSE 0 END) AS nameless,
       sum(CASE WHEN length(event_id) >= {long} THEN 1 ELSE 0 END) AS long_ids,
       sum(CASE WHEN length(event_id) >= {long} AND matches(event_id, '{cut}') THEN 1 ELSE 0 END) AS zeroed
FROM judged GROUP BY file
"""
# Names beyond plain ASCII, which only Python can judge, and how often they stand there.
_NAMES: Final = """
SELECT file, name, sum(decides) AS decides, count(*) AS times FROM ({each}
) AS named WHERE NOT matches(name, '{plain}') GROUP BY file, name
"""
# Of rows that were all judged to be good, so that no product is too large. An id counts once. Keys that occur once are whole
# gifts; the rows of all others meet by creator and id: equal keys of different ids change nothing. Blanks are filled from the
# other rows; what differs otherwise is a conflict.
_USAGE: Final = """
, keyed AS (
    SELECT *, coins * quantity AS amount, CASE WHEN event_id = '' THEN NULL ELSE digest(creator, event_id) END AS key
    FROM gifts
), repeated AS (
    SELECT key FROM keyed WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1
), gift AS (
    SELECT file, creator, region, stream, receiver, time, amount, 0 AS copies, 0 AS conflict
    FROM keyed ANTI JOIN repeated USING (key)
    UNION ALL
    SELECT min(file), creator, max(region), max(stream), max(receiver), min(time), min(amount), count(*) - 1,
           CASE WHEN min(time) < max(time) OR min(coins) < max(coins) OR min(quantity) < max(quantity) OR {differ}
                THEN 1 ELSE 0 END
    FROM keyed SEMI JOIN repeated USING (key) GROUP BY creator, event_id
)
SELECT file, creator, region, stream, CASE WHEN receiver = '' OR receiver = creator THEN 0 ELSE 1 END AS elsewhere,
       time - time % {quarter} AS began,
       sum(CAST(amount AS DECIMAL(18, 0))) AS coins, count(*) AS gifts, min(time) AS first, max(time) AS last,
       sum(copies) AS known, sum(CAST(copies AS DECIMAL(9, 0)) * CAST(amount AS DECIMAL(18, 0))) AS known_coins,
       sum(conflict) AS conflicts
FROM gift
GROUP BY file, creator, region, stream, CASE WHEN receiver = '' OR receiver = creator THEN 0 ELSE 1 END, time - time % {quarter}
"""


class Relation:
    """One relation of an engine: its name there, which of `COLUMNS` is which of its columns, and what their cells are."""

    def __init__(self, name: str, places: Sequence[int | None], kinds: Mapping[str, str]) -> None:
        self.name, self.places, self.kinds = name, places, kinds

    def cells(self, creator: str) -> str:
        """Its rows with the names and types of a gift; `creator` is an SQL text for rows that name none."""
        of = {name: self._text(name) for name in COLUMNS}
        naive = f"NOT matches({of['timestamp']}, '.*{ZONE}')"
        time = f"CASE WHEN matches({of['timestamp']}, '{CLOCK}{ZONE}?') THEN instant({of['timestamp']}) END"
        kind = self.kinds["timestamp"]
        if kind != TEXT:
            naive, time = "true" if kind == LOCAL else "false", f"micros({self._column('timestamp')})"
        return (
            f"SELECT file, {time} AS time, CASE WHEN {naive} THEN 1 ELSE 0 END AS naive, "
            f"CASE WHEN {of['creator']} = '' THEN {creator} ELSE {of['creator']} END AS creator, "
            f"{self._whole('coins', 15)} AS coins, {self._whole('quantity', 9)} AS quantity, upper({of['region']}) AS region, "
            + ", ".join(f"{of[name]} AS {name}" for name in ("event_id", "gift", "gifter", "gift_id", "stream", "receiver"))
            + f" FROM {self.name}"
        )

    def _column(self, name: str) -> str:
        place = self.places[COLUMNS.index(name)]
        return "NULL" if place is None else f"c{place}"

    def _text(self, name: str) -> str:
        column = self._column(name)
        return "''" if column == "NULL" else f"coalesce(CAST({column} AS STRING), '')"

    def _whole(self, name: str, digits: int) -> str:
        column, text = self._column(name), self._text(name)
        blank = "1" if name == "quantity" else "NULL"
        if column == "NULL":
            return f"CAST({blank} AS BIGINT)"
        if self.kinds[name] != TEXT:
            return f"CASE WHEN {column} IS NULL THEN {blank} ELSE TRY_CAST({column} AS BIGINT) END"
        number = f"WHEN matches({text}, '[0-9]{{1,{digits}}}') THEN TRY_CAST({text} AS BIGINT)"
        return f"CASE WHEN {text} = '' THEN {blank} {number} END"


def proof(relations: Sequence[Relation], creator: str) -> str:
    """Rows by file: file, rows, and how many are not plainly clean, name no zone, have no id, a long id, one that looks cut."""
    return _gifts(relations, creator) + _judged() + _PROOF.format(long=LONG_ID, cut=_CUT)


def odd_names(relations: Sequence[Relation], creator: str) -> str:
    """Names beyond ASCII: file, name, how often it decides whose money it is, how often it occurs."""
    each = " UNION ALL".join(
        f"\n    SELECT file, {name} AS name, {int(name in ('creator', 'receiver'))} AS decides FROM gifts" for name in NAMES
    )
    return _gifts(relations, creator) + _NAMES.format(each=each, plain=_PLAIN)


def usage(relations: Sequence[Relation], creator: str) -> str:
    """Usage: file, creator, region, stream, whether somebody else received it, begin of the quarter, coins, gifts, first,
    last; and of ids that occur again rows, coins, conflicts. Instants in microseconds. The file is the first that has a gift.
    """
    differ = " OR ".join(f"min(nullif({name}, '')) < max({name})" for name in ("receiver", "region", "stream", "gift_id"))
    return _gifts(relations, creator) + _USAGE.format(differ=differ, quarter=periods.QUARTER)


def _gifts(relations: Sequence[Relation], creator: str) -> str:
    return _GIFTS.format(cells=" UNION ALL".join(f"\n    {relation.cells(creator)}" for relation in relations))


def _judged() -> str:
    return _JUDGED.format(
        first=cells.FIRST,
        after=cells.AFTER,
        most_coins=cells.MAX_COINS,
        most_quantity=cells.MAX_QUANTITY,
        most_product=cells.MAX_PRODUCT,
        longest=cells.MAX_TEXT,
        event_id=_ID.format(name="event_id", longest=cells.MAX_EVENT_ID),
        gift_id=_ID.format(name="gift_id", longest=cells.MAX_TEXT),
        cut=_CUT,
        names=" AND ".join(map(_name, NAMES)),
    )


def _name(name: str) -> str:
    """That a name is not too long, and a person's is no id that is dressed for a spreadsheet (by ', among others)."""
    bare = f"length({name}) <= {cells.MAX_TEXT}"
    if name in _PERSONS:
        bare += f" AND (NOT matches({name}, '[ &-(=].*|.* ') OR NOT matches({name}, '.*[0-9]{{15}}.*'))"
    return bare
