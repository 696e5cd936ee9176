"""Rows of documents to gifts, each once: the rules of identity as one SQL text, run over Parquet.

A row with an event id is one gift for its source family and creator; a row without is known by its content, and over
sources the maximum count per content counts. A source is a document, together with the repaired rows of that document.
Everything derived in the catalog comes from here: on import over what the new document can meet, on undo over what it
leaves behind, in `doctor` over everything. The order of documents never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl import columns, periods
from diamondctl.ledger import packs
from diamondctl.ledger.families import EVENTS, GIFTS, WITH_IDS, family_of
from diamondctl.records import Gift, GiftUsage, Usage

MEMORY: Final = "500MB"
DAY: Final = 96  # quarters


class Rows(NamedTuple):
    """The Parquet file of one document, and what its rows share."""

    path: Path
    document: int
    source: int  # the document, or the one whose repaired rows these are
    region: str  # for rows that name none
    families: Mapping[str, str]  # by creator


class Span(NamedTuple):
    """What a document holds of one creator."""

    creator: str
    rows: int
    first_time: int
    last_time: int
    first_id: str  # smallest and greatest event id; blank: rows without ids only
    last_id: str
    filled: tuple[str, ...]  # of TELLING: columns that some row fills
    sort: str = GIFTS  # of its rows

    @property
    def family(self) -> str:
        """The family of sources it belongs to."""
        return family_of(bool(self.last_id), self.filled, self.sort)

    @property
    def window(self) -> Window:
        """Its days."""
        return Window.around(self.creator, self.first_time, self.last_time)


class Window(NamedTuple):
    """Whole UTC days of one creator, first and last included."""

    creator: str
    first: int  # days since 1970
    last: int

    @classmethod
    def around(cls, creator: str, first_time: int, last_time: int) -> Window:
        """The days from one instant to another."""
        return cls(creator, first_time // periods.DAY, last_time // periods.DAY)


class Cross(NamedTuple):
    """What a family that does not count says of a quarter."""

    creator: str
    family: str
    quarter: int
    coins: int
    gifts: int


class Tally(NamedTuple):
    """Where the rows of a new document went; `rows == new + known + aside + elsewhere + folded + totals`."""

    rows: int = 0
    coins: int = 0
    new: int = 0
    new_coins: int = 0
    known: int = 0
    known_coins: int = 0
    aside: int = 0
    aside_coins: int = 0
    elsewhere: int = 0
    elsewhere_coins: int = 0
    repeated: int = 0  # rows that equal another row without id in the same document; all of them were kept
    folded: int = 0  # frames that are part of a gift of another frame
    folded_coins: int = 0
    totals: int = 0  # rows that are no gifts


class Clash(NamedTuple):
    """Rows with one id and other content."""

    event_id: str
    document: int
    line: int
    other_document: int
    other_line: int
    different: tuple[str, ...]


class Contest(NamedTuple):
    """Two families over the same days of a creator, and none of them preferred."""

    creator: str
    first: int  # days since 1970
    last: int
    days: int
    coins: tuple[tuple[str, int, int], ...]  # family, gifts, coins


class Merged(NamedTuple):
    """Every gift of the windows, once."""

    runs: list[packs.Run]
    cross_checks: list[Cross]
    tally: Tally
    clashes: list[Clash]
    clash_count: int
    contests: list[Contest]
    contested: Mapping[str, Mapping[int, str]]  # creator -> days that two families cover -> the one that counts, or blank
    shared: Set[tuple[str, str]]  # creators and ids of gifts of event logs that rows of gifts stand for

    @property
    def usage(self) -> list[Usage]:
        """The runs as rows."""
        return [row for stored in packs.packed(self.runs) for row in packs.unpack(stored)]

    def part_of(self, family: str, gift: Gift) -> str:
        """Where a gift that no other document has went: as `_ROLES` and `_TALLY` say it."""
        if family == EVENTS and (gift.creator, gift.event_id) in self.shared:
            return "known"
        if gift.receiver not in ("", gift.creator):
            return "elsewhere"
        counts = self.contested.get(gift.creator, {}).get(gift.time // periods.DAY, "")
        return "aside" if counts and counts != family else "new"


_KEPT: Final = ("time", "creator", "gift", "coins", "quantity", "event_id", "gifter", "gift_id", "stream", "receiver", "region")

# What a row without id is known by. Names of gifts are translated, ids are not: the name only where there is no gift id.
_CONTENT: Final = """struct_pack(
    "time" := {of}time, receiver := CASE WHEN {of}receiver = {of}creator THEN '' ELSE {of}receiver END,
    region := {of}region, stream := {of}stream, gifter := {of}gifter, gift_id := {of}gift_id,
    gift := CASE WHEN {of}gift_id = '' THEN {of}gift ELSE '' END, coins := {of}coins, quantity := {of}quantity)"""
# Rows of the windows and, of the other documents, rows that share an id with a new one wherever they lie.
_MET: Final = """
CREATE TEMP TABLE met AS
WITH new_id AS (SELECT DISTINCT creator, event_id FROM given WHERE incoming AND event_id <> '')
SELECT given.*, span.family
FROM given
JOIN span ON span.document = given.document AND span.creator = given.creator
WHERE incoming
   OR EXISTS (FROM span_window WHERE span_window.creator = given.creator AND given.day BETWEEN first AND last)
   OR (given.event_id <> '' AND (given.creator, given.event_id) IN (SELECT (creator, event_id) FROM new_id))
