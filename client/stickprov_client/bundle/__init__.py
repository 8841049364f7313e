"""Audit bundles: a period's events, proofs, frames and figures in one file, with the program that verifies it."""
