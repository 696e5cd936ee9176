"""The one now of all commands: `DIAMONDCTL_AS_OF`, else the clock's day. Nothing below `cli` asks either."""

from __future__ import annotations

import os
from datetime import date

from diamondctl import periods


def today() -> date:
    """The day that is now, for a command that was not told another; refuses a variable that is no date (A002)."""
    text = os.environ.get("DIAMONDCTL_AS_OF", "")
    return periods.parse_day(text, "DIAMONDCTL_AS_OF") if text else date.today()


def latest() -> date:
    """The day after which nobody can have written or seen anything: the clock's, or the now that was told if it is later.

    Whoever looks back (`DIAMONDCTL_AS_OF` in the past) makes no file wrong.
    """
    return max(date.today(), today())
