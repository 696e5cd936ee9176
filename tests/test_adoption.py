"""What other repositories take from here works: the hooks, the workflows of examples/ci, and this repository's own CI.

The commands are those of the files themselves, run in a repository with a base and a change. Only the steps that install
diamondctl are left out: here it is the one under test.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xmlschema
import yaml

from tests.ratebook.test_books import commit, git
from tests.support import ROOT, environment, tool

CI = ROOT / "examples" / "ci"
FUTURE = """\
    - effective: 2027-03-01
      recorded: 2026-11-29
      value: {diamonds_per_coin: 1, cash_per_diamond: 0.01, currency: USD, share: {kind: flat, percent: 52}}
      confidence: reported
      sources: [tiktoklive-value]
      verified: 2026-11-29

  settlement:"""
EXAMPLE = """\
  - name: one Galaxy at 52 %
    date: 2027-03-02
    coins: 1000
    expect: {reward: 5.20}
"""
SOURCE = """\
sources:
  letter:
    title: "A letter"
    published: 2026-11-28
    retrieved: 2026-11-29
    url: "https://example.org/letter"
    says: "The share is 49 %."
    checked: 2026-11-29
    gives: "1,000 coins: 4.90 USD"
"""


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def github(name: str) -> list[str]:
    """Commands of a workflow, without the one that installs."""
    (job,) = load(CI / name)["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step and step["name"] != "Install"]


def gitlab() -> list[str]:
    """The script of the job, as the one shell script that GitLab makes of it."""
    return ["\n".join(load(CI / "gitlab-ci.yml")["rates"]["script"])]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The shipped rates in a repository of their own."""
    git(tmp_path, "init", "-q", "-b", "main")
    files = {f"rates/tiktok/{path.name}": path.read_text("utf-8") for path in (ROOT / "rates/tiktok").glob("*.yaml")}
    commit(tmp_path, files)
    return tmp_path


def change(repository: Path, file: str, edit: Callable[[str], str]) -> None:
    path = repository / "rates/tiktok" / file
    commit(repository, {f"rates/tiktok/{file}": edit(path.read_text("utf-8"))})


def good(repository: Path) -> None:
    """A later entry with its example."""

    def edit(text: str) -> str:
        entry = FUTURE.replace("[tiktoklive-value]", "[letter]")
        return text.replace("\n  settlement:", "\n" + entry, 1).replace("sources:\n", SOURCE, 1).rstrip("\n") + "\n" + EXAMPLE

    change(repository, "gb.yaml", edit)


def wrong(repository: Path) -> None:
    change(repository, "gb.yaml", lambda text: text.replace("percent: 50", "percent: 0.5", 1))


def rewritten(repository: Path) -> None:
    change(repository, "gb.yaml", lambda text: text.replace("verified: 2026-07-22", "verified: 2026-07-23", 1))
    change(repository, "gb.yaml", lambda text: text.replace("amount: 100.00", "amount: 90.00", 1))


def dear(repository: Path) -> None:
    """A correction that takes a fifth away from everybody: history is kept, money moves."""

    def edit(text: str) -> str:
        entry = FUTURE.replace("2027-03-01", "2022-10-12").replace("percent: 52", "percent: 40")
        example = EXAMPLE.replace("52 %", "40 %").replace("2027", "2024").replace("5.20", "4.00")
        start = text.index("\nexamples:")
        return text[:start].replace("\n  settlement:", "\n" + entry, 1) + "\nexamples:\n" + example

    change(repository, "gb.yaml", edit)


def outcomes(repository: Path, commands: list[str], **env: str) -> tuple[list[int], str]:
    """Exit code of each command, run by bash as CI does, and everything they said."""
    ours = repository.parent / f"{repository.name}-bin" / "diamondctl"
    ours.parent.mkdir(exist_ok=True)
    ours.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m diamondctl "$@"\n')
    ours.chmod(0o755)
    names = environment(PATH=f"{ours.parent}:{os.environ['PATH']}", COLUMNS="", **env)
    done = [
        subprocess.run(
            [tool("bash"), "-eo", "pipefail", "-c", command], cwd=repository, env=names, capture_output=True, text=True
        )
        for command in commands
    ]
    return [one.returncode for one in done], "".join(one.stdout + one.stderr for one in done)


