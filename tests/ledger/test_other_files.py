"""Totals, archives, files of another shape and files that were cut off, in the ledger."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from diamondctl.desk.intake import Opening
from diamondctl.desk.staged import Importing
from diamondctl.ledger import catalog, checkup, opening, stored_totals
from diamondctl.ledger.staging import Reading
from diamondctl.ledger.totals import use
from diamondctl.problems import Refusal
from diamondctl.profiles import store
from diamondctl.reports.documents import Import
from tests.ledger import state
from tests.ledger.state import run_here
from tests.ledger.support import bring_in, content, imported, undone
from tests.ledger.test_rejected import mended, repairs, states
from tests.support import ROOT
from tests.workbooks import archive, sheet, workbook

SAMPLES = ROOT / "tests" / "samples"
TOTALS = SAMPLES / "totals"
HEAD = ["timestamp", "creator", "gift", "coins", "event_id"]
GIFTS = "timestamp,creator,gift,coins,event_id\n2026-09-21T10:00:00Z,mara,Rose,1,e1\n"
CENTER = "Date,ダイヤモンド\n2026-09-21,2188\n2026-09-22,500\n"
PROFILE = """schema: 1
name: shop
kind: gifts
file: csv
columns: {timestamp: When, creator: Who, gift: What, coins: Price}
"""
SHOP = "When,Who,What,Price\n2026-10-03T10:00:00Z,mara,Rose,7\n"


def brought(ledger: Path, *files: Path, **given: Any) -> Import:
    reading = Reading("mara", region=given.pop("region", "US"), earning_unit=given.pop("earning_unit", ""))
    opening = Opening(salvage=given.pop("salvage", False))
    return bring_in(ledger, files, Importing(reading, opening, **given))


def summary(ledger: Path, *arguments: str) -> str:
    done = run_here("summary", "--ledger", str(ledger), "-p", "2026-09", "-v", *arguments)
    assert done.code in (0, 3), done
    return done.out + done.err


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def sound(ledger: Path) -> bool:
    with opening.open_ledger(ledger) as book:
        return all(item.status != "damaged" for item in checkup.examine(book))


def test_totals_alone_are_what_reports_work_from_and_say_so(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    report = brought(ledger, *sorted(TOTALS.glob("live-center-*.csv")))
    assert [(file.rows, file.totals, file.new) for file in report.files] == [(2, 2, 0), (2, 2, 0), (3, 3, 0), (1, 1, 0)]
    text = summary(ledger)
    assert "! Worked out from totals of LIVE Center (3 days), not from gifts" in text
    assert "2,688" in text and "2 LIVEs, 1.5 hours live, 7 new followers" in text
    assert sound(ledger)


def test_totals_beside_gifts_are_a_cross_check_in_any_order_and_change_no_figure(tmp_path: Path) -> None:
    gifts, center = written(tmp_path / "gifts.csv", GIFTS), written(tmp_path / "center.csv", CENTER)
    for number, order in enumerate(([gifts, center], [center, gifts])):
        ledger = tmp_path / str(number)
        for file in order:
            brought(ledger, file)
        text = " ".join(summary(ledger).split())
        assert (
            "cross-check: LIVE Center says 2,188 diamonds of mara for 2026-09-21, the gifts have 1 coins, 2,187 fewer" in text
        )
        assert "Coins 1 - imported" in text
    undone(ledger, 1)
    assert "cross-check" not in summary(ledger)


def test_totals_of_files_and_of_the_ledger_give_the_same_report(tmp_path: Path) -> None:
    files = [TOTALS / "live-center-revenue.csv", TOTALS / "Creator_data_2026_10_01_08_37_UTC0.xlsx"]
    brought(tmp_path / "ledger", *files)
    keep = ("--region", "US", "--csv", "-q")
    of_files = run_here("summary", *map(str, files), "--creator", "mara", "-p", "2026-09", *keep)
    of_ledger = run_here("summary", "--ledger", str(tmp_path / "ledger"), "--creator", "mara", "-p", "2026-09", *keep)
    assert of_files.out == of_ledger.out and of_files.code == of_ledger.code


def test_totals_that_contradict_each_other_are_refused_with_both_places(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    brought(ledger, written(tmp_path / "one.csv", CENTER))
    two = written(tmp_path / "two.csv", CENTER.replace("500", "501"))
    with pytest.raises(Refusal) as refused:
        brought(ledger, two)
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.line) == ("T003", str(two), 3)
    assert "500 in d001" in problem.message
    with pytest.raises(Refusal) as refused:
        brought(ledger, written(tmp_path / "three.csv", CENTER + "2026-09-23,1\n"), region="GB")
    assert refused.value.problems[0].message == "totals of mara were imported for region US, as d001"


def test_hours_live_and_new_followers_are_figures_where_totals_say_them(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    brought(ledger, written(tmp_path / "gifts.csv", GIFTS), *sorted(TOTALS.glob("live-center-*.csv")))
    text = summary(ledger)
    assert "Hours live" in text and "2 of 30 days" in text and "New followers" in text
    done = run_here("summary", "--ledger", str(ledger), "-p", "2026-09", "--csv", "-q", "--columns", "hours,new_followers")
    assert done.out == "hours,new_followers\n1.5,7\n"


def test_the_earning_unit_belongs_to_how_a_data_export_was_read(tmp_path: Path) -> None:
    ledger, export = tmp_path / "ledger", TOTALS / "export-1.json"
    brought(ledger, export)
    with pytest.raises(Refusal) as refused:
        brought(ledger, export, earning_unit="diamonds")
    assert [(problem.code, "--earning-unit (none)" in problem.message) for problem in refused.value.problems] == [
        ("L008", True)
    ]
    undone(ledger, 1)
    brought(ledger, export, earning_unit="diamonds")
    assert "TikTok data export" in summary(ledger)


def test_members_of_an_archive_are_documents_and_the_same_file_beside_it_is_known(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    pack = tmp_path / "pack.zip"
    pack.write_bytes(archive({"a/gifts.csv": GIFTS, "center.csv": CENTER, "photo.jpg": "x"}))
    report = brought(ledger, pack)
    assert [(Path(file.name).name, file.document) for file in report.files] == [("gifts.csv", "d001"), ("center.csv", "d002")]
    assert report.notices[0] == f"{pack}: not read: photo.jpg" and report.notices[1].endswith(": totals of mara")
    (again,) = brought(ledger, written(tmp_path / "gifts.csv", GIFTS)).files
    assert again.same_as == "d001"
    undone(ledger, 1)
    assert content(ledger)["usage"] == []


def test_a_bad_member_refuses_the_whole_archive_and_every_bad_member_is_named(tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    pack.write_bytes(archive({"a.csv": GIFTS, "b.csv": GIFTS.replace(",1,", ",x,"), "c.csv": "giftName\nRose\n"}))
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", pack)
    assert [(problem.code, Path(problem.file).name) for problem in refused.value.problems] == [
        ("G020", "b.csv"),
        ("F008", "c.csv"),
    ]
    assert not (tmp_path / "ledger").exists()


def test_a_profile_belongs_to_how_a_file_was_read(tmp_path: Path) -> None:
    ledger, shop = tmp_path / "ledger", written(tmp_path / "shop.csv", SHOP)
    mine = store.find(str(written(tmp_path / "shop.yaml", PROFILE)))
    with pytest.raises(Refusal) as refused:
        brought(ledger, shop)
    assert [problem.code for problem in refused.value.problems] == ["F008"]
    (file,) = brought(ledger, shop, profiles=mine).files
    assert (file.kind, file.new_coins) == ("gift CSV, profile shop", 7)
    assert brought(ledger, shop, profiles=mine).files[0].same_as == "d001"
    commented = store.find(str(written(tmp_path / "shop.yaml", "# ours\n" + PROFILE)))
    assert brought(ledger, shop, profiles=commented).files[0].same_as == "d001"
    # What changes no row is no other way of reading.
    of_row = store.find(str(written(tmp_path / "shop.yaml", PROFILE + "coins_are: row\n")))
    assert brought(ledger, shop, profiles=of_row).files[0].same_as == "d001"
    other = store.find(str(written(tmp_path / "shop.yaml", PROFILE.replace("gift: What", "gift: Who"))))
    with pytest.raises(Refusal) as refused:
        brought(ledger, shop, profiles=other)
    (problem,) = refused.value.problems
    assert problem.code == "L008"
    assert problem.message.endswith("as d001, read with --profile shop as it was then: the profile has changed")


LOCAL = PROFILE + 'date_format: "DD.MM.YYYY HH:mm"\ntimezone: Asia/Tokyo\nthousands: point\ncoins_are: row\n'
LOCAL = LOCAL.replace("coins: Price}", "coins: Price, quantity: Number}")


def test_repaired_rows_of_a_file_with_a_profile_are_read_with_it(tmp_path: Path) -> None:
    """Dates, zone, marks between digits and coins of the row, as in the file; the figures are those of a good file."""
    text = "When,Who,What,Price,Number\n03.10.2026 08:00,mara,Rose,1.000,10\n{},mara,Rose,{},10\n"
    mine = store.find(str(written(tmp_path / "shop.yaml", LOCAL)))
    bad = written(tmp_path / "bad.csv", text.format("2026-10-03", "2.000"))
    bad.write_text(bad.read_text() + "05.10.2026 08:00,mara,Rose,31,3\n", "utf-8")
    report = brought(tmp_path / "a", bad, profiles=mine, keep_good=True)
    assert report.rejected == 2
    rows = repairs(tmp_path / "a")
    rows[1][rows[0].index("timestamp")] = "03.10.2026 09:00"
    rows[2][rows[0].index("coins")] = "1.032"
    rows[2][rows[0].index("quantity")] = "4"
    fixed = mended(tmp_path / "fixed.csv", rows)
    (file,) = imported(tmp_path / "a", fixed).files
    assert (file.new, file.new_coins) == (2, 3_032)
    assert imported(tmp_path / "a", fixed).files[0].same_as == "d002"
    good = written(tmp_path / "good.csv", text.format("03.10.2026 09:00", "2.000") + "05.10.2026 08:00,mara,Rose,1032,4\n")
    brought(tmp_path / "b", good, profiles=mine)
    assert content(tmp_path / "a")["usage"] == content(tmp_path / "b")["usage"]
    rows[1][rows[0].index("timestamp")] = "2026-10-03T09:00Z"
    undone(tmp_path / "a", 2)
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "a", mended(tmp_path / "plain.csv", rows), profiles=mine)
    (problem,) = refused.value.problems
    assert (problem.code, problem.hint) == ("G011", "the profile says date_format: DD.MM.YYYY HH:mm")


def test_repaired_rows_of_a_document_whose_profile_was_not_kept_are_refused(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    mine = store.find(str(written(tmp_path / "shop.yaml", LOCAL)))
    shop = written(tmp_path / "shop.csv", "When,Who,What,Price,Number\n03.10.2026 08:00,mara,Rose,5,5\nx,mara,Rose,5,5\n")
    brought(ledger, shop, profiles=mine, keep_good=True)
    with opening.open_ledger(ledger) as book, book.writing():
        book.raw.execute("UPDATE documents SET profile = 'shop 0123456789abcdef'")
    with pytest.raises(Refusal) as refused:
        imported(ledger, mended(tmp_path / "fixed.csv", repairs(ledger), timestamp="03.10.2026 09:00"))
    (problem,) = refused.value.problems
    assert problem.code == "L013" and "with profile shop and did not keep it" in problem.message


def test_profiles_of_the_config_are_tried_on_files_that_are_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    written(folder / "shop.yaml", PROFILE)
    config = written(tmp_path / "config.yaml", "profiles: profiles\nregion: US\n")
    shop, plain = written(tmp_path / "shop.csv", SHOP), written(tmp_path / "gifts.csv", GIFTS)
    book = workbook({"Gifts": sheet([HEAD, ["2026-10-03T10:00:00Z", "mara", "Rose", "1", "e1"]])})
    (tmp_path / "gifts.xlsx").write_bytes(book)
    log = written(tmp_path / "log.jsonl", (SAMPLES / "live" / "connector-1.jsonl").read_text("utf-8"))
    for file, kind in (
        (shop, "gift CSV, profile shop"),
        (plain, "gift CSV"),
        (tmp_path / "gifts.xlsx", "gift XLSX"),
        (log, "LIVE events"),
    ):
        done = run_here(
            "import",
            str(file),
            "--ledger",
            str(tmp_path / file.suffix / "ledger"),
            "--config",
            str(config),
            "--creator",
            "mara",
            "--csv",
        )
        assert done.code == 0 and kind in done.out, done
    done = run_here("summary", str(shop), "--config", str(config), "--csv", "-q")
    assert done.code == 0, done
    other = written(tmp_path / "other.csv", "a,b\n1,2\n")
    done = run_here("summary", str(other), "--config", str(config))
    assert (done.code, "F008" in done.err) == (2, True)
    written(folder / "shop2.yaml", PROFILE.replace("name: shop", "name: shop2"))
    done = run_here("summary", str(shop), "--config", str(config))
    assert (done.code, "P003" in done.err) == (2, True)
    shutil.rmtree(folder)
    done = run_here("summary", str(shop), "--config", str(config))
    assert (done.code, "config.yaml:1" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("gifts.csv", GIFTS + "2026-09-21T11:00:00Z,mara,Ro", 3),
        ("gifts.jsonl", '{"timestamp": "2026-09-21T10:00:00Z", "creator": "mara", "gift": "Rose", "coins": 1}\n{"timesta', 2),
        ("gifts.json", '[{"timestamp": "2026-09-21T10:00:00Z", "creator": "mara", "gift": "Rose", "coins": 1},\n{"timesta', 2),
        ("open.json", '[{"timestamp": "2026-09-21T10:00:00Z", "creator": "mara", "gift": "Rose", "coins": 1}\n', 2),
    ],
)
def test_a_file_that_was_cut_off_is_salvaged_on_request_and_every_total_says_so(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    ledger, path = tmp_path / "ledger", written(tmp_path / name, text)
    with pytest.raises(Refusal) as refused:
        brought(ledger, path)
    (problem,) = refused.value.problems
    assert problem.line == line and "--salvage" in problem.hint
    report = brought(ledger, path, salvage=True)
    assert (report.files[0].new, report.rejected) == (1, 1)
    assert states(ledger) == [(str(line), "open", 0)]
    assert "Incomplete: 1 rejected row of d001" in summary(ledger)
    done = run_here("records", "rejected", "d001", "--repair", str(tmp_path / "x.csv"), "--ledger", str(ledger))
    assert (done.code, "cut off" in done.err) == (2, True)
    done = run_here("records", "rejected", "d001", "--dismiss", "it was a test", "--ledger", str(ledger))
    assert done.code == 0
    assert "Incomplete" not in summary(ledger)
    done = run_here("summary", str(path), "--region", "US", "--salvage")
    assert (done.code, "salvaged" in done.out) == (3, True)


@pytest.mark.parametrize("after", [False, True], ids=["sizes before", "sizes after"])
def test_the_whole_members_of_an_archive_that_was_cut_off_are_salvaged(tmp_path: Path, after: bool) -> None:
    second = GIFTS.replace("e1", "e2")
    data = archive({"a.csv": GIFTS, "b.csv": second, "c.csv": GIFTS * 50})
    if after:
        out = io.BytesIO()
        with zipfile.ZipFile(_Pipe(out), "w", zipfile.ZIP_DEFLATED) as packed:  # it cannot go back to write the sizes
            for name, text in (("a.csv", GIFTS), ("b.csv", second), ("c.csv", GIFTS * 50)):
                packed.writestr(name, text)
        data = out.getvalue()
    pack = tmp_path / "pack.zip"
    pack.write_bytes(data[: data.index(b"c.csv") + 20])
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", pack)
    assert [(problem.code, "--salvage" in problem.hint) for problem in refused.value.problems] == [("Z001", True)]
    report = brought(tmp_path / "ledger", pack, salvage=True)
    assert [file.new for file in report.files] == [1, 1]
    assert states(tmp_path / "ledger") == [("archive", "open", 0)]
    assert "Incomplete: 1 rejected row of d002" in summary(tmp_path / "ledger")
    done = run_here("summary", str(pack), "--region", "US", "--salvage", "--csv")
    assert (done.code, "cut off in 'c.csv'" in done.err) == (3, True), done


class _Pipe(io.RawIOBase):
    """A file that cannot seek."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data: Any) -> int:
        return self._out.write(data)


