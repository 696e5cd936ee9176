"""The benchmark of quality.md section 6: `generate` makes the data, `peers` are what is compared, `run` prints the table."""
