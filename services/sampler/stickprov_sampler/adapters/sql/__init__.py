"""The sampler's own statements on its own database."""

from stickprov_kernel.database.queries import load_queries

SQL = load_queries(__name__, "queries.sql")