def test_a_short_row_in_the_middle_is_no_cut_off_end(tmp_path: Path) -> None:
    path = written(tmp_path / "gifts.csv", GIFTS + "2026-09-21T11:00:00Z,mara\n" + GIFTS.splitlines()[1].replace("e1", "e2"))
    with pytest.raises(Refusal) as refused:
        brought(tmp_path / "ledger", path, salvage=True)
    assert [(problem.code, problem.line) for problem in refused.value.problems] == [("C002", 3)]


def test_a_spreadsheet_of_gifts_is_taken_and_its_bad_rows_can_be_repaired(tmp_path: Path) -> None:
    rows = [
        [f"2026-10-03T10:00:0{number}Z", "mara", "Rose", coins, f"e{number}"] for number, coins in enumerate(["1", "-5", "x"])
    ]
    path, ledger = tmp_path / "gifts.xlsx", tmp_path / "ledger"
    path.write_bytes(workbook({"Gifts": sheet([HEAD, *rows])}))
    with pytest.raises(Refusal) as refused:
        imported(ledger, path)
    assert [(problem.code, problem.line) for problem in refused.value.problems] == [("G020", 3), ("G020", 4)]
    report = imported(ledger, path, keep_good=True)
    assert (report.rejected, states(ledger)) == (2, [("3", "open", 0), ("4", "open", 0)])
    imported(ledger, mended(tmp_path / "mended.csv", repairs(ledger), coins="5"))
    good = tmp_path / "good.csv"
    good.write_text("\n".join(",".join(row) for row in [HEAD, rows[0], *([*row[:3], "5", row[4]] for row in rows[1:])]))
    imported(tmp_path / "other", good)
    assert content(ledger)["usage"] == content(tmp_path / "other")["usage"]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_earlier_ledger_says_the_same_where_it_can_be_brought_up_to_date_and_where_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(ROOT / "tests" / "ledger" / "fixtures" / f"v{version}" / "ledger", ledger)
    bytes_before = (ledger / catalog.FILE).read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(catalog, "writable", lambda file: False)
        before = state.content(ledger)
        assert sound(ledger)
    assert (ledger / catalog.FILE).read_bytes() == bytes_before
    with opening.open_ledger(ledger) as book:
        assert book.raw.execute("PRAGMA user_version").fetchone() == (catalog.VERSION,)
    assert state.content(ledger) == before
    assert sound(ledger)


