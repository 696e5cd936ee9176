"""Many rate files for the benchmark: the shipped ones once for each of as many platforms as are needed."""

from __future__ import annotations

import re
from pathlib import Path

from diamondctl.ratebook import store
from tests.support import ROOT


def make(folder: Path, count: int) -> Path:
    """A rates folder of `count` files, made unless it is there."""
    target = folder / f"rates-{count}"
    shipped = [path.read_text("utf-8") for path in store.paths_in(ROOT / "rates/tiktok")]
    for number in range(count):
        platform = f"platform{number // len(shipped):04d}"
        path = target / platform / f"zone{number % len(shipped)}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub("(?m)^platform: tiktok$", f"platform: {platform}", shipped[number % len(shipped)]), "utf-8")
    return target
