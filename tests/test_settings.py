"""Settings from outside: which of flag, environment, config and default wins, and what is written where."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import platformdirs
import pytest

from diamondctl.cli.saving import save
from diamondctl.desk import settings
from diamondctl.problems import Refusal
from diamondctl.readers.fast_csv import WORTH_IT
from tests.support import EXAMPLES, ROOT, Result, environment, run, run_in

GIFTS = "timestamp,creator,gift,coins,quantity,stream,region\n"
# Three streams of mara around midnight of 2026-10-15 in Los Angeles, one of noor.
ROWS = (
    "2026-10-14T20:00:00Z,mara,Rose,10000,1,a,\n"
    "2026-10-15T06:50:00Z,mara,Rose,333,1,b,\n"
    "2026-10-15T07:10:00Z,mara,Rose,333,1,b,\n"
    "2026-10-16T20:00:00Z,mara,Rose,10000,1,c,\n"
    "2026-10-16T20:00:00Z,noor,Rose,10000,1,d,\n"
)
# Enough of mara's for the fast path.
LARGE = "2026-10-16T20:00:00Z,mara,Rose,1,1,c,\n" * (WORTH_IT // 38 + 1)


def gifts(folder: Path, rows: str = ROWS, header: str = GIFTS) -> str:
    path = folder / "gifts.csv"
    path.write_text(header + rows, "utf-8")
    return str(path)


def config(folder: Path, text: str) -> str:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def accounts(*arguments: str, code: int = 0, env: Mapping[str, str] = MappingProxyType({})) -> dict[tuple[str, str], Any]:
    """Accounts of a JSON report by creator and region."""
    result = run_in(dict(env), *arguments, "--json")
    assert result.code == code, result.err
    return {(item["creator"], item["region"]): item for item in json.loads(result.out)["data"]["accounts"]}


def rewards(*arguments: str) -> dict[tuple[str, str], tuple[str, str]]:
    found = accounts("summary", *arguments)
    return {key: tuple(item["figures"]["reward"]["now"][end] for end in ("low", "high")) for key, item in found.items()}


# Precedence

EVERYTHING = """platform: tiktok
region: BR
timezone: Europe/London
input_timezone: Asia/Tokyo
creator: of the config
rates: folder
"""


@pytest.mark.parametrize(
    ("name", "flag", "variable", "in_config"),
    [
        ("region", "US", "GB", "BR"),
        ("timezone", "UTC", "Asia/Kathmandu", "Europe/London"),
        ("input_timezone", "UTC", "Asia/Kathmandu", "Asia/Tokyo"),
        ("creator", "of the flag", "of the environment", "of the config"),
        ("platform", "flagged", "surrounding", "tiktok"),
        ("rates", "flag", "variable", "folder"),
    ],
)
def test_a_flag_wins_over_the_environment_that_over_the_config_and_that_over_the_default(
    name: str, flag: str, variable: str, in_config: str, tmp_path: Path
) -> None:
    for folder in ("flag", "variable", "folder"):
        (tmp_path / folder).mkdir()
    config(tmp_path, EVERYTHING)
    option, env = "--" + name.replace("_", "-"), {f"DIAMONDCTL_{name.upper()}": variable}

    def shown(*arguments: str, **names: str) -> tuple[str, str]:
        result = run_in(names, "config", "show", *arguments, "--json", cwd=tmp_path)
        assert result.code == 0, result.err
        (found,) = [item for item in json.loads(result.out)["data"]["settings"] if item["key"] == name]
        return found["value"], found["origin"]

    file = ("--config", "config.yaml")
    assert shown(*file, option, flag, **env) == (flag, "flag")
    assert shown(*file, **env) == (variable, "environment")
    assert shown(*file) == (in_config, "config")
    assert shown() == ("tiktok" if name == "platform" else None, "default")


def test_reports_go_by_the_same_order(tmp_path: Path) -> None:
    file, found = gifts(tmp_path), config(tmp_path, "region: GB\ntimezone: UTC\n")
    assert {key[1] for key in accounts("summary", file, "--config", found)} == {"GB"}
    assert {key[1] for key in accounts("summary", file, "--config", found, env={"DIAMONDCTL_REGION": "US"})} == {"US"}
    assert {
        key[1] for key in accounts("summary", file, "--config", found, "--region", "DE", env={"DIAMONDCTL_REGION": "US"})
    } == {"DE"}
    zones = [
        {item["timezone"] for item in accounts("summary", file, "--config", found, *more, env=env).values()}
        for more, env in (
            ((), {}),
            ((), {"DIAMONDCTL_TIMEZONE": "Asia/Tokyo"}),
            (("--timezone", "Asia/Kathmandu"), {"DIAMONDCTL_TIMEZONE": "Asia/Tokyo"}),
        )
    ]
    assert zones == [{"UTC"}, {"Asia/Tokyo"}, {"Asia/Kathmandu"}]


CREATORS = """region: DE
timezone: UTC
creators:
  mara: {region: US, timezone: America/Chicago}
