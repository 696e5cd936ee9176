"""Every byte of a ledger, changed: no other figure may come out of it, and `doctor` must see it.

    python -m tests.ledger.damage --sample 300     the seeded sample that the tests try
    python -m tests.ledger.damage --step 7         every seventh byte of every file: some minutes
    python -m tests.ledger.damage --step 1         all of them

After each change `summary` gives exactly the figures of before or refuses with exit code 4; `doctor` names the file and ends
with 4, or calls the ledger sound, and then every row of every table is what it was: nothing used that byte.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.ledger import state

SEED: Final = 20261031
SUMMARY: Final = ("summary", "--ledger", "ledger", "--region", "US", "--json")
DOCTOR: Final = ("doctor", "--ledger", "ledger")
_REFUSED: Final = ("L002", "L004", "L005")


class Harm(NamedTuple):
    """A change to one file: `flip` an offset with a mask, `cut` to a size, or `remove`."""

    file: str
    kind: str
    offset: int = 0
    mask: int = 0


class Verdict(NamedTuple):
    """What came of it. `wrong` is blank when everything held."""

    harm: Harm
    summary: int
    doctor: int
    wrong: str

    def __str__(self) -> str:
        """One line."""
        harm = f"{self.harm.file} {self.harm.kind} {self.harm.offset} {self.harm.mask:#04x}"
        return f"{harm:60} summary {self.summary} doctor {self.doctor} {self.wrong or 'ok'}"


class Patient:
    """A ledger to be harmed and put right again."""

    def __init__(self, folder: Path) -> None:
        state.make_rich_world(folder)
        self.folder = folder
        self.ledger = folder / "ledger"
        self.files = sorted(str(path.relative_to(self.ledger)) for path in self.ledger.rglob("*") if path.is_file())
        self.bytes = {name: (self.ledger / name).read_bytes() for name in self.files}
        with state.inside(folder):
            self.summary = state.run_here(*SUMMARY)
            doctor = state.run_here(*DOCTOR)
        self.tables = state.tables(self.ledger)
        if (self.summary.code, doctor.code) != (3, 0):
            raise AssertionError((self.summary, doctor))

    def flips(self, step: int, seed: int) -> Iterator[Harm]:
        """A change at every so-manieth offset, of one bit or of all."""
        pick = random.Random(seed)
        for name in self.files:
            for offset in range(pick.randrange(step), len(self.bytes[name]), step):
                yield Harm(name, "flip", offset, pick.choice((1 << pick.randrange(8), 0xFF, pick.randrange(1, 256))))

    def losses(self) -> Iterator[Harm]:
        """Files that are missing or cut."""
        for name in self.files:
            size = len(self.bytes[name])
            yield Harm(name, "remove")
            yield from (Harm(name, "cut", left) for left in sorted({0, 1, 100, 512, size // 2, size - 1}) if left < size)

    def sample(self, count: int, seed: int) -> list[Harm]:
        """So many flips: most in the catalog, half of those where it holds something."""
        pick = random.Random(seed)
        catalog = self.bytes["catalog.sqlite"]
        used = [offset for offset, byte in enumerate(catalog) if byte]
        offsets = [("catalog.sqlite", pick.choice(used)) for _ in range(count // 2)]
        offsets += [("catalog.sqlite", pick.randrange(len(catalog))) for _ in range(count // 4)]
        offsets += [(name, pick.randrange(len(self.bytes[name]))) for name in pick.choices(self.files, k=count - len(offsets))]
        return [Harm(name, "flip", offset, pick.choice((1 << pick.randrange(8), 0xFF))) for name, offset in offsets]

    def suffer(self, harm: Harm) -> Verdict:
        """Harm the ledger, ask `summary` and `doctor`, put it right again."""
        path = self.ledger / harm.file
        data = bytearray(self.bytes[harm.file])
        if harm.kind == "remove":
            path.unlink()
        elif harm.kind == "cut":
            path.write_bytes(data[: harm.offset])
        else:
            data[harm.offset] ^= harm.mask
            path.write_bytes(data)
        wrong = []
        try:
            with state.inside(self.folder):
                summary, doctor = state.run_here(*SUMMARY), state.run_here(*DOCTOR)
            if {130, 143} & {summary.code, doctor.code}:  # somebody stops this script
                raise KeyboardInterrupt
            if summary != self.summary and not (summary.code == 4 and any(code in summary.err for code in _REFUSED)):
                wrong.append(f"summary: exit code {summary.code}: {summary.err.strip()[:200] or 'other figures'}")
            if doctor.code == 4:
                if not any(word in doctor.out + doctor.err for word in (Path(harm.file).name, "catalog", "totals", "gifters")):
                    wrong.append(f"doctor does not say where: {doctor.out}{doctor.err}")
            elif doctor.code != 0:
                wrong.append(f"doctor: exit code {doctor.code}: {doctor.err.strip()[:200]}")
            elif harm.file != "catalog.sqlite" or state.tables(self.ledger) != self.tables:
                wrong.append("doctor calls it sound")
            elif summary != self.summary:
                wrong.append("doctor calls sound what summary refuses")
        except Exception as error:  # whatever it is, this one failed and the others go on
            wrong.append(f"{type(error).__name__}: {error}")
        for name in {str(found.relative_to(self.ledger)) for found in self.ledger.rglob("*") if found.is_file()} - set(
            self.files
        ):
            wrong.append(f"{name} appeared")
            (self.ledger / name).unlink()
        path.write_bytes(self.bytes[harm.file])
        path.chmod(0o600)
        return Verdict(harm, summary.code, doctor.code, "; ".join(wrong))


def main() -> int:
    """Try them; print what went wrong, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=0)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="damage-")
    try:
        patient = Patient(Path(folder).resolve() / "world")
        flips = list(patient.flips(given.step, given.seed)) if given.step else patient.sample(given.sample, given.seed)
        counts: Counter[str] = Counter()
        for harm in [*patient.losses(), *flips]:
            verdict = patient.suffer(harm)
            kind = "catalog" if harm.file == "catalog.sqlite" else "other files"
            counts[f"{kind}: " + ("FAILED" if verdict.wrong else "seen by doctor" if verdict.doctor else "unused byte")] += 1
            if verdict.wrong:
                print(verdict, flush=True)
    finally:
        shutil.rmtree(folder)
    print(f"seed {given.seed}: {dict(counts)}")
    return 1 if any("FAILED" in name for name in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