def corrected(repository: Path, beside: str = "") -> None:
    """A small correction of the past with a new source: good in every way, if somebody approves it."""

    def edit(text: str) -> str:
        entry = FUTURE.replace("2027-03-01", "2022-10-12").replace("percent: 52", "percent: 49")
        entry = entry.replace("[tiktoklive-value]", "[letter]").replace("\n\n  settlement:", f"{beside}\n\n  settlement:")
        example = EXAMPLE.replace("52 %", "49 %").replace("2027", "2024").replace("5.20", "4.90")
        start = text.index("\nexamples:")
        text = text[:start].replace("\n  settlement:", "\n" + entry, 1) + "\nexamples:\n" + example
        return text.replace("sources:\n", SOURCE, 1)

    change(repository, "gb.yaml", edit)


def approved(repository: Path) -> None:
    corrected(repository, "\n      accepted: [{code: R207, reason: the treasurer agreed, until: 2027-06-30}]")


def unsourced(repository: Path) -> None:
    """A value that moves with no new source, in the future."""
    change(repository, "gb.yaml", lambda text: text.replace("\n  settlement:", "\n" + FUTURE, 1).rstrip("\n") + "\n" + EXAMPLE)


def new_zone(repository: Path) -> None:
    """A region that no file covered: nothing can have been reported of it."""
    text = (repository / "rates/tiktok/gb.yaml").read_text("utf-8")
    commit(repository, {"rates/tiktok/gg.yaml": text.replace("[GB]", "[GG]").replace("Europe/London", "Europe/Guernsey")})


CASES = [
    (good, [0, 0, 0]),
    (approved, [0, 0, 0]),
    (new_zone, [0, 0, 0]),
    (corrected, [0, 1, 0]),
    (unsourced, [0, 1, 0]),
    (wrong, [1, 2, 2]),
    (rewritten, [0, 1, 0]),
    (dear, [0, 1, 1]),
]


