"""Reading two sides: folders, files and git revisions, whatever they are called and whatever the repository tries."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT, Result, environment, run, tool
from tests.test_errors import ERRORS

GOOD = (ERRORS / "R201/base/tiktok/us.yaml").read_text("utf-8")
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, without anybody's settings."""
    env = environment(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull, HOME=str(folder))
    done = subprocess.run([tool("git"), *IDENTITY, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str]) -> str:
    """Commit the folder with these files, and return the commit."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits: the second edits the share."""
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {"rates/tiktok/us.yaml": GOOD})
    commit(tmp_path, {"rates/tiktok/us.yaml": GOOD.replace("percent: 50", "percent: 48"), "other/tiktok/us.yaml": GOOD})
    return tmp_path


def diff(folder: Path, *arguments: str) -> Result:
    return run("rates", "diff", *arguments, "--as-of", "2026-11-20", "--csv", cwd=folder)


EDITED = (1, 1)  # exit code, changes
NOTHING = (0, 0)


def outcome(result: Result) -> tuple[int, int]:
    assert not result.err
    return result.code, len(result.out.splitlines()) - 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("HEAD~1",), EDITED),
        (("HEAD~1", "HEAD"), EDITED),
        (("HEAD", "HEAD~1"), EDITED),
        (("HEAD~1", "rates"), EDITED),
        (("HEAD~1", "rates/"), EDITED),
        (("HEAD~1", "rates/tiktok"), EDITED),
        (("HEAD~1", "rates/tiktok/us.yaml"), EDITED),
        (("HEAD~1:rates", "rates"), EDITED),
        (("HEAD~1:rates/tiktok/us.yaml",), EDITED),
        (("HEAD~1:rates/tiktok/us.yaml", "HEAD"), EDITED),
        (("HEAD:other", "rates"), EDITED),
        (("HEAD:other", "HEAD:rates"), EDITED),
        (("other", "rates"), EDITED),
        (("other/tiktok/us.yaml", "rates"), EDITED),
        (("HEAD",), NOTHING),
        (("main", "HEAD:rates"), NOTHING),
        (("HEAD~1", "HEAD:other"), (0, 2)),  # there is no `other` in the first commit, so all of it is new
        (("HEAD~1", "other"), (0, 2)),
        (("HEAD~1:other", "HEAD:other"), (2, 0)),
    ],
)
def test_both_sides_are_found(repository: Path, arguments: tuple[str, ...], expected: tuple[int, int]) -> None:
    result = diff(repository, *arguments)
    if expected[0] == 2:
        assert result.code == 2
        assert " R025 no rate file here" in result.err
    else:
        assert outcome(result) == expected


def test_a_subfolder_is_as_good_a_place_as_the_top(repository: Path) -> None:
    assert outcome(diff(repository / "rates", "HEAD~1", ".")) == EDITED
    assert outcome(diff(repository / "other", "HEAD~1", "../rates/tiktok")) == EDITED
    assert outcome(diff(repository / "other", "HEAD~1:rates")) == EDITED


def test_nothing_is_checked_out_or_written(repository: Path) -> None:
    def contents() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(repository.rglob("*")) if path.is_file()}

    before = contents()
    diff(repository, "HEAD~1")
    assert contents() == before


HOSTILE = (
    "--all",
    "-x",
    "--output=pwned",
    "HEAD;touch pwned",
    "$(touch pwned)",
    "HEAD --all",
    ":/x",
    ":0:rates",
    "",
    "@{u}",
    "HEAD~99",
    "\u202e",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_revision_is_refused_and_never_an_option(repository: Path, name: str) -> None:
    for arguments in ((name, "rates"), ("rates", name) if name else (name, "HEAD"), (f"{name}:rates", "rates")):
        result = run("rates", "diff", "--as-of", "2026-11-20", "--", *arguments, cwd=repository)
        assert (result.code, result.out) == (2, ""), arguments
        assert result.err.startswith(("R301 ", "R302 git cannot be asked: no upstream"))
        assert "\u202e" not in result.err
    assert not list(repository.rglob("pwned"))


@pytest.mark.parametrize("folder", ["-x", "--all", "a b", "*", ":(top)rates", "ünï", "new\nline", "HEAD"])
def test_folders_of_any_name_are_only_ever_folders(tmp_path: Path, folder: str) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {f"{folder}/tiktok/us.yaml": GOOD, "rates/tiktok/us.yaml": GOOD.replace("[US]", "[GB]")})
    commit(tmp_path, {f"{folder}/tiktok/us.yaml": GOOD.replace("percent: 50", "percent: 48")})
    for arguments in (("main~1", folder), (f"main~1:{folder}",), (f"main~1:{folder}", folder)):
        paths = [f"./{text}" if text == "HEAD" else text for text in arguments]
        result = run("rates", "diff", "--as-of", "2026-11-20", "--csv", "--", *paths, cwd=tmp_path)
        assert (result.code, len(result.out.splitlines())) == (1, 2), result.err


STRAYS = (
    "tiktok/gb.YAML",
    "tiktok/gb.Yml",
    "tiktok/Gifts.yaml",
    "tiktok/.gb.yaml",
    "tiktok/gb.yaml.bak",
    "tiktok/gb.yaml~",
    "tiktok/gb.yaml ",
    "tiktok/gb.json",
    "gb.txt",
    "deep/er/gb.yaml",
    "deep/er/still/gb.yaml",
    "x.yaml/gb.yaml",
)
BESIDE = (".hidden/gb.yaml", "README.md", "LICENSE", "rates.schema.json", ".gitkeep", "tiktok/gifts.csv", "tiktok/notes.pdf")


