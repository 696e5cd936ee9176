"""Cases of gift-log/1 that any program can be held to: `NAME/input.*` and `NAME/expected.json`.

`expected.json` has `gifts` and `coins`, or `refused`; `about` says what the case is about. A program under test gets the path
of the input as its last argument; it prints a JSON object with `gifts` and `coins` and exits with 0, or exits with another
code where it refuses the input:

    python -m tests.conformance COMMAND...
"""
