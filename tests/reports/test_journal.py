"""Laws of the journal: entries sum to zero, sum to the balance of each month's end, and an earlier month never changes.

The referees are `balance`, which goes by one state and not by months, and hledger and beancount from outside.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from diamondctl.money import ZERO, Range, total
from diamondctl.periods import parse_period
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.places import WALLET
from diamondctl.rating.rewards import Rating
from diamondctl.records import Record, Usage
from diamondctl.render import journals
from diamondctl.reports.balance import balance
from diamondctl.reports.journal import Journal, journal, settle
from diamondctl.reports.posting import books, plain, slug
from diamondctl.reports.scope import Scope, make_scope
from diamondctl.reports.values import FILES, Asked
from tests.reports.test_balance_laws import steady, steady_gb, timezones, usages
from tests.support import tool

UNTIL = date(2026, 4, 30)
_days = st.dates(date(2026, 2, 20), UNTIL)
_amounts = st.integers(1, 9_000).map(lambda cents: Decimal(cents).scaleb(-2))
_NAMES = ("mara", "noor")
_REASONS = st.sampled_from(("", 'a "reason"; of | mine', "2026-01-01 open Assets:X", "zeilen\numbruch", "\\"))


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    """Everything that a person can record, of two creators."""
    made = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        sort = draw(st.sampled_from(("payout", "payout", "balance", "credit", "adjustment", "income")))
        day, amount, creator = draw(_days), draw(_amounts), draw(st.sampled_from(_NAMES))
        item = Record(sort, number, creator, "", day, amount, "USD", reason=draw(_REASONS))
        if sort == "payout":
            arrived = draw(st.sampled_from((None, amount, amount - Decimal("0.01"))))
            later = day + timedelta(days=draw(st.integers(0, 40)))
            currency, exchange = draw(st.sampled_from((("USD", ""), ("EUR", ""), ("EUR", "0.9"), ("JPY", "150"))))
            if currency == "JPY" and arrived is not None:
                arrived = Decimal(int(arrived * 149))
            item = item._replace(
                method=draw(st.sampled_from(("paypal", "bank", ""))),
                arrived=arrived,
                arrived_on=None if arrived is None else later,
                arrived_currency="" if arrived is None else currency,
                exchange="" if arrived is None else exchange,
            )
        elif sort == "balance":
            item = item._replace(at=draw(st.sampled_from(("", "", "12:30"))))
        elif sort == "credit":
            kind = draw(st.sampled_from(("day", "month", "live")))
            item = item._replace(kind=kind, name={"day": str(day), "month": f"{day:%Y-%m}", "live": "s1"}[kind])
        elif sort == "adjustment":
            item = item._replace(kind=draw(st.sampled_from(("opening", "bonus", "refund"))))
            item = item._replace(amount=-amount if item.kind == "refund" else amount)
        else:
            item = item._replace(name="Acme", method="bank")
        made.append(item)
    return made


def scope_at(usage: list[Usage], us: Zone, gb: Zone, told: list[Record], as_of: date, timezone: str) -> Scope:
    asked = Asked(parse_period("2026", UNTIL), as_of, timezone=timezone)
    origin = FILES._replace(ledger=True, records=tuple(told))
    return make_scope(Rating(usage, {"US": us, "GB": gb}), (), asked, (), origin)


def up_to(told: Journal, day: date) -> dict[tuple[str, str, str], Range]:
    sums: dict[tuple[str, str, str], Range] = {}
    for entry in told.entries:
        if entry.day <= day and any(posting.place == WALLET for posting in entry.postings):
            sums[entry.wallet] = total([sums.get(entry.wallet, ZERO), entry.of(WALLET)])
    return sums


@given(usages, steady, steady_gb, records(), timezones)
def test_entries_sum_to_zero_and_to_the_balance_of_each_end(
    usage: list[Usage], us: Zone, gb: Zone, told: list[Record], timezone: str
) -> None:
    """Story by story, and `balance` at that day is asked by itself."""
    made = journal(scope_at(usage, us, gb, told, UNTIL, timezone))
    for entry in made.entries:
        sums = Counter[tuple[str, str]]()
        for posting in entry.postings:
            sums[posting.currency, "least"] += posting.amount.low  # type: ignore[assignment]
            sums[posting.currency, "most"] += posting.amount.high  # type: ignore[assignment]
        assert not any(sums.values())
    assert max(Counter(entry.id for entry in made.entries).values(), default=1) == 1
    for end in {item.day for item in made.ends}:
        at = balance(scope_at(usage, us, gb, told, end, timezone)).wallets
        held = {(w.state.account.creator, "tiktok", w.state.account.currency): w.held.available for w in at}
        # A record from before the first gift is in no wallet until that gift says where it is paid.
        assert {wallet: up_to(made, end).get(wallet, ZERO) for wallet in held} == held
        assert {item.wallet: item.available for item in made.ends if item.day == end and item.wallet in held} == held


@given(usages, steady, steady_gb, records(), timezones)
def test_what_comes_later_changes_no_entry_of_an_earlier_month(
    usage: list[Usage], us: Zone, gb: Zone, told: list[Record], timezone: str
) -> None:
    whole = journal(scope_at(usage, us, gb, told, UNTIL, timezone))
    for month in ("2026-02", "2026-03"):
        end = parse_period(month, UNTIL).last_day
        early = journal(scope_at(usage, us, gb, told, end, timezone))
        known = {entry.wallet for entry in early.entries}
        assert [entry for entry in whole.entries if entry.day <= end and entry.wallet in known] == list(early.entries)


@given(usages, steady, steady_gb, records(), timezones)
def test_settling_keeps_every_sum_and_leaves_no_range_that_others_make_exact(
    usage: list[Usage], us: Zone, gb: Zone, told: list[Record], timezone: str
) -> None:
    made = journal(scope_at(usage, us, gb, told, UNTIL, timezone))
    settled = settle(made)
    assert up_to(settled, UNTIL) == up_to(made, UNTIL)
    kept = {entry.id for entry in settled.entries} | {part for entry in settled.entries for part in entry.parts}
    assert kept >= {entry.id for entry in made.entries}
    assert all(entry.is_exact for entry in settled.entries if entry.parts)


def _checked(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    hledger = name.endswith(".journal")
    command = [tool("hledger"), "-f", str(path), "check", "-s"] if hledger else [_bean_check(), str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), f"{name}\n{text}"


def _bean_check() -> str:
    beside = Path(sys.executable).with_name("bean-check")
    return str(beside) if beside.exists() else tool("bean-check")


@pytest.mark.parametrize("referee", ["hledger", "beancount"])
def test_referees_accept_random_books(referee: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """All of it, a month that stands alone, and months read together; exact entries alone and the least of all."""
    tool("hledger") if referee == "hledger" else _bean_check()
    folder = tmp_path_factory.mktemp(referee)
    ending = "journal" if referee == "hledger" else "beancount"
    write = journals.hledger if referee == "hledger" else journals.beancount

    @settings(max_examples=8, deadline=None, database=None, phases=[Phase.generate])
    @given(usages, steady, steady_gb, records(), timezones, st.booleans())
    def accepted(usage: list[Usage], us: Zone, gb: Zone, told: list[Record], timezone: str, least: bool) -> None:
        made = settle(journal(scope_at(usage, us, gb, told, UNTIL, timezone)))
        march = date(2026, 3, 1)
        _checked(folder, write(books(made, plain(referee), None, least=least, alone=False)), f"whole.{ending}")
        _checked(folder, write(books(made, plain(referee), march, least=least, alone=True)), f"alone.{ending}")
        early = settle(journal(scope_at(usage, us, gb, told, march - timedelta(days=1), timezone)))
        parts = [write(books(early, plain(referee), None, least=True, alone=False))]
        later = settle(journal(scope_at(usage, us, gb, told, UNTIL, timezone)))
        parts.append(write(books(later, plain(referee), march, least=True, alone=False)))
        if [entry for entry in later.entries if entry.day < march] == list(early.entries):  # nothing became known late
            _checked(folder, "\n".join(parts), f"together.{ending}")

    accepted()


def test_a_slug_tells_names_apart_that_look_alike() -> None:
    names = ["mara", "Mara", "mära", "ma ra", "ma-ra", ";", "", "2026-01-01 open", "\u202e"]
    assert len({slug(name) for name in names}) == len(names)
    assert slug("mara") == "mara"