@pytest.mark.parametrize("name", [*STRAYS, *BESIDE, "a link"])
def test_one_rule_says_what_a_rate_file_is_on_disk_and_in_git(repository: Path, name: str) -> None:
    """What is refused there is refused here too, by check, diff and impact."""
    if name == "a link":
        os.symlink("us.yaml", repository / "rates/tiktok/gb.yaml")
    else:
        (repository / "rates" / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / "rates" / name).write_text(GOOD.replace("[US]", "[GB]"), "utf-8")
    git(repository, "add", "-Af")
    git(repository, "commit", "-q", "-m", "x")
    on = ("--as-of", "2026-11-20")
    tried = [
        run("rates", *words, *on, cwd=repository)
        for words in (
            ("check", "rates"),
            ("diff", "--base-rev", "HEAD~1", "./rates"),
            ("diff", "--base-rev", "HEAD~1:rates", "HEAD:rates"),
            ("impact", "--base-rev", "HEAD~1", "./rates"),
        )
    ]
    refused = [" R031 " in result.out + result.err for result in tried]
    assert refused == [name not in BESIDE] * 4, tried
    assert [result.code for result in tried] == ([0] * 4 if name in BESIDE else [1, 2, 2, 2])
    # As a base it is only told: nobody can mend what was.
    back = run("rates", "diff", "HEAD:rates", "HEAD~1:rates", *on, cwd=repository)
    assert back.code == 0
    assert (" R031 " in back.out) == (name not in BESIDE)


def test_a_folder_that_became_a_link_is_not_followed(repository: Path) -> None:
    (repository / "rates").rename(repository / "elsewhere")
    os.symlink("elsewhere", repository / "rates")
    for path in ("./rates", "./rates/tiktok", "rates"):
        result = run("rates", "diff", "--base-rev", "HEAD", path, cwd=repository)
        assert (result.code, result.out) == (2, "")
        assert " R031 a link" in result.err


def test_replaced_history_is_not_believed(repository: Path) -> None:
    """`git replace` makes git itself show the new commit in the place of the old one."""
    git(repository, "replace", "HEAD~1", "HEAD")
    assert git(repository, "diff", "HEAD~1", "HEAD") == ""
    assert outcome(diff(repository, "HEAD~1", "HEAD")) == EDITED


def test_no_program_of_the_repository_runs(repository: Path) -> None:
    program = repository / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {repository}/pwned\n", "utf-8")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        git(repository, "config", key, str(program))
    (repository / ".gitattributes").write_text("*.yaml diff=evil filter=evil\n", "utf-8")
    git(repository, "config", "diff.evil.textconv", str(program))
    git(repository, "config", "filter.evil.smudge", str(program))
    assert outcome(diff(repository, "HEAD~1")) == EDITED
    assert not (repository / "pwned").exists()


def test_a_shallow_clone_says_what_is_missing(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    result = diff(clone / "shallow", "HEAD~1")
    assert (result.code, result.out) == (2, "")
    assert "R301 'HEAD~1' is neither" in result.err
    assert "fetch more history" in result.err
    assert outcome(diff(clone / "shallow", "HEAD")) == NOTHING


def test_a_partial_clone_fetches_nothing(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository}", "partial")
    result = diff(clone / "partial", "HEAD~1", "HEAD")
    assert (result.code, result.out) == (2, "")
    assert "R302 git cannot be asked" in result.err


def test_problems_of_both_sides_are_named_with_their_revision(repository: Path) -> None:
    commit(repository, {"rates/tiktok/us.yaml": GOOD.replace("percent: 50", "percent: 150")})
    short = git(repository, "rev-parse", "HEAD")[:8]
    result = diff(repository, "HEAD~1", "HEAD:rates")
    assert result.code == 2
    assert result.err.startswith(f"{short}:rates/tiktok/us.yaml:11:105 R020 150 percent")
    back = run("rates", "diff", "HEAD", "HEAD~1:rates", "--as-of", "2026-11-20", cwd=repository)
    assert back.code == 0
    assert f"base: {short}:rates/tiktok/us.yaml:11:105 R020 150 percent" in back.out


def test_a_path_outside_the_repository_is_refused(repository: Path) -> None:
    result = diff(repository, "HEAD", str(ROOT / "rates"))
    assert result.code == 2
    assert "lies outside the repository of HEAD (write HEAD:FOLDER)" in result.err


def test_two_single_files_are_the_same_zone_whatever_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "new.yaml").write_text(GOOD.replace("verified: 2026-11-01", "verified: 2026-11-02", 1), "utf-8")
    assert outcome(diff(tmp_path, "old.yaml", "new.yaml")) == (0, 1)


def test_beside_a_single_file_a_folder_is_the_zone_of_that_name_or_region(tmp_path: Path) -> None:
    """The other zones of the folder are not gone."""
    (tmp_path / "rates").mkdir()
    (tmp_path / "mine.yaml").write_text(GOOD, "utf-8")
    for name, region in (("us", "US"), ("gb", "GB"), ("ca", "CA")):
        (tmp_path / f"rates/{name}.yaml").write_text(GOOD.replace("[US]", f"[{region}]"), "utf-8")
    assert outcome(diff(tmp_path, "rates", "mine.yaml")) == NOTHING
    assert outcome(diff(tmp_path, "mine.yaml", "rates")) == NOTHING
    (tmp_path / "gb.yaml").write_text(GOOD, "utf-8")
    assert outcome(diff(tmp_path, "rates", "gb.yaml")) == (1, 1)  # GB became US
    (tmp_path / "rates/us.yaml").unlink()
    assert outcome(diff(tmp_path, "rates", "mine.yaml")) == (0, 2)  # nothing to compare with: all is new
