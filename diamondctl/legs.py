"""Rows of statements as records: the states of one payout as one record, and the leg that left the wallet with the leg that
came into an account, whichever was known first. Pure: what comes out depends on the rows alone, not on their order.

Convention: two legs are one payout where what came is what left, in full; else where each of the two can be nothing but the
other. Legs that could be several stay apart, and `reconcile` names them: a wrong meeting is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from diamondctl.money import exact
from diamondctl.records import Record

# A payout is under way so long at most; and a person notes the day of an arrival so exactly.
LONGEST: Final = timedelta(days=31)
_ABOUT: Final = timedelta(days=4)
_STAGES: Final = ("requested", "on the way", "", "failed", "reversed")
ENDED: Final = ("failed", "reversed")


def stage_of(item: Record) -> int:
    """How far a payout is, by one row."""
    return _STAGES.index(item.status)


def together(rows: Mapping[tuple[str, int], Sequence[Record]]) -> list[Record]:
    """One record for each number of statements, from the rows that say so: of a payout the latest state of it."""
    made = []
    for (_, number), mine in rows.items():
        ordered = sorted(mine, key=lambda item: (stage_of(item), item.day, item.places))
        states = [item for item in ordered if item.status not in ENDED]
        ended = next((item for item in ordered if item.status in ENDED), None)
        if not states and ended is not None and ended.status == "reversed":
            continue  # it takes back what no statement here tells of
        best = states[-1] if states else ordered[-1]
        places = " ".join(dict.fromkeys(place for item in ordered for place in item.places.split()))
        first = min(item.day for item in states or ordered)
        best = best._replace(number=number, day=first, places=places)
        if ended is not None:
            best = best._replace(status=ended.status, ended=ended.ended)
        made.append(best)
    return made


def settled(typed: Iterable[Record], told: Iterable[Record]) -> list[Record]:
    """What a person recorded and what statements tell as one list, by day; of what came back also the entry that says so."""
    items = [*typed, *told]
    payouts = _met([item for item in items if item.sort == "payout"])
    credits = _summed([item for item in items if item.sort == "credit"])
    rest = [item for item in items if item.sort not in ("payout", "credit")]
    back = [_back(item) for item in payouts if item.ended is not None]
    return sorted([*payouts, *credits, *rest, *back], key=lambda item: (item.day, item.sort, item.number, item.leg == "back"))


def _back(item: Record) -> Record:
    """A payout that failed or was reversed is in the wallet again from that day on."""
    assert item.ended is not None
    with exact():
        arrived = None if item.arrived is None else -item.arrived
        tax = None if item.tax is None else -item.tax
        fee = None if item.fee is None else -item.fee
        amount = -item.amount
    on = None if arrived is None else item.ended
    return item._replace(
        day=item.ended, amount=amount, arrived=arrived, arrived_on=on, tax=tax, fee=fee, leg="back", key="", also=""
    )


def _summed(credits: Sequence[Record]) -> list[Record]:
    """Credits of statements for one LIVE, day or month are rows of one credit; one that a person recorded is said once more."""
    found: dict[tuple[str, str, str, str], Record] = {}
    typed = {_what_for(item): item for item in credits if not item.places}
    for item in sorted((item for item in credits if item.places), key=lambda item: item.number):
        key = _what_for(item)
        first = found.get(key)
        if first is None:
            found[key] = item
            continue
        with exact():
            amount = first.amount + item.amount
        found[key] = first._replace(
            amount=amount, day=max(first.day, item.day), places=f"{first.places} {item.places}", also=_ids(first.also, item.id)
        )
    for key, item in typed.items():
        if key in found:
            other = found.pop(key)
            typed[key] = item._replace(places=other.places, also=_ids(item.also, other.id, other.also))
    return [*typed.values(), *found.values()]


def _what_for(item: Record) -> tuple[str, str, str, str]:
    return item.creator, item.currency, item.kind, item.name


def _ids(*texts: str) -> str:
    return " ".join(sorted({name for text in texts for name in text.split()}))


def _met(payouts: Sequence[Record]) -> list[Record]:
    """Legs that are one payout, as one record."""
    ins = [item for item in payouts if item.leg == "in" and not item.ended and item.arrived is not None]
    outs = [item for item in payouts if item.leg != "in" and not item.ended]
    pairs: dict[int, Record] = {}  # index of an out leg -> its in leg
    left = sorted(ins, key=lambda item: (item.day, item.number))
    order = sorted(range(len(outs)), key=lambda at: (outs[at].day, outs[at].number))
    for at in order:
        other = next((item for item in left if _is(outs[at], item)), None)
        if other is not None:
            pairs[at] = other
            left.remove(other)
    while True:
        may = {at: [item for item in left if _may_be(outs[at], item)] for at in order if at not in pairs}
        sure = [
            (at, mine[0])
            for at, mine in may.items()
            if len(mine) == 1 and sum(mine[0] in others for others in may.values()) == 1
        ]
        if not sure:
            break
        for at, item in sure:
            pairs[at] = item
            left.remove(item)
    met = set(pairs.values())
    rest = [item for item in payouts if item not in met and (item.leg == "in" or item.ended)]
    return [*(_one(outs[at], pairs[at]) if at in pairs else outs[at] for at in range(len(outs))), *rest]


def _same_purse(out: Record, came: Record) -> bool:
    return out.creator == came.creator


def _on(item: Record) -> date:
    return item.arrived_on or item.day


def _is(out: Record, came: Record) -> bool:
    """Whether what came is what left, in full; or what a person noted as arrived."""
    if not _same_purse(out, came):
        return False
    if out.arrived is not None:
        noted = (out.arrived, out.arrived_currency) in ((came.arrived, came.arrived_currency), (came.amount, came.currency))
        return noted and abs(_on(out) - _on(came)) <= _ABOUT
    return (out.amount, out.currency) == (came.amount, came.currency) and timedelta(0) <= _on(came) - out.day <= LONGEST


def _may_be(out: Record, came: Record) -> bool:
    """Whether what came may be what left, less what was taken on the way, or exchanged."""
    if out.arrived is not None or not _same_purse(out, came) or not timedelta(0) <= _on(came) - out.day <= LONGEST:
        return False
    with exact():
        return out.currency != came.currency or out.amount * Decimal("0.5") <= came.amount <= out.amount


def _one(out: Record, came: Record) -> Record:
    """Both legs as one payout, under the smaller of their numbers."""
    number = min(out.number or came.number, came.number)
    also = _ids(out.also, came.also, *({out.id, came.id} - {out._replace(number=number).id}))
    method = came.method if out.leg == "out" or not out.method else out.method
    return out._replace(
        number=number, also=also, method=method, arrived=came.arrived, arrived_currency=came.arrived_currency,
        arrived_on=came.arrived_on, tax=out.tax if out.tax is not None else came.tax, leg="", status="", fee=came.fee,
        account=came.account, places=" ".join(filter(None, (out.places, came.places))), key=out.key or came.key,
    )  # fmt: skip
