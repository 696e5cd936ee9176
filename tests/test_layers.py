"""The shape of the code: imports point downwards, the pure part stays pure, nothing heavy or networked is loaded."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Container, Iterable
from pathlib import Path

import pytest

from tests.support import ROOT, environment

PACKAGE = ROOT / "diamondctl"
BASE = "base"
BELOW = {
    BASE: set[str](),
    "topics": set[str](),
    "yamlfile": {BASE},
    "ratebook": {BASE, "yamlfile"},
    "rating": {BASE, "ratebook"},
    "forecast": {BASE},
    "config": {BASE, "yamlfile", "ratebook"},
    "readers": {BASE},
    "ledger": {BASE},
    "reports": {BASE, "ratebook", "rating", "forecast"},
    "render": {BASE, "ratebook", "config", "rating", "forecast", "reports"},
    "profiles": {BASE, "yamlfile", "readers"},
    "desk": {BASE, "yamlfile", "ratebook", "config", "rating", "readers", "profiles", "ledger", "reports", "forecast"},
}
BELOW["api"] = set(BELOW) - {"topics"} | {"render"}
BELOW["cli"] = set(BELOW)
_RATEBOOK = tuple(f"ratebook/{name}.py" for name in ("entries", "gifts", "compare", "lints", "openness", "rules", "skeleton"))
PURE = ("rating", "reports", "exchange.py", "records.py", "periods.py", "money.py", "problems.py", "combos.py", *_RATEBOOK)
IMPURE = {"typer", "rich", "yaml", "csv", "json", "duckdb", "pandas", "pathlib", "os", "sys", "io", "time", "socket"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def layer(name: str) -> str:
    """The layer of a dotted module name inside the package."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in BELOW else BASE


def imported(part: ast.AST) -> set[str]:
    """Dotted names that a module or a part of one imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(part):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards_and_typer_lives_in_cli_alone(path: Path) -> None:
    """A layer imports from those that `BELOW` names for it."""
    relative = path.relative_to(PACKAGE)
    mine = relative.parts[0] if len(relative.parts) > 1 else ("cli" if path.name == "__main__.py" else BASE)
    for name in imported(ast.parse(path.read_text())):
        if name.startswith("diamondctl."):
            assert layer(name) == mine or layer(name) in BELOW[mine], name
        assert name.split(".")[0] != "click", "Typer vendors Click"
        assert mine == "cli" or name.split(".")[0] != "typer"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_pure_part_imports_nothing_that_touches_the_world(path: Path) -> None:
    """No files, no formats, no streams, no clock."""
    relative = str(path.relative_to(PACKAGE))
    if relative.startswith(PURE):
        assert not {name.split(".")[0] for name in imported(ast.parse(path.read_text()))} & IMPURE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_cli_and_the_library_read_the_clock(path: Path) -> None:
    """`date.today`, `datetime.now` and the time module decide no figure."""
    if path.relative_to(PACKAGE).parts[0] not in ("api", "cli"):
        text = path.read_text()
        assert not [word for word in (".today(", ".now(", "import time", ".utcnow(") if word in text]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_begins_by_saying_what_lives_in_it(path: Path) -> None:
    """A docstring, and one for every public function, class and method of more than a line."""
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def loaded_by(*arguments: str) -> set[str]:
    """Top-level modules that a command line loads."""
    code = (
        "import sys, json; from diamondctl.cli.main import run; code = run(sys.argv[1:]); "
        "sys.stderr.write(json.dumps(sorted(sys.modules))); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, env=environment(), check=True
    )
    return set(json.loads(done.stderr))


HEAVY = {
    "pandas",
    "numpy",
    "duckdb",
    "msgspec",
    "pydantic",
    "jsonschema",
    "asyncio",
    "http",
    "ssl",
    "rich.console",
    "rich.table",
}


def test_the_version_costs_no_command_tree() -> None:
    """No Typer, no YAML."""
    assert not loaded_by("--version") & {"typer", "yaml", "rich", *HEAVY}


def test_a_summary_loads_nothing_heavy() -> None:
    """Piped, not even Rich's console; and looking for a config that is not there costs no module."""
    assert not loaded_by("summary", "examples/2026-10.csv", "--region", "US") & {"platformdirs", *HEAVY}


def test_help_loads_no_command() -> None:
    """The texts stand beside the tree, and a command is imported when it is asked for."""
    mine = {name for name in loaded_by("--help") if name.startswith("diamondctl.")}
    cli = {"diamondctl.cli", *(f"diamondctl.cli.{name}" for name in ("app", "helping", "main", "texts"))}
    assert mine <= {*cli, "diamondctl.problems"}


