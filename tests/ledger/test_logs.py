"""Event logs in the ledger: whichever comes first, whatever overlaps, they amount to what they amount to when read together."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl import columns
from diamondctl.combos import fold
from diamondctl.desk.intake import Opening
from diamondctl.desk.staged import Importing
from diamondctl.ledger import checkup, derive, documents, frames, opening
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Refusal
from diamondctl.records import Usage
from diamondctl.reports.documents import Import
from tests import live
from tests.ledger.state import run_here
from tests.ledger.support import bring_in, content, undone

QUARTER = 900_000_000


def brought(
    ledger: Path, *files: Path, creator: str = "mara", region: str = "US", prefer: str = "", salvage: bool = False
) -> Import:
    """Import files, in one command."""
    wanted = Importing(Reading(creator, region=region), opening=Opening(salvage=salvage), prefer=prefer)
    return bring_in(ledger, files, wanted)


def usage(ledger: Path) -> list[Usage]:
    """What the ledger counts; also what it derives anew."""
    with opening.open_ledger(ledger) as book:
        assert [item for item in checkup.examine(book) if item.status == "damaged"] == []
        with book.reading():
            return derive.read_usage(book, dict.fromkeys(derive.creators(book)))[0]


def write(path: Path, found: list[live.Event], program: str = "connector-2") -> Path:
    path.write_text(live.lines([live.PROGRAMS[program](event) for event in found]), "utf-8")
    return path


def coins(rows: list[Usage]) -> tuple[int, int]:
    return sum(row.gifts for row in rows), sum(row.coins for row in rows)


def total(sent: list[live.Sent]) -> tuple[int, int]:
    return len(sent), sum(item.coins * item.times for item in sent)


pages = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=4)


@settings(max_examples=8)
@given(st.integers(0, 99), pages, st.data())
def test_any_split_overlap_and_order_of_logs_gives_the_same_ledger(
    seed: int, cuts: list[tuple[int, int]], data: st.DataObject
) -> None:
    sent = live.session(seed, 8)
    found = live.events(sent)
    parts = [found[start : start + length] for start, length in cuts]
    parts = [part for part in parts if part] + [found]
    order = data.draw(st.permutations(range(len(parts))))
    with TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger"
        files = [write(Path(folder) / f"{number}.jsonl", data.draw(st.permutations(part))) for number, part in enumerate(parts)]
        numbers = {}
        for number in order:
            (file,) = brought(ledger, files[number]).files
            if file.document:
                numbers[number] = int(file.document[1:])
                assert file.rows == file.new + file.known + file.folded + file.elsewhere
        assert coins(usage(ledger)) == total(sent)
        # The whole log goes: what is left is what the others amount to by themselves.
        whole = numbers.pop(len(parts) - 1, 0)
        if whole and numbers:
            undone(ledger, whole)
            other = Path(folder) / "other"
            for number in sorted(numbers):
                brought(other, files[number])
            assert content(ledger)["usage"] == content(other)["usage"]


def test_a_log_that_closes_the_combos_of_another_makes_them_whole(tmp_path: Path) -> None:
    sent = [live.Sent(live.START, 1, "Rose", 5655, 1, 1, 5)]
    found = live.events(sent)
    ledger = tmp_path / "ledger"
    (early,) = brought(ledger, write(tmp_path / "early.jsonl", found[:3])).files
    assert (early.new, early.new_coins, early.folded) == (1, 3, 2)
    assert "1 combo without a closing event counted as far as seen (3 coins)" in early.notices
    (late,) = brought(ledger, write(tmp_path / "late.jsonl", found[3:])).files
    assert (late.new, late.new_coins, late.folded) == (1, 5, 2)
    assert late.doubts == (
        "With this log, combos that other logs hold a part of are whole: all in all the ledger has +0 gifts and +2 coins.",
    )
    assert coins(usage(ledger)) == (1, 5)
    open_combo = "1 combo without a closing event counted as far as seen (3 coins)"
    assert open_combo not in said(ledger)
    undone(ledger, 2)
    assert coins(usage(ledger)) == (1, 3)
    assert said(ledger).count(open_combo) == 2  # of the summary and of the document


def said(ledger: Path) -> str:
    """What a report and the screen of the first document say."""
    report = run_here("summary", "--ledger", str(ledger), "-p", "2026-09", "-v")
    shown = run_here("records", "show", "d001", "--ledger", str(ledger))
    assert (report.code, shown.code) == (0, 0)
    return " ".join((report.out + shown.out).split())


def test_the_same_log_again_changes_nothing_and_neither_does_another_program_that_logged_the_same(tmp_path: Path) -> None:
    sent = live.session(3)
    ledger = tmp_path / "ledger"
    one = write(tmp_path / "one.jsonl", live.events(sent))
    brought(ledger, one)
    (again,) = brought(ledger, one).files
    assert again.same_as == "d001"
    (other,) = brought(ledger, write(tmp_path / "other.jsonl", live.events(sent), "tiktoklive-4")).files
    assert (other.new, other.known) == (0, other.rows)
    assert coins(usage(ledger)) == total(sent)


def test_gifters_stand_in_a_log_only_as_aliases(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    brought(ledger, write(tmp_path / "log.jsonl", live.events(live.session(3))))
    with opening.open_ledger(ledger) as book, book.reading():
        rows = documents.rows_of(book, 1, 0)
        names = {row[0] for row in book.raw.execute("SELECT name FROM gifters")}
        assert {row.gifter for row in rows} == {columns.alias_of(book.key, live.fan_id(number)) for number in range(3)}
    assert names >= {live.fan_id(number) for number in range(3)}
    (stored,) = (ledger / "documents").glob("*.parquet")
    assert not any(live.fan_id(number).encode() in stored.read_bytes() for number in range(3))


def test_the_region_of_a_log_fills_its_frames_whichever_log_said_it(tmp_path: Path) -> None:
    found = live.events(live.session(4))
    one, two = write(tmp_path / "one.jsonl", found[:20]), write(tmp_path / "two.jsonl", found[10:])
    for name, order in (("a", ((one, "US"), (two, ""))), ("b", ((two, ""), (one, "US")))):
        for file, region in order:
            brought(tmp_path / name, file, region=region)
    assert content(tmp_path / "a")["usage"] == content(tmp_path / "b")["usage"]
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "a", write(tmp_path / "three.jsonl", found[:5]), region="GB")
    assert {(problem.code, problem.file) for problem in refused.value.problems} == {("E006", str(tmp_path / "three.jsonl"))}
    assert "with other region" in refused.value.problems[0].message
    assert {problem.hint for problem in refused.value.problems} == {"use the same --region for all logs of these gifts"}


def test_one_message_with_other_content_is_refused_with_both_places_and_the_files_after_it_are_still_checked(
    tmp_path: Path,
) -> None:
    found = live.events(live.session(4))
    ledger = tmp_path / "ledger"
    brought(ledger, write(tmp_path / "one.jsonl", found))
    other = [event._replace(sent=event.sent._replace(coins=7)) for event in found[:1]]
    two, three = write(tmp_path / "two.jsonl", other), write(tmp_path / "three.jsonl", found[5:])
    with pytest.raises(Refusal) as refused:
        brought(ledger, two, three)
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.line) == ("E006", str(two), 1)
    assert "first on d001" in problem.message
    assert coins(usage(ledger)) == total(live.session(4))


def test_gift_rows_over_the_days_of_a_log_need_a_word_on_which_counts(tmp_path: Path) -> None:
    sent = live.session(5)
    ledger = tmp_path / "ledger"
    brought(ledger, write(tmp_path / "log.jsonl", live.events(sent)))
    rows = tmp_path / "rows.csv"
    rows.write_text("timestamp,creator,gift,coins,event_id\n2026-09-21T14:14:00Z,mara,Rose,9,e1\n")
    with pytest.raises(Refusal) as refused:
        brought(ledger, rows)
    (problem,) = refused.value.problems
    assert (refused.value.exit_code, problem.code) == (4, "L010")
    assert "events of LIVE logs" in problem.message and "--prefer events" in problem.hint
    brought(ledger, rows, prefer="events")
    assert coins(usage(ledger)) == total(sent)
    undone(ledger, 2)
    brought(ledger, rows, prefer="ids")
    assert coins(usage(ledger)) == (1, 9)
    undone(ledger, 3)
    assert coins(usage(ledger)) == total(sent)


def test_a_second_log_over_days_of_preferred_rows_stays_aside(tmp_path: Path) -> None:
    ledger, rows = tmp_path / "ledger", tmp_path / "rows.csv"
    rows.write_text("timestamp,creator,gift,coins,event_id\n2026-09-21T14:14:00Z,mara,Rose,9,e1\n")
    brought(ledger, rows)
    sent = live.session(5)
    (file,) = brought(ledger, write(tmp_path / "log.jsonl", live.events(sent)), prefer="ids").files
    assert (file.new, file.aside, file.aside_coins) == (0, *total(sent))
    assert coins(usage(ledger)) == (1, 9)


def test_a_host_id_that_javascript_rounded_is_recognised_in_another_log(tmp_path: Path) -> None:
    """One log names the host by a rounded id, the other one has gifts to the host and to a guest by exact ids."""
    sent = live.session(6)
    guest = [sent[0]._replace(receiver=live.GUEST, start=live.START + 9_000_000)]
    named = live.events(sent[:2])
    exact = live.events([*sent[2:], *guest])
    ledger = tmp_path / "ledger"
    first = tmp_path / "first.jsonl"
    objects = [live.connector_1(event) for event in named]
    for item in objects:
        del item["data"]["receiverUserId"]
    first.write_text(live.lines(objects))
    second = tmp_path / "second.jsonl"
    renamed = [event._replace(message_id="8" + event.message_id[1:]) for event in exact]
    second.write_text(live.lines([live.connector_1(event) for event in renamed]))
    brought(ledger, first)
    (file,) = brought(ledger, second).files
    assert (file.elsewhere, coins(usage(ledger))) == (1, total(sent))
    assert not set(json.dumps([row._asdict() for row in usage(ledger)])) & {live.GUEST}


def test_logs_that_make_no_sense_without_another_cannot_be_left_alone(tmp_path: Path) -> None:
    """Two logs with gifts to one receiver each and no host; a third says who the host is."""
    sent = live.session(7)
    ledger = tmp_path / "ledger"

    def part(name: str, events: list[live.Event]) -> Path:
        return write(tmp_path / name, events)

    host = live.CONNECTED | {"data": {"roomId": live.ROOM, "roomInfo": {"owner": {"display_id": "mara", "id_str": live.HOST}}}}
    with_host = tmp_path / "host.jsonl"
    with_host.write_text(live.lines([host, *(live.connector_2(event) for event in live.events(sent[:2]))]))
    brought(ledger, with_host)
    events = live.events([item._replace(receiver=live.HOST) for item in sent])
    brought(ledger, part("to-host.jsonl", [event for event in events if event.sent in sent[2:5]]))
    other = [item._replace(receiver=live.GUEST) for item in sent[5:]]
    moved = [event._replace(message_id="8" + event.message_id[1:]) for event in live.events(other)]
    brought(ledger, part("to-guest.jsonl", moved))
    assert coins(usage(ledger)) == total(sent[:5])
    with pytest.raises(Refusal) as refused:
        undone(ledger, 1)
    (problem,) = refused.value.problems
    assert (problem.code, refused.value.exit_code) == ("E005", 4)
    assert problem.hint == "the logs that would be left cannot be folded together: undo them too"
    assert coins(usage(ledger)) == total(sent[:5])
    undone(ledger, 1, 3)
    assert coins(usage(ledger)) == total(sent[2:5])


def test_a_price_of_the_catalogue_is_kept_with_the_log_whatever_the_catalogue_says_later(tmp_path: Path) -> None:
    found = live.events([live.Sent(live.START, 1, "Rose", 5655, 1, 1, 3)])
    objects = [live.connector_2(event) for event in found]
    for item in objects:
        del item["giftDetails"]["diamondCount"]
    path = tmp_path / "log.jsonl"
    path.write_text(live.lines(objects))
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", path)
    assert [problem.code for problem in refused.value.problems] == ["E004"]
    wanted = Importing(Reading("mara", region="US"), price=lambda gift_id, gift, time: 4 if gift_id == "5655" else None)
    (file,) = bring_in(tmp_path / "ledger", [path], wanted).files
    assert "1 gift valued by the gift catalogue, where the log has no coins (12 coins)" in file.notices
    assert coins(usage(tmp_path / "ledger")) == (1, 12)


def test_a_cut_off_log_is_refused_or_salvaged_and_then_every_total_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", live.events(live.session(8)))
    path.write_text(path.read_text()[:-50])
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", path)
    assert [problem.code for problem in refused.value.problems] == ["F011"]
    report = brought(tmp_path / "ledger", path, salvage=True)
    assert report.rejected == 1
    with opening.open_ledger(tmp_path / "ledger") as book, book.reading():
        (row,) = documents.rejected_rows(book)
        assert (row.code, row.state) == ("F011", "open")
        assert documents.incomplete(book).startswith("Incomplete: 1 rejected row of d001")


def test_folding_in_the_ledger_is_folding(tmp_path: Path) -> None:
    """The frames that the ledger keeps say what those of the file said."""
    from diamondctl.problems import ProblemLog
    from diamondctl.readers import recognise, sources
    from diamondctl.readers.gift_rows import Settings
    from diamondctl.records import Frame, Gift
    from tests.support import ROOT

    def listed(gift_id: str, gift: str, time: int) -> int | None:
        return {"5655": 1, "5487": 5, "5879": 30, "5886": 1000}.get(gift_id)

    def no_gift(gift: Gift) -> None:
        raise AssertionError("a log holds frames")

    for path in sorted((ROOT / "tests" / "samples" / "live").glob("*.json*")):
        if path.suffix == ".read" or "cut-off" in path.name:
            continue
        taken: list[Frame] = []
        with sources.open_source(str(path), encoding="utf-8", stdin=None) as source:
            recognise.read(source, Settings("mara"), ProblemLog(), no_gift, taken.append)
        alone = fold(taken, listed)
        ledger = tmp_path / path.stem
        wanted = Importing(Reading("mara", region="US"), price=listed)
        (file,) = bring_in(ledger, [path], wanted).files
        mine = [item.gift for item in alone.gifts if not item.gift.receiver]
        assert coins(usage(ledger)) == (len(mine), sum(gift.coins * gift.quantity for gift in mine)), path.name
        assert (file.folded, file.known) == (len(alone.folded), len(alone.repeated)), path.name
        assert file.elsewhere == len(alone.gifts) - len(mine), path.name


def test_logs_of_one_command_are_folded_once_all_of_them_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = live.events(live.session(9))
    files = [write(tmp_path / f"{number}.jsonl", found[number::10]) for number in range(10)]
    folds: list[int] = []
    gifts_of = frames.gifts_of

    def counted(logs: Any, *rest: Any) -> frames.Gifts:
        found = list(logs)
        folds.append(len(found))
        return gifts_of(found, *rest)

    monkeypatch.setattr(frames, "gifts_of", counted)
    report = brought(tmp_path / "ledger", *files)
    assert folds == [10]
    assert [file.document for file in report.files] == [f"d{number:03}" for number in range(1, 11)]
    assert sum(file.new for file in report.files) == len(live.session(9))
    assert all(file.rows == file.new + file.known + file.folded + file.elsewhere for file in report.files)
    monkeypatch.undo()
    assert coins(usage(tmp_path / "ledger")) == total(live.session(9))
    rows = tmp_path / "rows.csv"
    rows.write_text("timestamp,creator,gift,coins,event_id\n2026-09-20T14:14:00Z,mara,Rose,9,e1\n")
    report = brought(tmp_path / "mixed", files[0], rows, *files[1:], files[0])
    assert [file.document or file.same_as for file in report.files] == [f"d{number:03}" for number in (*range(1, 12), 1)]
    assert coins(usage(tmp_path / "mixed")) == (total(live.session(9))[0] + 1, total(live.session(9))[1] + 9)


@pytest.mark.parametrize("prefer", ["ids", "events"])
@pytest.mark.parametrize("log_first", [False, True], ids=["rows first", "log first"])
def test_what_an_import_says_of_rows_and_logs_is_what_counts_in_the_end(tmp_path: Path, prefer: str, log_first: bool) -> None:
    sent = live.session(5)
    log, rows = write(tmp_path / "log.jsonl", live.events(sent)), tmp_path / "rows.csv"
    rows.write_text("timestamp,creator,gift,coins,event_id\n2026-09-21T14:14:00Z,mara,Rose,9,e1\n")
    files = (log, rows) if log_first else (rows, log)
    report = brought(tmp_path / "ledger", *files, prefer=prefer)
    assert coins(usage(tmp_path / "ledger")) == (
        sum(file.new for file in report.files),
        sum(file.new_coins for file in report.files),
    )
    assert sum(file.aside for file in report.files) == (len(sent) if prefer == "ids" else 1)
    assert [file.document for file in report.files] == ["d001", "d002"]


def host_unknown(folder: Path) -> tuple[list[Path], list[live.Sent]]:
    """Logs that only make sense together: to the host, to a guest, and one that says who is the host."""
    sent = live.session(7)
    host = live.CONNECTED | {"data": {"roomId": live.ROOM, "roomInfo": {"owner": {"display_id": "mara", "id_str": live.HOST}}}}
    with_host = folder / "host.jsonl"
    with_host.write_text(live.lines([host, *(live.connector_2(event) for event in live.events(sent[:2]))]))
    events = [event for event in live.events(sent) if event.sent in sent[2:5]]
    other = live.events([item._replace(receiver=live.GUEST) for item in sent[5:]])
    moved = [event._replace(message_id="8" + event.message_id[1:]) for event in other]
    return [write(folder / "to-host.jsonl", events), write(folder / "to-guest.jsonl", moved), with_host], sent


def test_the_order_of_logs_in_one_command_does_not_decide_whether_they_are_taken(tmp_path: Path) -> None:
    files, sent = host_unknown(tmp_path)
    for number, order in enumerate(itertools.permutations(files)):
        brought(tmp_path / str(number), *order)
        assert coins(usage(tmp_path / str(number))) == total(sent[:5])


def test_gifts_to_several_receivers_are_told_of_the_new_log_without_aliases(tmp_path: Path) -> None:
    (to_host, to_guest, _), _ = host_unknown(tmp_path)
    brought(tmp_path / "ledger", to_host)
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", to_guest)
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.line) == ("E005", str(to_guest), 1)
    assert problem.message == (
        f"gifts to 2 receivers (first on d001 ({to_host}):1 and {to_guest}:1), and nothing says which is the host"
    )


def test_a_log_without_gifts_is_passed_over_among_others_and_refused_alone(tmp_path: Path) -> None:
    quiet, log = tmp_path / "chat.jsonl", write(tmp_path / "log.jsonl", live.events(live.session(3)))
    quiet.write_text(live.lines([live.CONNECTED]))
    for ledger, files in (("a", (quiet, log)), ("b", (log, quiet))):
        report = brought(tmp_path / ledger, *files)
        assert [file.document for file in report.files] == ["d001"]
        assert f"{quiet}: a log without gifts, nothing to import" in report.notices
        assert [notice for notice in report.notices if notice.startswith(str(log))] == [f"{log}: gifts of mara"]
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "c", quiet)
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.hint) == (
        "F009",
        str(quiet),
        "nothing to import; among other files it is passed over",
    )


def test_a_bad_event_is_refused_with_what_to_do_whatever_was_said_to_keep_of_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", live.events(live.session(3)))
    path.write_text(path.read_text().replace('"diamondCount": 1', '"diamondCount": "x"', 1))
    wanted = Importing(Reading("mara", region="US"), keep_good=True)
    with pytest.raises(Refusal) as refused:
        bring_in(tmp_path / "ledger", [path], wanted)
    (problem,) = refused.value.problems
    assert problem.hint.endswith("--keep-good leaves out rows of tables, not events of a log: mend or delete the line")


def test_a_log_that_makes_no_sense_alone_is_refused_with_the_reason(tmp_path: Path) -> None:
    objects = [live.connector_2(event) for event in live.events([live.Sent(live.START, 1, "Rose", 5655, 1, 1, 3)])]
    for item in objects:
        for key in ("repeatEnd", "groupId", "giftType"):
            item.pop(key, None)
            item["giftDetails"].pop(key, None)
    path = tmp_path / "log.jsonl"
    path.write_text(live.lines(objects))
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", path)
    (problem,) = refused.value.problems
    assert problem.code == "E007"
    assert problem.hint.endswith("; a log in the ledger must make sense without the others")


def test_the_same_log_with_an_option_that_changes_nothing_is_the_same_log(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    path = write(tmp_path / "log.jsonl", live.events(live.session(3)))
    brought(ledger, path)
    wanted = Importing(Reading("mara", "Asia/Tokyo", region="US"))
    (again,) = bring_in(ledger, [path], wanted).files
    assert again.same_as == "d001"
