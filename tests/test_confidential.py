"""A report of one creator names no other creator, file, hash, gifter or count of others: canaries, looked for in every form.

And no rate file is named by where it lies on this machine.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from diamondctl.render.formats import FORMATS, Format
from tests.support import ROOT, run

HEADER = "timestamp,creator,gift,coins,quantity,event_id,gifter,stream,region"
REPORTS = (
    ("summary",),
    ("summary", "-p", "2026-09"),
    ("summary", "-p", "2024"),
    ("balance",),
    ("fees",),
    ("payout", "check"),
    ("project",),
    ("explain", "reward"),
    ("explain", "stream", "live-1"),
    ("explain", "stream", "live-canary"),  # there is none of hers
    ("report", "month"),
    ("report", "share"),
)
COUNT = "77431"  # in what is only of others, and the sum of what a file holds of them
SHARED = "61987"


def rows(creator: str, month: int, coins: int, stream: str, fan: str) -> list[str]:
    """Gifts of a month, on many days."""
    return [
        f"2026-{month:02d}-{day:02d}T19:00:00Z,{creator},Lion,{coins},1,{creator}-{month}-{day},{fan},{stream}-{day},US"
        for day in range(1, 28, 2)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of mara, of others, and one that they share; a ledger with all of them, records and rejected rows."""
    home = tmp_path_factory.mktemp("agency")
    files = home / "files"
    files.mkdir()
    mine = [row for month in range(5, 11) for row in rows("mara", month, 500, "live", "ann")]
    foreign = [row for month in range(5, 11) for row in rows("canaryella", month, 900, "live-canary", "canaryfan")]
    shared = ["2026-10-20T19:00:00,mara,Lion,31,1,s1,ann,live-1,US"]
    shared += [f"2026-10-21T19:00:00,canarybob,Lion,{SHARED},1,s2,canaryfan\u202e,live-canary,US"]
    (files / "mara.csv").write_text("\n".join([HEADER, *mine]) + "\n")
    (files / "canary-1.csv").write_text("\n".join([HEADER, *foreign]) + "\n")
    (files / "roster.csv").write_text("\n".join([HEADER, *shared]) + "\n")
    (files / "canary-2.csv").write_text("Date,ダイヤモンド\n2026-10-03,77431\n")
    (files / "canary-note.md").write_text("nothing of hers\n")
    (home / "spoiled").mkdir()
    good, bad = "2026-10-03T19:00:00Z,canaryella,Lion,5,1,r1,,,US", "2026-10-03T19:00:00Z,canaryella,Lion,x,1,r2,canaryfan,,US"
    (home / "spoiled" / "canary-3.csv").write_text(f"{HEADER}\n{good}\n{bad}\n")
    people = ("mara", "canaryella", "canaryzoe")
    (home / "config.yaml").write_text("creators:\n" + "".join(f"  {name}:\n    region: US\n" for name in people))
    place = ["--ledger", str(home / "ledger"), "--config", str(home / "config.yaml")]
    for name in ("mara.csv", "canary-1.csv", "roster.csv"):
        assert run("import", str(files / name), *place).code == 0
    assert run("import", str(files / "canary-2.csv"), "--creator", "canaryella", *place).code == 0
    assert run("import", str(home / "spoiled" / "canary-3.csv"), "--keep-good", *place).code == 3
    for creator in ("mara", "canaryella"):
        words = ("record", "payout", "12", "--creator", creator, "--date", "2026-10-12", "--by", "paypal", "--region", "US")
        assert run(*words, *place).code == 0
    (files / "canary-2.csv").unlink()  # files of totals name nobody: with --creator they would be hers
    return home


def canaries(folder: Path) -> Iterator[str]:
    """What must not be read: names, hashes, counts."""
    yield "canary"
    yield COUNT
    yield f"{int(COUNT):,}"
    yield SHARED
    yield f"{int(SHARED):,}"
    for path in [*folder.glob("files/canary*"), *folder.glob("spoiled/*")]:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        yield sha256
        yield sha256[:8]
    yield "other creator"
    yield "others"


@pytest.mark.parametrize("words", [*REPORTS, ("records", "list")], ids=" ".join)
@pytest.mark.parametrize("source", ["ledger", "files"])
def test_a_report_of_one_creator_names_nothing_of_others(folder: Path, words: tuple[str, ...], source: str) -> None:
    """In every format, in notes and errors too."""
    if source == "files" and words[0] == "records":
        pytest.skip("is of the ledger")
    place = ["--ledger", str(folder / "ledger"), "--config", str(folder / "config.yaml"), "--creator", "mara"]
    if source == "files":
        place = [str(folder / "files"), "--config", str(folder / "config.yaml"), "--creator", "mara"]
    asked = [value.removeprefix("live-canary") and value for value in words if value != "live-canary" or words[1] == "stream"]
    alone = {"month": "html", "share": "svg"}.get(words[1]) if len(words) > 1 else None
    for form in (*FORMATS, *([Format(alone)] if alone else [])):
        done = run(*asked, *place, "-f", form.name)
        text = (done.out + done.err).replace("'live-canary'", "").lower()  # what was asked for
        assert done.code in (0, 1, 2, 3)
        found = [canary for canary in canaries(folder) if canary.lower() in text]
        assert not found, (form.name, found, done.out + done.err)


def test_a_file_that_several_share_shows_the_rows_of_one(folder: Path) -> None:
    """Of the roster only her row, and of a name that nobody has nobody else's."""
    place = ("--ledger", str(folder / "ledger"), "--config", str(folder / "config.yaml"))
    for given, new in (((), None), ((str(folder / "files"),), 1)):
        done = run("summary", *given, "--creator", "mara", "--json", *(place if not given else place[2:]))
        files = json.loads(done.out)["inputs"]["files"]
        told = [(Path(item["name"]).name, item["rows"], item["new"]) for item in files]
        assert told == [("mara.csv", 84, 84), ("roster.csv", 1, new)]
    for given in ((), (str(folder / "files"),)):
        done = run("summary", *given, "--creator", "marra", *(place if not given else place[2:]))
        assert (done.code, "A010" in done.err, "canary" in done.err.replace(str(folder), "")) == (2, True, False)


@pytest.mark.parametrize("words", [*REPORTS[:9], ("rates", "list"), ("rates", "show", "us")], ids=" ".join)
def test_no_rate_file_is_named_by_where_it_lies(folder: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Own rate files in a folder that is given from the root on, in it and elsewhere."""
    rates = tmp_path / "secret-place" / "mine" / "tiktok"
    rates.mkdir(parents=True)
    shutil.copy(ROOT / "rates/tiktok/us.yaml", rates)
    place = ["--rates", str(rates.parent)]
    if words[0] != "rates":
        place += ["--ledger", str(folder / "ledger"), "--creator", "mara"]
    for form in FORMATS:
        done = run(*words, *place, "-f", form.name)
        assert done.code in (0, 1, 3), done.err
        assert "secret-place" not in done.out + done.err
        assert "mine/tiktok/us.yaml" in done.out or form.name != "json" or words[-1] == "2024"
    inside = run("summary", *place, "--ledger", str(folder / "ledger"), "--json", cwd=tmp_path) if words[0] != "rates" else None
    assert inside is None or '"secret-place/mine/tiktok/us.yaml"' in inside.out
