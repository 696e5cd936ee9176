"""What rate files say: `rates list`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from diamondctl import periods
from diamondctl.api.report import Report
from diamondctl.ratebook import lock, store
from diamondctl.render import formats
from diamondctl.render import rates as of_rates
from diamondctl.reports.rates import ZoneRow, zone_rows


def pinned(platform: str, folder: Path | None) -> str:
    """Whose files a lock pins, in words."""
    return lock.told((*store.load_all(folder, platform), *store.catalogue_zone(platform, folder)))


def listed(platform: str, folder: Path | None, day: date, options: str = "") -> Report[list[ZoneRow]]:
    """A row per zone: its regions, the reward that holds on a day, and how well it is known. Saved as `.lock` it is one, which
    names the `options` that made it.
    """
    zones = store.load_all(folder, platform)
    value = [row for zone in zones for row in zone_rows([zone], periods.day_start(day, zone.timezone))]
    texts = {"lock": lambda: lock.text((*zones, *store.catalogue_zone(platform, folder)), options)}
    view = of_rates.list_view(value)._replace(texts=texts)
    return Report(value, of_rates.LIST, view, 0, (*formats.FORMATS, *formats.LIST))
