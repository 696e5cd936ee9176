"""`report month`: its parts are the reports of their own commands, and its page shows their figures and nobody's name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diamondctl.render.typeset import plain
from tests.browser import browser
from tests.support import run

US = ("examples/2026-10.csv", "--region", "US")
YEAR = ("examples/year/gb-2026.csv",)
EURO = ("examples/de-2026-10.json",)
WORLDS = (US, (*US, "--share", "48"), YEAR, EURO, (*YEAR, "-p", "2026-07"))


def document(*words: str) -> Any:
    """The JSON of a command."""
    done = run(*words, "--json")
    assert done.code in (0, 3), done.err
    return json.loads(done.out)


def page(tmp_path: Path, *words: str) -> str:
    """The page of a month."""
    path = tmp_path / "month.html"
    done = run("report", "month", *words, "-o", str(path), "--force")
    assert done.code in (0, 3), done.err
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", WORLDS, ids=" ".join)
def test_each_part_is_the_report_of_its_own_command(words: tuple[str, ...]) -> None:
    """Word for word what `summary`, `balance`, `fees` and `project` give."""
    whole = document("report", "month", *words)["data"]
    for name in ("summary", "balance", "fees", "streams", "gifts"):
        theirs = document(name, *words)
        assert whole[name] == {"answer": theirs["answer"], **theirs["data"]}, name
    theirs = document("schedule", *words)
    if "-p" not in words:
        assert whole["schedule"] == {"answer": theirs["answer"], **theirs["data"]}
    if "-p" not in words and whole["projection"] is not None:
        theirs = document("project", *words)
        assert whole["projection"] == {"answer": theirs["answer"], **theirs["data"]}


@pytest.mark.parametrize("words", [US, YEAR], ids=" ".join)
def test_each_month_is_that_of_a_summary(words: tuple[str, ...]) -> None:
    """LIVEs, gifts, coins and reward, month by month."""
    for row in document("report", "month", *words)["data"]["months"]:
        (account,) = document("summary", *words, "-p", row["month"])["data"]["accounts"]
        figures = account["figures"]
        for mine, theirs in (("streams", "streams"), ("gifts", "gifts"), ("coins", "coins")):
            assert row[mine] == int(figures[theirs]["now"]["low"]), row["month"]
        assert {key: row["reward"][key] for key in ("low", "high")} == {
            key: figures["reward"]["now"][key] for key in ("low", "high")
        }


class Texts(HTMLParser):
    """The texts of a page by the element they stand in, those of styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip():
            axis = (self.tags[-1][1].get("class") or "").startswith("row")
            self.found.append(("axis" if axis else self.open[-1], plain(data.strip())))


def texts_of(html: str) -> Texts:
    """A page, read; every element that was opened is closed."""
    parser = Texts()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return parser