"""
# A new document that can meet no other.
_MET_ALONE: Final = """
CREATE TEMP VIEW met AS
SELECT given.*, span.family FROM given JOIN span ON span.document = given.document AND span.creator = given.creator
"""
# What a row is known by, as a number: rows with different numbers are different gifts. Most numbers stand there once.
_KEYED: Final = """
CREATE TEMP VIEW keyed AS
SELECT *, coalesce(nullif(region, ''), fill) AS effective_region,
       CASE WHEN document < 0 THEN NULL  -- of event logs: each is there once, for they were folded together
            WHEN event_id <> '' THEN hash(creator, event_id)
            ELSE hash(creator, time, coins, quantity, gifter, stream) END AS known_by,
       CASE WHEN event_id = '' THEN CONTENT END AS content
FROM met
""".replace("CONTENT", _CONTENT.format(of=""))
_REPEATED: Final = """
CREATE TEMP TABLE repeated AS SELECT known_by FROM keyed GROUP BY known_by HAVING count(*) > 1
"""
_MERGED: Final = """
CREATE TEMP VIEW merged AS
WITH per_source AS (
    SELECT family, creator, event_id, content, source,
           count(*) AS n, count(*) FILTER (WHERE incoming) AS n_new,
           min(time) AS time, max(time) AS last_time, min(coins) AS coins, max(coins) AS most_coins,
           min(quantity) AS quantity, max(quantity) AS most_quantity,
           min(nullif(receiver, '')) AS receiver, max(nullif(receiver, '')) AS last_receiver,
           min(nullif(region, '')) AS region, max(nullif(region, '')) AS last_region,
           min(nullif(fill, '')) AS fill, max(nullif(fill, '')) AS last_fill,
           min(nullif(stream, '')) AS stream, max(nullif(stream, '')) AS last_stream,
           min(nullif(gift_id, '')) AS gift_id, max(nullif(gift_id, '')) AS last_gift_id
    FROM keyed SEMI JOIN repeated USING (known_by)
    GROUP BY ALL
)
SELECT family, creator, event_id, content, 1::BIGINT AS n, (NOT incoming)::BIGINT AS n_before, incoming::BIGINT AS n_new,
       time, coins, quantity, receiver, stream, effective_region AS region, pieces,
       false AS other_time, false AS other_coins, false AS other_quantity, false AS other_receiver, false AS other_region,
       false AS other_stream, false AS other_gift_id
