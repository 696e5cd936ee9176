"""Mappings for files of any shape: reading them from YAML, proposing them for a file, testing them."""
