"""The fast form of the gift catalogue is the catalogue, and holds only for the bytes it was made from."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import gift_cache, store
from diamondctl.ratebook.entries import Accepted
from diamondctl.ratebook.gifts import Catalogue, Other
from tests.generate import shipped_gifts
from tests.support import ROOT, run

GIFTS = ROOT / "rates/tiktok/gifts.yaml"


def test_the_fast_form_is_equal_to_the_yaml() -> None:
    fast = gift_cache.load(GIFTS.with_suffix(".json").read_bytes(), file="tiktok/gifts.yaml", sha256=shipped_gifts().sha256)
    assert fast == shipped_gifts()


def test_no_field_of_a_price_is_lost() -> None:
    """Whatever fields a price has: what is let stand and what contradicts it too."""
    gifts = shipped_gifts()
    full = (
        gifts.gifts[0]
        .prices[0]
        ._replace(
            accepted=(Accepted("R133", "seen in a log", date(2027, 1, 1)),), contradicted_by=(Other(7, ("page", "list")),)
        )
    )
    gifts = gifts._replace(gifts=(gifts.gifts[0]._replace(prices=(full,)),))
    assert gift_cache.load(gift_cache.dump(gifts).encode(), file=gifts.file, sha256=gifts.sha256) == gifts


def test_a_form_of_other_bytes_is_not_used(tmp_path: Path) -> None:
    """Whoever changes the YAML is believed, also before the fast form is made again."""
    for ending in (".yaml", ".json"):
        shutil.copy(GIFTS.with_suffix(ending), tmp_path / f"gifts{ending}")
    path = tmp_path / "gifts.yaml"
    path.write_text(path.read_text("utf-8").replace("coins: 29999,", "coins: 30000,"), "utf-8")
    log = ProblemLog()
    read = store.load_gifts(path, file="gifts.yaml", origin="shipped", log=log)
    assert read is not None and not log.total
    assert Catalogue([read]).price("6369", "", 1_790_000_000_000_000) == 30_000


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"form": "x"}', b"\xff", b'{"form": "diamondctl.gift-cache/1"}'])
def test_a_damaged_form_is_none(text: bytes) -> None:
    assert gift_cache.load(text, file="f", sha256="") is None


def test_what_lists_say() -> None:
    """164 ids are in TikTok's own replies, 649 in two other lists or more, the rest stands alone or is disputed."""
    last = [gift.prices[-1] for gift in shipped_gifts().gifts]
    words = [price.confidence for price in last]
    assert (len(words), words.count("measured"), words.count("reported"), words.count("assumed")) == (2_876, 164, 649, 2_063)
    assert all(("gift-list" in price.sources) == (price.confidence == "measured") for price in last)


@pytest.mark.parametrize(
    ("gift_id", "coins"),
    [
        ("5655", 1),
        ("5487", 5),
        ("6369", 29_999),
        ("9072", 44_999),
        ("11046", 1_000),
        ("6671", 199),
        ("8778", 5_500),
        ("1", None),
    ],
)
def test_prices_of_today(gift_id: str, coins: int | None) -> None:
    catalogue = store.catalogue("tiktok", None)
    assert catalogue.price(gift_id, "", 1_796_000_000_000_000) == coins


def test_a_name_with_several_prices_has_none() -> None:
    """63 names stand for several prices: a name is no key."""
    catalogue = store.catalogue("tiktok", None)
    now = 1_796_000_000_000_000
    assert catalogue.price("", "Rose", now) == 1
    assert catalogue.price("", "TikTok Universe", now) is None
    assert catalogue.price("", "", now) is None


def test_a_command_without_a_log_does_not_read_it() -> None:
    """Start-up does not suffer."""
    for name in [name for name in sys.modules if name.startswith("diamondctl.ratebook.gift")]:
        del sys.modules[name]
    assert run("summary", "examples/2026-10.csv", "--region", "US").code in (0, 3)
    assert "diamondctl.ratebook.gift_cache" not in sys.modules
