"""YAML files with places: text to a tree, and the walker that checks a tree and makes values of it."""
