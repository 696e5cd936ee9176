"""Bytes to typed rows or problems; one module per source format."""