@pytest.mark.parametrize("gifts", [False, True], ids=["alone", "beside gifts"])
def test_the_days_of_totals_are_those_of_the_zone_they_were_imported_with(tmp_path: Path, gifts: bool) -> None:
    """A gift in the first hours of a day in Tokyo belongs to that day, and noon is noon there."""
    ledger, center = tmp_path / "ledger", written(tmp_path / "center.csv", "Date,ダイヤモンド\n2026-09-21,7\n")
    files = [center]
    if gifts:  # 2026-09-21 06:00 in Tokyo
        files.append(
            written(tmp_path / "gifts.csv", "timestamp,creator,gift,coins,event_id\n2026-09-20T21:00:00Z,mara,Rose,7,e1\n")
        )
    zone = ("--input-timezone", "Asia/Tokyo", "--creator", "mara", "--region", "US")
    done = run_here("import", *map(str, files), "--ledger", str(ledger), *zone)
    assert done.code == 0, done
    keep = ("-p", "2026-09", "--csv")
    of_files = run_here("summary", *map(str, files), *zone, *keep)
    of_ledger = run_here("summary", "--ledger", str(ledger), "--region", "US", *keep)
    assert of_files.out == of_ledger.out
    said = [line for line in of_ledger.err.splitlines() if "cross-check" in line]
    assert said == [line for line in of_files.err.splitlines() if "cross-check" in line]
    assert len(said) == gifts and all("1 total agrees with the gifts" in line for line in said)
    with opening.open_ledger(ledger) as book, book.reading():
        (total,) = stored_totals.stored(book, {"mara"}).totals
    assert total.timezone == "Asia/Tokyo"
    ((usage,), days) = (use([total], (), account=lambda creator: ("US", "UTC")).usage, 96)
    assert usage.quarter % days == 12  # noon there is 03:00 UTC


