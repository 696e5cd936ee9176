"""What an import says: conflicts with both rows named, sources that contend, doubts with the coins at stake."""

from __future__ import annotations

from pathlib import Path

import pytest

from diamondctl.ledger import derive, documents, opening
from diamondctl.problems import Refusal
from diamondctl.records import Gift, Usage
from tests.build import gift
from tests.ledger.support import as_csv, content, imported, undone

START = 1_790_035_200_000_000  # a midnight
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def put(ledger: Path, name: str, *rows: Gift, prefer: str = "", region: str = "") -> tuple[str, ...]:
    """Import rows as a file of this name; what cannot be known about it."""
    path = ledger.parent / name
    path.write_text(as_csv(rows), "utf-8")
    return imported(ledger, path, prefer=prefer, region=region).files[0].doubts


def refusal(ledger: Path, *files: tuple[str, tuple[Gift, ...]], prefer: str = "", region: str = "") -> list[str]:
    """Everything that is said when these files are refused. Nothing is stored then."""
    before = content(ledger) if ledger.exists() else None
    paths = [ledger.parent / name for name, _ in files]
    for path, (_, rows) in zip(paths, files, strict=True):
        path.write_text(as_csv(rows), "utf-8")
    with pytest.raises(Refusal) as refused:
        imported(ledger, *paths, prefer=prefer, region=region)
    if before is not None:
        assert content(ledger) == before
    folder = f"{ledger.parent}/"
    return [str(problem).replace(folder, "") for problem in refused.value.problems]


# Conflicts (G040)

CORRECT = "(one id is one gift: correct or remove one of the rows)"


def test_a_conflict_inside_a_file_names_both_lines(ledger: Path) -> None:
    one = gift(START, 5, event_id="e1")
    rows = (one, gift(START, 1, event_id="e2"), one._replace(coins=6))
    assert refusal(ledger, ("a.csv", rows)) == [f"a.csv:4 G040 event id 'e1' again with other coins; first on line 2 {CORRECT}"]


def test_a_conflict_over_files_names_the_document_and_its_line(ledger: Path) -> None:
    put(ledger, "a.csv", gift(START, 1, event_id="e0"), gift(START, 5, event_id="e1", stream="s1"))
    other = gift(START + SECOND, 5, 2, event_id="e1", stream="s2")
    assert refusal(ledger, ("b.csv", (other,))) == [
        "b.csv:2 G040 event id 'e1' again with other time and quantity and stream; first on "
        f"d001 ({ledger.parent}/a.csv):3 {CORRECT}".replace(f"{ledger.parent}/", "")
    ]


@pytest.mark.parametrize("days", [0, 3, 400])
def test_a_conflict_is_found_however_far_apart_the_times_are(ledger: Path, days: int) -> None:
    put(ledger, "a.csv", gift(START, 5, event_id="e1"))
    (text,) = refusal(ledger, ("b.csv", (gift(START + days * DAY + MINUTE, 5, event_id="e1"),)))
    assert "event id 'e1' again with other time; first on d001" in text


def test_every_conflict_is_said_of_every_file(ledger: Path) -> None:
    put(ledger, "a.csv", *(gift(START, 5, event_id=f"e{number:02}") for number in range(30)))
    wrong = tuple(gift(START, 6, event_id=f"e{number:02}") for number in range(30))
    path = ledger.parent / "b.csv"
    path.write_text(as_csv(wrong), "utf-8")
    with pytest.raises(Refusal) as refused:
        imported(ledger, path)
    assert len(refused.value.problems) == 20
    assert refused.value.total == 30
    texts = refusal(ledger, ("b.csv", wrong[:2]), ("c.csv", wrong[5:6]))
    assert [text.split(" ")[0] for text in texts] == ["b.csv:2", "b.csv:3", "c.csv:2"]


def test_two_files_of_one_command_conflict_like_any_two(ledger: Path) -> None:
    one = gift(START, 5, event_id="e1")
    texts = refusal(ledger, ("a.csv", (one,)), ("b.csv", (one._replace(quantity=2),)))
    assert texts == [f"b.csv:2 G040 event id 'e1' again with other quantity; first on d001 (a.csv):2 {CORRECT}"]