# Imports stand at the top of a module. What some runs of a command need and most do not, or what costs more than the work it
# is for, is imported where it is used: here is all of it.
LATE = {
    "api/report.py": ("pandas",),
    "*": ("duckdb", "platformdirs", "rich", "tempfile", "shutil", "fcntl", "io", "codecs"),
    # `--version` and messages about a start that failed cost no command tree.
    "cli/main.py": (
        *("typer", "diamondctl.cli.app", "diamondctl.__version__", "diamondctl.cli.texts"),
        *(f"diamondctl.render.{name}" for name in ("text", "problems", "screen")),
    ),
    # Every command names its completions; they run in a shell that waits for them alone.
    "cli/completion.py": ("diamondctl",),
    # Most runs have neither a config nor a profile nor exchange rates.
    "desk/settings.py": ("diamondctl.config.format",),
    "desk/choosing.py": ("diamondctl.profiles.store", "diamondctl.readers.exchange_rates"),
    "cli/help.py": ("pydoc",),
    # --ledger says where it is without one; and only `config set` changes one.
    "cli/ledger.py": ("diamondctl.desk.settings.ledger_folder",),
    "cli/config.py": ("diamondctl.cli.saving", "diamondctl.config.edit"),
    # Files or the ledger, never both; archives, gifters and totals only where there are some.
    "desk/frame.py": (
        "diamondctl.desk.file_usage",
        "diamondctl.desk.ledger_usage",
        "diamondctl.desk.sealed",
        "diamondctl.ledger",
    ),
    # Only a close looks at single gifts; reports of closed months need none.
    "desk/sealed.py": ("diamondctl.desk.gifters_sent",),
    "desk/projecting.py": ("diamondctl.desk.gifters_sent",),
    "desk/intake.py": ("diamondctl.readers.archives",),
    "desk": ("diamondctl.desk.totals_beside",),
    # Only the reader of the format that a file has, and what only logs need.
    "readers": ("diamondctl.readers",),
    # Only many or large files.
    "desk/file_usage.py": ("diamondctl.readers.many",),
    # Optional parts.
    "render/workbook.py": ("xlsxwriter",),
    "readers/engines.py": ("pyspark", "py4j", "urllib"),
    # A million ids and more.
    "readers/plain_lines.py": ("numpy",),
    "ledger/gather.py": ("diamondctl.combos",),
    "ratebook/store.py": (
        *(f"diamondctl.ratebook.{name}" for name in ("gift_format", "gift_cache", "gifts", "evidence_format")),
    ),
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_stand_at_the_top(path: Path) -> None:
    """Except those of `LATE`."""
    relative = path.relative_to(PACKAGE)
    allowed = (*LATE["*"], *LATE.get(str(relative), ()), *LATE.get(relative.parts[0], ()))
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            for name in imported(function):
                assert any(name == word or name.startswith(f"{word}.") for word in allowed), name


def test_no_module_imports_one_that_imports_it() -> None:
    """However long the way round is; packages that only hold modules are no step of it."""
    names = {str(path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__"): path for path in MODULES}
    below = {
        name: {found for found in (known(item, names) for item in imported(ast.parse(path.read_text()))) if found}
        for name, path in names.items()
    }
    while leaves := [name for name, needs in below.items() if not needs & below.keys()]:
        for name in leaves:
            del below[name]
    assert not below


def known(name: str, names: Container[str]) -> str:
    """The module of the package that an imported name is, or is of; blank: of none."""
    parent = name.rpartition(".")[0]
    return name if name in names else parent if parent in names and parent != "diamondctl" else ""


# What makes figures: no module of `cli` imports any of it, by the first parts of its name. Opening a ledger is no figure.
FIGURES = (
    *("decimal", "fractions", "math", "statistics", "itertools", "operator", "collections.Counter"),
    *(f"diamondctl.{name}" for name in ("money", "exchange", "combos", "legs", "rating", "forecast", "readers", "ledger")),
    *(f"diamondctl.desk.{name}" for name in ("figures", "rated", "frame", "file_usage", "ledger_usage")),
)
OPENING = ("diamondctl.ledger.opening", "diamondctl.ledger.catalog")
FIGURES_IN_CLI = {
    # The bounds of --level, which help shows.
    "projecting.py": ("diamondctl.forecast.values.LEVELS",),
    # The words of --engine, which completion offers.
    "options.py": ("diamondctl.readers.engines.ENGINES",),
    # Each of these commands is one call of the ledger, about the ledger itself.
    "upkeep.py": (
        *(f"diamondctl.ledger.{name}" for name in ("backups", "checkup", "documents", "gifters", "twin")),
        "diamondctl.desk.figures.everybody",
    ),
    # Whose gifts there are, for a question.
    "saving.py": ("diamondctl.ledger.derive",),
    # A file is looked at before anything can be read of it.
    "profile.py": ("diamondctl.readers.archives", "diamondctl.readers.recognise", "diamondctl.readers.sources"),
    # Options as a reader takes them.
    "gifts.py": ("diamondctl.readers.gift_rows.Settings",),
    "impact.py": ("diamondctl.readers.gift_rows.Settings",),
    # Two words that answer a question.
    "init.py": ("diamondctl.rating.missions.FLAT", "diamondctl.rating.missions.IN_SCHEME"),
}
# Sums and differences in `cli`, each written out: of characters, lines, tries and seconds, and none of a figure.
COUNTED_IN_CLI = {
    "ask.py": {"TRIES + 1"},
    "completion.py": {"item.start.month + 2", "(item.start.month + 2) // 3"},  # the quarter that a month lies in
    "export.py": {"len(parts) + 1"},
    "export_rates.py": {"len(made) - len(same)"},
    "init.py": {"named - {'any'}"},
    "main.py": {"128 + number", "words.index('--errors') + 1"},
    "progress.py": {"monotonic() - begun", "shutil.get_terminal_size().columns - 1"},
    "start.py": {"_WIDTH - 1", "width - 2"},
    "upkeep.py": {"done.texts + sealed"},  # in how many places a name was replaced
}


def is_text(node: ast.expr) -> bool:
    """Whether an operand can only be a text or a list, which `+` joins and `*` repeats."""
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.IfExp):
        return is_text(node.body) and is_text(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("join", "strip", "lower", "ljust", "splitlines", "replace")
    literal = isinstance(node, ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple)
    return literal or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def computes(node: ast.AST) -> bool:
    """Arithmetic on what is no text and no path, adding up, and picking by groups."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
        return not is_text(node)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        return not is_text(node.value)
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return isinstance(node.op, ast.Sub | ast.Mult | ast.FloorDiv | ast.Mod | ast.Pow)
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    return called in ("sum", "total", "round", "divmod", "groupby", "reduce", "pow", "Counter", "defaultdict")


CLI = sorted((PACKAGE / "cli").glob("*.py"))


@pytest.mark.parametrize("path", CLI, ids=lambda path: path.name)
def test_nothing_in_cli_computes(path: Path) -> None:
    """It takes words and shows what `api` and `desk` give. Exceptions are named, and none is left over."""
    tree = ast.parse(path.read_text())

    def under(name: str, words: Iterable[str]) -> bool:
        return any(name == word or name.startswith(f"{word}.") for word in words)

    allowed = FIGURES_IN_CLI.get(path.name, ())
    names = {name for name in imported(tree) if under(name, FIGURES) and not under(name, OPENING)}
    assert not [name for name in names if not under(name, allowed)]
    assert not [word for word in allowed if not any(under(name, [word]) for name in names)]
    assert {ast.unparse(node) for node in ast.walk(tree) if computes(node)} == COUNTED_IN_CLI.get(path.name, set())


def test_what_computes_is_seen() -> None:
    """The law above would see each of these, and lets texts, lists and paths be."""
    figures = (
        "a + b",
        "a - 1",
        "a * KINDS[kind]",
        "a // 2",
        "sum(rows)",
        "x += amount",
        "x -= 1",
        "2 ** n",
        "a % b",
        "total(x)",
    )
    others = ("'a' + b", "f'{a}' + b", "a + ['b']", "' ' * 3", "folder / name", "x += [b]", "x |= y", "'\\n'.join(a) + b")
    assert all(any(map(computes, ast.walk(ast.parse(text)))) for text in figures)
    assert not [text for text in others if any(map(computes, ast.walk(ast.parse(text))))]


def test_the_desk_makes_every_report_without_typer() -> None:
    """From plain values, in a process that has neither Typer nor the cli."""
    code = (
        "import sys; sys.modules.update({'typer': None, 'diamondctl.cli': None}); "
        "from tests.desk.every_report import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_module_opens_a_socket() -> None:
    """Every module is imported and a report is made while sockets are forbidden."""
    names = [str(path.relative_to(ROOT).with_suffix("")).replace("/", ".") for path in MODULES if path.name != "__main__.py"]
    code = (
        "import socket, importlib, sys\n"
        "def refuse(*a, **k): raise SystemExit('network')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
        f"for name in {names!r}: importlib.import_module(name.removesuffix('.__init__'))\n"
        "from diamondctl.cli.main import run\n"
        "sys.exit(run(['summary', 'examples/2026-10.csv', '--region', 'US']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
