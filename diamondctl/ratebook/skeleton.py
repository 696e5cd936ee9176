"""The text of a new rate file, with comments, that passes `rates check` as it is. Pure."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final

_GENERAL: Final = Decimal(50)  # percent
_TEXT: Final = """\
# yaml-language-server: $schema=../rates.schema.json
# Rates of {platform} in {listed}. Written by `diamondctl rates new`; every line that says REPLACE is a guess.
# Not known yet:
# - REPLACE: say here what you looked for and did not find.
schema: 1
platform: {platform}
regions: [{regions}]  # two capital letters each; a region stands in one file of a folder
timezone: {timezone}  # in which the platform's days begin: a bare date below begins at 00:00 here
{unit}
sources:
  # One for every place where you found a number. Only ever added to. `published` where known, and `url` where anyone can look;
  # what has none says in `document` what it is and who keeps it, and everything that rests on nothing else is `assumed`.
  my-notes:
    title: "REPLACE: the general reading of {year}, no evidence for {listed}"
    document: "REPLACE: my own notes, kept by me"
    says: "REPLACE: 1 diamond per coin, 0.01 {currency} per diamond, half of it for the creator"
    checked: {today}
    retrieved: {today}

rates:
  reward:
    # What one coin brings: diamonds, their value and your share of it mean something only together.
    # A change is a new entry with a later `effective`; a correction has the same `effective` and a later `recorded`.
    - effective: {first}           # REPLACE: the first day it is known to hold
      since: first_seen               # start: it began on that day; first_seen: when it began is not known
      recorded: {today}            # the day this entry was written
      # A share that is known only roughly: {{kind: range, low: 40, high: 53}}. Percentages are in percent, never 0.5.
{fixed}\
      value: {{diamonds_per_coin: 1, cash_per_diamond: 0.01, currency: {currency}, share: {{kind: flat, percent: {share}}}}}
      confidence: assumed             # official > measured > reported > assumed: that of the weakest part
      sources: [my-notes]
      verified: {today}            # the last day somebody saw that it still holds; the only key to edit in place

  settlement:
    # In which unit the platform adds rewards to the balance (stream, day, week, month), and how it rounds there.
    - effective: {first}
      since: first_seen
      recorded: {today}
      value: {{credit: stream, rounding: down}}
      confidence: assumed
      sources: [my-notes]
      verified: {today}

  # Leave out what is not known, or take the marks away and REPLACE the numbers:
  # minimum_payout:
  #   - effective: {today}
  #     since: first_seen
  #     recorded: {today}
  #     value:
  #       - {{method: any, amount: 100.00, currency: {currency}}}
  #     confidence: assumed
  #     sources: [my-notes]
  #     verified: {today}
  # The others are maximum_payout, payout_fees, payout_timing, withholding and coin_price: see rates/README.md.

examples:
  # Evidence that runs: one for every reward entry, with the number from a payout slip. 200 coins bring {reward} here.
  - name: "REPLACE: two hundred Roses"
    date: {first}
    coins: 200
    expect: {{diamonds: 200, reward: {reward}}}
"""


# What other platforms need and TikTok does not.
_UNIT: Final = """\
# What the platform calls what fans buy and what it becomes; take the mark away and REPLACE, as one says one of them:
# unit: {fan: bit, creator: bit}
"""
_FIXED: Final = """\
      # Of a value that is fixed, whatever the fan paid: {kind: fixed}; cash_per_diamond is what the creator gets for one unit.
"""


def skeleton(
    platform: str,
    regions: list[str],
    timezone: str,
    currency: str,
    today: date,
    digits: int,
    first: date | None = None,
    share: Decimal | None = None,
) -> str:
    """The file, whose entries hold from `first` on (None: from today). `digits` are those of the currency's minor unit; the
    example follows from the general reading and the share in percent.
    """
    percent = _GENERAL if share is None else share
    elsewhere = platform != "tiktok"
    reward = (2 * percent / 100).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)
    text = _TEXT.format(
        platform=platform,
        listed=" and ".join(regions),
        regions=", ".join(regions),
        timezone=timezone,
        currency=currency,
        today=today,
        first=first or today,
        share=f"{percent:f}",
        year=today.year,
        reward=reward,
        unit="\n" + _UNIT if elsewhere else "",
        fixed=_FIXED if elsewhere else "",
    )
    return "".join(line.rstrip() + "\n" for line in text.splitlines())
