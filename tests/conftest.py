"""Hypothesis for every test: failures print the blob that repeats them, and no example is ever timed by the framework.

Every run tries other examples. `HYPOTHESIS_PROFILE=thorough` tries 1,000 a law instead of 40; `steady`, which `.ci/run` sets,
always the same 40, so that a verdict is one on the commit and not on the day.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

for name, examples in (("quick", 40), ("thorough", 1_000), ("steady", 40)):
    settings.register_profile(
        name,
        derandomize=name == "steady",
        print_blob=True,
        deadline=None,
        max_examples=examples,
        # Explaining a failure by varying its parts can take minutes; the shrunk example says enough.
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
        # Slow machines are no reason to fail; a law that takes long is seen in `pytest --durations`.
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
