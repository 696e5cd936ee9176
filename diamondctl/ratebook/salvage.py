"""What can still be read of a rate file that has problems: every entry that is right by itself.

Only the base of a comparison is read so. It cannot be mended any more, its problems may be those of a rule that is younger
than the file, and what it says rightly must still not be edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import entries as e
from diamondctl.ratebook.gift_format import GIFTS
from diamondctl.ratebook.gifts import GiftFile
from diamondctl.ratebook.zone_format import ZONE
from diamondctl.yamlfile.nodes import Mapping, Node, Place, Scalar, Sequence
from diamondctl.yamlfile.schema import ListOf, MapOf, Record, Schema, Walk

_KEPT: Final = ("platform", "regions", "timezone")


def zone_of(root: Node, *, name: str, platform: str, sha256: str) -> e.Zone | None:
    """A zone of the entries that can be read. `platform` stands for one that cannot, unless it is blank; None where
    nothing is left.
    """
    if not isinstance(root, Mapping):
        return None
    schemas = ZONE.required["rates"]
    assert isinstance(schemas, Record)
    histories = {
        rate: schema for rate, schema in {**schemas.required, **schemas.optional}.items() if isinstance(schema, ListOf)
    }
    kept: dict[str, tuple[Place, Node]] = {
        rate: (place, left)
        for rate, (place, node) in _items(root, "rates")
        if rate in histories and (left := _list(node, histories[rate].item)).items
    }
    stand_in = {"platform": platform, "timezone": "UTC"}
    items = {key: _or(root, key, ZONE.required[key], stand_in.get(key, "")) for key in _KEPT}
    items["sources"] = (root.place, _map(root, "sources", ZONE.required["sources"]))
    items["rates"] = (root.place, Mapping(kept, root.place))
    items["schema"] = (root.place, Scalar("1", root.place))
    lenient = Record(ZONE.make, {**_bare(ZONE, ("regions", "sources")), "rates": Record(dict, {}, histories)}, placed=True)
    walk = Walk(ProblemLog(keep=1_000))
    zone: e.Zone | None = lenient.check(Mapping(items, root.place), walk)
    if zone is None:
        return None
    for tell in walk.contradictions:
        tell()
    rates = _without({problem.line for problem in walk.log.problems}, zone.rates)
    return zone._replace(name=name, sha256=sha256, origin="user", rates=rates)


def _without(lines: set[int], rates: dict[str, tuple[e.RateEntry, ...]]) -> dict[str, tuple[e.RateEntry, ...]]:
    """Histories without the entries in which such a line stands: what contradicts itself may be mended."""
    starts = sorted(entry.line for history in rates.values() for entry in history)
    broken = {max((start for start in starts if start <= line), default=0) for line in lines}
    return {rate: left for rate, history in rates.items() if (left := tuple(x for x in history if x.line not in broken))}


def gifts_of(root: Node, *, platform: str, sha256: str) -> GiftFile | None:
    """A catalogue of the gifts that can be read."""
    if not isinstance(root, Mapping):
        return None
    pruned = Mapping({key: (place, _prices(node)) for key, (place, node) in _items(root, "gifts")}, root.place)
    items = {
        "schema": (root.place, Scalar("1", root.place)),
        "platform": _or(root, "platform", GIFTS.required["platform"], platform),
        "sources": (root.place, _map(root, "sources", GIFTS.required["sources"])),
        "gifts": (root.place, _map(Mapping({"gifts": (root.place, pruned)}, root.place), "gifts", GIFTS.required["gifts"])),
    }
    lenient = Record(GIFTS.make, _bare(GIFTS, ("sources", "gifts")))
    gifts: GiftFile | None = lenient.check(Mapping(items, root.place), Walk(ProblemLog()))
    return gifts and gifts._replace(file=root.place.file, sha256=sha256)


def _prices(gift: Node) -> Node:
    """A gift with only those of its prices that can be read."""
    if not isinstance(gift, Mapping) or "prices" not in gift.items:
        return gift
    place, prices = gift.items["prices"]
    gifts = GIFTS.required["gifts"]
    assert isinstance(gifts, MapOf) and isinstance(gifts.value, Record)
    schema = gifts.value.required["prices"]
    assert isinstance(schema, ListOf)
    return Mapping({**gift.items, "prices": (place, _list(prices, schema.item))}, gift.place)


def _good(schema: Schema, node: Node) -> bool:
    log = ProblemLog(keep=0)
    return schema.check(node, Walk(log)) is not None and not log.total


def _items(root: Mapping, key: str) -> Iterator[tuple[str, tuple[Place, Node]]]:
    node = root.items[key][1] if key in root.items else None
    if isinstance(node, Mapping):
        yield from node.items.items()


def _list(node: Node, item: Schema) -> Sequence:
    items = node.items if isinstance(node, Sequence) else ()
    return Sequence(tuple(part for part in items if _good(item, part)), node.place)


def _map(root: Mapping, key: str, schema: Schema) -> Mapping:
    assert isinstance(schema, MapOf)
    return Mapping(
        {
            name: (place, node)
            for name, (place, node) in _items(root, key)
            if _good(schema.key, Scalar(name, place)) and _good(schema.value, node)
        },
        root.place,
    )


def _or(root: Mapping, key: str, schema: Schema, otherwise: str) -> tuple[Place, Node]:
    """The value of a key where it can be read, else one that stands for it: a text, or the good items of a list."""
    place, node = root.items.get(key, (root.place, Scalar("", root.place)))
    if _good(schema, node):
        return place, node
    return place, _list(node, schema.item) if isinstance(schema, ListOf) else Scalar(otherwise, node.place)


def _bare(record: Record, emptied: tuple[str, ...]) -> dict[str, Schema]:
    """The required keys of a record, of which some may be empty."""
    schemas = dict(record.required)
    for key in emptied:
        schema = schemas[key]
        assert isinstance(schema, ListOf | MapOf)
        schemas[key] = ListOf(schema.item) if isinstance(schema, ListOf) else MapOf(schema.key, schema.value, 0, schema.make)
    return schemas