"""


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("twice", [True, False])
def test_a_row_is_of_its_own_region_else_the_options_else_its_creators_else_the_default(
    fast: bool, twice: bool, tmp_path: Path
) -> None:
    """Whether one file is read, by either reader, or several are compared."""
    file = gifts(tmp_path, ROWS + LARGE + "2026-10-16T20:00:00Z,mara,Rose,10000,1,e,GB\n")
    assert Path(file).stat().st_size > WORTH_IT
    files = [file]
    if twice:
        (tmp_path / "again.csv").write_bytes(Path(file).read_bytes())
        files.append(str(tmp_path / "again.csv"))
    env = {} if fast else {"DIAMONDCTL_NO_FAST_PATH": "1"}
    found = accounts("summary", *files, "--config", config(tmp_path, CREATORS), env=env)
    assert {key: item["timezone"] for key, item in found.items()} == {
        ("mara", "GB"): "America/Chicago",
        ("mara", "US"): "America/Chicago",
        ("noor", "DE"): "UTC",
    }
    with_option = accounts("summary", *files, "--config", config(tmp_path, CREATORS), "--region", "FR", env=env)
    assert set(with_option) == {("mara", "GB"), ("mara", "FR"), ("noor", "FR")}


def test_the_configs_creator_names_rows_without_one_and_hides_nobody(tmp_path: Path) -> None:
    found = config(tmp_path, "creator: mara\nregion: US\n")
    assert set(accounts("summary", gifts(tmp_path), "--config", found)) == {("mara", "US"), ("noor", "US")}
    assert set(accounts("summary", gifts(tmp_path), "--config", found, "--creator", "noor")) == {("noor", "US")}
    nameless = gifts(tmp_path, "2026-10-14T20:00:00Z,Rose,1\n", "timestamp,gift,coins\n")
    assert set(accounts("summary", nameless, "--config", found)) == {("mara", "US")}
    assert set(accounts("summary", nameless, "--config", found, "--creator", "noor")) == {("noor", "US")}


def test_amounts_of_two_currencies_stay_apart_when_the_config_gives_the_regions(tmp_path: Path) -> None:
    text = (ROOT / "rates/tiktok/gb.yaml").read_text("utf-8").replace("currency: USD", "currency: GBP")
    (tmp_path / "rates/tiktok").mkdir(parents=True)
    (tmp_path / "rates/tiktok/gb.yaml").write_text(text, "utf-8")
    found = config(tmp_path, "rates: rates\ncreators: {mara: {region: US, share: 50}, noor: {region: GB, share: 50}}\n")
    result = run("summary", gifts(tmp_path), "--config", found, "--json")
    assert result.code == 0, result.err
    totals = {item["currency"]: item["reward"]["low"] for item in json.loads(result.out)["data"]["totals"]}
    assert totals == {"GBP": "50.00", "USD": "103.33"}


# Dated terms


def test_a_dated_share_prices_each_gift_by_its_day_and_a_credit_is_rounded_once(tmp_path: Path) -> None:
    dated = "creators: {mara: {region: US, share: [{from: 2026-10-15, percent: 50}, {from: 2026-10-01, percent: 10}]}}\n"
    file, found = gifts(tmp_path), config(tmp_path, "region: US\n" + dated)
    # a: 10.00; b: 3.33 x 10 % + 3.33 x 50 % = 0.333 + 1.665 = 1.998; c: 50.00
    assert rewards(file, "--config", found)["mara", "US"] == ("61.99", "61.99")
    assert rewards(file, "--config", found)["noor", "US"] == ("0.00", "63.00")
    assert rewards(file, "--config", found, "--share", "20") == {
        ("mara", "US"): ("41.33", "41.33"),
        ("noor", "US"): ("20.00", "20.00"),
    }


def test_before_the_first_date_the_share_is_the_files(tmp_path: Path) -> None:
    found = config(tmp_path, "region: US\ncreators: {mara: {share: [{from: 2026-10-15, percent: 50}]}}\n")
    result = run("summary", gifts(tmp_path), "--config", found, "--creator", "mara", "--json")
    document = json.loads(result.out)
    figure = document["data"]["accounts"][0]["figures"]["reward"]
    assert figure["note"] == "share 0 - 63% by missions or flat; 50% (config)"
    # b: 0 to 1.665 (the flat half) or 1.332, and 1.665; c: 50.00; a: 0 to 50.00; and of the week 0 to 13 %
    assert (figure["now"]["low"], figure["now"]["high"]) == ("51.66", "116.76")
    assert document["inputs"]["config"]["file"] == found
    assert any(text.startswith("The share of mara is built from missions") for text in document["warnings"])


def test_an_own_share_above_the_highest_known_is_warned_about(tmp_path: Path) -> None:
    found = config(tmp_path, "region: US\ncreators: {mara: {share: 55}}\n")
    result = run("summary", gifts(tmp_path), "--config", found, "--json")
    assert [text for text in json.loads(result.out)["warnings"] if text.startswith("Your share")] == [
        "Your share of 55% is above the highest known: 53% (tiktok/us.yaml:200)."
    ]


AGENCY = """region: US
creators:
  mara:
    share: 50
    agency:
      - {from: 2026-10-01, percent: 10}
      - {from: 2026-11-01, percent: 20, of: gifts}
