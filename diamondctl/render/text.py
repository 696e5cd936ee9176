"""The one gate: every text from outside passes `clean` before it reaches a terminal, a log, an error or a document."""

from __future__ import annotations

import unicodedata

from diamondctl.words import HIDDEN


def clean(text: str, encoding: str = "utf-8") -> str:
    """`text` with everything that acts instead of being seen made visible as `<U+202E>`; so is what `encoding` lacks."""
    if not text.isprintable():
        text = "".join(
            f"<U+{ord(character):04X}>" if unicodedata.category(character) in HIDDEN else character for character in text
        )
    return only(text, encoding)


def only(text: str, encoding: str) -> str:
    """`text` with the characters that `encoding` lacks made visible; nothing else is touched."""
    if text.isascii() or encoding.lower().replace("-", "").replace("_", "") in ("utf8", "utf16", "utf8sig"):
        return text
    return text.encode(encoding, "diamondctl-visible").decode(encoding)


def _visible(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(f"<U+{ord(character):04X}>" for character in missing), error.end


def register() -> None:
    """Make the error handler of `clean` known to Python's codecs."""
    import codecs

    codecs.register_error("diamondctl-visible", _visible)


register()
