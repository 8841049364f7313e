"""The service's own statements, by name."""

from typing import Final

from stickprov_kernel.database.queries import load_queries

SQL: Final = {
    **load_queries(__package__, "queries.sql"),
    **load_queries(__package__, "register.sql"),
    **load_queries(__package__, "generations.sql"),
    **load_queries(__package__, "cases.sql"),
    **load_queries(__package__, "trail.sql"),
}
