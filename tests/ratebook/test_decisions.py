"""What a comparison lets through: a broken base, days that are slips, evidence that is missing, what somebody accepted."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ratebook.test_books import GOOD, commit, git
from tests.support import ROOT, Result, environment, run
from tests.test_errors import ERRORS

ON = "2026-11-20"
ENTRY = """\
    - effective: {effective}
      recorded: {recorded}
      value: {{credit: day, rounding: down}}
      confidence: {confidence}
      sources: [{source}]
      verified: 2026-11-01
"""
LETTER = GOOD.replace("sources:\n", "sources:\n  letter: {title: A letter, published: 2026-11-01, retrieved: 2026-11-01}\n", 1)


def added(text: str = LETTER, **fields: str) -> str:
    """A new settlement entry."""
    words = {"effective": "2026-12-01", "recorded": ON, "confidence": "assumed", "source": "letter", **fields}
    return text.replace("examples:", ENTRY.format(**words) + "examples:")


def compare(tmp_path: Path, base: str, head: str, *words: str) -> Result:
    for name, text in (("base", base), ("head", head)):
        path = tmp_path / name / "tiktok/us.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
    return run("rates", "diff", "base", "head", "--as-of", ON, *words, cwd=tmp_path)


def codes(result: Result) -> list[str]:
    return re.findall(r"(?m)^head\S* (R\d{3}) ", result.out)


# A broken base

BROKEN = {
    "an unknown key": ("      confidence: reported\n", "      confidence: reported\n      surely: yes\n"),
    "a number that is none": ("cash_per_diamond: 0.01", "cash_per_diamond: 1e-2"),
    "a line of git that is two of YAML": ("schema: 1\n", "# a\u2028b\nschema: 1\n"),
    "an invisible character": ("schema: 1\n", "# a\u200bb\nschema: 1\n"),
    "a time zone that is none": ("timezone: UTC", "timezone: Mars/Base"),
    "a region in small letters": ("regions: [US]", "regions: [us]"),
    "a source that is not listed": ("      sources: [page]\n", "      sources: [pgae]\n"),
    "a second document": ("schema: 1\n", "schema: 1\n"),
    "a newer schema": ("schema: 1\n", "schema: 2\n"),
    "an example that does not fit": ("    coins: 5\n", "    coins: five\n"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_base_can_be_repaired_and_what_can_be_read_of_it_still_counts(kind: str, tmp_path: Path) -> None:
    broken = GOOD.replace(*BROKEN[kind], 1) + ("---\nschema: 1\n" if kind == "a second document" else "")
    assert broken != GOOD
    repaired = compare(tmp_path, broken, GOOD)
    assert repaired.code == 0, repaired
    assert "\nbase: base/tiktok/us.yaml:" in repaired.out
    assert compare(tmp_path, GOOD, broken).code == 2, "and nobody can break it"
    edited = compare(tmp_path, broken, GOOD.replace("rounding: down", "rounding: up"))
    assert "R201" in codes(edited), "the settlement can be read"
    document = json.loads(compare(tmp_path, broken, GOOD, "--json").out)
    assert document["data"]["notices"]


def test_a_platform_that_cannot_be_read_is_that_of_the_folder(tmp_path: Path) -> None:
    broken = GOOD.replace("platform: tiktok", "platform: TikTok")
    assert compare(tmp_path, broken, GOOD).code == 0
    assert "R201" in codes(compare(tmp_path, broken, GOOD.replace("rounding: down", "rounding: up")))
    for name, text in (("one", broken), ("other", GOOD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "us.yaml").write_text(text, "utf-8")
    assert run("rates", "diff", "one", "other", "--as-of", ON, cwd=tmp_path).code == 0


def test_of_a_base_that_is_no_yaml_nothing_can_be_read(tmp_path: Path) -> None:
    result = compare(tmp_path, GOOD + '"', GOOD)
    assert result.code == 0
    assert "base: base/tiktok/us.yaml:" in result.out
    assert "2 added" in result.out


def test_a_base_that_is_misspelt_is_no_empty_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"rates/tiktok/us.yaml": GOOD})
    for words in (("--base-rev", "HEAD:rate"), ("--base-rev", "HEAD~9"), ("--merge-base", "origin/main"), ("nowhere",)):
        result = run("rates", "diff", *words, "./rates", cwd=tmp_path)
        assert (result.code, result.out) == (2, ""), words


# Days


def test_a_slip_of_a_year_locks_no_file(tmp_path: Path) -> None:
    """It is refused; where it is there already it may be mended, and is no measure for what comes after."""
    slip = GOOD.replace("recorded: 2026-11-01", "recorded: 2062-11-01", 1)
    assert compare(tmp_path, slip, GOOD).code == 0
    assert (
        compare(tmp_path, slip, added(slip.replace(GOOD[: GOOD.index("rates:")], LETTER[: LETTER.index("rates:")]))).code == 0
    )
    source = GOOD.replace("retrieved: 2026-11-01", "retrieved: 2062-11-01")
    assert compare(tmp_path, source, GOOD).code == 0
    assert codes(compare(tmp_path, GOOD, added(recorded="2026-10-01"))) == ["R205"]


@pytest.mark.parametrize("key", ["recorded", "verified", "retrieved", "published"])
def test_nothing_is_of_a_day_after_that_of_the_check(key: str, tmp_path: Path) -> None:
    path = tmp_path / "us.yaml"
    good = GOOD.replace("{title: A page,", "{title: A page, url: https://example.org/p, says: half, checked: 2026-11-01,")
    path.write_text(re.sub(rf"{key}: \d{{4}}", f"{key}: 2027", good, count=1), "utf-8")
    for words, code in ((("--as-of", "2026-12-31"), 1), (("--as-of", "2027-12-31"), 0)):
        result = run("rates", "check", "us.yaml", *words, cwd=tmp_path)
        assert (result.code, " R103 " in result.out) == (code, code == 1), result.out
    # The clock decides, and a later now; who looks back makes no file wrong.
    assert run("rates", "check", "us.yaml", cwd=tmp_path, DIAMONDCTL_AS_OF="2027-12-31").code == 0
    path.write_text(GOOD, "utf-8")
    assert run("rates", "check", "us.yaml", cwd=tmp_path, DIAMONDCTL_AS_OF="2020-01-01").code == 0


# Text


@pytest.mark.parametrize(
    "mark", ["\u0085", "\u2028", "\u2029", "\r", "\u202e", "\u2066", "\u200b", "\u00ad", "\ufe0f", "\U000e0041"]
)
@pytest.mark.parametrize("place", ["schema: 1", "title: A page", "  reward:"])
def test_what_cannot_be_seen_is_refused_at_the_line_that_git_counts(mark: str, place: str, tmp_path: Path) -> None:
    """In a comment, in a value; and what stands below keeps its line."""
    text = GOOD.replace(place, f"{place} # {mark}x" if place.startswith(" ") or place.endswith("1") else f"title: A{mark} page")
    text = text.replace("rounding: down", "rounding: sideways")
    (tmp_path / "us.yaml").write_text(text, "utf-8", newline="")
    result = run("rates", "check", "us.yaml", "-f", "concise", cwd=tmp_path)
    line = next(number for number, line in enumerate(text.split("\n"), 1) if mark in line)
    assert f"us.yaml:{line}:" in result.out.splitlines()[0]
    assert " R032 " in result.out.splitlines()[0]
    assert result.code == 1


def test_what_is_escaped_is_not_seen_either(tmp_path: Path) -> None:
    (tmp_path / "us.yaml").write_text(GOOD.replace("title: A page", r'title: "A \u202e page"'), "utf-8")
    assert " R032 " in run("rates", "check", "us.yaml", cwd=tmp_path).out


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    (tmp_path / "us.yaml").write_text(GOOD.replace("\n", "\r\n"), "utf-8", newline="")
    assert run("rates", "check", "us.yaml", cwd=tmp_path).code == 0


# Evidence, approval, exceptions


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"source": "page"}, ["R208"]),
        ({"source": "page, letter"}, []),
        ({"source": "page", "confidence": "measured"}, ["R206"]),
    ],
)
def test_a_value_moves_by_a_new_source(fields: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    result = compare(tmp_path, GOOD, added(**fields))
    assert (codes(result), result.code) == (expected, int(expected == ["R206"]))
    assert compare(tmp_path, GOOD, added(**fields), "--strict").code == int(bool(expected))


APPROVED = "      accepted: [{{code: {}, reason: the treasurer, until: {}}}]\n"


def with_exception(code: str, until: str, **fields: str) -> str:
    return added(**fields).replace("examples:", APPROVED.format(code, until) + "examples:")


@pytest.mark.parametrize(("until", "code"), [("2026-11-20", 0), ("2026-11-19", 1)])
def test_an_approval_is_written_beside_the_entry_and_ends(until: str, code: int, tmp_path: Path) -> None:
    past = {"effective": "2026-06-01"}
    assert compare(tmp_path, GOOD, added(**past)).code == 0
    assert codes(compare(tmp_path, GOOD, added(**past), "--fail-on", "past")) == ["R207"]
    result = compare(tmp_path, GOOD, with_exception("R207", until, **past), "--fail-on", "past")
    assert result.code == code
    assert ("\nhead/tiktok/us.yaml:23 accepted until 2026-11-20: R207, the treasurer\n" in result.out) == (code == 0)
    assert compare(tmp_path, GOOD, added(), "--fail-on", "past").code == 0
    assert compare(tmp_path, GOOD, added(), "--fail-on", "any").code == 1
    assert compare(tmp_path, GOOD, with_exception("R208", until, source="page"), "--strict").code == code


@pytest.mark.parametrize("code", ["R201", "R020", "R103", "R031"])
def test_a_broken_rule_cannot_be_accepted(code: str, tmp_path: Path) -> None:
    edited = with_exception(code, "2026-12-31").replace("rounding: down", "rounding: up", 1)
    assert "R201" in codes(compare(tmp_path, GOOD, edited))
    (tmp_path / "us.yaml").write_text(with_exception(code, "2026-12-31", recorded="2062-01-01"), "utf-8")
    result = run("rates", "check", "us.yaml", "--as-of", ON, cwd=tmp_path)
    assert result.code == 1
    assert " R103 " in result.out


FEE = """\
  payout_fees:
    - effective: 2026-01-01
      recorded: 2026-11-01
      value: [{method: bank, name: a true fee, kind: percent, percent: 0.5, paid_by: creator}]
      confidence: reported
      sources: [page]
      verified: 2026-11-01