FROM keyed ANTI JOIN repeated USING (known_by)
UNION ALL
SELECT family, creator, event_id, content,
       CASE WHEN event_id <> '' THEN 1 ELSE max(n) END AS n,
       CASE WHEN event_id <> '' THEN max(n - n_new > 0)::BIGINT ELSE max(n - n_new) END AS n_before,
       sum(n_new)::BIGINT AS n_new,
       min(time) AS time, min(coins) AS coins, min(quantity) AS quantity,
       coalesce(min(receiver), '') AS receiver, coalesce(min(stream), '') AS stream,
       -- What any row says of itself wins over what was said for rows that name none.
       coalesce(min(region), min(fill), '') AS region, NULL AS pieces,
       min(time) <> max(last_time) AS other_time, min(coins) <> max(most_coins) AS other_coins,
       min(quantity) <> max(most_quantity) AS other_quantity,
       coalesce(min(receiver) <> max(last_receiver), false) AS other_receiver,
       coalesce(min(region) <> max(last_region), min(fill) <> max(last_fill), false) AS other_region,
       coalesce(min(stream) <> max(last_stream), false) AS other_stream,
       coalesce(min(gift_id) <> max(last_gift_id), false) AS other_gift_id
FROM per_source
GROUP BY family, creator, event_id, content
"""
# Days of a creator that two families cover, with the preferred one if it is among them.
_CONTESTED: Final = """
CREATE TEMP TABLE contested AS
SELECT merged.creator, time // 86400000000 AS day, any_value(preferred.family) AS preferred
FROM merged LEFT JOIN preferred USING (creator)
GROUP BY ALL
HAVING count(DISTINCT merged.family) > 1
"""
_NONE_CONTESTED: Final = "CREATE TEMP TABLE contested (creator VARCHAR, day BIGINT, preferred VARCHAR)"
# Ids that rows of gifts and an event log share, where the rows count: what logged a gift in the last second of a day may date
# it on the next one, and then no day is contested.
_SHARED: Final = """
CREATE TEMP TABLE shared AS
SELECT DISTINCT merged.creator, event_id
FROM merged
LEFT JOIN contested ON contested.creator = merged.creator AND contested.day = time // 86400000000
WHERE merged.family = 'ids' AND event_id <> '' AND coalesce(contested.preferred, 'ids') = 'ids'
  AND (merged.creator, event_id) IN (SELECT (creator, event_id) FROM merged WHERE family = 'events')
"""
_NONE_SHARED: Final = "CREATE TEMP TABLE shared (creator VARCHAR, event_id VARCHAR)"
_ROLES: Final = """
CREATE TEMP VIEW role AS
SELECT merged.*, time // 900000000 AS quarter, receiver NOT IN ('', merged.creator) AS elsewhere,
       shared.creator IS NOT NULL AS known,
       NOT known AND coalesce(merged.family <> contested.preferred, false) AS aside,
       NOT elsewhere AND NOT known AND NOT aside AS counts
FROM merged
LEFT JOIN contested ON contested.creator = merged.creator AND contested.day = time // 86400000000
LEFT JOIN shared ON merged.family = 'events' AND shared.creator = merged.creator AND shared.event_id = merged.event_id
"""
# A combo of an event log counts where its frames are, and as a gift where it begins; everything else at its time.
_SENT: Final = """
CREATE TEMP VIEW sent AS
SELECT creator, region, stream, quarter, coins * quantity * n::HUGEINT AS coins, n AS gifts,
       time // 1000000 AS first, time // 1000000 AS last
FROM role WHERE pieces IS NULL AND counts
"""
_SENT_IN_PIECES: Final = """
UNION ALL
SELECT creator, region, stream, piece[1], coins * piece[2]::HUGEINT, piece[3], piece[4], piece[5]
FROM (SELECT creator, region, stream, coins, unnest(pieces::BIGINT[][]) AS piece
      FROM role WHERE pieces IS NOT NULL AND counts)
