"""A creator's past streams to a range of coins for coming days, calibrated on that past. Pure: no money, clock or files."""