def test_the_same_gift_imported_for_two_regions_is_a_conflict(ledger: Path) -> None:
    row = gift(START, 5, gifter="Ann")
    put(ledger, "a.csv", row, region="US")
    assert refusal(ledger, ("b.csv", (row, gift(START, 1, gifter="Ann"))), region="GB") == [
        "b.csv:2 G040 the same gift was imported for another region; first on d001 (a.csv):2 "
        "(use the same --region, or undo the other document)"
    ]


@pytest.mark.parametrize("field", ["receiver", "region", "stream", "gift_id"])
def test_a_blank_is_no_conflict_and_is_filled_whichever_came_first(ledger: Path, field: str) -> None:
    value = {"receiver": "guest", "region": "GB", "stream": "s1", "gift_id": "5655"}[field]
    row = gift(START, 5, event_id="e1")
    full = row._replace(**{field: value})  # type: ignore[arg-type]
    for number, order in enumerate(((row, full), (full, row))):
        place = ledger.with_name(f"ledger-{number}")
        for name, one in zip("ab", order, strict=True):
            assert put(place, f"{name}{number}.csv", one) == ()
        elsewhere = field == "receiver"
        second = START // 1_000_000
        expected = Usage("mara", full.region, full.stream, second // 900, 5, 1, second, second)
        assert content(place)["usage"] == ([] if elsewhere else [expected])


# Contests (L010)

IDS = (gift(START, 5, event_id="e1"), gift(START + MINUTE, 7, event_id="e2"), gift(START + DAY, 1, event_id="e3"))
BARE = (gift(START, 5), gift(START + MINUTE, 8), gift(START - DAY, 2))
HINT = "(say which counts: --prefer ids or --prefer no-ids; the other is kept as a cross-check)"


def test_two_sources_over_a_day_are_refused_with_the_coins_of_both(ledger: Path) -> None:
    put(ledger, "a.csv", *IDS)
    assert refusal(ledger, ("b.csv", BARE)) == [
        "b.csv L010 mara, 2026-09-22: rows with event ids (2 gifts, 12 coins) and rows without event ids (2 gifts, 13 coins) "
        f"cover the same days, and may be the same gifts {HINT}"
    ]


@pytest.mark.parametrize(("prefer", "coins", "aside"), [("ids", 15, ("no-ids", 13)), ("no-ids", 16, ("ids", 12))])
def test_the_preferred_source_counts_and_the_other_is_a_cross_check(
    ledger: Path, prefer: str, coins: int, aside: tuple[str, int]
) -> None:
    """On the day that both cover; all other days count."""
    for number, files in enumerate(((IDS, BARE), (BARE, IDS))):
        place = ledger.with_name(f"ledger-{number}")
        put(place, f"a{number}.csv", *files[0])
        put(place, f"b{number}.csv", *files[1], prefer=prefer)
        found = content(place)
        assert found["preferences"] == {"mara": prefer}
        assert sum(row.coins for row in found["usage"]) == coins
        assert {check.family for check in found["cross-checks"]} == {aside[0]}
        assert sum(check.coins for check in found["cross-checks"]) == aside[1]


def test_a_preference_holds_for_later_imports_and_is_for_its_creator_only(ledger: Path) -> None:
    put(ledger, "a.csv", *IDS)
    put(ledger, "b.csv", *BARE, prefer="ids")
    put(ledger, "c.csv", gift(START + DAY, 100))
    assert sum(row.coins for row in content(ledger)["usage"]) == 15
    noor = tuple(row._replace(creator="noor") for row in (*IDS, *BARE))
    put(ledger, "d.csv", *noor[:3])
    (text,) = refusal(ledger, ("e.csv", noor[3:]))
    assert text.startswith("e.csv L010 noor, 2026-09-22: ")


def test_a_source_that_leaves_some_ids_out_is_one_source(ledger: Path) -> None:
    put(ledger, "a.csv", *IDS, *BARE)
    assert sum(row.coins for row in content(ledger)["usage"]) == 28


def test_a_preference_for_a_source_that_is_not_there_settles_nothing(ledger: Path) -> None:
    put(ledger, "a.csv", *IDS)
    assert refusal(ledger, ("b.csv", BARE), prefer="no-ids+gifter")[0].startswith("b.csv L010 mara, 2026-09-22: ")


# What cannot be known


def test_files_that_meet_in_one_second_say_what_may_be_lost(ledger: Path) -> None:
    """Two pages cut between equal rows cannot be told from a repetition."""
    row = gift(START + 10 * SECOND, 5, 3, gifter="Ann")
    assert put(ledger, "a.csv", row._replace(time=START), row, row) == ()
    assert put(ledger, "b.csv", row, row._replace(time=START + MINUTE)) == (
        "This file and another one meet within one second: 1 equal row there (15 coins) count once. "
        "If the files are pages of one list, they may be gifts of their own.",
    )
    assert put(ledger, "c.csv", row._replace(time=START + 2 * MINUTE, coins=9)) == ()


def test_a_possible_new_name_says_what_may_count_twice(ledger: Path) -> None:
    rows = [gift(START + number * MINUTE, 5, gifter="Ann", gift_id="5655", stream="s1") for number in range(3)]
    put(ledger, "a.csv", *rows)
    renamed = [row._replace(gifter="Änn") for row in rows[:2]]
    assert put(ledger, "b.csv", *renamed) == (
        "2 gifts (10 coins) and gifts in the ledger differ only in the gifter's name: if somebody changed a name, they count "
        "twice.",
    )


def test_rows_missing_in_a_newer_export_still_count_and_are_said(ledger: Path) -> None:
    rows = [gift(START + number * MINUTE, 5, event_id=f"e{number}") for number in range(5)]
    put(ledger, "a.csv", *rows)
    assert put(ledger, "b.csv", rows[1], rows[3]) == (
        "Between its first and last row the file lacks 1 gift (5 coins) that the ledger has. They still count; if they were "
        "taken back: diamondctl record adjustment refund AMOUNT.",
    )
    assert sum(row.gifts for row in content(ledger)["usage"]) == 5


def test_one_of_several_equal_rows_missing_is_said_too(ledger: Path) -> None:
    row = gift(START + MINUTE, 5)
    ends = row._replace(time=START), row._replace(time=START + 2 * MINUTE)
    put(ledger, "a.csv", ends[0], row, row, row, ends[1])
    assert put(ledger, "b.csv", ends[0], row, ends[1], ends[1]) == (
        "Between its first and last row the file lacks 2 gifts (10 coins) that the ledger has. They still count; if they were "
        "taken back: diamondctl record adjustment refund AMOUNT.",
    )


# What went where


def test_an_import_accounts_for_every_row_and_coin(ledger: Path) -> None:
    put(ledger, "a.csv", *IDS)
    path = ledger.parent / "b.csv"
    rows = (IDS[0], gift(START, 9, 2, event_id="e9"), gift(START, 4, event_id="e8", receiver="guest"))
    path.write_text(as_csv(rows), "utf-8")
    file = imported(ledger, path).files[0]
    assert (file.rows, file.coins) == (3, 27)
    assert (file.new, file.new_coins) == (1, 18)
    assert (file.known, file.known_coins) == (1, 5)
    assert (file.elsewhere, file.elsewhere_coins) == (1, 4)
    assert (file.aside, file.aside_coins) == (0, 0)


def test_an_undo_says_what_no_longer_counts(ledger: Path) -> None:
    put(ledger, "a.csv", *IDS)
    put(ledger, "b.csv", IDS[0], gift(START, 9, 2, event_id="e9"))
    gone = undone(ledger, 2)
    assert (gone.gifts, gone.coins) == (1, 18)
    with opening.open_ledger(ledger) as book, book.reading():
        assert [item.number for item in documents.stored(book)] == [1]
        assert derive.creators(book) == ["mara"]


def test_an_undo_that_brings_the_other_source_back_says_so(ledger: Path) -> None:
    """Taking the preferred source out makes the cross-check count."""
    put(ledger, "a.csv", *IDS)
    put(ledger, "b.csv", *BARE, prefer="ids")
    gone = undone(ledger, 1)
    assert (gone.gifts, gone.coins) == (1, 0)
    assert sum(row.coins for row in content(ledger)["usage"]) == 15
