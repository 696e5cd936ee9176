"""Several files in one import: they meet each other as they would meet in commands of their own."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from tests.ledger import state


def test_files_of_one_import_meet_each_other(tmp_path: Path) -> None:
    """In any order, at once or one by one, the same gifts count."""
    state.write_inputs(tmp_path)
    with state.inside(tmp_path):
        for name in ("a.csv", "b.csv"):
            assert state.run_here("import", name, "--ledger", "one-by-one").code == 0
        expected = state.content(Path("one-by-one"))
        assert sum(row.gifts for row in expected.usage) == 60
        for number, names in enumerate(permutations(("a.csv", "b.csv"))):
            folder = Path(f"at-once-{number}")
            assert state.run_here("import", *names, "--ledger", str(folder)).code == 0
            assert state.content(folder).usage == expected.usage
            assert state.damage(folder) == []


def test_a_dry_run_of_files_that_meet_says_the_same(tmp_path: Path) -> None:
    """Though nothing gets its final name."""
    state.write_inputs(tmp_path)
    with state.inside(tmp_path):
        dry = state.run_here("import", "a.csv", "b.csv", "--ledger", "ledger", "--dry-run", "--json")
        assert not Path("ledger").exists()
        real = state.run_here("import", "a.csv", "b.csv", "--ledger", "ledger", "--json")
    assert dry.code == real.code == 0
    told = dry.out.replace('"dry_run": true', '"dry_run": false')
    assert told.replace("Dry run, nothing was stored. It would import", "Imported") == real.out


def test_a_gift_with_other_content_in_a_file_beside_it_is_named(tmp_path: Path) -> None:
    """Both lines, though neither file is in the ledger yet."""
    state.write_inputs(tmp_path)
    text = (tmp_path / "a.csv").read_text("utf-8")
    first = text.splitlines()[1]
    (tmp_path / "other.csv").write_text(f"{text.splitlines()[0]}\n{first.replace(',Rose,1,', ',Rose,7,')}\n", "utf-8")
    with state.inside(tmp_path):
        refused = state.run_here("import", "a.csv", "other.csv", "--ledger", "ledger")
        assert refused.code == 2
        assert "other.csv:2 G040 event id 'e0' again with other coins; first on d001 (a.csv):2" in refused.err
        assert state.content(Path("ledger")) == state.EMPTY
        assert state.strangers(Path("ledger")) == []
