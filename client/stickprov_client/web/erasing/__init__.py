"""The pages of erasure (gallring)."""
