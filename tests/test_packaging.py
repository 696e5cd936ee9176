"""The wheel and the sdist build, with rates and man pages inside, and the wheel works alone."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT, environment, run, tool

# The build's own script stands in no package.
_SPEC = importlib.util.spec_from_file_location("man_pages", ROOT / ".ci" / "man_pages.py")
assert _SPEC is not None and _SPEC.loader is not None
man_pages = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(man_pages)
PAGES: dict[str, str] = man_pages.pages()


def build(source: Path, folder: Path, **more: Any) -> dict[str, Path]:
    """Both packages by their endings, built from a checkout as one would there; `more` is about the process."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=source, capture_output=True, check=True, **more
    )
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the sdist of this checkout, by their endings."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def built(packed: dict[str, Path]) -> tuple[Path, Path]:
    """The wheel, and the sdist unpacked."""
    wheel, sdist = packed[".whl"], packed[".gz"]
    folder = wheel.parent
    with tarfile.open(sdist) as archive:
        for member in archive:  # early releases of Python 3.11 have no filter for extractall
            data = archive.extractfile(member)
            if data is not None:
                (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / member.name).write_bytes(data.read())
    return wheel, folder / sdist.name.removesuffix(".tar.gz")


def contents(wheel: Path) -> dict[str, bytes]:
    """Every file of a wheel."""
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def pages(files: dict[str, bytes]) -> dict[str, str]:
    """The man pages of a wheel, where an installer puts them for `man`."""
    return {name.rpartition("/")[2]: data.decode() for name, data in files.items() if ".data/data/share/man/man1/" in name}


def test_wheel_and_sdist_carry_the_rates_and_the_wheel_works_alone(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Unpacked far from the repository, it knows its zones."""
    wheel, sdist = built
    for name in ("rates/tiktok/us.yaml", "rates/README.md", "LICENSE", "examples/2026-10.csv"):
        assert (sdist / name).is_file()
    inside = contents(wheel).keys()
    assert {
        "diamondctl/shipped_rates/tiktok/us.yaml",
        "diamondctl/schemas/summary.schema.json",
        "diamondctl/sample_gifts.csv",
        "diamondctl/demo_gifts.csv",
        "diamondctl/shipped_rates/RULES.md",
        "diamondctl/shipped_rates/tiktok/gifts.json",
        "diamondctl/shipped_rates/formulas.csv",
        "diamondctl/topics/evidence.md",
        "diamondctl/py.typed",
    } <= inside
    assert not [name for name in inside if name.startswith("tests")]
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-m", "diamondctl", "rates", "which", "reward", "--region", "US", "--date", "2026-10-31", "-v"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(tmp_path / "site")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "tiktok/us.yaml:" in done.stdout


def test_wheel_and_sdist_carry_a_man_page_for_every_command(built: tuple[Path, Path]) -> None:
    """Made anew for each package."""
    wheel, sdist = built
    assert pages(contents(wheel)) == PAGES
    assert {path.name: path.read_text("utf-8") for path in (sdist / "man").iterdir()} == PAGES


def test_a_wheel_made_from_the_sdist_is_the_same_and_takes_no_dependency(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Its man pages are there already."""
    wheel, sdist = built
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['typer', 'rich', 'yaml', 'duckdb', 'pandas']))\n"
        "from hatchling.build import build_wheel, get_requires_for_build_wheel\n"
        "print(get_requires_for_build_wheel(), build_wheel(sys.argv[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=sdist, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"[] {wheel.name}\n"), done.stderr
    assert contents(tmp_path / wheel.name) == contents(wheel)


def test_who_builds_when_and_where_is_in_no_byte(packed: dict[str, Path], tmp_path: Path) -> None:
    """Another folder, files of another time, order and mode, another umask, time zone, locale and hash seed."""
    copy = tmp_path / "elsewhere"
    copy.mkdir(0o700)
    names = [
        ".ci",
        ".gitignore",
        *(path.name for path in ROOT.iterdir() if path.name[0] != "." and path.name not in ("build", "dist")),
    ]
    for name in sorted(names, reverse=True):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, copy / name)
    for number, path in enumerate(sorted(copy.rglob("*"))):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (86_400 * 365 * 20 + number,) * 2)
    own = {name: value for name, value in os.environ.items() if name not in ("SOURCE_DATE_EPOCH", "PYTHONPATH")}
    env = {**own, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "27", "HOME": str(tmp_path), "LOGNAME": "mara"}
    again = build(copy, tmp_path / "dist", umask=0o077, env=env)
    assert again.keys() == packed.keys() == {".whl", ".gz"}
    assert {path.name: path.read_bytes() for path in again.values()} == {
        path.name: path.read_bytes() for path in packed.values()
    }


def test_man_pages_are_made_without_what_is_too_large_for_a_build() -> None:
    """Everything that building from a checkout needs is small."""
    code = (
        "import sys; sys.path.insert(0, '.ci'); import man_pages; sys.meta_path.insert(0, man_pages.Absentees())\n"
        "print(len(man_pages.pages()), type(sys.modules['numpy']).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"{len(PAGES)} _Absent\n"), done.stderr


@pytest.mark.parametrize("name", PAGES)
def test_a_man_page_names_every_option_of_its_command(name: str) -> None:
    """And shows its examples."""
    page = PAGES[name].replace("\\-", "-")
    command = next(line for line in page.splitlines() if line.startswith(".B diamondctl"))
    shown = run(*command.split()[2:], "--help-all").out
    options = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", shown, re.M))
    assert "--help" in options
    assert options - {"--help"} <= set(re.findall(r"--[a-z-]+", page))
    assert ("\n  Examples:" in shown) == (".SH EXAMPLES" in page)


def test_groff_finds_nothing_wrong_in_a_man_page(tmp_path: Path) -> None:
    """With all of its warnings on."""
    man_pages.write(tmp_path)
    done = subprocess.run(
        [tool("groff"), "-man", "-ww", "-z", "-Kutf8", "-Tutf8", *sorted(PAGES)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
