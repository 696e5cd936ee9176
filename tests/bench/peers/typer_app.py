"""Peer of `--help`: the smallest Typer app that has commands, with Typer's own settings."""

import typer

app = typer.Typer()


@app.command()
def add(name: str) -> None:
    """Add a name."""
    print("added", name)


@app.command()
def remove(name: str, force: bool = False) -> None:
    """Remove a name."""
    print("removed", name, force)


app()
