"""The kernel's periods, under the name that this service's rooms know them by."""

from stickprov_kernel.period import PeriodUnclearError, months_of, parse_period

__all__ = ["PeriodUnclearError", "months_of", "parse_period"]