def test_totals_that_say_nothing_of_diamonds_are_no_gifts_in_a_ledger_either(tmp_path: Path) -> None:
    activity = TOTALS / "live-center-activity.csv"
    brought(tmp_path / "ledger", activity)
    brought(tmp_path / "ledger", written(tmp_path / "zero.csv", "Date,ダイヤモンド\n2026-09-23,0\n"))
    for arguments in (["--ledger", str(tmp_path / "ledger")], [str(activity), "--creator", "mara", "--region", "US"]):
        done = run_here("summary", *arguments)
        assert (done.code, "F009" in done.err) == (2, True), done


def test_more_coins_than_an_integer_holds_are_added_up_and_taken_out_again(tmp_path: Path) -> None:
    """Spread over hours, so that each quarter is within the limit."""
    ledger, most = tmp_path / "ledger", 999_999_999_999_999
    head = "timestamp,creator,gift,coins,event_id\n"
    many = [
        f"2026-{9 + n // 6_000:02}-{1 + n % 6_000 // 240:02}T{n // 10 % 24:02}:{n % 10:02}:00Z,mara,Rose,{most},{n}\n"
        for n in range(10_000)
    ]
    (file,) = brought(ledger, written(tmp_path / "many.csv", head + "".join(many))).files
    assert file.new_coins == 10_000 * most > 2**63
    gone = undone(ledger, 1)
    assert (gone.gifts, gone.coins) == (10_000, 10_000 * most)


