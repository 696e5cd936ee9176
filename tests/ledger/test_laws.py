"""Laws of the ledger: the order, repetition, overlap and splits of imports, and undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl import columns
from diamondctl.ledger import opening, staging
from diamondctl.ledger.gather import Gathering
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import fast_csv, recognise
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Gift, Usage
from tests.build import gift
from tests.ledger.support import as_csv, content, imported, undone
from tests.readers.test_fast_csv import files as csv_files

Rows = list[Gift]
MIDNIGHT = 1_790_035_200_000_000
MINUTE = 60_000_000
FEW = settings(max_examples=max(settings.default.max_examples // 8, 1))  # type: ignore[union-attr]

times = st.integers(-3, 3).map(lambda step: MIDNIGHT + step * 7 * MINUTE)
# All of one family, so that nothing has to be preferred: every row fills the same columns.
nameless = st.builds(
    gift,
    times,
    st.integers(1, 2),
    creator=st.sampled_from(("mara", "noor")),
    name=st.sampled_from(("Rose", "Lion")),
    gifter=st.sampled_from(("fan", "Jörg")),
    gift_id=st.just("5655"),
    stream=st.sampled_from(("s1", "s2")),
    receiver=st.sampled_from(("", "mara", "guest")),
)
named = st.builds(
    lambda number, full: gift(
        MIDNIGHT + (number - 4) * 5 * MINUTE,
        number % 3 + 1,
        number % 2 + 1,
        creator=("mara", "noor")[number % 2],
        event_id=f"e{number // 2}",
        stream=("", "s1")[number // 4 % 2] if full else "",
        receiver=("", "mara", "guest")[number % 3] if full else "",
        region=("", "GB")[number // 3 % 2] if full else "",
    ),
    st.integers(0, 9),
    st.booleans(),
)
rows_of_one_family = st.lists(nameless, min_size=1, max_size=7) | st.lists(named, min_size=1, max_size=7)
several = st.lists(st.lists(nameless, min_size=1, max_size=5), min_size=2, max_size=3) | st.lists(
    st.lists(named, min_size=1, max_size=5), min_size=2, max_size=3
)


class Ledgers:
    """Fresh ledgers and files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    def file(self, rows: Rows) -> Path:
        self.count += 1
        path = self.folder / f"{self.count}.csv"
        path.write_text(as_csv(rows), "utf-8")
        return path

    def of(self, *commands: list[Path], region: str = "") -> Path:
        """A ledger into which these files were imported, command by command."""
        self.count += 1
        ledger = self.folder / f"ledger-{self.count}"
        for paths in commands:
            imported(ledger, *paths, region=region)
        return ledger


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    return Ledgers(tmp_path_factory.mktemp("laws"))


def figures(ledger: Path) -> Any:
    """What a report reads."""
    return content(ledger)["usage"]


@FEW
@given(documents=several, data=st.data())
def test_the_order_and_grouping_of_imports_never_matters(ledgers: Ledgers, documents: list[Rows], data: st.DataObject) -> None:
    paths = [ledgers.file(rows) for rows in documents]
    shuffled = data.draw(st.permutations(paths))
    cut = data.draw(st.integers(0, len(paths) - 1))
    one, other = ledgers.of(*([path] for path in paths)), ledgers.of(*([shuffled[:cut]] if cut else []), shuffled[cut:])
    assert content(one) == content(other)


@FEW
@given(rows=rows_of_one_family, data=st.data())
def test_repeating_rows_in_any_order_adds_nothing(ledgers: Ledgers, rows: Rows, data: st.DataObject) -> None:
    whole, part = ledgers.file(rows), ledgers.file(data.draw(st.permutations(rows))[: data.draw(st.integers(1, len(rows)))])
    once, again = ledgers.of([whole]), ledgers.of([whole], [part], [whole])
    assert figures(once) == figures(again) == figures(ledgers.of([part], [whole]))


@FEW
@given(rows=rows_of_one_family, one=st.integers(-3, 4), other=st.integers(-3, 4))
def test_exports_that_overlap_by_whole_minutes_add_nothing_twice(ledgers: Ledgers, rows: Rows, one: int, other: int) -> None:
    begin, end = sorted((MIDNIGHT + one * 7 * MINUTE, MIDNIGHT + other * 7 * MINUTE))
    parts = [[row for row in rows if row.time < end], [row for row in rows if row.time >= begin]]
    paths = [ledgers.file(part) for part in parts if part]
    assert figures(ledgers.of(paths)) == figures(ledgers.of([ledgers.file(rows)]))


