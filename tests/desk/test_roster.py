"""A roster in the settings: a whole agency is imported in one command, each file by the creator whose pattern it fits."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.support import Result, run

CONFIG = """\
region: US
creators:
  mara:
    files: ["mara-*.csv", "mara/*.csv"]
    input_timezone: America/Chicago
    since: 2026-01-01
    until: 2026-12-31
    payee: Mara Ltd
  lee:
    files: lee-*
    region: GB
  noor:
    files: noor-*.csv
    profile: noor.yaml
"""
PROFILE = """\
schema: 1
name: noor
kind: gifts
file: csv
date_format: "DD.MM.YYYY HH:mm:ss"
columns: {timestamp: [Datum, Uhrzeit], gift: Geschenk, coins: Muenzen}
"""
FILES = {
    "mara-2026-10.csv": "timestamp,gift,coins\n2026-10-03 22:00,Lion,29999\n",
    "lee-2026-10.csv": "timestamp,gift,coins\n2026-10-04T10:00:00Z,Rose,7\n",
    "others.csv": "timestamp,creator,gift,coins\n2026-10-05T10:00:00Z,kim,Rose,3\n",
}


@pytest.fixture
def agency(tmp_path: Path) -> Path:
    """A folder of the files of an agency, beside its settings."""
    (tmp_path / "config.yaml").write_text(CONFIG.replace("    profile: noor.yaml\n", ""), "utf-8")
    (tmp_path / "in").mkdir()
    for name, text in FILES.items():
        (tmp_path / "in" / name).write_text(text, "utf-8")
    return tmp_path


def call(folder: Path, *words: str) -> Result:
    return run(*words, "--ledger", "led", "--config", "config.yaml", cwd=folder)


def figures(folder: Path) -> Any:
    """What counts in the ledger, whichever documents it comes from."""
    report = call(folder, "summary", "-p", "2026", "--json")
    if report.code == 2:
        return None
    data = json.loads(report.out)["data"]
    return [
        (a["creator"], a["region"], a["timezone"], a["figures"]["coins"], a["figures"].get("reward")) for a in data["accounts"]
    ]


def test_each_file_goes_by_the_creator_whose_pattern_it_fits(agency: Path) -> None:
    done = call(agency, "import", "in")
    assert (done.code, done.err) == (0, "")
    rows = {name: (region, coins["now"]["low"]) for name, region, _, coins, _ in figures(agency)}
    assert rows == {"kim": ("US", "3"), "lee": ("GB", "7"), "mara": ("US", "29999")}
    shown = json.loads(call(agency, "explain", "stream", "2026-10-04T03:00Z", "--creator", "mara", "--json").out)
    assert shown["data"]["gift_rows"][0]["time"].startswith("2026-10-04 03:00")  # 22:00 in Chicago


def test_a_folder_of_a_creator_is_a_pattern_too_and_an_option_wins(agency: Path) -> None:
    (agency / "mara").mkdir()
    (agency / "mara" / "gifts.csv").write_text("timestamp,gift,coins\n2026-10-06 22:00,Rose,5\n", "utf-8")
    assert call(agency, "import", "mara").code == 0
    (agency / "lee-x.csv").write_text("timestamp,gift,coins\n2026-10-07 22:00,Rose,11\n", "utf-8")
    assert call(agency, "import", "lee-x.csv", "--creator", "kim").code == 0
    assert {name: coins["now"]["low"] for name, _, _, coins, _ in figures(agency)} == {"kim": "11", "mara": "5"}


def test_rows_that_name_another_creator_than_the_file_are_told_of(agency: Path) -> None:
    (agency / "in" / "mara-2.csv").write_text(FILES["others.csv"].replace("05T", "06T"), "utf-8")
    done = call(agency, "import", "in")
    assert (done.code, done.err) == (0, "")
    said = " ".join(done.out.split())
    assert "mara-2.csv: by its name a file of mara, and its rows name kim: they are kim's" in said
    assert said.count("by its name") == 1


def test_one_file_that_is_nobodys_keeps_all_of_them_out(agency: Path) -> None:
    (agency / "in" / "nobody.csv").write_text("timestamp,gift,coins\n2026-10-06T10:00:00Z,Rose,5\n", "utf-8")
    done = call(agency, "import", "in")
    assert done.code == 2
    assert "nobody.csv" in done.err
    assert figures(agency) is None
    (agency / "in" / "nobody.csv").rename(agency / "in" / "mara-lee-1.csv")
    (agency / "config.yaml").write_text(CONFIG.replace("lee-*", "'*-lee-*'").replace("    profile: noor.yaml\n", ""), "utf-8")
    done = call(agency, "import", "in")
    assert done.code == 2
    assert "F013 its name fits the files of mara and of lee" in done.err
    assert figures(agency) is None


def test_bytes_that_are_known_need_no_options(tmp_path: Path) -> None:
    """A file that was read with options is known without them, and by any other that was said of it then."""
    (tmp_path / "config.yaml").write_text("region: US\n", "utf-8")
    (tmp_path / "g.csv").write_text("timestamp,gift,coins\n2026-10-03 22:00,Lion,29999\n", "utf-8")
    said = ("--creator", "mara", "--region", "US", "--input-timezone", "America/Chicago")
    assert call(tmp_path, "import", "g.csv", *said).code == 0
    for words in ((), ("--creator", "mara"), said):
        done = call(tmp_path, "import", "g.csv", *words, "--json")
        assert (done.code, done.err) == (0, "")
        (file,) = json.loads(done.out)["data"]["files"]
        assert (file["same_as"], file["known"]) == ("d001", 1)
    other = call(tmp_path, "import", "g.csv", "--input-timezone", "UTC", "--creator", "mara")
    assert other.code == 4
    assert "L008" in other.err


def test_equal_bytes_of_two_creators_are_two_documents(agency: Path) -> None:
    for name in ("mara-1.csv", "lee-1.csv"):
        (agency / "in" / name).write_text("timestamp,gift,coins\n2026-10-06T10:00:00Z,Rose,5\n", "utf-8")
    assert call(agency, "import", "in").code == 0
    assert {name: coins["now"]["low"] for name, _, _, coins, _ in figures(agency)} == {"kim": "3", "lee": "12", "mara": "30004"}


def test_the_order_of_imports_does_not_matter_and_undo_gives_the_state_before(agency: Path) -> None:
    assert call(agency, "import", "in").code == 0
    whole = figures(agency)
    for number, order in enumerate(permutations(FILES)):
        folder = agency / f"order{number}"
        folder.mkdir()
        (folder / "config.yaml").write_text((agency / "config.yaml").read_text("utf-8"), "utf-8")
        before = []
        for name in order:
            before.append(figures(folder))
            assert call(folder, "import", f"../in/{name}").code == 0
        assert figures(folder) == whole
        for number_, state in reversed(list(enumerate(before, 1))):
            assert call(folder, "undo", f"d{number_:03}").code == 0
            assert figures(folder) == state


def test_a_day_of_a_dashboard_that_is_exported_again_is_replaced_where_that_is_said(agency: Path) -> None:
    sample = Path(__file__).parents[1] / "samples" / "totals" / "live-center-revenue.csv"
    text = sample.read_text("utf-8")
    first, later = agency / "mara-a.csv", agency / "mara-b.csv"
    first.write_text(text, "utf-8")
    day = next(line for line in text.splitlines() if "2,188" in line or "2188" in line)
    later.write_text(text.replace(day, day.replace("2188", "2500").replace("2,188", "2,500")), "utf-8")
    assert call(agency, "import", "mara-a.csv").code == 0
    before = figures(agency)
    refused = call(agency, "import", "mara-b.csv")
    assert refused.code == 2
    assert "T003" in refused.err
    assert "--prefer later" in refused.err
    assert figures(agency) == before
    done = call(agency, "import", "mara-b.csv", "--prefer", "later")
    assert (done.code, done.err) == (0, "")
    assert "1 total of an earlier document is replaced" in " ".join(done.out.split())
    after = figures(agency)
    coins = [[int(row[3]["now"]["low"]) for row in rows] for rows in (before, after)]
    assert coins[1][0] - coins[0][0] == 312
    assert call(agency, "import", "mara-a.csv").code == 0  # known to the byte: nothing comes back
    assert figures(agency) == after
    assert call(agency, "undo", "d002").code == 0
    assert figures(agency) == before
    other = agency / "other"
    other.mkdir()
    (other / "config.yaml").write_text((agency / "config.yaml").read_text("utf-8"), "utf-8")
    assert call(other, "import", "../mara-b.csv").code == 0
    assert figures(other) == after


def test_a_creator_has_a_profile_of_her_own_that_begins_in_the_folder_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "config.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / "set" / "noor.yaml").write_text(PROFILE, "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "noor-1.csv").write_text("Datum,Uhrzeit,Geschenk,Muenzen\n03.10.2026,10:00:00,Rose,4\n", "utf-8")
    (tmp_path / "in" / "lee-1.csv").write_text(FILES["lee-2026-10.csv"], "utf-8")
    words = ("--ledger", "led", "--config", "set/config.yaml")
    done = run("import", "in", *words, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    rows = json.loads(run("summary", *words, "--json", cwd=tmp_path).out)["data"]["accounts"]
    assert {row["creator"]: row["figures"]["coins"]["now"]["low"] for row in rows} == {"noor": "4", "lee": "7"}
    again = run("import", "in", "--ledger", "led", "--json", cwd=tmp_path)  # neither settings nor options
    assert (again.code, again.err) == (0, "")
    assert {file["same_as"] for file in json.loads(again.out)["data"]["files"]} == {"d001", "d002"}
    (tmp_path / "set" / "noor.yaml").unlink()
    gone = run("import", "in", *words, cwd=tmp_path)
    assert gone.code == 2
    assert "P001" in gone.err


def test_two_exports_in_one_command_are_told_apart_by_how_far_they_reach(agency: Path) -> None:
    """Whatever they are called: the one that ends on a later day was made later."""
    (agency / "mara-z.csv").write_text('date,diamonds\n2026-09-20,"100"\n2026-09-21,"40"\n', "utf-8")
    (agency / "mara-a.csv").write_text('date,diamonds\n2026-09-21,"90"\n2026-09-22,"7"\n', "utf-8")
    text = (Path(__file__).parents[1] / "samples" / "totals" / "live-center-revenue.csv").read_text("utf-8")
    head = text.splitlines()[0]
    for name in ("mara-z.csv", "mara-a.csv"):
        body = (agency / name).read_text("utf-8").splitlines()[1:]
        (agency / name).write_text("\n".join([head, *body, ""]), "utf-8")
    assert call(agency, "import", "mara-a.csv", "mara-z.csv").code == 2
    done = call(agency, "import", "mara-a.csv", "mara-z.csv", "--prefer", "later")
    assert (done.code, done.err) == (0, "")
    assert sum(int(row[3]["now"]["low"]) for row in figures(agency)) == 100 + 90 + 7


def test_settings_of_a_roster_are_shown_and_set(agency: Path) -> None:
    shown = call_config(agency, "get", "creators.mara.files")
    assert shown.out == "mara-*.csv\nmara/*.csv\n"
    assert call_config(agency, "set", "creators.kim.files", "kim-*").code == 0
    assert call_config(agency, "set", "creators.kim.since", "2026-02-30").code == 2
    assert call_config(agency, "get", "creators.kim.files").out == "kim-*\n"
    assert call_config(agency, "set", "creators.mara.until", "2025-12-31").code == 2


def call_config(folder: Path, *words: str) -> Result:
    return run("config", *words, "--config", "config.yaml", cwd=folder)


def test_a_report_on_files_goes_by_the_roster_as_an_import_does(agency: Path) -> None:
    """Of everybody, of one creator whose file stands among those of others, and by the fast reader or not."""

    def accounts(*words: str) -> Any:
        data = json.loads(run("summary", *words, "-p", "2026-10", "--config", "config.yaml", "--json", cwd=agency).out)["data"]
        return [
            (a["creator"], a["region"], a["figures"]["coins"]["now"], a["figures"]["reward"]["now"]) for a in data["accounts"]
        ]

    of_files, of_mara = accounts("in"), accounts("in", "--creator", "mara")
    assert [name for name, *_ in of_files] == ["kim", "lee", "mara"]
    assert [of_mara, accounts("in/mara-2026-10.csv")] == [[of_files[2]], [of_files[2]]]
    assert call(agency, "import", "in").code == 0
    assert accounts("--ledger", "led") == of_files
    wrong = run("summary", "in/lee-2026-10.csv", "--creator", "mara", "--config", "config.yaml", cwd=agency)
    assert (wrong.code, "A010" in wrong.err) == (2, True)


def test_bytes_that_count_for_another_creator_too_are_told_of(agency: Path) -> None:
    assert call(agency, "import", "in/lee-2026-10.csv").code == 0
    done = call(agency, "import", "in/lee-2026-10.csv", "--creator", "kim")
    said = " ".join(done.out.split())
    assert done.code == 0
    assert "lee-2026-10.csv: by its name a file of lee, and --creator says kim: they are kim's" in said
    assert "the same bytes are in the ledger as d001, gifts of lee; now they count for kim too" in said
    assert "the same bytes" not in call(agency, "import", "in/mara-2026-10.csv").out