"""


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--as-of", "2026-10-31"), ("10% of the reward", "-10.33", "from 2026-10-01")),
        (("--as-of", "2026-11-01"), ("10% of the reward", "-10.33", "from 2026-10-01")),  # paid out at the end of October
        ((), ("10% of the reward", "-10.33", "from 2026-10-01")),
        (("--agency", "5"), ("5% of the reward", "-5.17", None)),
        (("--agency", "0"), ("0% of the reward", "0.00", None)),
    ],
)
def test_the_agency_of_the_payouts_date_takes_its_part(
    arguments: tuple[str, ...], found: tuple[str, str, str | None] | None, tmp_path: Path
) -> None:
    file, terms = gifts(tmp_path), config(tmp_path, AGENCY)
    account = accounts("fees", file, "--config", terms, "--creator", "mara", "-p", "2026-10", *arguments)["mara", "US"]
    steps = [step for step in account["methods"][0]["steps"] if step["step"] == "agency"]
    shown = [(step["rate"], step["amount"]["low"], step["note"]) for step in steps]
    assert shown == ([] if found is None else [found])
    assert {step["provenance"] for step in steps} <= {"config"}


def test_the_creators_method_is_used_where_none_is_given(tmp_path: Path) -> None:
    text = (ROOT / "rates/tiktok/us.yaml").read_text("utf-8")
    fee = "{method: paypal, name: payout fee, kind: flat, amount: 0.00, currency: USD, rounding: half_up, paid_by: platform}"
    assert fee in text
    (tmp_path / "rates").mkdir()
    bank = fee.replace("paypal", "bank").replace("payout fee", "wire fee")
    (tmp_path / "rates/us.yaml").write_text(text.replace(fee, f"{fee}\n        - {bank}"), "utf-8")
    file, terms = gifts(tmp_path), config(tmp_path, "region: US\nrates: rates\ncreators: {mara: {method: bank}}\n")
    fees = accounts("fees", file, "--config", terms)
    assert [item["method"] for item in fees["mara", "US"]["methods"]] == ["bank"]
    assert [item["method"] for item in fees["noor", "US"]["methods"]] == ["paypal", "bank"]
    given = accounts("fees", file, "--config", terms, "--method", "paypal")
    assert [item["method"] for item in given["mara", "US"]["methods"]] == ["paypal"]
    checks = {key: item["method"] for key, item in accounts("payout", "check", file, "--config", terms, code=3).items()}
    assert checks == {("mara", "US"): "bank", ("noor", "US"): "paypal"}


# What is wrong is said with its place in the config


@pytest.mark.parametrize(
    ("text", "command", "problem"),
    [
        ("creators:\n  mara: {region: XX}\nregion: US\n", "summary", ":2:18 A005 no rate file covers region XX"),
        ("region: XX\n", "summary", ":1:9 A005 no rate file covers region XX"),
        ("region: US\ncreators: {mara: {method: bank}}\n", "fees", ":2:27 A015 tiktok/us.yaml knows no fees of method 'bank'"),
        ("region: US\ncreators: {mara: {method: bank}}\n", "payout check", ":2:27 A015 tiktok/us.yaml knows no method 'bank'"),
        ("region: US\nrates: nowhere\n", "summary", ":2:8 F001 rates: no such file or folder"),
        ("region: us\n", "balance", ":1:9 R015 'us' is not a region of two capital letters"),
    ],
)
@pytest.mark.parametrize("fast", [True, False])
def test_a_problem_of_the_config_names_its_line(text: str, command: str, problem: str, fast: bool, tmp_path: Path) -> None:
    found = config(tmp_path, text)
    env = {} if fast else {"DIAMONDCTL_NO_FAST_PATH": "1"}
    result = run_in(env, *command.split(), gifts(tmp_path, ROWS + LARGE), "--config", found)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(found + problem)


# Where it is


@pytest.mark.parametrize(
    "env",
    [
        {"HOME": "/home/x"},
        {"HOME": "/home/x", "XDG_CONFIG_HOME": "/etc/x"},
        {"HOME": "/home/x/", "XDG_CONFIG_HOME": ""},
        {"HOME": "/home/x", "XDG_CONFIG_HOME": "relative"},
        {"HOME": "relative"},
        {"HOME": ""},
        {},
    ],
)
def test_the_default_place_is_the_one_of_platformdirs(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert settings.default_path() == platformdirs.user_config_path("diamondctl", appauthor=False) / "config.yaml"


def test_the_config_at_its_default_place_is_read(tmp_path: Path) -> None:
    (tmp_path / "diamondctl").mkdir()
    config(tmp_path / "diamondctl", "region: GB\n")
    assert set(accounts("summary", gifts(tmp_path), env={"XDG_CONFIG_HOME": str(tmp_path)})) == {("mara", "GB"), ("noor", "GB")}


def test_the_null_device_is_no_config_and_is_never_written(tmp_path: Path) -> None:
    (tmp_path / "diamondctl").mkdir()
    config(tmp_path / "diamondctl", "region: GB\n")
    env = {"XDG_CONFIG_HOME": str(tmp_path), "DIAMONDCTL_CONFIG": os.devnull}
    assert run_in(env, "config", "get", "region").code == 1
    for command in (("config", "set", "region", "US"), ("init", "--region", "US", "--force")):
        result = run_in(env, *command)
        assert (result.code, result.err) == (2, f"{os.devnull} F002 the config is not a regular file\n")
    assert not Path(os.devnull).is_file()


def test_folders_in_the_config_begin_in_its_own_folder_or_at_home(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    found = config(tmp_path, "rates: mine\nledger: ~/ledger\n")
    assert run("config", "get", "rates", "--config", found).out == f"{tmp_path}/mine\n"
    assert run("config", "get", "ledger", "--config", found, HOME="/home/x").out == "/home/x/ledger\n"


def test_names_in_the_config_go_through_the_gate(tmp_path: Path) -> None:
    found = config(tmp_path, 'creators: {"\\e[2J\u202ex": {region: US}}\n')
    shown = run("config", "show", "--config", found).out
    assert "creators.<U+001B>[2J<U+202E>x.region" in shown and "\u202e" not in shown and "\x1b" not in shown


def test_there_is_no_config_in_the_tests_own_environment() -> None:
    assert "HOME" in environment() and not Path(environment()["HOME"]).exists()


# config set


def set_(folder: Path, *arguments: str, umask: int = 0o022, **env: str) -> Result:
    before = os.umask(umask)
    try:
        return run_in({"XDG_CONFIG_HOME": str(folder / "new"), **env}, "config", "set", *arguments)
    finally:
        os.umask(before)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_what_is_written_is_private_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    assert set_(tmp_path, "region", "us", umask=umask) == Result(
        0, f"region is US, {tmp_path}/new/diamondctl/config.yaml:1\n", ""
    )
    path = tmp_path / "new/diamondctl/config.yaml"
    assert path.read_text() == "region: US\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    assert set_(tmp_path, "region", "GB", umask=umask).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("region", "XXX"),
        ("creators.mara.share", "0.48"),
        ("creators.mara.share", "101"),
        ("creators.mara.agency.of", "gifts"),
        ("timezone", "Mars/Base"),
        ("no.such", "US"),
        ("region", "US", "--from", "2026-01-01"),
        ("creators.mara.share", "48", "--from", "2026-02-30"),
    ],
)
def test_nothing_is_written_that_is_not_valid(arguments: tuple[str, ...], tmp_path: Path) -> None:
    found = config(tmp_path, "# mine\nregion: GB\n")
    for place in (("--config", found), ()):
        result = set_(tmp_path, *arguments, *place)
        assert (result.code, result.out) == (2, "")
        assert result.err
    assert Path(found).read_bytes() == b"# mine\nregion: GB\n"
    assert [item.name for item in tmp_path.iterdir()] == ["config.yaml"]


def test_a_byte_order_mark_and_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbf# mine\r\nregion: GB\r\n")
    assert set_(tmp_path, "timezone", "UTC", "--config", str(path)).code == 0
    assert path.read_bytes() == b"\xef\xbb\xbf# mine\r\nregion: GB\r\ntimezone: UTC\r\n"


def test_a_linked_config_is_changed_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    kept = config(tmp_path / "elsewhere", "region: GB\n")
    (tmp_path / "link.yaml").symlink_to(kept)
    assert set_(tmp_path, "region", "US", "--config", str(tmp_path / "link.yaml")).code == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert Path(kept).read_text() == "region: US\n"


def test_a_config_that_changes_meanwhile_is_kept(tmp_path: Path) -> None:
    found = Path(config(tmp_path, "region: GB\n"))
    with pytest.raises(Refusal) as refused:
        save(found, b"region: DE\n", "region: US\n")
    assert [problem.code for problem in refused.value.problems] == ["F007"]
    assert found.read_text() == "region: GB\n"


def test_a_variable_that_wins_is_named(tmp_path: Path) -> None:
    result = set_(tmp_path, "region", "GB", DIAMONDCTL_REGION="US")
    assert result.err == "! DIAMONDCTL_REGION is set in the environment and wins over it.\n"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("in the way")
    result = set_(tmp_path, "region", "GB")
    assert result.code in (2, 4) and result.out == ""
    assert "Traceback" not in result.err and "bug" not in result.err


# init


def test_init_writes_what_it_was_told_and_never_over_a_config_that_exists(tmp_path: Path) -> None:
    found = str(tmp_path / "deep/config.yaml")
    command = ("init", "--region", "us", "--creator", "mara.b", "--timezone", "America/Chicago", "--share", "48%", "--method",
               "paypal", "--config", found)  # fmt: skip
    result = run(*command)
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("Written.\nNext: diamondctl import FILE, or at once: diamondctl summary FILE\n")
    text = Path(found).read_text()
    assert text.split("\n", 1)[1] == (
        "creator: mara.b\ncreators:\n  mara.b:\n    region: US\n    timezone: America/Chicago\n"
        "    share: 48\n    method: paypal\n"
    )
    assert stat.S_IMODE(Path(found).stat().st_mode) == 0o600
    again = run("init", "--region", "GB", "--config", found)
    assert (again.code, again.out) == (4, "")
    assert Path(found).read_text() == text
    assert run("init", "--region", "GB", "--config", found, "--force").code == 0
    assert Path(found).read_text().split("\n", 1)[1] == "region: GB\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--region CODE is missing"),
        (("--region", "XX"), "A005 no rate file covers region XX (covered: AT, BE, "),
        (("--region", "usa"), "A012 --region: 'usa' is not a region"),
        (("--region", "US", "--share", "48"), "--share and --method are a creator's: add --creator NAME"),
        (("--region", "US", "--creator", "m", "--share", "0.48"), "A004 --share: 0.48 looks like a fraction"),
        (
            ("--region", "US", "--creator", "m", "--method", "bank"),
            "A015 tiktok/us.yaml knows no method 'bank' (known: paypal)",
        ),
        (("--region", "US", "--timezone", "Mars/Base"), "A003 --timezone: 'Mars/Base' is not a known time zone"),
    ],
)
def test_init_refuses_what_it_cannot_mean(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = run("init", *arguments, "--config", str(tmp_path / "config.yaml"))
    assert result.code == 2
    assert said in result.err
    assert not list(tmp_path.iterdir())


def test_init_takes_a_region_that_only_own_rate_files_cover_and_keeps_their_folder(tmp_path: Path) -> None:
    text = (ROOT / "rates/tiktok/us.yaml").read_text("utf-8").replace("regions: [US]", "regions: [CA]")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/ca.yaml").write_text(text, "utf-8")
    found = str(tmp_path / "config.yaml")
    assert run("init", "--region", "CA", "--rates", str(tmp_path / "mine"), "--config", found).code == 0
    assert set(accounts("summary", gifts(tmp_path), "--config", found)) == {("mara", "CA"), ("noor", "CA")}


def on_a_terminal(tmp_path: Path, *answers: str, arguments: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """Exit code, standard output and what was asked, with `answers` typed on a terminal."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    import subprocess

    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "diamondctl", "init", *arguments, "--config", str(tmp_path / "config.yaml")],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
            start_new_session=True,
        )
        os.write(master, "".join(answers).encode())
        out, err = process.communicate(timeout=20)
    finally:
        os.close(master)
        os.close(slave)
    return process.returncode, out.decode(), err.decode()