def test_the_same_totals_of_two_creators_are_two_documents(tmp_path: Path) -> None:
    """Files of LIVE Center name nobody: the option says whose they are."""
    ledger, center = tmp_path / "ledger", written(tmp_path / "center.csv", CENTER)
    for creator, expected in (("mara", "d001"), ("lee", "d002")):
        done = run_here("import", str(center), "--ledger", str(ledger), "--creator", creator, "--region", "US", "--csv")
        assert done.code == 0 and expected in done.out, done
    done = run_here("import", str(center), "--ledger", str(ledger), "--creator", "lee", "--region", "US", "--csv")
    assert done.code == 0 and "d002" in done.out
    done = run_here(
        "import", str(center), "--ledger", str(ledger), "--creator", "lee", "--region", "US", "--input-timezone", "Asia/Tokyo"
    )
    assert (done.code, "L008" in done.err) == (4, True)
    nameless = written(tmp_path / "gifts.csv", "timestamp,gift,coins,event_id\n2026-09-21T10:00:00Z,Rose,1,e1\n")
    for creator in ("mara", "lee"):
        done = run_here("import", str(nameless), "--ledger", str(ledger), "--creator", creator, "--region", "US")
        assert done.code == 0, done
    assert {row.creator for row in content(ledger)["usage"]} == {"mara", "lee"}


