"""`diamondctl help`: the manual, a page a topic."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from diamondctl.cli.main import closed_output
from diamondctl.problems import Problem, Refusal
from diamondctl.render.text import only
from diamondctl.topics import topics
from diamondctl.yamlfile.schema import did_you_mean


def _names(incomplete: str) -> list[str]:
    return [topic.name for topic in topics() if topic.name.startswith(incomplete)]


def help_(
    topic: Annotated[
        str, typer.Argument(metavar="[TOPIC]", help="Of the manual. Default: a list of all.", autocompletion=_names)
    ] = "",
) -> int:
    """Print a page, or their names."""

    pages = {page.name: page for page in topics()}
    if topic and topic not in pages:
        raise Refusal(Problem("A023", f"there is no topic '{topic}'", did_you_mean(topic, list(pages))))
    if sys.stdout is None:
        raise closed_output()
    width = max(map(len, pages))
    text = pages[topic].text if topic else "".join(f"{name:{width}}  {page.title}\n" for name, page in pages.items())
    sys.stdout.write(only(text, sys.stdout.encoding))
    if not topic:
        sys.stdout.write("\nOne of them: diamondctl help TOPIC. Commands and options: diamondctl --help\n")
    return 0