def test_init_asks_on_a_terminal_for_what_decides_and_explains_what_is_not_right(tmp_path: Path) -> None:
    """Region, creator, share, then what a share is built from, with the values that the rate file knows."""
    code, out, asked = on_a_terminal(
        tmp_path,
        *("XX\n", "us\n", "mara\n", "0.48\n", "\n", "mission\n", "missions\n", "21\n", "0\n", "many\n", "120\n"),
        *("gold\n", "held\n", "bank\n", "paypal\n", "maybe\n", "y\n"),
    )
    assert code == 0, asked
    assert (tmp_path / "config.yaml").read_text().split("\n", 1)[1] == (
        "creator: mara\ncreators:\n  mara:\n    region: US\n    scheme: missions\n    missions:\n      penalty: 0\n"
        "      active_fans: 120\n      league: held\n    method: paypal\n"
    )
    assert "US: rate file tiktok/us.yaml, days in America/Los_Angeles\n" in out
    assert asked.count("Payout region") == 2 and "covered: AT, BE" in asked
    assert "did you mean --share 48?" in asked and "'mission' is not one of: missions, flat" in asked
    assert "21 points are more than a breach can take off: 20" in asked
    assert "'gold' is not one of: held, personal_best, none" in asked
    assert "known: paypal" in asked and "please answer y or n" in asked


