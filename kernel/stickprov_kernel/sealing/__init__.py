"""Sealing what identifies a person: each value under a key of its own, which a master key kept elsewhere wraps."""