"""


def test_a_true_fee_of_half_a_percent_makes_strict_usable(tmp_path: Path) -> None:
    path = tmp_path / "rates/tiktok/us.yaml"
    path.parent.mkdir(parents=True)

    def check(text: str, *words: str, as_of: str = ON) -> Result:
        path.write_text(text, "utf-8")
        return run("rates", "check", "rates", "--strict", "--as-of", as_of, *words, cwd=tmp_path)

    fee = GOOD.replace("examples:", FEE + "examples:")
    accepted = fee.replace("examples:", APPROVED.format("R104", "2027-06-30") + "examples:")
    assert check(fee).code == 1
    assert check(accepted).code == 0
    line = (
        "rates/tiktok/us.yaml:23 accepted until 2027-06-30: R104, a true fee: 0.5 percent looks like a fraction; the treasurer"
    )
    assert check(accepted).out == f"No errors in 1 file (3 entries, 1 example: 1 pass). 1 finding accepted.\n\n{line}\n"
    late = check(accepted, as_of="2027-07-01")
    assert late.code == 1
    assert "did you mean 50?; accepted until 2027-06-30: the treasurer" in late.out
    assert json.loads(check(accepted, "--json").out)["data"]["accepted"][0]["until"] == "2027-06-30"
    assert "accepted until 2027-06-30: R104" in check(accepted, "-f", "full").out
    for command in ("diff", "impact"):
        listed = run("rates", command, "rates", "./rates", cwd=tmp_path)
        assert "us.yaml:23 accepted until 2027-06-30: R104, the treasurer" in listed.out.replace("\n  ", " ")


# Decisions for machines


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (GOOD, 0),
        (GOOD.replace("verified: 2026-11-01", "verified: 2026-11-19"), 0),
        (added(), 5),
        (added(effective="2026-06-01"), 6),
        (GOOD.replace("timezone: UTC", "timezone: Asia/Tokyo"), 6),
        (GOOD.replace("rounding: down", "rounding: up"), 1),
    ],
)
def test_exit_codes_tell_what_changed(head: str, code: int, tmp_path: Path) -> None:
    assert compare(tmp_path, GOOD, head, "--detailed-exit-code").code == code
    assert compare(tmp_path, GOOD, head).code == (1 if code == 1 else 0)


def test_a_changelog_tells_the_past_from_the_future(tmp_path: Path) -> None:
    two = added(added(effective="2026-06-01").replace("examples:", "", 0))
    text = compare(tmp_path, GOOD, two, "-f", "changelog").out
    past, future = text.split("### Future changed\n")
    assert past.startswith("### Past changed: figures that were reported may come out differently\n")
    assert past.count("\n- ") == future.count("\n- ") == 1
    assert "2026\\-06\\-01" in past
    assert "A letter" in future
    assert compare(tmp_path, GOOD, GOOD, "-f", "changelog").out == "No rate changed.\n"


def test_annotations_stand_where_a_review_has_the_file(tmp_path: Path) -> None:
    """Between revisions, and from a folder below the top."""
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"books/rates/tiktok/us.yaml": GOOD})
    commit(tmp_path, {"books/rates/tiktok/us.yaml": GOOD.replace("percent: 50", "percent: 150")})
    for folder, words in (
        (tmp_path, ("check", "books/rates")),
        (tmp_path / "books", ("check", "./rates")),
        (tmp_path / "books/rates/tiktok", ("check", "us.yaml")),
        (tmp_path / "books/rates/tiktok", ("check", "../../rates")),
    ):
        out = run("rates", *words, "-f", "github", cwd=folder).out
        assert out.startswith("::error file=books/rates/tiktok/us.yaml,line=11,col=105,title=R020::"), out
        sarif = json.loads(run("rates", *words, "-f", "sarif", cwd=folder).out)
        (result,) = sarif["runs"][0]["results"]
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert location == {"uri": "books/rates/tiktok/us.yaml"}
        (item,) = json.loads(run("rates", *words, "-f", "codequality", cwd=folder).out)
        assert item["location"] == {"path": "books/rates/tiktok/us.yaml", "lines": {"begin": 11}}
        assert (item["check_name"], item["severity"], len(item["fingerprint"])) == ("R020", "critical", 64)
    commit(tmp_path, {"books/rates/tiktok/us.yaml": GOOD.replace("percent: 50", "percent: 48")})
    revisions = ("--base-rev", "HEAD~2:books/rates", "HEAD:books/rates", "-f", "github")
    assert run("rates", "diff", *revisions, cwd=tmp_path).out.startswith(
        "::error file=books/rates/tiktok/us.yaml,line=9,title=R201::"
    )


def test_fingerprints_of_code_quality_do_not_move_with_the_line(tmp_path: Path) -> None:
    def fingerprints(text: str) -> list[str]:
        (tmp_path / "us.yaml").write_text(text, "utf-8")
        return [
            item["fingerprint"] for item in json.loads(run("rates", "check", "us.yaml", "-f", "codequality", cwd=tmp_path).out)
        ]

    bad = GOOD.replace("verified", "verifed")
    found = fingerprints(bad)
    assert len(set(found)) == len(found) == 4
    assert fingerprints("# a line above\n" + bad) == found


# What reports read

HOOK = """\
import sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from diamondctl.cli.main import run
code = run(sys.argv[1:])
sys.stderr.write("\\n".join(["", *sorted(opened)]))
"""


def test_every_rate_file_that_a_report_reads_is_seen_by_diff(tmp_path: Path) -> None:
    """A log without coins, so that the catalogue is read too; each file is then broken, and diff says so."""
    shutil.copytree(ROOT / "rates", tmp_path / "rates")
    log = (ERRORS / "E004/log.jsonl").read_text("utf-8").replace('"giftId": 99999', '"giftId": 5655')
    (tmp_path / "log.jsonl").write_text(log, "utf-8")
    words = ["summary", "log.jsonl", "--region", "US", "--rates", "rates"]
    done = subprocess.run(
        [sys.executable, "-c", HOOK, *words], cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False
    )
    mine = {name for name in done.stderr.splitlines() if re.fullmatch(r"(.*/)?rates/.+\.ya?ml", name)}
    mine = {name for name in mine if not Path(name).is_absolute() or Path(name).is_relative_to(tmp_path)}
    assert len(mine) >= 9, done.stderr
    for name in mine:
        path = tmp_path / name
        text = path.read_text("utf-8")
        path.write_text(text + "\nunknown: 1\n", "utf-8")
        result = run("rates", "diff", str(ROOT / "rates"), str(tmp_path / "rates"))
        assert result.code == 2, name
        assert " R006 " in result.err
        path.write_text(text, "utf-8")
    assert run("rates", "diff", str(ROOT / "rates"), str(tmp_path / "rates")).code == 0