"""
_CROSS: Final = """
SELECT creator, family, quarter, sum(coins * quantity * n::HUGEINT) AS coins, sum(n)::BIGINT AS gifts
FROM role WHERE NOT elsewhere AND aside GROUP BY ALL
"""
_TALLY: Final = """
WITH part AS (
    SELECT n_new AS number, CASE WHEN known THEN 0 ELSE n - n_before END AS fresh, coins * quantity::HUGEINT AS each,
           elsewhere, aside, CASE WHEN event_id = '' AND n_new > 1 THEN n_new ELSE 0 END AS repeated
    FROM role WHERE n_new > 0
)
SELECT coalesce(sum(number), 0), coalesce(sum(number * each), 0),
       coalesce(sum(fresh) FILTER (WHERE NOT elsewhere AND NOT aside), 0),
       coalesce(sum(fresh * each) FILTER (WHERE NOT elsewhere AND NOT aside), 0),
       coalesce(sum(number - fresh), 0), coalesce(sum((number - fresh) * each), 0),
       coalesce(sum(fresh) FILTER (WHERE NOT elsewhere AND aside), 0),
       coalesce(sum(fresh * each) FILTER (WHERE NOT elsewhere AND aside), 0),
       coalesce(sum(fresh) FILTER (WHERE elsewhere), 0), coalesce(sum(fresh * each) FILTER (WHERE elsewhere), 0),
       coalesce(sum(repeated), 0)
