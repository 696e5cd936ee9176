"""diamondctl: what LIVE gifts earned, when it can be paid out, and what was taken on the way."""

__version__ = "0.1.0"