def values_in(value: object) -> Iterator[str]:
    """Every text and number of a JSON document."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from values_in(item)
    elif value is not None:
        yield str(value)


# Days as people write them; what a change comes to, which is that of `summary`; how far a tier goes; hours.
_DAY = r"\d{4}-\d\d|\d [A-Z][a-z]{2}\b|[A-Z][a-z]{2} \d\d$|^(up|down|at most|middle,) |\d:\d"
SHOWN = ("td", "th", "b", "strong", "text", "small", "h1")
_FIGURE = re.compile(r"(?<![0-9a-f])\d[\d,]*(?:\.\d+)?")


def assert_no_other_figures(words: tuple[str, ...], tmp_path: Path) -> int:
    """In cells, tiles, sentences and pictures; how many figures there are."""
    known = {
        figure.replace(",", "") for text in values_in(document("report", "month", *words)) for figure in _FIGURE.findall(text)
    }
    found = 0
    for tag, text in texts_of(page(tmp_path, *words)).found:
        if tag in SHOWN and not re.search(_DAY, text) and not re.fullmatch("[0-9a-f]{8}", text):
            for figure in _FIGURE.findall(text):
                found += 1
                assert figure.replace(",", "") in known, text
    return found


@pytest.mark.parametrize("words", WORLDS, ids=" ".join)
def test_every_figure_of_the_page_is_in_the_json(words: tuple[str, ...], tmp_path: Path) -> None:
    """No figure is made for the page."""
    assert assert_no_other_figures(words, tmp_path) > 30


ROWS = st.lists(
    st.tuples(st.integers(0, 60 * 24 * 12), st.integers(1, 3_000), st.integers(1, 5), st.integers(0, 6), st.integers(0, 9)),
    min_size=1,
    max_size=40,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_a_recount_of_random_gifts(rows: list[tuple[int, int, int, int, int]], tmp_path: Path) -> None:
    """Gifts, coins and LIVEs of each month from the rows alone, in London; and the page has no figure of its own."""
    gifts, coins, begun = Counter[str](), Counter[str](), dict[str, datetime]()
    lines = ["timestamp,creator,gift,coins,quantity,event_id,gifter,stream"]
    for number, (ticks, each, quantity, live, person) in enumerate(rows):
        moment = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=5 * ticks)
        stream = f"live-{moment:%Y-%m-%d}-{live}"
        lines.append(f"{moment:%Y-%m-%dT%H:%M:%SZ},mara,g{each},{each},{quantity},e{number},p{person},{stream}")
        local = moment.astimezone(ZoneInfo("Europe/London"))
        gifts[f"{local:%Y-%m}"] += 1
        coins[f"{local:%Y-%m}"] += each * quantity
        begun[stream] = min(begun.get(stream, local), local)
    (path := tmp_path / "gifts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = (str(path), "--region", "GB", "--as-of", "2026-12-31")
    lives = Counter(f"{moment:%Y-%m}" for moment in begun.values())
    months = document("report", "month", *words)["data"]["months"]
    assert {row["month"]: (row["streams"], row["gifts"], row["coins"]) for row in months if row["gifts"]} == {
        month: (lives[month], gifts[month], coins[month]) for month in gifts
    }
    assert_no_other_figures(words, tmp_path)


@pytest.mark.parametrize("words", WORLDS, ids=" ".join)
def test_the_page_asks_for_nothing(words: tuple[str, ...], tmp_path: Path) -> None:
    """No address, no script, no handler, and a policy that would stop them; the same bytes each time."""
    html = page(tmp_path, *words)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert not re.search(r"https?:|<script|@import|url\(|<iframe|<img|<object", html)
    for tag, attributes in texts_of(html).tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "action", "style", "srcset")], tag
        assert attributes.get("href") in (None, "data:,")
    assert html == page(tmp_path, *words)


def test_a_table_stands_behind_every_picture(tmp_path: Path) -> None:
    """A picture is described, and its section has a table; strips belong to the row above them."""
    html = page(tmp_path, *YEAR)
    for section in html.split("<section")[1:]:
        if 'role="img"' in section:
            assert 'aria-label="' in section
            assert "<table" in section
    assert html.count('class="strip" aria-hidden="true"') > 5


HOSTILE = '</style><script>alert(1)</script><img src=x onerror="alert(2)">{{7*7}}'


def test_no_viewer_is_named_and_no_text_becomes_markup(tmp_path: Path) -> None:
    """A canary in every text of a file; only the creator's own name and a gift's are shown, as text."""
    hostile = HOSTILE.replace('"', '""')
    rows = ["timestamp,creator,gift,coins,quantity,event_id,gifter,gift_id,stream"]
    for day in range(1, 29):
        for number in range(3):
            each = 30_000 if (day, number) == (9, 1) else day * 7
            texts = f'e{day}-{number},"canary{number} {hostile}",g{number},"live canary {day}"'
            rows.append(f'2026-09-{day:02}T19:0{number}:00Z,"mara {hostile}","Lion {hostile}",{each},1,{texts}')
    path = tmp_path / "canary-file.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    html = page(tmp_path, str(path), "--region", "US")
    assert "canary" not in html
    assert "49" not in re.findall(r"mara.{0,80}", html)[0]
    assert "One gift is" in html and "Lion &lt;/style&gt;&lt;script&gt;" in html
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search(r"<script|<img", html)
    texts_of(html)


def test_it_is_of_one_creator() -> None:
    """With several it says how to choose."""
    done = run("report", "month", "examples/2026-10.csv", "examples/gb-2026-10.jsonl", "--region", "US")
    assert done.code == 2
    assert "--creator NAME (lee, mara)" in done.err


@pytest.mark.parametrize("words", [US, YEAR, EURO], ids=" ".join)
def test_a_browser_shows_it_without_complaint(words: tuple[str, ...], tmp_path: Path) -> None:
    """No message, no request, nothing wider than the window; on A4 and Letter too."""
    page(tmp_path, *words)
    path = tmp_path / "month.html"
    with browser() as tab:
        for width in (360, 768, 1280):
            for dark in (False, True):
                tab.look(width, dark=dark)
                tab.open(path)
                assert not tab.complaints()
                assert tab.requests() == [path.as_uri()]
                assert tab.sticking_out() == [], f"at {width}"
                assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
                    "rgb(14, 17, 24)" if dark else "rgb(255, 255, 255)"
                )
        for paper in ((8.27, 11.69), (8.5, 11)):
            printed = tab.paper(*paper)
            assert printed.startswith(b"%PDF-")
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 6
