"""The command line: the only place that knows Typer, exit codes, the clock and the environment."""
