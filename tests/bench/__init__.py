"""The benchmark: `generate` makes the data, `peers` are what is compared, `run` prints the table."""
