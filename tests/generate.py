"""Writes every generated file of the repository: `python -m tests.generate`. `test_generated` holds them up to date."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from diamondctl.config import format as config_format
from diamondctl.desk import mapping
from diamondctl.problems import ProblemLog
from diamondctl.profiles import profile_format
from diamondctl.ratebook import evidence_format, gift_cache, gift_format, zone_format
from diamondctl.ratebook.gifts import GiftFile
from diamondctl.ratebook.rules import RULES
from diamondctl.render.rules import manual
from diamondctl.render.schemas import schemas
from diamondctl.yamlfile import nodes
from tests.blocks import all_of_them
from tests.make_examples import files, sample
from tests.picture import picture
from tests.support import EXAMPLES, ROOT


def shipped_gifts() -> GiftFile:
    """The shipped gift catalogue, from its YAML."""
    data = (ROOT / "rates/tiktok/gifts.yaml").read_bytes()
    log = ProblemLog()
    root = nodes.parse(data.decode(), "tiktok/gifts.yaml", log)
    assert root is not None, log.problems
    gifts = gift_format.build_gifts(root, sha256=hashlib.sha256(data).hexdigest(), origin="shipped", log=log)
    assert gifts is not None, log.problems
    return gifts


@cache
def generated() -> dict[str, str]:
    """Path from the top of the repository -> text."""
    texts = {f"examples/{name}": text for name, text in files().items()}
    texts["rates/tiktok/gifts.json"] = gift_cache.dump(shipped_gifts())
    texts["rates/rates.schema.json"] = json.dumps(zone_format.json_schema(), indent=1) + "\n"
    texts["rates/evidence.schema.json"] = json.dumps(evidence_format.json_schema(), indent=1) + "\n"
    texts["rates/gifts.schema.json"] = json.dumps(gift_format.json_schema(), indent=1) + "\n"
    texts["diamondctl/readers/profiles/profile.schema.json"] = json.dumps(profile_format.json_schema(), indent=1) + "\n"
    texts["diamondctl/schemas/config.schema.json"] = json.dumps(config_format.json_schema(), indent=1) + "\n"
    texts["examples/books/mapping.schema.json"] = json.dumps(mapping.json_schema(), indent=1) + "\n"
    texts["diamondctl/sample_gifts.csv"] = sample()
    texts["rates/RULES.md"] = manual(list(RULES.values()))
    texts["examples/summary.svg"] = picture()
    texts |= dict(all_of_them())
    for name, schema in schemas().items():
        texts[f"diamondctl/schemas/{name}.schema.json"] = json.dumps(schema, indent=1) + "\n"
    return texts


if __name__ == "__main__":
    EXAMPLES.mkdir(exist_ok=True)
    for name, text in generated().items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8", newline="")