def test_options_that_change_nothing_are_no_other_way_of_reading(tmp_path: Path) -> None:
    ledger, gifts = tmp_path / "ledger", written(tmp_path / "gifts.csv", GIFTS)
    for more in ((), ("--creator", "mara"), ("--input-timezone", "Asia/Tokyo")):
        done = run_here("import", str(gifts), "--ledger", str(ledger), *more, "--csv")
        assert done.code == 0 and "d001" in done.out, done
    local = written(tmp_path / "local.csv", GIFTS.replace("00Z", "00"))
    assert run_here("import", str(local), "--ledger", str(ledger)).code == 0
    done = run_here("import", str(local), "--ledger", str(ledger), "--input-timezone", "Asia/Tokyo")
    assert (done.code, "--input-timezone (none)" in done.err) == (4, True)


def test_totals_without_a_region_take_that_of_the_gifts_they_are_compared_with(tmp_path: Path) -> None:
    """Days are cut where the creator's gifts are rated; nothing is asked for where totals are only a cross-check."""
    ledger = tmp_path / "ledger"
    head = "timestamp,creator,gift,coins,event_id,region\n"
    gifts = written(tmp_path / "gifts.csv", head + "2026-09-22T02:00:00Z,mara,Rose,9,e1,US\n")
    center = written(tmp_path / "center.csv", "Date,ダイヤモンド\n2026-09-21,9\n")
    brought(ledger, gifts, center, region="")
    assert "cross-check: 1 total agrees with the gifts" in " ".join(summary(ledger).split())
    done = run_here("summary", str(gifts), str(center), "--creator", "mara", "-p", "2026-09", "-v")
    assert done.code == 0 and "1 total agrees with the gifts" in " ".join(done.out.split())
    done = run_here("import", str(center), "--ledger", str(ledger), "--creator", "lee", "--region", "US")
    assert done.code == 0
    assert "Worked out from totals" in summary(ledger)


