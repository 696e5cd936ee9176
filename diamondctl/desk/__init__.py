"""What a program calls: from plain values (files or ledger, period, creator, options) to a report. It knows no Typer."""
