"""Events of other platforms: units as they are logged, once each, never beside those of another platform."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import ROOT, run

SAMPLES = ROOT / "tests" / "samples" / "platforms"
CHEERS, KICKS, CHATS = (str(SAMPLES / name) for name in ("twitch-cheers.jsonl", "kick-gifts.json", "youtube-super-chats.json"))
OWN = """\
schema: 1
platform: kick
regions: [US]
timezone: UTC
unit: {fan: kick, creator: kick}
sources:
  mine: {title: "My own notes of 2026", retrieved: 2026-11-29, document: "kept by me", says: "half a cent", checked: 2026-11-29}
rates:
  reward:
    - {effective: 2026-01-01, recorded: 2026-11-29, value: {diamonds_per_coin: 1, cash_per_diamond: 0.005, currency: USD, share: {kind: fixed}}, confidence: assumed, sources: [mine], verified: 2026-11-29}
  settlement:
    - {effective: 2026-01-01, recorded: 2026-11-29, value: {credit: month, rounding: down}, confidence: assumed, sources: [mine], verified: 2026-11-29}
"""  # noqa: E501


def figures(file: str, *words: str) -> tuple[int, dict[str, Any]]:
    made = run("summary", file, "--region", "US", *words, "--json", DIAMONDCTL_AS_OF="2026-11-29")
    return made.code, json.loads(made.out)["data"]["accounts"][0]["figures"] if made.out else {}


def test_cheers_are_bits_and_every_message_counts_once() -> None:
    code, found = figures(CHEERS, "--platform", "twitch")
    assert code == 0
    assert (found["coins"]["now"]["low"], found["gifts"]["now"]["low"]) == ("2934", "4")  # 100 + 2,500 + 333 + 1
    assert found["reward"]["now"]["low"] == found["reward"]["now"]["high"] == "29.34"


def test_gifts_of_kick_are_rated_by_a_file_of_ones_own(tmp_path: Path) -> None:
    assert "no rate file for platform 'kick'" in run("summary", KICKS, "--region", "US", "--platform", "kick").err
    (tmp_path / "kick").mkdir()
    (tmp_path / "kick" / "us.yaml").write_text(OWN, "utf-8")
    code, found = figures(KICKS, "--platform", "kick", "--rates", str(tmp_path))
    assert code == 0 and found["coins"]["now"]["low"] == "510" and found["reward"]["now"]["low"] == "2.55"
    assert "510 kicks" in run("fees", KICKS, "--region", "US", "--platform", "kick", "--rates", str(tmp_path)).out


def test_super_chats_are_money_and_no_units() -> None:
    made = run("summary", CHATS, "--platform", "youtube", "--region", "US")
    assert made.code == 2 and "F012" in made.err and "diamondctl record income" in made.err


def test_units_of_two_platforms_never_meet(tmp_path: Path) -> None:
    assert "E012" in run("summary", CHEERS, "--region", "US").err
    ledger = ("--ledger", str(tmp_path / "ledger"))
    assert run("import", CHEERS, "--platform", "twitch", "--region", "US", *ledger).code == 0
    assert "E012" in run("import", KICKS, "--platform", "twitch", "--region", "US", *ledger).err
    log = str(ROOT / "tests" / "samples" / "live" / "broken-counter-falls-after-final.jsonl")
    assert "E012" in run("import", log, "--platform", "twitch", "--region", "US", "--creator", "mara", *ledger).err
    assert "E012" in run("summary", "--region", "US", *ledger).err
    assert "2,934" in run("summary", "--region", "US", "--platform", "twitch", *ledger).out
    mixed = tmp_path / "mixed.jsonl"
    kick = json.loads(Path(KICKS).read_text("utf-8"))[0]
    mixed.write_text(Path(CHEERS).read_text("utf-8") + json.dumps(kick) + "\n", "utf-8")
    assert "E012" in run("summary", str(mixed), "--region", "US", "--platform", "twitch").err


def test_an_import_speaks_of_its_units(tmp_path: Path) -> None:
    made = run("import", CHEERS, "--platform", "twitch", "--region", "US", "--ledger", str(tmp_path / "ledger"))
    assert "4 gifts (2,934 bits)" in made.out and "coin" not in made.out
    for words in (("records", "list"), ("records", "show", "d001"), ("undo", "d001", "--dry-run")):
        shown = run(*words, "--ledger", str(tmp_path / "ledger")).out
        assert re.search("(?i)bits", shown) and not re.search("(?i)coin", shown), shown


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 100_000), st.integers(0, 4), st.booleans()), min_size=1, max_size=8), st.data())
def test_any_wrapping_and_order_gives_the_same_bits(cheers: list[tuple[int, int, bool]], data: st.DataObject) -> None:
    """As the socket sends it, as a web hook is logged, or the bare event with a time and an id beside it."""
    lines = []
    for number, (bits, form, anonymous) in enumerate(cheers):
        event = {
            "is_anonymous": anonymous, "user_id": None if anonymous else "7", "user_login": None if anonymous else "ines",
            "broadcaster_user_id": "1", "broadcaster_user_login": "mara", "message": "", "bits": bits,
        }  # fmt: skip
        time, name = f"2026-10-{number + 1:02d}T12:00:00.123456789Z", f"m{number}"
        subscription = {"type": "channel.cheer", "created_at": "2026-01-01T00:00:00Z", "id": "subscription"}
        wrapped: Any = [
            {
                "metadata": {"message_id": name, "message_timestamp": time},
                "payload": {"subscription": subscription, "event": event},
            },
            {
                "headers": {"Twitch-Eventsub-Message-Id": name, "Twitch-Eventsub-Message-Timestamp": time},
                "body": {"event": event},
            },
            {"timestamp": time, "message_id": name, "event": event},
            {"timestamp": time, "message_id": name, **event},
            {"message_timestamp": time, "message_id": name, "type": "channel.cheer", "data": event},
        ][form]
        lines.append(json.dumps(wrapped))
    shuffled = data.draw(st.permutations(lines + lines[:1]))
    made = run(
        "summary", "-", "--region", "US", "--platform", "twitch", "-p", "2026-10", "--json", stdin="\n".join(shuffled).encode()
    )
    found = json.loads(made.out)["data"]["accounts"][0]["figures"]
    assert int(found["coins"]["now"]["low"]) == sum(bits for bits, *_ in cheers)
    assert int(found["gifts"]["now"]["low"]) == len(cheers)