def test_damaged_totals_of_one_creator_stop_no_other(tmp_path: Path) -> None:
    ledger, center = tmp_path / "ledger", written(tmp_path / "center.csv", CENTER)
    brought(ledger, center)
    (rows,) = (ledger / "documents").glob("*.parquet")
    assert run_here("import", str(center), "--ledger", str(ledger), "--creator", "lee", "--region", "US").code == 0
    rows.write_bytes(rows.read_bytes()[:-1] + b"X")
    other = written(tmp_path / "other.csv", "Date,ダイヤモンド\n2026-09-24,5\n")
    assert run_here("import", str(other), "--ledger", str(ledger), "--creator", "lee", "--region", "US").code == 0
    assert "2,693" in summary(ledger, "--creator", "lee")
    done = run_here("summary", "--ledger", str(ledger), "--creator", "mara", "-p", "2026-09")
    assert (done.code, "L005" in done.err) == (4, True)


def test_an_earlier_ledger_that_cannot_be_written_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(ROOT / "tests" / "ledger" / "fixtures" / "v1" / "ledger", ledger)
    monkeypatch.setattr(catalog, "writable", lambda file: False)
    with pytest.raises(Refusal) as refused:
        brought(ledger, written(tmp_path / "gifts.csv", GIFTS))
    (problem,) = refused.value.problems
    assert problem.code == "L007" and "earlier version" in problem.message