def test_init_goes_on_where_it_was_left(tmp_path: Path) -> None:
    """What is set is kept and not asked again; in the end there is nothing to ask."""
    config = tmp_path / "config.yaml"
    config.write_text("# mine\ncreators:\n  mara:\n    region: US  # where she lives\n    scheme: missions\n", "utf-8")
    code, _, asked = on_a_terminal(tmp_path, "\n", "0\n", "\n", "\n", "\n", "y\n")
    assert code == 0, asked
    assert "Payout region" not in asked and "LIVE Center" not in asked
    assert config.read_text("utf-8") == (
        "# mine\ncreators:\n  mara:\n    region: US  # where she lives\n    scheme: missions\n    missions:\n      penalty: 0\n"
        "creator: mara\n"
    )
    code, out, asked = on_a_terminal(tmp_path, "48\n", "paypal\n", "y\n")
    assert code == 0 and "share: 48" in config.read_text("utf-8"), asked
    code, out, asked = on_a_terminal(tmp_path)
    assert (code, asked) == (0, "") and "Everything that decides is set." in out


def test_init_never_asks_for_ever(tmp_path: Path) -> None:
    """A country by its name, three times: the question is left open, and the others come."""
    code, _, asked = on_a_terminal(tmp_path, "Canada\n" * 3, "mara\n", "48\n", "y\n")
    assert code == 0, asked
    assert asked.count("Payout region") == 3 and "No answer that fits: left open." in asked
    assert (tmp_path / "config.yaml").read_text("utf-8").split("\n", 1)[
        1
    ] == "creator: mara\ncreators:\n  mara:\n    share: 48\n"


