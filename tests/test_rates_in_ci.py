"""What could stand in a pull request, by kind, through the command line in a git repository: nothing that decides money passes.

Every mutant goes through the three steps of the shipped workflow, in their order: check --strict, diff and impact against the
commit before. It is handled when a step does not let it pass.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.ratebook.test_books import git
from tests.support import ROOT, Result, run, tool

ON = "2026-12-31"
ZONES = sorted(path.name for path in (ROOT / "rates/tiktok").glob("*.yaml") if path.name != "gifts.yaml")


class Tree(NamedTuple):
    """A repository with the shipped rate files, to be changed."""

    top: Path

    def path(self, zone: str) -> Path:
        return self.top / "rates/tiktok" / zone

    def edit(self, zone: str, old: str, new: str) -> None:
        """Replace the first place of a pattern."""
        path = self.path(zone)
        text = path.read_text("utf-8")
        changed, count = re.subn(old, new, text, count=1)
        assert count and changed != text, (zone, old)
        path.write_text(changed, "utf-8", newline="")

    def add(self, zone: str, rate: str, entry: str) -> None:
        """Append an entry to a history, with an example of its first day, so that nothing is wrong with it as such."""
        day = entry.split("effective: ")[1][:10]
        text = f"examples:\n  - {{name: of the new entry, date: {day}, coins: 0, expect: {{diamonds: 0}}}}\n"
        if "value: none" not in entry:
            self.edit(zone, "(?m)^examples:\n", text)
        self.edit(zone, rf"(?ms)(^  {rate}:\n.*?\n)(?=\n*(  \w|\w))", lambda found: found[1] + entry)  # type: ignore[arg-type]


def entry(value: str, effective: str = "2027-01-01", recorded: str = ON, source: str = "") -> str:
    return (
        f"    - effective: {effective}\n      recorded: {recorded}\n      value: {value}\n"
        f"      confidence: assumed\n      sources: [{source}]\n      verified: {recorded}\n"
    )


def first_source(tree: Tree, zone: str) -> str:
    """The source that the reward names now."""
    text = tree.path(zone).read_text("utf-8")
    found = re.search(r"(?s)  reward:.*?sources: \[([a-z0-9-]+)", text)
    assert found is not None
    return found[1]


def with_source(tree: Tree, zone: str) -> str:
    said = f"published: {ON}, retrieved: {ON}, checked: {ON}"
    source = f'  letter: {{title: "A letter", url: "https://example.org/letter", says: x, {said}}}'
    tree.edit(zone, "(?m)^sources:\n", f"sources:\n{source}\n")
    return "letter"


REWARD = "{diamonds_per_coin: 1, cash_per_diamond: 0.01, currency: USD, share: {kind: flat, percent: %s}}"
Mutate = Callable[[Tree, str], object]


def replaced(old: str, new: str) -> Mutate:
    return lambda tree, zone: tree.edit(zone, old, new)


def renamed(new: str) -> Mutate:
    def move(tree: Tree, zone: str) -> None:
        target = tree.top / "rates" / new.replace("ZONE", zone.removesuffix(".yaml"))
        target.parent.mkdir(parents=True, exist_ok=True)
        tree.path(zone).rename(target)

    return move


def beside(new: str) -> Mutate:
    def copy(tree: Tree, zone: str) -> None:
        target = tree.top / "rates" / new.replace("ZONE", zone.removesuffix(".yaml"))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree.path(zone), target)

    return copy


def linked(tree: Tree, zone: str) -> None:
    (tree.top / "elsewhere.yaml").write_text(tree.path(zone).read_text("utf-8").replace("percent: 50", "percent: 5"), "utf-8")
    tree.path(zone).unlink()
    os.symlink("../../elsewhere.yaml", tree.path(zone))


def new_share(percent: str, effective: str = "2027-01-01", **more: str) -> Mutate:
    return lambda tree, zone: tree.add(
        zone, "reward", entry(REWARD % percent, effective, source=with_source(tree, zone), **more)
    )


def same_source(tree: Tree, zone: str) -> None:
    tree.add(zone, "reward", entry(REWARD % "49", source=first_source(tree, zone)))


MUTANTS: dict[str, Mutate] = {
    # in place
    "a tenth of the diamond's value": replaced(r"cash_per_diamond: 0\.01", "cash_per_diamond: 0.001"),
    "the half taken twice": replaced(r"cash_per_diamond: 0\.01", "cash_per_diamond: 0.005"),
    "2 coins a diamond": replaced("diamonds_per_coin: 1", "diamonds_per_coin: 0.5"),
    "0.05 USD a diamond": replaced(r"cash_per_diamond: 0\.01", "cash_per_diamond: 0.05"),
    "rounding": replaced("rounding: down", "rounding: up"),
    "credit": replaced("credit: stream", "credit: day"),
    "minimum": replaced(r"amount: 100\.00", "amount: 10000.00"),
    "maximum": replaced(r"amount: 1000\.00", "amount: 10.00"),
    "review": replaced("review_days: 15", "review_days: 150"),
    "currency": replaced("currency: USD", "currency: EUR"),
    "method": replaced("method: paypal", "method: paypall"),
    "since": replaced("since: first_seen", "since: start"),
    "confidence raised": replaced("confidence: assumed", "confidence: official"),
    "time zone": replaced("timezone: .*", "timezone: Pacific/Kiritimati"),
    "region that is none": replaced(r"regions: \[[A-Z]{2}", "regions: [UK"),
    "effective moved": replaced("effective: 2022-10-12", "effective: 2023-10-12"),
    "effective of a century": replaced("effective: 2022-10-12", "effective: 2092-10-12"),
    "source edited": replaced("title: ", "title: edited "),
    "pack at 100 times": replaced(r"(packs: \{\d+: )([\d.]+)", r"\g<1>9\g<2>"),
    "misspelt key": replaced("verified: ", "verifed: "),
    "anchor": replaced("confidence: ", "confidence: &a "),
    # days
    "recorded to come": replaced("recorded: 2026", "recorded: 2062"),
    "verified to come": replaced(r"verified: \d{4}", "verified: 2062"),
    "retrieved to come": replaced("retrieved: 2026", "retrieved: 2062"),
    "recorded yesterday's year": new_share("49", recorded="2020-01-01"),
    # text
    "U+2028 in a comment": replaced("(?m)^schema: 1", "# a\u2028share: 5\nschema: 1"),
    "U+0085 in a comment": replaced("(?m)^schema: 1", "# a\u0085b\nschema: 1"),
    "bidi in a title": replaced('title: "', 'title: "\u202e'),
    "bidi escaped": replaced('title: "', r'title: "\\u202e'),
    "zero width in a comment": replaced("(?m)^schema: 1", "# a\u200bb\nschema: 1"),
    "carriage return alone": replaced("(?m)^schema: 1", "# a\rb: 1\nschema: 1"),
    "REPLACE left in": replaced("(?m)^schema: 1", "# REPLACE: who says so\nschema: 1"),
    # files
    "deleted": lambda tree, zone: tree.path(zone).unlink(),
    "capital ending": renamed("tiktok/ZONE.YAML"),
    "too deep": renamed("tiktok/more/ZONE.yaml"),
    "other platform": renamed("tictoc/ZONE.yaml"),
    "kept as a backup": renamed("tiktok/ZONE.yaml.bak"),
    "hidden": renamed("tiktok/.ZONE.yaml"),
    "twice": beside("tiktok/ZONE2.yaml"),
    "twice, in capitals": beside("tiktok/ZONE2.YML"),
    "a link": linked,
    # new entries
    "added, same source": same_source,
    "added to the future": new_share("49"),
    "added to the past": new_share("5", "2023-01-01"),
    "added, withdrawn": lambda tree, zone: tree.add(zone, "reward", entry("none", source=with_source(tree, zone))),
    "added, half twice": lambda tree, zone: tree.add(
        zone, "reward", entry((REWARD % "50").replace("0.01", "0.005"), source=with_source(tree, zone))
    ),
}
# Kinds that a zone file may have no place for.
NEEDS = {
    "pack at 100 times": "packs: ",
    "minimum": r"amount: 100\.00",
    "maximum": r"amount: 1000\.00",
    "review": "review_days: 15",
    "method": "method: paypal",
    "effective moved": "effective: 2022-10-12",
    "effective of a century": "effective: 2022-10-12",
}


def catalogued(old: str, new: str) -> Mutate:
    return lambda tree, zone: tree.edit("gifts.yaml", old, new)


GIFTS: dict[str, Mutate] = {
    "Rose 1 -> 10": catalogued("coins: 1,", "coins: 10,"),
    "Lion by a digit": catalogued("coins: 29999,", "coins: 2999,"),
    "ids swapped": catalogued(r"(?s)  5655:(.*?)  6369:", r"  6369:\1  5655:"),
    "an id changed": catalogued("5655:", "5656:"),
    "a name changed": catalogued('"Rose"', '"Lion"'),
    "deleted": lambda tree, zone: tree.path("gifts.yaml").unlink(),
    "capital ending": lambda tree, zone: tree.path("gifts.yaml").rename(tree.path("gifts.YAML")),
    "capital name": lambda tree, zone: tree.path("gifts.yaml").rename(tree.path("Gifts.yaml")),
    "a zone of that name": lambda tree, zone: tree.path("gifts.yaml").rename(tree.path("gift.yaml")),
    "effective": catalogued("effective: 2023-08-01", "effective: 2024-08-01"),
    "recorded to come": catalogued("recorded: 2026", "recorded: 2062"),
    "confidence": catalogued("confidence: measured", "confidence: official"),
    "an entry gone": catalogued(r"(?s)  9101:\n.*?\n(?=$|  \d|\Z)", ""),
    "U+2029": catalogued("schema: 1", "# a\u2029b\nschema: 1"),
}


def made(top: Path) -> Tree:
    """A repository with the shipped files in one commit."""
    shutil.copytree(ROOT / "rates", top / "rates")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "x")
    return Tree(top)


def put_back(tree: Tree) -> None:
    """Undo whatever was changed."""
    git(tree.top, "checkout", "-q", "--", ".")
    git(tree.top, "clean", "-fdxq")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The shipped files in one commit."""
    return made(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def tree(repository: Tree) -> Iterator[Tree]:
    """The same, put back afterwards."""
    yield repository
    put_back(repository)


def steps(tree: Tree, base: str = "HEAD") -> Iterator[Result]:
    """What the shipped workflow runs."""
    yield run("rates", "check", "./rates", "--strict", "--as-of", ON, cwd=tree.top)
    yield run("rates", "diff", "--base-rev", base, "./rates", "--as-of", ON, cwd=tree.top)
    yield run("rates", "impact", "--base-rev", base, "./rates", "--as-of", ON, "--max-change", "0.1", cwd=tree.top)


def handled(tree: Tree) -> str:
    """Which step does not let it pass; blank when all do."""
    for name, result in zip(("check", "diff", "impact"), steps(tree), strict=True):
        assert result.code in (0, 1, 2), result.err
        if result.code:
            return name
        if name == "diff" and re.search(r"(?m)^timezone +past ", result.out):
            return "shown"  # it moves no money of a week, and is said to change the past
    return ""


CASES = [
    *((kind, zone) for kind in MUTANTS for zone in ZONES),
    *((kind, "gifts.yaml") for kind in GIFTS),
]


@pytest.mark.parametrize(("kind", "zone"), CASES, ids=lambda value: value.replace(" ", "_"))
def test_no_mutant_passes(kind: str, zone: str, tree: Tree) -> None:
    if zone != "gifts.yaml" and kind in NEEDS and not re.search(NEEDS[kind], tree.path(zone).read_text("utf-8")):
        pytest.skip(f"{zone} has nothing of the kind")
    (GIFTS if zone == "gifts.yaml" else MUTANTS)[kind](tree, zone)
    assert handled(tree)


def test_there_are_many_mutants() -> None:
    assert len(CASES) >= 200


def test_what_changes_nothing_passes(tree: Tree) -> None:
    assert handled(tree) == ""
    tree.edit("gb.yaml", "(?m)^schema: 1", "# a remark\nschema: 1")
    (tree.top / "rates/NOTES.md").write_text("notes\n", "utf-8")
    assert handled(tree) == ""
    tree.edit("gb.yaml", r"verified: 2026-\d\d-\d\d", f"verified: {ON}")
    assert handled(tree) == "", "only verified may be edited"


@pytest.mark.parametrize("name", ["HEAD^1", "HEAD", "main", "SHA", "SHORT"])
def test_no_folder_is_taken_for_the_base(name: str, tree: Tree) -> None:
    """A share of 5 instead of 50, and a folder that is called as the base."""
    sha = git(tree.top, "rev-parse", "HEAD")
    folder = {"SHA": sha, "SHORT": sha[:10]}.get(name, name)
    tree.edit("gb.yaml", "percent: 50", "percent: 5")
    shutil.copytree(tree.top / "rates", tree.top / folder / "tiktok", dirs_exist_ok=True)
    shutil.copytree(tree.top / "rates", tree.top / folder, dirs_exist_ok=True)
    git(tree.top, "add", "-A")
    git(tree.top, "commit", "-q", "-m", "x")
    base = f"{sha[:10]}" if name == "SHORT" else sha if name == "SHA" else "HEAD^1" if name == "HEAD^1" else sha
    try:
        for command in ("diff", "impact"):
            plain = run("rates", command, folder, "./rates", cwd=tree.top)
            assert plain.code == 2
            assert plain.err.startswith("R303 "), plain.err
            limit = ("--max-change", "10") if command == "impact" else ()
            sure = run("rates", command, "--base-rev", base, "./rates", *limit, cwd=tree.top)
            assert sure.code == 1, sure.err
            assert run("rates", command, "--merge-base", base, "./rates", *limit, cwd=tree.top).code == 1
    finally:
        git(tree.top, "reset", "-q", "--hard", f"{sha}^0")


def test_two_refs_of_one_name_are_refused(tree: Tree) -> None:
    git(tree.top, "branch", "twice")
    git(tree.top, "tag", "twice")
    result = run("rates", "diff", "--base-rev", "twice", "./rates", cwd=tree.top)
    assert result.code == 2
    assert result.err.startswith("R303 'twice' is the name of several refs"), result.err
    assert run("rates", "diff", "--base-rev", "refs/heads/twice", "./rates", cwd=tree.top).code == 0


# Hooks


def hooks() -> dict[str, list[str]]:
    """The command lines of .pre-commit-hooks.yaml."""
    found = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert all(hook["always_run"] is True and hook["pass_filenames"] is False and "files" not in hook for hook in found)
    return {hook["id"]: hook["entry"].split()[1:] for hook in found}


def hook_codes(top: Path) -> list[int]:
    return [run(*words, cwd=top, DIAMONDCTL_AS_OF=ON).code for words in hooks().values()]


def test_hooks_compare_with_the_merge_base(tmp_path: Path) -> None:
    """On a branch one's own new entry may be mended, what main has may not; deleted and moved files are seen."""
    shutil.copytree(ROOT / "rates", tmp_path / "rates")
    git(tmp_path, "init", "-q", "-b", "main")
    assert hook_codes(tmp_path) == [0, 0], "the very first commit"
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    git(tmp_path, "checkout", "-q", "-b", "mine")
    tree = Tree(tmp_path)
    new_share("49")(tree, "gb.yaml")
    git(tmp_path, "commit", "-q", "-am", "a new entry")
    tree.edit("gb.yaml", "percent: 49", "percent: 48")
    git(tmp_path, "add", "-A")
    assert hook_codes(tmp_path)[1] == 0, "my own entry"
    tree.edit("us.yaml", "rounding: down", "rounding: up")
    assert hook_codes(tmp_path)[1] == 1
    git(tmp_path, "checkout", "-q", "--", "rates/tiktok/us.yaml")
    tree.path("br.yaml").unlink()
    assert hook_codes(tmp_path)[1] == 1
    git(tmp_path, "checkout", "-q", "--", "rates")
    (tmp_path / "rates").rename(tmp_path / "prices")
    assert all(code > 0 for code in hook_codes(tmp_path))


def test_pre_commit_runs_them_whatever_a_commit_touches(tmp_path: Path) -> None:
    """The real program; the hooks of this checkout, with its interpreter."""
    program = tool("pre-commit")
    found = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    command = f"{sys.executable} -m diamondctl"
    local = [{**hook, "entry": hook["entry"].replace("diamondctl", command, 1), "language": "system"} for hook in found]
    shutil.copytree(ROOT / "rates", tmp_path / "rates")
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]}), "utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    git(tmp_path, "checkout", "-q", "-b", "mine")

    def passes() -> bool:
        git(tmp_path, "add", "-A")
        env = {**os.environ, "PYTHONPATH": str(ROOT), "DIAMONDCTL_AS_OF": ON, "PRE_COMMIT_HOME": str(tmp_path / ".git/home")}
        done = subprocess.run([program, "run"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert "(no files to check)Skipped" not in done.stdout
        return done.returncode == 0

    assert passes()
    (tmp_path / "rates/tiktok/br.yaml").unlink()
    assert not passes(), "a deleted file"
    git(tmp_path, "checkout", "-q", "HEAD", "--", "rates")
    assert passes()
    (tmp_path / "rates").rename(tmp_path / "prices")
    assert not passes(), "a moved folder"


# Workflows

WORKFLOWS = sorted((ROOT / "examples/ci").glob("github-*.yml"))
ACTION = ROOT / ".github/actions/rates"


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION / "action.yml"], ids=lambda path: path.name)
def test_a_workflow_trusts_nothing_that_moves(path: Path) -> None:
    """Actions by commit, no credentials left behind, no filter of paths, nothing of an event inside a command."""
    document = yaml.safe_load(path.read_text("utf-8"))
    steps = [step for job in document.get("jobs", {"": document.get("runs")}).values() for step in job["steps"]]
    for step in steps:
        used = step.get("uses", "")
        assert not used or used.startswith("./") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), used
        assert "actions/checkout" not in used or step["with"]["persist-credentials"] is False
        script = step.get("run", "")
        assert "${{" not in script, script
        whole = step.get("with", {}).get("repository")
        assert not whole or (step["with"]["ref"], step["with"]["path"]) == ("COMMIT", ".diamondctl"), whole
        for line in script.splitlines():
            checkout = '"$SOURCE"' in line or line.endswith(" ./.diamondctl")  # at one commit, as above
            assert " install " not in line or "--require-hashes" in line or checkout, line
    if "jobs" in document:
        when = document[True]  # YAML 1.1 reads `on` so
        assert document["permissions"] == {}
        assert "pull_request_target" not in when
        assert "paths" not in (when.get("pull_request") or {})
        assert "schedule" in when or {"pull_request", "merge_group", "push"} <= set(when)