@FEW
@given(rows=rows_of_one_family)
def test_a_split_that_parts_no_equal_rows_changes_nothing(ledgers: Ledgers, rows: Rows) -> None:
    pages: dict[int, Rows] = {}
    for number, row in enumerate(rows):
        pages.setdefault(number % 2 if row.event_id else row.time // MINUTE % 2, []).append(row)
    paths = [ledgers.file(page) for page in pages.values()]
    assert figures(ledgers.of(*([path] for path in paths))) == figures(ledgers.of([ledgers.file(rows)]))


# Undo

CLASHING = [gift(MIDNIGHT, 5, event_id="e1", gifter="Ann"), gift(MIDNIGHT + MINUTE, 7, event_id="e2", gifter="Bea")]
BARE = [gift(MIDNIGHT, 5, gifter="Cid"), gift(MIDNIGHT + MINUTE, 8, gifter="Ann")]


@FEW
@given(documents=several, extra=rows_of_one_family, spoiled=st.booleans(), prefer=st.sampled_from(("ids", "")))
def test_undo_of_an_import_is_as_if_it_had_never_been(
    ledgers: Ledgers, documents: list[Rows], extra: Rows, spoiled: bool, prefer: str
) -> None:
    ledger = ledgers.of([ledgers.file(rows) for rows in documents])
    before = content(ledger)
    path = ledgers.folder / f"extra-{ledgers.count}.csv"
    path.write_text(as_csv([*extra, gift(gifter="Only here")], bad={len(extra): "many"} if spoiled else None), "utf-8")
    try:
        report = imported(ledger, path, prefer=prefer, keep_good=spoiled)
    except Refusal as refusal:
        assert refusal.problems[0].code == "L010"
    else:
        undone(ledger, int(report.files[0].document[1:]))
    assert content(ledger) == before


def test_undo_takes_a_preference_back_to_what_was_said_before(ledgers: Ledgers) -> None:
    ids, bare, more = (ledgers.file(rows) for rows in (CLASHING, BARE, [gift(MIDNIGHT + 2 * MINUTE, 1, gifter="Ann")]))
    ledger = ledgers.of([ids])
    imported(ledger, bare, prefer="ids")
    before = content(ledger)
    assert before["preferences"] == {"mara": "ids"}
    imported(ledger, more, prefer="no-ids+gifter")
    assert content(ledger)["preferences"] == {"mara": "no-ids+gifter"}
    undone(ledger, 3)
    assert content(ledger) == before


def test_a_preference_stays_as_long_as_the_days_that_are_left_need_it(ledgers: Ledgers) -> None:
    ledger = ledgers.of([ledgers.file(CLASHING)])
    imported(ledger, ledgers.file(BARE), prefer="ids")
    imported(ledger, ledgers.file([BARE[0]]))
    undone(ledger, 2)
    assert content(ledger)["preferences"] == {"mara": "ids"}
    undone(ledger, 3)
    assert content(ledger)["preferences"] == {}


def test_a_preference_that_decides_nothing_is_not_kept(ledgers: Ledgers) -> None:
    ledger = ledgers.of([ledgers.file(CLASHING)])
    imported(ledger, ledgers.file([row._replace(time=row.time + 86_400_000_000) for row in BARE]), prefer="no-ids+gifter")
    assert content(ledger)["preferences"] == {}


def test_an_undo_that_would_leave_two_sources_with_neither_counting_is_refused(ledgers: Ledgers) -> None:
    ledger = ledgers.of([ledgers.file(CLASHING)])
    imported(ledger, ledgers.file(BARE), prefer="ids")
    imported(ledger, ledgers.file([row._replace(stream="s1") for row in BARE]))
    before = content(ledger)
    with pytest.raises(Refusal) as refused:
        undone(ledger, 1)
    assert [str(problem) for problem in refused.value.problems] == [
        "L010 mara: without the source that counts, rows without event ids but with gifter (d002) and rows without event ids "
        "but with gifter, stream (d003) would cover the same days (undo the others too, then import the one that counts)"
    ]
    assert content(ledger) == before
    undone(ledger, 1, 2)
    assert [row.coins for row in figures(ledger)] == [13]


# Memory and disk


@FEW
@given(documents=several)
def test_in_memory_and_in_the_ledger_the_same_files_give_the_same_usage(ledgers: Ledgers, documents: list[Rows]) -> None:
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=False)
    for number, rows in enumerate(documents):
        gathering.begin(f"{number}.csv")
        for row in rows:
            gathering.take(row)
        gathering.end("gift CSV", "", ())
    log.refuse_if_any()
    ledger = ledgers.of([ledgers.file(rows) for rows in documents], region="US")
    filled = [row if row.region else row._replace(region="US") for row in figures(ledger)]
    assert sorted(filled) == gathering.usage()