def test_init_finishes_on_a_terminal_in_a_region_without_rates(tmp_path: Path) -> None:
    code, out, asked = on_a_terminal(tmp_path, "CA\n", "mara\n", "48\n", "y\n")
    assert (code, asked.count("Payout region")) == (3, 1), asked
    assert "CA: no rate is known." in out and "diamondctl rates new CA --share PERCENT" in out
    assert "region: CA\n    share: 48\n" in (tmp_path / "config.yaml").read_text()


def test_init_asks_nothing_where_no_answer_could_be_right(tmp_path: Path) -> None:
    (tmp_path / "us.yaml").write_text("schema: 2\n", "utf-8")
    for arguments, said in ((("--platform", "none"), "A006"), (("--rates", str(tmp_path)), "us.yaml:1:")):
        code, out, asked = on_a_terminal(tmp_path, arguments=arguments)
        assert (code, out, "Payout region" in asked, said in asked) == (2, "", False, True), asked


def test_init_takes_any_name_that_files_can_have(tmp_path: Path) -> None:
    for name in ("cafe\u0301", "on", "a: b # c", "\u202e\x1b", "- x", "1e3", "\U0001f600 live"):
        found = str(tmp_path / "config.yaml")
        result = run("init", "--region", "US", "--creator", name, "--share", "48", "--config", found, "--force")
        assert result.code == 0, result.err
        rows = "2026-10-16T20:00:00Z,Rose,100,1\n"
        shares = rewards(gifts(tmp_path, rows, "timestamp,gift,coins,quantity\n"), "--config", found)
        assert shares == {(unicodedata.normalize("NFC", name), "US"): ("0.48", "0.48")}