@pytest.mark.parametrize("program", ["zizmor", "actionlint"])
def test_linters_of_workflows_find_nothing(program: str, tmp_path: Path) -> None:
    tool(program)
    shutil.copytree(ACTION, tmp_path / ".github/actions/rates")
    (tmp_path / ".github/workflows").mkdir()
    for path in WORKFLOWS:
        shutil.copy(path, tmp_path / ".github/workflows")
    git(tmp_path, "init", "-q")
    words = ["--offline", "--no-progress", "."] if program == "zizmor" else []
    done = subprocess.run([program, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


GH = """\
#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *--paginate*) [ -e "$CALLS.there" ] && echo 7;; esac
exit 0
"""


class Job(NamedTuple):
    """A run of the action: its exit code, what it wrote, and what it asked of GitHub."""

    code: int
    out: str
    calls: list[str]


def job(tree: Tree, folder: Path, *, there: bool = False, **env: str) -> Job:
    """Run the script of the action as GitHub would, with a `gh` that only remembers."""
    folder.mkdir(exist_ok=True)
    for path, text in (
        (folder / "diamondctl/bin/diamondctl", f'#!/bin/sh\nexec {sys.executable} -m diamondctl "$@"\n'),
        (folder / "bin/gh", GH),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o755)
    calls = folder / "calls"
    calls.write_text("", "utf-8")
    if there:
        (folder / "calls.there").touch()
    names = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DIAMONDCTL_AS_OF": ON,
        "RUNNER_TEMP": str(folder),
        "GITHUB_REPOSITORY": "o/r",
        "CALLS": str(calls),
        "RATES": "./rates",
        "BASE": "HEAD",
        "BRANCH": "main",
        "MAX_CHANGE": "-10% +20%",
        "FAIL_ON": "past",
        "COMMENT": "true",
        "PULL_REQUEST": "5",
        **env,
    }
    script = str(ACTION / "rates.sh")
    done = subprocess.run(["bash", script], cwd=tree.top, env=names, capture_output=True, text=True, check=False)
    return Job(done.returncode, done.stdout + done.stderr, calls.read_text("utf-8").splitlines())


def test_the_action_comments_only_when_money_moves_and_in_place(tree: Tree, tmp_path: Path) -> None:
    quiet = job(tree, tmp_path / "a")
    assert (quiet.code, [call for call in quiet.calls if "--method" in call]) == (0, []), quiet.out
    assert "DELETE" in job(tree, tmp_path / "b", there=True).calls[-1], "what was said before is true no more"
    new_share("49")(tree, "gb.yaml")
    first = job(tree, tmp_path / "c")
    assert first.code == 0, first.out
    assert first.calls[-1] == (
        f"api --silent --method POST repos/o/r/issues/5/comments --field body=@{tmp_path / 'c/rates-comment.md'}"
    )
    text = (tmp_path / "c/rates-comment.md").read_text("utf-8")
    assert text.startswith("<!-- diamondctl rates impact -->\n")
    assert "tiktok\\/gb GB\\: reward from 2027\\-01\\-01 | to come | reward | \\-2\\.0%" in text
    assert "--method PATCH repos/o/r/issues/comments/7 " in job(tree, tmp_path / "d", there=True).calls[-1]


def test_the_action_fails_when_a_step_does_and_runs_all_of_them(tree: Tree, tmp_path: Path) -> None:
    tree.edit("gb.yaml", "percent: 50", "percent: 5")
    bad = job(tree, tmp_path / "a", COMMENT="false")
    assert bad.code == 1
    assert "::error file=rates/tiktok/gb.yaml,line=" in bad.out
    assert "title=R201" in bad.out
    assert "::error title=rates impact::" in bad.out
    zeros = job(tree, tmp_path / "b", BASE="0" * 40, COMMENT="false")
    assert zeros.code == 2, "a branch that is not there is no reason to pass"
    assert "R301 'origin/main'" in zeros.out


def table() -> str:
    """What was tried, for tests/bench/RESULTS.md: `python -m tests.test_rates_in_ci`."""
    tried: dict[tuple[str, str], Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        tree = made(Path(folder))
        for kind, zone in CASES:
            if zone != "gifts.yaml" and kind in NEEDS and not re.search(NEEDS[kind], tree.path(zone).read_text("utf-8")):
                continue
            (GIFTS if zone == "gifts.yaml" else MUTANTS)[kind](tree, zone)
            what = "gift catalogue" if zone == "gifts.yaml" else "zones"
            tried.setdefault((what, kind), Counter())[handled(tree) or "PASSED"] += 1
            put_back(tree)
    rows = []
    for (what, kind), steps in tried.items():
        held = ", ".join(f"{step} {number}" for step, number in sorted(steps.items()))
        rows.append(f"| {what}: {kind} | {sum(steps.values())} | {held} |")
    total = sum(sum(steps.values()) for steps in tried.values())
    head = f"{total} mutants of {len(tried)} kinds; the first step that does not let a mutant pass, and of how many."
    return "\n".join([head, "", "| Mutant | Tried | Held by |", "|---|---:|---|", *rows])


if __name__ == "__main__":
    print(table())