@pytest.mark.parametrize(("edit", "expected"), CASES, ids=lambda case: getattr(case, "__name__", None))
def test_the_github_workflow_on_a_pull_request(
    edit: Callable[[Path], None], expected: list[int], repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As actions/checkout leaves it: a clone of depth 2 of the merge commit, whose first parent is the target branch."""
    git(repository, "checkout", "-q", "-b", "topic")
    edit(repository)
    git(repository, "checkout", "-q", "main")
    commit(repository, {"README": "main went on\n"})
    git(repository, "merge", "-q", "--no-ff", "-m", "merge", "topic")
    clone = tmp_path_factory.mktemp("work")
    git(clone, "clone", "-q", "--depth", "2", f"file://{repository}", "clone")
    summary = clone / "summary.md"
    codes, said = outcomes(clone / "clone", github("github-actions.yml"), GITHUB_STEP_SUMMARY=str(summary))
    assert codes == expected, said
    assert "### diamondctl rates check" in summary.read_text("utf-8")
    if expected[1] != 2:
        assert "### diamondctl rates diff" in summary.read_text("utf-8")
        assert "### diamondctl rates impact" in summary.read_text("utf-8")
    assert said.count("::error ") + said.count("::warning ") >= sum(code == 1 for code in codes)


@pytest.mark.parametrize(("edit", "expected"), CASES, ids=lambda case: getattr(case, "__name__", None))
def test_the_gitlab_job_on_a_merge_request(edit: Callable[[Path], None], expected: list[int], repository: Path) -> None:
    base = git(repository, "rev-parse", "HEAD")
    edit(repository)
    codes, said = outcomes(repository, gitlab(), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert codes == [int(any(expected))], said
    xmlschema.XMLSchema10(str(ROOT / "tests/schemas/junit-part.xsd")).validate(str(repository / "rates.xml"))


def test_the_weekly_workflow_writes_a_report_and_fails_nothing(repository: Path) -> None:
    codes, said = outcomes(repository, github("github-weekly.yml"))
    assert codes == [0], said
    assert "R102" in (repository / "rates.sarif").read_text("utf-8")


def test_every_job_installs_and_names_only_what_exists() -> None:
    for name in ("github-actions.yml", "github-weekly.yml"):
        (job,) = load(CI / name)["jobs"].values()
        whole = [step["with"] for step in job["steps"] if step.get("with", {}).get("repository")]
        assert [(one["repository"], one["ref"], one["path"]) for one in whole] == [
            ("OWNER/REPOSITORY", "COMMIT", ".diamondctl")
        ]
        assert {step.get("name"): step.get("run") for step in job["steps"]}["Install"] == "python -m pip install ./.diamondctl"
    assert load(CI / "gitlab-ci.yml")["rates"]["before_script"][-1] == "python -m pip install ./.diamondctl"
    reports = load(CI / "gitlab-ci.yml")["rates"]["artifacts"]["reports"]
    assert reports == {"junit": "rates.xml", "codequality": "rates.codequality.json"}
    assert sorted(path.name for path in CI.iterdir()) == ["github-actions.yml", "github-weekly.yml", "gitlab-ci.yml"]


@pytest.mark.parametrize(("edit", "expected"), [(good, [0, 0]), (wrong, [1, 2]), (rewritten, [0, 1])])
def test_the_hooks_before_a_commit(edit: Callable[[Path], None], expected: list[int], repository: Path) -> None:
    """With the changed file as pre-commit would name it, and HEAD as the last commit."""
    before = git(repository, "rev-parse", "HEAD")
    edit(repository)
    git(repository, "reset", "-q", before)
    hooks = load(ROOT / ".pre-commit-hooks.yaml")
    commands = [hook["entry"] + (" rates/tiktok/gb.yaml" if hook.get("pass_filenames", True) else "") for hook in hooks]
    codes, said = outcomes(repository, commands)
    assert codes == expected, said


def test_the_first_commit_of_rate_files_passes_the_hooks(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {"README": "nothing yet\n"})
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates/gb.yaml").write_text((ROOT / "rates/tiktok/gb.yaml").read_text("utf-8"), "utf-8")
    codes, said = outcomes(tmp_path, [hook["entry"] for hook in load(ROOT / ".pre-commit-hooks.yaml")[1:]])
    assert codes == [0], said


OWN = [line for line in (ROOT / ".ci/run").read_text("utf-8").splitlines() if "diamondctl rates" in line]


def own_ci() -> str:
    """The last part of .ci/run, from its check of the rates on."""
    text = (ROOT / ".ci/run").read_text("utf-8")
    start = text.index(".venv/bin/diamondctl rates check")
    return "set -euo pipefail\n" + text[start:].replace(".venv/bin/", "")


def test_our_own_ci_checks_compares_and_prices_the_rates() -> None:
    assert [line.split()[2] for line in OWN] == ["check", "diff", "impact"]


def test_our_own_ci_works_in_a_full_a_shallow_and_no_clone(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With a commit to compare with, without one, and where there is no repository at all."""
    good(repository)
    clone = tmp_path_factory.mktemp("work")
    git(clone, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    git(clone, "clone", "-q", f"file://{repository}", "full")
    (clone / "none").mkdir()
    shutil.copytree(repository / "rates", clone / "none/rates")
    for name, compared in (("full", True), ("shallow", False), ("none", False)):
        codes, said = outcomes(clone / name, [own_ci()], GIT_CEILING_DIRECTORIES=str(clone))
        assert codes == [0], said
        assert ("History was kept." in said) == compared
        assert ("come out differently" in said) == compared


def test_our_own_ci_stops_at_a_rewritten_history(repository: Path) -> None:
    rewritten(repository)
    codes, said = outcomes(repository, [own_ci()])
    assert codes == [1], said
    assert "R201" in said
