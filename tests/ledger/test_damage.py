"""A ledger that is not what was written: no other figure, the damaged file named, the rest readable, nothing built on it.

Here a seeded sample of bytes; all of them: `python -m tests.ledger.damage --step 1`.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from diamondctl.ledger import backups, catalog, opening
from tests.ledger import state
from tests.ledger.damage import SEED, Patient
from tests.ledger.state import HEADER, gifts, run_here

FLIPS = 60


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a ledger of two documents, one of them with rejected rows."""
    folder = tmp_path / "world"
    state.make_world(folder)
    return folder


def rows_files(here: Path) -> dict[str, Path]:
    """Files of rows by document name."""
    with opening.open_ledger(here / "ledger") as book:
        return {name: book.documents / file for name, file in book.raw.execute("SELECT name, file FROM documents")}


def flip(path: Path) -> None:
    """Change one byte in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def tamper(here: Path, statement: str) -> None:
    """Change the catalog as no import would."""
    with closing(sqlite3.connect(here / "ledger" / "catalog.sqlite")) as connection, connection:
        assert connection.execute(statement).rowcount > 0, statement


def test_no_changed_byte_gives_another_figure(tmp_path: Path) -> None:
    """Files cut and removed, bytes flipped; bytes that doctor does not see are used by nothing."""
    patient = Patient(tmp_path / "world")
    verdicts = [patient.suffer(harm) for harm in [*patient.losses(), *patient.sample(FLIPS, SEED)]]
    assert not [str(verdict) for verdict in verdicts if verdict.wrong]
    assert sum(verdict.doctor == 4 for verdict in verdicts) > len(verdicts) / 2
    assert any(verdict.doctor == 0 for verdict in verdicts)


def test_beside_a_damaged_document_everything_else_stays_readable(here: Path) -> None:
    """Figures come from the catalog; the other document's rows can be shown; the damaged one's are not."""
    with state.inside(here):
        before = run_here("summary", "--ledger", "ledger", "--region", "US", "--csv")
        flip(rows_files(here)["a.csv"])
        assert run_here("summary", "--ledger", "ledger", "--region", "US", "--csv") == before
        assert run_here("summary", "--ledger", "ledger", "--region", "US").code == before.code  # only what moved it needs rows
        assert run_here("records", "list", "--ledger", "ledger").code == 3
        assert run_here("records", "rejected", "--ledger", "ledger").code == 3
        assert run_here("records", "show", "d002", "--ledger", "ledger").code == 0
        refused = run_here("records", "show", "d001", "--ledger", "ledger")
    assert refused.code == 4
    assert "L005 d001 (a.csv)" in refused.err


def test_nothing_is_built_on_a_damaged_document(here: Path) -> None:
    """An import that meets it and a backup refuse; one that cannot meet it goes on; undo and a new import heal."""
    (here / "later.csv").write_text(f"{HEADER}\n{gifts(5, day=20, prefix='later')}", "utf-8")
    with state.inside(here):
        whole = state.content(Path("ledger"))
        flip(rows_files(here)["a.csv"])
        for command in (("import", "b.csv"), ("backup", "new.zip"), ("doctor", "--fix")):
            refused = run_here(*command, "--ledger", "ledger")
            assert (refused.code, "L005" in refused.err, "Nothing was" in refused.err) == (4, True, False), refused
            assert state.damage(Path("ledger")) == [f"d001 a.csv: {rows_files(here)['a.csv'].name} is not what was written"]
        assert not Path("new.zip").exists()
        assert run_here("import", "later.csv", "--ledger", "ledger").code == 0
        assert run_here("undo", "d003", "d001", "--ledger", "ledger").code == 0
        assert state.damage(Path("ledger")) == []
        assert run_here("import", "a.csv", "--ledger", "ledger").code == 0
    healed = state.content(here / "ledger")
    assert (healed.usage, healed.names, sorted(healed.rows)) == (whole.usage, whole.names, sorted(whole.rows))


def test_a_backup_is_refused_when_a_file_is_missing(here: Path) -> None:
    """What could not be restored is not called a backup."""
    rows_files(here)["a.csv"].unlink()
    with state.inside(here):
        refused = run_here("backup", "new.zip", "--ledger", "ledger")
    assert refused.code == 4
    assert "L005" in refused.err
    assert sorted(path.name for path in here.glob("*.zip")) == ["kept.zip"]


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        None,
        {},
        {"format": backups.FORMAT, "sha256": []},
        {"format": backups.FORMAT, "sha256": {catalog.FILE: None}},
        {"format": backups.FORMAT, "sha256": {catalog.FILE: "0", "documents/../a.parquet": "0"}},
    ],
)
def test_a_backup_with_another_manifest_is_refused(here: Path, manifest: object) -> None:
    """Whatever shape its JSON has; no folder is left."""
    with zipfile.ZipFile(here / "kept.zip") as kept, zipfile.ZipFile(here / "odd.zip", "w") as odd:
        for name in kept.namelist():
            odd.writestr(name, json.dumps(manifest) if name == backups.MANIFEST else kept.read(name))
    with state.inside(here):
        refused = run_here("restore", "odd.zip", "--ledger", "restored")
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.startswith("odd.zip L014 ")
    assert not (here / "restored").exists()


def test_no_import_seals_usage_that_somebody_changed(here: Path) -> None:
    """Though its own days are others."""
    (here / "later.csv").write_text(f"{HEADER}\n{gifts(5, day=20, prefix='later')}", "utf-8")
    whole = state.content(here / "ledger")
    with state.inside(here):
        right = run_here("summary", "--region", "US", "--ledger", "ledger")
    tamper(here, "UPDATE usage SET packed = replace(packed, '[[', '[[1') WHERE creator = 'mara'")
    with state.inside(here):
        summary = run_here("summary", "--region", "US", "--ledger", "ledger")
        assert summary == right or "L005" in summary.err
        for command in (("import", "later.csv"), ("undo", "d002")):
            refused = run_here(*command, "--ledger", "ledger")
            assert refused.code == 4, refused
            assert "L005 the usage of mara is damaged" in refused.err
        assert run_here("doctor", "--ledger", "ledger").code == 4
        assert run_here("doctor", "--fix", "--ledger", "ledger").code == 0
    assert state.content(here / "ledger") == whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = x'00' WHERE name = 'key'",
        "UPDATE gifters SET alias = '0' || substr(alias, 2) WHERE alias > '1'",
        "DELETE FROM gifters WHERE alias = (SELECT max(alias) FROM gifters)",
        "UPDATE gifters SET name = NULL WHERE alias = (SELECT max(alias) FROM gifters)",
        "UPDATE sqlite_sequence SET seq = 0",
        "UPDATE spans SET last_time = first_time",
        "UPDATE rejected SET state = 'dismissed'",
        "UPDATE documents SET region = 'GB'",
        """INSERT INTO usage VALUES ('nobody', 1, '[["US","",1,1]]', '[[1,1,1,0,0]]')""",
        "UPDATE usage SET packed = replace(packed, '[[', '[[1')",
        "UPDATE usage SET runs = replace(runs, 'US', 'GB')",
    ],
)
def test_doctor_sees_what_no_import_wrote(here: Path, statement: str) -> None:
    """Table by table."""
    tamper(here, statement)
    assert state.damage(here / "ledger") != []


def test_erasing_does_not_bless_damaged_rejected_rows(here: Path) -> None:
    """They are rewritten only when they are what was written."""
    (path,) = (here / "ledger" / "rejected").iterdir()
    flip(path)
    with state.inside(here):
        refused = run_here("privacy", "erase", state.FAN, "--ledger", "ledger")
    assert refused.code == 4
    assert f"L005 rejected/{path.name} is damaged" in refused.err
    assert state.damage(here / "ledger") == [f"{path.name[:4]} rejected rows: {path.name} is not what was written"]


def test_without_its_catalog_a_ledger_is_never_begun_anew(here: Path) -> None:
    """An import would sweep the rows of every document."""
    (here / "ledger" / "catalog.sqlite").unlink()
    files = sorted((here / "ledger").rglob("*"))
    with state.inside(here):
        for command in (("import", "b.csv"), ("summary", "--region", "US"), ("records", "list"), ("doctor",)):
            refused = run_here(*command, "--ledger", "ledger")
            assert refused.code == 4, refused
            assert "the catalog is missing" in refused.out + refused.err
    assert sorted((here / "ledger").rglob("*")) == files
