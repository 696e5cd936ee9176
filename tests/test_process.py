"""What the process does at its edges: pipes that close, full disks, signals, terminals, files that exist."""

from __future__ import annotations

import os
import pty
import re
import shlex
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.support import ROOT, environment, run, run_process, tool

TOOL = [sys.executable, "-m", "diamondctl"]
SUMMARY = ["summary", "examples/2026-10.csv", "--region", "US", "--share", "48"]


def shell(script: str) -> tuple[int, str, str]:
    """Run a shell script with `$TOOL` set; returns its exit code and streams."""
    env = {**environment(), "TOOL": " ".join(TOOL), "SUMMARY": " ".join(SUMMARY)}
    done = subprocess.run([tool("bash"), "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_reader_that_closes_the_pipe_ends_it_quietly() -> None:
    """`| head -1` gets its line; exit code 141, not a word on stderr."""
    code, out, err = shell(
        "$TOOL $SUMMARY | head -1 >/dev/null; $TOOL rates show US > >(exec 0<&-; sleep 0.1); :; "
        "$TOOL $SUMMARY | true; echo ${PIPESTATUS[0]}"
    )
    assert (code, out.strip(), err) == (0, "141", "")


def test_a_full_disk_is_one_line() -> None:
    """Exit code 4, standard output untouched."""
    code, out, err = shell("$TOOL $SUMMARY >/dev/full")
    assert (code, out, err) == (4, "", "Cannot write the output: No space left on device. Nothing was changed.\n")


def test_a_closed_standard_output_is_one_line() -> None:
    """Refused before any work, with a way out; -o still works."""
    code, _, err = shell("$TOOL $SUMMARY >&-")
    assert code == 4
    assert err == "A009 standard output is closed (redirect it, or use -o FILE)\n"


def test_a_closed_standard_input_is_one_line() -> None:
    """Only `-` needs it."""
    code, _, err = shell("$TOOL summary - --region US <&-")
    assert code == 2
    assert err == "stdin F001 standard input is closed (pipe a file into it)\n"
    assert shell("$TOOL $SUMMARY <&-")[0] == 0


def test_closed_standard_error_loses_nothing() -> None:
    """The exit code still tells."""
    assert shell("$TOOL summary nothing.csv --region US 2>&-")[0] == 2


@pytest.mark.parametrize(("number", "code", "said"), [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")])
def test_a_signal_ends_it_with_one_line(number: signal.Signals, code: int, said: str) -> None:
    """Ctrl-C and SIGTERM while it waits for standard input."""
    process = subprocess.Popen(
        [*TOOL, "summary", "-", "--region", "US"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until_reading(process.pid)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (code, "", f"{said}. Nothing was changed.\n")


def wait_until_reading(pid: int) -> None:
    """Until the process sleeps in a read of its standard input (Linux says so in /proc)."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        facts = Path(f"/proc/{pid}/syscall")
        try:
            if facts.exists() and facts.read_text().startswith("0 0x0 "):
                return
        except OSError:
            pass
        time.sleep(0.05)
    time.sleep(1)


def on_terminal(columns: int, *arguments: str, **env: str) -> str:
    """What a command writes to a terminal of this width."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    names = environment(**{"COLUMNS": "", "NO_COLOR": "", "TERM": "xterm-256color", **env})
    process = subprocess.Popen([*TOOL, *arguments], cwd=ROOT, env=names, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    data = b""
    try:
        while chunk := os.read(master, 65_536):
            data += chunk
    except OSError:
        pass
    process.wait(timeout=30)
    os.close(master)
    return data.decode().replace("\r\n", "\n")


ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 160])
@pytest.mark.parametrize("file", ["2026-10.csv", "hostile-2026-10.csv"])
def test_a_terminal_shows_the_same_cells_in_colour(columns: int, file: str) -> None:
    """Rich's tables and the plain ones differ in nothing but colour."""
    command = ("summary", f"examples/{file}", "--region", "US")
    coloured = on_terminal(columns, *command)
    assert ANSI.search(coloured)
    plain = [line.rstrip() for line in ANSI.sub("", coloured).splitlines()]
    assert plain == [line.rstrip() for line in run(*command, COLUMNS=str(columns)).out.splitlines()]


def test_no_color_and_dumb_terminals_get_no_escape() -> None:
    """Neither does --color never."""
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b" not in on_terminal(100, *SUMMARY, **env)
    assert "\x1b" not in on_terminal(100, *SUMMARY, "--color", "never")
    assert "\x1b" in run(*SUMMARY, "--color", "always").out


def test_hostile_names_never_reach_the_terminal_raw() -> None:
    """Only the escapes that Rich writes for colour are left."""
    shown = on_terminal(100, "summary", "examples/hostile-2026-10.csv", "--region", "US")
    rest = ANSI.sub("", shown)
    assert not [character for character in rest if not character.isprintable() and character != "\n"]
    assert "<U+202E>" in rest


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    """Exit code 4 where it would say something else; --force replaces it whole; links are replaced, not followed."""
    target = tmp_path / "report.json"
    assert run(*SUMMARY, "-o", str(target)).code == 0
    first = target.read_bytes()
    refused = run(*SUMMARY[:-1], "50", "-o", str(target))
    assert (refused.code, refused.out) == (4, "")
    assert "A009 the file exists already and was kept" in refused.err
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert run(*SUMMARY[:-1], "50", "-o", str(link)).code == 4
    assert run(*SUMMARY[:-1], "50", "-o", str(link), "--force").code == 0
    assert target.read_bytes() == first
    assert not link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "report.json"]


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """A folder that is not there, an ending that names no format."""
    missing = run(*SUMMARY, "-o", str(tmp_path / "no" / "report.txt"))
    assert missing.code == 4
    assert "A009 cannot be written" in missing.err
    unknown = run(*SUMMARY, "-o", str(tmp_path / "report.docx"))
    assert unknown.code == 2
    assert "A008" in unknown.err
    assert not list(tmp_path.iterdir())


def test_a_report_file_obeys_the_umask(tmp_path: Path) -> None:
    """Like every file that a person makes."""
    target = tmp_path / "report.txt"
    code, _, _ = shell(f"umask 027; $TOOL $SUMMARY -o {shlex.quote(str(target))}")
    assert code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_output_is_byte_equal_whatever_the_machine_is_set_to() -> None:
    """Hash seed, time zone, locale, home: no figure and no order depends on them."""
    command = ("summary", "examples", "--region", "US", "--json")
    first = run_process(*command)
    assert run(*command) == first
    for env in (
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4294967295", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "C", "HOME": ""},
        {"LC_ALL": "de_DE.UTF-8", "COLUMNS": "40"},
    ):
        assert run_process(*command, env=env) == first


def test_names_are_only_ever_names(tmp_path: Path) -> None:
    """Brackets, dashes and colons in file names mean nothing."""
    data = (ROOT / "examples/2026-10.csv").read_bytes()
    for name in ("g[1].csv", "-x.csv", "http:", "*.csv", "a;b.csv"):
        (tmp_path / name).write_bytes(data)
        result = run("summary", "--region", "US", "--json", "--", name, cwd=tmp_path)
        assert result.code == 0, result.err
        (tmp_path / name).unlink()
    (tmp_path / "g1.csv").write_bytes(data)
    assert run("summary", "g[1].csv", "--region", "US", cwd=tmp_path).code == 2
