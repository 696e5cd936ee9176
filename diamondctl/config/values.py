"""What a config says, as values: one `Setting` for each thing it sets, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from diamondctl.yamlfile.nodes import Place

PLATFORM: Final = "tiktok"  # where nothing says which

# The parts of a dotted name: `creators.mara.region` is ("creators", "mara", "region").
Key = tuple[str, ...]

GENERAL: Final[tuple[Key, ...]] = (
    ("platform",),
    ("region",),
    ("timezone",),
    ("input_timezone",),
    ("rates",),
    ("profiles",),
    ("ledger",),
    ("creator",),
    ("payer",),
)
# Below `creators.NAME`.
OF_CREATOR: Final[tuple[Key, ...]] = (
    ("files",),
    ("profile",),
    ("input_timezone",),
    ("since",),
    ("until",),
    ("payee",),
    ("payer",),
    ("deposits",),
    ("region",),
    ("timezone",),
    ("method",),
    ("share",),
    ("tax_form",),
    ("scheme",),
    ("agency", "percent"),
    ("agency", "of"),
    ("missions", "active_fans"),
    ("missions", "league"),
    ("missions", "penalty"),
    ("schedule",),
    ("partners",),
)
DATED: Final = frozenset(("region", "share", "tax_form", "scheme", "agency", "missions"))
# What an item of a dated list calls a value that has no name of its own.
ITEM: Final = {"region": "region", "share": "percent", "tax_form": "done", "scheme": "scheme"}


class Setting(NamedTuple):
    """One value, as the text of the file, and from which day on it holds; `start` None: always."""

    key: Key
    text: str
    place: Place
    start: date | None = None


class Config(NamedTuple):
    """A whole config; one that does not exist has no file and no settings."""

    file: str = ""
    sha256: str = ""
    settings: tuple[Setting, ...] = ()

    def get(self, *key: str) -> Setting | None:
        """A setting that has no date."""
        return next((setting for setting in self.settings if setting.key == key), None)

    def on(self, day: date, *key: str) -> Setting | None:
        """A setting as it holds on a day."""
        begun = [item for item in self.settings if item.key == key and (item.start is None or item.start <= day)]
        return max(begun, key=lambda item: item.start or date.min, default=None)

    def text(self, *key: str) -> str:
        """The text of a setting that has no date; blank when it is not set."""
        setting = self.get(*key)
        return setting.text if setting else ""

    def of_creators(self, *key: str) -> Iterator[tuple[str, Setting]]:
        """A setting of every creator who has it, with the creator's name; dated ones in the order of the file."""
        for setting in self.settings:
            if setting.key[0] == "creators" and setting.key[2:] == key:
                yield setting.key[1], setting

    @property
    def creators(self) -> tuple[str, ...]:
        """Names of creators, in the order of the file."""
        return tuple(dict.fromkeys(setting.key[1] for setting in self.settings if setting.key[0] == "creators"))
