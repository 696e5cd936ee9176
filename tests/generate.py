"""Writes every generated file of the repository: `python -m tests.generate`. `test_generated` holds them up to date."""

from __future__ import annotations

import json

from diamondctl.config import format as config_format
from diamondctl.profiles import profile_format
from diamondctl.ratebook import gift_format, zone_format
from diamondctl.ratebook.rules import RULES
from diamondctl.render.rules import manual
from diamondctl.render.schemas import schemas
from tests.make_examples import files, sample
from tests.support import EXAMPLES, ROOT


def generated() -> dict[str, str]:
    """Path from the top of the repository -> text."""
    texts = {f"examples/{name}": text for name, text in files().items()}
    texts["rates/rates.schema.json"] = json.dumps(zone_format.json_schema(), indent=1) + "\n"
    texts["rates/gifts.schema.json"] = json.dumps(gift_format.json_schema(), indent=1) + "\n"
    texts["diamondctl/readers/profiles/profile.schema.json"] = json.dumps(profile_format.json_schema(), indent=1) + "\n"
    texts["diamondctl/schemas/config.schema.json"] = json.dumps(config_format.json_schema(), indent=1) + "\n"
    texts["diamondctl/sample_gifts.csv"] = sample()
    texts["rates/RULES.md"] = manual(list(RULES.values()))
    for name, schema in schemas().items():
        texts[f"diamondctl/schemas/{name}.schema.json"] = json.dumps(schema, indent=1) + "\n"
    return texts


if __name__ == "__main__":
    EXAMPLES.mkdir(exist_ok=True)
    for name, text in generated().items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8", newline="")
