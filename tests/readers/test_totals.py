"""Dashboards and data exports: totals of their own kind, read as their known versions are written, never guessed."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import archives, dashboards, recognise
from diamondctl.readers.cells import CellError
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import Source
from diamondctl.records import Total
from tests import live, make_samples
from tests.make_samples import BACKSTAGE_HEADER
from tests.workbooks import sheet, workbook

SAMPLES = make_samples.totals()


def read(
    data: bytes | str, name: str = "x", creator: str = "mara", unit: str = ""
) -> tuple[list[Total], list[str], tuple[str, ...], str]:
    """Totals, codes of problems, notices, kind."""
    log = ProblemLog()
    totals: list[Total] = []
    raw = data.encode() if isinstance(data, str) else data
    try:
        (part,) = archives.documents(Source(name, io.BytesIO(raw), "utf-8", len(raw)))
        found = recognise.read(part, Settings(creator, earning_unit=unit), log, nothing, nothing, totals.append)
    except Refusal as refusal:
        return totals, [problem.code for problem in refusal.problems], (), ""
    return totals, [problem.code for problem in log.problems], found.notices, found.kind


def nothing(item: Any) -> None:
    raise AssertionError(item)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_its_generator_makes(name: str) -> None:
    assert (make_samples.TOTALS / name).read_bytes() == SAMPLES[name]


def test_live_center_gives_days() -> None:
    totals, codes, _, kind = read(SAMPLES["live-center-revenue.csv"])
    assert (codes, kind) == ([], "LIVE Center CSV")
    assert [(item.first_day, item.diamonds) for item in totals] == [
        (date(2026, 9, 20), 0),
        (date(2026, 9, 21), 2_188),
        (date(2026, 9, 22), 500),
    ]
    activity = read(SAMPLES["live-center-activity.csv"])[0]
    assert [(item.seconds, item.streams, item.diamonds) for item in activity] == [(3_600, 1, -1), (1_800, 1, -1)]
    assert [item.new_followers for item in read(SAMPLES["live-center-engagement.csv"])[0]] == [7, 0]
    assert [item.diamonds for item in read(SAMPLES["live-center-viewer.csv"])[0]] == [-1]
    assert read(SAMPLES["live-center-revenue.csv"], creator="")[1] == ["T004"]


def test_backstage_gives_months_to_date_in_both_layouts() -> None:
    totals, codes, notices, kind = read(SAMPLES["Creator_data_2026_10_01_08_37_UTC0.xlsx"], creator="")
    assert (codes, kind) == ([], "LIVE Backstage XLSX")
    assert [(item.creator, item.diamonds, item.approximate, item.seconds, item.new_followers) for item in totals] == [
        ("mara", 2_188, False, 83_228, 31),
        ("noor", 2_980_000, True, 431_251, 1_055),
        ("lee", -1, False, -1, -1),
    ]
    assert {(item.first_day, item.last_day) for item in totals} == {(date(2026, 9, 1), date(2026, 9, 30))}
    assert notices == ("1 creator left the network: known by username",)
    (spanish,) = read(SAMPLES["manage-creators-es.xlsx"], creator="")[0]
    assert (spanish.creator, spanish.diamonds, spanish.first_day, spanish.last_day) == (
        "mara",
        2_188,
        date(2026, 9, 1),
        date(2026, 9, 30),
    )


def backstage(
    *cells: str | float, period: str = "2026-09-01 ~ 2026-09-30", name: str = "x.xlsx"
) -> tuple[list[Total], list[str], tuple[str, ...], str]:
    """One row with an id, a username and diamonds."""
    row = [period, cells[0], cells[1], "", "", cells[2]]
    return read(workbook({"S": sheet([list(BACKSTAGE_HEADER[:6]), row])}), name, creator="")


def test_a_damaged_id_is_no_matter_while_there_is_a_username() -> None:
    totals, codes, notices, _ = backstage(7.39e18, "mara", "5")
    assert ([item.creator for item in totals], codes) == (["mara"], [])
    assert notices == ("1 creator id damaged by a spreadsheet: known by username",)
    assert backstage(7.39e18, "", "5")[1] == ["G032"]
    assert backstage("The creator has quit the network", "", "5")[1] == ["T004"]


@pytest.mark.parametrize(
    ("period", "name", "code"),
    [
        ("2026-09-30 ~ 2026-10-02", "x.xlsx", ["T005"]),
        ("September", "x.xlsx", ["T005"]),
        ("", "x.xlsx", ["T005"]),
        ("", "Creator_data_2026_09_16_08_37_UTC0.xlsx", []),
    ],
)
def test_the_month_comes_from_the_period_or_the_export_and_is_never_guessed(period: str, name: str, code: list[str]) -> None:
    assert backstage("1", "mara", "5", period=period, name=name)[1] == code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", (0, False)),
        ("1,055", (1_055, False)),
        ("2.98M", (2_980_000, True)),
        ("88.46K", (88_460, True)),
        ("5.0", (5, False)),
        ("-", (-1, False)),
        ("", (-1, False)),
        ("∞", (-1, False)),
    ],
)
def test_counts(text: str, value: tuple[int, bool]) -> None:
    assert dashboards.count(text, "diamonds") == value


@pytest.mark.parametrize("text", ["1.055", "1,05", "5.5", "-3", "1e3", "many", "1 055", "0.0001K"])
def test_counts_in_another_form_are_refused(text: str) -> None:
    with pytest.raises(CellError):
        dashboards.count(text, "diamonds")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("23h 7m 8s", 83_228), ("119h 47m 31s", 431_251), ("88.46h", 318_456), ("1,055d", 91_152_000), ("3600", 3_600), ("-", -1)],
)
def test_durations(text: str, seconds: int) -> None:
    assert dashboards.duration(text) == seconds


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_sessions_of_every_generation_keep_their_earning_as_text(generation: int) -> None:
    totals, codes, notices, kind = read(SAMPLES[f"export-{generation}.json"])
    assert (codes, kind) == ([], "TikTok data export")
    assert [(item.stream, item.raw, item.diamonds, item.seconds) for item in totals] == [
        (live.ROOM, "2188", -1, 3_600),
        ("7390000000000000911", "N/A", -1, 1_800),
    ]
    assert totals[0].start == 1_790_000_000_000_000
    assert any("spending and no income" in notice for notice in notices)
    assert any("--earning-unit diamonds" in notice for notice in notices)
    assert [item.diamonds for item in read(SAMPLES[f"export-{generation}.json"], unit="diamonds")[0]] == [2_188, -1]


def test_the_export_is_found_in_its_archive() -> None:
    assert len(read(SAMPLES["export-3.zip"])[0]) == 2


def test_an_export_without_sessions_is_refused_as_income() -> None:
    assert read(SAMPLES["export-spending-only.json"])[1] == ["T002"]
    assert read(json.dumps({"Profile": {}}))[1] == ["T002"]
    assert read(SAMPLES["export-1.json"], creator="")[1] == ["T004"]
    assert read(SAMPLES["export-1.json"][:-20])[1] == ["J001"]


@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.integers() | st.floats(allow_nan=False),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["GoLiveList", "LiveStartTime", "TotalEarning", "RoomId", "x"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    ),
    st.booleans(),
)
def test_whatever_an_export_holds_there_are_totals_or_problems(value: Any, diamonds: bool) -> None:
    read(json.dumps({"TikTok Live": {"GoLiveList": value}}), unit="diamonds" if diamonds else "")


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_whatever_a_dashboard_holds_there_are_totals_or_problems(cells: list[str]) -> None:
    backstage(*("".join(letter for letter in cell if letter.isprintable()) for cell in cells))