def test_init_asks_for_the_creator_whose_share_was_given(tmp_path: Path) -> None:
    code, _, asked = on_a_terminal(tmp_path, "US\n", "\n", "mara\n", "\n", "\n", arguments=("--share", "48"))
    assert code == 0, asked
    assert "add --creator NAME" in asked
    assert (tmp_path / "config.yaml").read_text().endswith("    share: 48\n")


def test_init_writes_nothing_after_a_no_or_an_end_of_input(tmp_path: Path) -> None:
    code, out, _ = on_a_terminal(tmp_path, "US\n", "\n", "n\n")
    assert (code, out.splitlines()[-1]) == (0, "Nothing was written.")
    code, _, said = on_a_terminal(tmp_path, "US\n", "\x04")
    assert code == 130 and said.endswith("Interrupted. Nothing was changed.\n")
    code, _, said = on_a_terminal(tmp_path, "US\n", "\x04", arguments=("--yes",))
    assert code == 2
    assert not list(tmp_path.iterdir())


def test_the_changes_of_the_manual_work_one_after_the_other(tmp_path: Path) -> None:
    page = (ROOT / "diamondctl/topics/settings.md").read_text("utf-8")
    lines = [line for block in re.findall(r"```sh-session\n(.*?)```", page, re.S) for line in block.splitlines()]
    assert len(lines) == 3
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "diamondctl"
        assert run_in({"XDG_CONFIG_HOME": str(tmp_path)}, *words[1:]).code == 0, line
    assert (tmp_path / "diamondctl/config.yaml").read_text() == (
        "creators:\n  mara:\n    region: US\n    share:\n      - {from: 2026-11-01, percent: 50}\n"
        "  mara.b:\n    agency:\n      percent: 10\n"
    )


def test_the_example_is_a_config() -> None:
    assert run("config", "show", "--config", str(EXAMPLES / "config.yaml")).code == 0
