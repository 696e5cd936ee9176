"""The wheel and the sdist build, and the wheel works alone, with its rates inside."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.support import ROOT, environment


def test_wheel_and_sdist_carry_the_rates_and_the_wheel_works_alone(tmp_path: Path) -> None:
    """Unpacked far from the repository, it knows its zones."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    (sdist,) = tmp_path.glob("*.tar.gz")
    (wheel,) = tmp_path.glob("*.whl")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"rates/tiktok/us.yaml", "rates/README.md", "LICENSE", "examples/2026-10.csv"} <= names
    with zipfile.ZipFile(wheel) as packed:
        inside = set(packed.namelist())
        assert {
            "diamondctl/shipped_rates/tiktok/us.yaml",
            "diamondctl/schemas/summary.schema.json",
            "diamondctl/sample_gifts.csv",
            "diamondctl/shipped_rates/RULES.md",
            "diamondctl/py.typed",
        } <= inside
        assert not [name for name in inside if name.startswith("tests")]
        packed.extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-m", "diamondctl", "rates", "which", "reward", "--region", "US", "--date", "2026-10-31"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(tmp_path / "site")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "tiktok/us.yaml:" in done.stdout