FROM part
"""
_CONTESTS: Final = """
SELECT creator, family, min(day), max(day), count(DISTINCT day), sum(n)::BIGINT, sum(coins::HUGEINT * quantity * n)
FROM (
    SELECT merged.*, contested.day
    FROM merged JOIN contested ON contested.creator = merged.creator AND contested.day = time // 86400000000
    WHERE contested.preferred IS NULL
       OR contested.preferred NOT IN (SELECT family FROM merged other
                                      WHERE other.creator = merged.creator AND other.time // 86400000000 = contested.day)
)
GROUP BY ALL ORDER BY ALL
"""
# The gifts that count, by gift and gifter. What the first row of an id leaves blank another one may say; names are translated,
# so a gift id has one.
_BY_GIFT: Final = """
WITH named AS (SELECT creator, event_id, max(gifter) AS gifter, max(gift) AS gift, max(gift_id) AS gift_id
               FROM keyed WHERE event_id <> '' GROUP BY ALL),
titled AS (SELECT creator, gift_id, min(gift) AS gift FROM keyed WHERE gift_id <> '' AND gift <> '' GROUP BY ALL),
each_gift AS (
    SELECT role.creator, role.region, role.stream, role.quarter, role.coins, role.quantity, role.n, role.pieces,
           coalesce(named.gift_id, role.content.gift_id, '') AS gift_id, coalesce(named.gift, role.content.gift, '') AS gift,
           coalesce(named.gifter, role.content.gifter, '') AS gifter
    FROM role LEFT JOIN named ON named.creator = role.creator AND named.event_id = role.event_id AND role.event_id <> ''
    WHERE role.counts
),
in_pieces AS (
    SELECT * EXCLUDE (n, pieces), n AS gifts, quantity * n::HUGEINT AS units FROM each_gift WHERE pieces IS NULL
    UNION ALL
    SELECT * EXCLUDE (n, pieces, piece) REPLACE (piece[1] AS quarter), piece[3] AS gifts, piece[2]::HUGEINT AS units
    FROM (SELECT *, unnest(pieces::BIGINT[][]) AS piece FROM each_gift WHERE pieces IS NOT NULL)
)
SELECT part.creator, region, stream, quarter, part.gift_id, coalesce(titled.gift, part.gift) AS name, coins, gifter,
       sum(gifts)::BIGINT, sum(coins * units), max(CASE WHEN gifts > 0 THEN coins * quantity ELSE 0 END)
FROM in_pieces part LEFT JOIN titled ON titled.creator = part.creator AND titled.gift_id = part.gift_id
GROUP BY ALL ORDER BY ALL
"""
# Rows of documents as they were imported, with the region that was said for those that name none.
_ROWS: Final = """
SELECT document, KEPT, coalesce(nullif(region, ''), fill) AS region, line
FROM given WHERE document > 0 AND creator = ? AND time // 900000000 BETWEEN ? AND ? ORDER BY document, line
""".replace("KEPT", ", ".join(_KEPT[:-1]))
_DIFFERENT: Final = ("time", "coins", "quantity", "receiver", "region", "stream", "gift_id")
_CLASHING: Final = " OR ".join(f"other_{name}" for name in _DIFFERENT)
# Of each clash: the first row of the new document, or of all, and the first row that differs from it.
_CLASHES: Final = """
WITH clash AS (SELECT * FROM merged WHERE n_new > 0 AND (CLASHING) ORDER BY creator, event_id, content LIMIT 20),
member AS (
    SELECT met.*, clash.event_id AS id,
           row_number() OVER (PARTITION BY clash.family, clash.creator, clash.event_id, clash.content
                              ORDER BY met.incoming, met.document, met.line) AS place,
           dense_rank() OVER (ORDER BY clash.creator, clash.event_id, clash.content) AS number
    FROM clash JOIN met
      ON met.family = clash.family AND met.creator = clash.creator AND met.event_id = clash.event_id
     AND (met.event_id <> '' OR CONTENT = clash.content)
)
SELECT later.id, later.document, later.line, earlier.document, earlier.line,
       later.time <> earlier.time, later.coins <> earlier.coins, later.quantity <> earlier.quantity,
       later.receiver <> earlier.receiver AND later.receiver <> '' AND earlier.receiver <> '',
       CASE WHEN later.region = '' AND earlier.region = ''
            THEN later.fill <> earlier.fill AND later.fill <> '' AND earlier.fill <> ''
            ELSE later.region <> earlier.region AND later.region <> '' AND earlier.region <> '' END,
       later.stream <> earlier.stream AND later.stream <> '' AND earlier.stream <> '',
       later.gift_id <> earlier.gift_id AND later.gift_id <> '' AND earlier.gift_id <> ''
FROM member later JOIN member earlier ON earlier.number = later.number AND earlier.place < later.place
ORDER BY later.number, later.place, earlier.place
""".replace("CLASHING", _CLASHING).replace("CONTENT", _CONTENT.format(of="met."))


class Merger:
    """Documents opened in a DuckDB of their own; `merge` may be called once."""

    def __init__(self, connection: Any, links: Mapping[str, Rows], incoming: Rows | None) -> None:
        self.connection = connection
        self._documents = list(links.values())
        self._others = len(self._documents) > (incoming is not None)
        connection.execute("CREATE TEMP TABLE span (document BIGINT, creator VARCHAR, family VARCHAR)")
        _insert(connection, "span", [(rows.document, *item) for rows in links.values() for item in rows.families.items()])
        for link, rows in links.items():
            if rows.document >= 0 and rows is not incoming:  # else just written
                columns.check(connection, link, rows.path, columns.TYPES, columns.LIMITS)
        views = [_view(rows, link, rows is incoming) for link, rows in links.items()]
        connection.execute("CREATE TEMP VIEW given AS " + " UNION ALL ".join(views or [_NOTHING]))

    def merge(self, windows: Iterable[Window], preferred: Mapping[str, str]) -> Merged:
        """Every gift of the windows (and of the new document) once, with everything there is to say about it."""
        run = self.connection.execute
        run("CREATE TEMP TABLE span_window (creator VARCHAR, first BIGINT, last BIGINT)")
        _insert(self.connection, "span_window", list(windows))
        run("CREATE TEMP TABLE preferred (creator VARCHAR, family VARCHAR)")
        _insert(self.connection, "preferred", list(preferred.items()))
        run(_MET if self._others else _MET_ALONE)
        for step in (_KEYED, _REPEATED, _MERGED):
            run(step)
        # Where every creator has one family, no day can have two.
        families_of = _families_of(self._documents)
        several = any(len(families) > 1 for families in families_of.values())
        run(_CONTESTED if several else _NONE_CONTESTED)
        logs_and_ids = any({EVENTS, WITH_IDS} <= families for families in families_of.values())
        run(_SHARED if logs_and_ids else _NONE_SHARED)
        run(_ROLES)
        run(_SENT + (_SENT_IN_PIECES if any(rows.document < 0 for rows in self._documents) else ""))
        clash_count = run(f"SELECT count(*) FROM merged WHERE n_new > 0 AND ({_CLASHING})").fetchone()[0]
        return Merged(
            [packs.Run._make(row) for row in run(packs.RUNS).fetchall()],
            [Cross._make((*row[:3], int(row[3]), row[4])) for row in (run(_CROSS).fetchall() if several else [])],
            Tally(*map(int, run(_TALLY).fetchone())),
            _clashes(run(_CLASHES).fetchall()) if clash_count else [],
            clash_count,
            _contests(run(_CONTESTS).fetchall()) if several else [],
            _days(run("SELECT creator, day, coalesce(preferred, '') FROM contested").fetchall()),
            set(run("SELECT creator, event_id FROM shared").fetchall()),
        )

    def by_gift(self) -> Iterator[GiftUsage]:
        """The gifts that count, by gift and gifter (an alias); call after `merge`."""
        for row in self.connection.execute(_BY_GIFT).fetchall():
            yield GiftUsage._make((*row[:9], int(row[9]), int(row[10])))

    def rows_of(self, creator: str, first: int, last: int) -> Iterator[tuple[int, Gift]]:
        """Rows of a creator between two quarters, both included, each with its document, in their order there."""
        for document, *row in self.connection.execute(_ROWS, [creator, first, last]).fetchall():
            yield document, Gift._make(row)


def _families_of(documents: Iterable[Rows]) -> dict[str, set[str]]:
    by_creator: dict[str, set[str]] = {}
    for rows in documents:
        for creator, family in rows.families.items():
            by_creator.setdefault(creator, set()).add(family)
    return by_creator


def _clashes(rows: list[Any]) -> list[Clash]:
    """The first pair of rows that differ, for each clash."""
    first_of: dict[tuple[str, int, int], Clash] = {}
    for event_id, document, line, other, other_line, *flags in rows:
        different = tuple(name for name, flag in zip(_DIFFERENT, flags, strict=True) if flag)
        if different:
            first_of.setdefault((event_id, document, line), Clash(event_id, document, line, other, other_line, different))
    return list(first_of.values())


def _days(rows: list[tuple[str, int, str]]) -> dict[str, dict[int, str]]:
    by_creator: dict[str, dict[int, str]] = {}
    for creator, day, family in rows:
        by_creator.setdefault(creator, {})[day] = family
    return by_creator


def _contests(rows: list[Any]) -> list[Contest]:
    contests: dict[str, Contest] = {}
    for creator, family, first, last, days, gifts, coins in rows:
        so_far = contests.get(creator, Contest(creator, first, last, days, ()))
        contests[creator] = Contest(
            creator, min(so_far.first, first), max(so_far.last, last), max(so_far.days, days),
            (*so_far.coins, (family, gifts, int(coins))),
        )  # fmt: skip
    return list(contests.values())


_NOTHING: Final = (
    "SELECT 0 AS document, 0 AS source, '' AS fill, false AS incoming, 0::BIGINT AS line, 0::BIGINT AS day, "
    "NULL::VARCHAR AS pieces, " + ", ".join(f"NULL::{columns.TYPES[name]} AS {name}" for name in _KEPT) + " LIMIT 0"
)


def _view(rows: Rows, link: str, incoming: bool) -> str:
    # Gifts folded from event logs come from several documents: each says whether it is of the new one, and what came when.
    new, pieces = ("mine", "pieces") if rows.document < 0 else (str(incoming).lower(), "NULL::VARCHAR")
    return (
        f"SELECT {rows.document} AS document, {rows.source} AS source, {columns.literal(rows.region)} AS fill, "
        f"{new} AS incoming, line, time // 86400000000 AS day, {pieces} AS pieces, {', '.join(_KEPT)} "
        f"FROM read_parquet({columns.literal(link)}, hive_partitioning = false)"
    )


def _insert(connection: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Few rows into a small table, in one statement per thousand."""
    for start in range(0, len(rows), 1_000):
        part = rows[start : start + 1_000]
        marks = ", ".join(["(" + ", ".join("?" * len(part[0])) + ")"] * len(part))
        connection.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in part for value in row])


@contextmanager
def opened(documents: Sequence[Rows], incoming: Rows | None = None) -> Iterator[Merger]:
    """A `Merger` over these documents, in a private folder that is removed afterwards."""
    with columns.workshop() as folder:
        everything = [*documents, *([incoming] if incoming is not None else [])]
        links = {columns.private_link(folder, f"{rows.document}.parquet", rows.path): rows for rows in everything}
        connection = columns.connect(folder, list(links), memory=MEMORY)
        try:
            yield Merger(connection, links, incoming)
        finally:
            connection.close()