def test_a_region_in_a_row_wins_over_the_region_given_for_its_file(ledgers: Ledgers) -> None:
    row = gift(MIDNIGHT, 5, event_id="e1")
    for order in ((0, 1), (1, 0)):
        paths = [ledgers.file([row]), ledgers.file([row._replace(region="GB")])]
        ledger = ledgers.of(*([paths[number]] for number in order), region="US")
        second = MIDNIGHT // 1_000_000
        assert figures(ledger) == [Usage("mara", "GB", "", second // 900, 5, 1, second, second)]


# Fast and strict


def stored(path: Path) -> list[tuple[Any, ...]]:
    """Rows of a Parquet file."""
    with duckdb.connect() as connection:
        names = ", ".join(columns.TYPES)
        return connection.execute(f"SELECT {names} FROM read_parquet('{path}') ORDER BY line").fetchall()


def strictly(path: Path, target: Path, key: bytes, settings: Settings) -> Any:
    """Rows, names and notices by the strict reader; what it refuses is None."""
    log = ProblemLog()
    try:
        with open_source(str(path), encoding="utf-8", stdin=None) as source, staging.writer(target, key) as writer:
            facts = recognise.read(source, settings, log, writer.take)
            if log.total:
                return None
            return stored(target) if not (staged := writer.finish()) else (stored(target), staged, facts)
    except Refusal:
        return None


@given(data=csv_files(), creator=st.sampled_from(["", "mara"]))
def test_the_fast_path_stores_what_the_strict_reader_stores(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, creator: str
) -> None:
    folder = tmp_path_factory.mktemp("keep")
    path, key = folder / "gifts.csv", b"k" * 32
    path.write_bytes(data)
    settings = Settings(creator=creator)
    target = folder / "fast.parquet"
    target.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_csv, "WORTH_IT", 0)
        try:
            with open_source(str(path), encoding="utf-8", stdin=None) as source:
                kept = recognise.keep_fast(source, settings, key, target)
        except Refusal:
            kept = None
    if kept is not None:
        (folder / "strict.parquet").touch()
        strict = strictly(path, folder / "strict.parquet", key, settings)
        assert strict is not None
        rows, staged, facts = strict
        assert stored(target) == rows
        assert kept[0]._replace(columns=facts.columns) == facts
        fast_staged = staging.look(target, kept[1])
        assert fast_staged.spans == staged.spans
        assert {alias: name for alias, name in kept[1].items() if alias in _people(rows)} == staged.names


def _people(rows: list[tuple[Any, ...]]) -> set[str]:
    return {row[7] for row in rows} | {row[10] for row in rows if row[10] != row[2]}


# Texts

anything = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)
nasty = st.sampled_from(
    (
        "\n",
        "\r",
        "\r\n",
        '"',
        '""',
        "'",
        "\\",
        "\\n",
        ",",
        ";",
        "\t",
        " ",
        "NULL",
        "\ufeff",
        "👩‍👩‍👧",
        "x" * 1_024,
        "😀" * 1_024,
        "\u2028",
        "\x1a",
        "\x7f",
    )
)
texts = st.lists(anything | nasty, min_size=1, max_size=3).map("".join).map(lambda text: text[:1_024] or "x")


@FEW
@given(rows=st.lists(st.tuples(texts, texts, texts, texts, texts), min_size=1, max_size=6))
def test_texts_survive_staging_exactly(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    target = tmp_path_factory.mktemp("texts") / "rows.parquet"
    target.touch()
    gifts = [
        Gift(MIDNIGHT, creator, name, 1, 1, "", gifter, gift_id, stream, creator, "", line)
        for line, (creator, name, gifter, gift_id, stream) in enumerate(rows, 2)
    ]
    with staging.writer(target, b"k" * 32) as writer:
        for row in gifts:
            writer.take(row)
        staged = writer.finish()
    aliased = [row._replace(gifter=columns.alias_of(b"k" * 32, row.gifter)) for row in gifts]
    assert [Gift._make((*row[1:], row[0])) for row in stored(target)] == aliased
    assert staged.names == {columns.alias_of(b"k" * 32, row.gifter): row.gifter for row in gifts}


@given(st.lists(st.just("") | texts | anything, min_size=1, max_size=8), st.binary(min_size=32, max_size=32))
def test_aliases_in_sql_are_those_in_python(names: list[str], key: bytes) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE people (name VARCHAR)")
        connection.executemany("INSERT INTO people VALUES (?)", [[name] for name in names])
        found = connection.execute(f"SELECT name, {columns.alias_sql(key, 'name')} FROM people").fetchall()
    assert sorted(found) == sorted((name, columns.alias_of(key, name)) for name in names)


def test_a_new_ledger_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = set()
    for name in "ab":
        with opening.open_ledger(tmp_path / name, create=True) as book:
            keys.add(book.key)
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}


def test_undo_of_a_changed_preference_reaches_all_days(ledgers: Ledgers) -> None:
    """The file that changed it has none of the days that both sources cover."""
    ledger = ledgers.of([ledgers.file(CLASHING)])
    imported(ledger, ledgers.file(BARE), prefer="ids")
    before = content(ledger)
    other_day = gift(MIDNIGHT + 9 * 86_400_000_000, 1, gifter="Ann")
    imported(ledger, ledgers.file([other_day]), prefer="no-ids+gifter")
    assert sum(row.coins for row in figures(ledger)) == 14
    undone(ledger, 3)
    assert content(ledger) == before
