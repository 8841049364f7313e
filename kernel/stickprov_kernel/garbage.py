"""How often Python looks for cyclic garbage in a service.

A batch of a thousand events is some thirty thousand small objects that all die together by reference count. With
Python's own thresholds the collector walks through them dozens of times on the way and finds nothing: measured, half
of a consumer's time.
"""

import atexit
import gc
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 20)


def settle() -> None:
    """Call once, when everything is imported: the collector leaves alone what is there, and looks less often.

    At the end of the process it looks at everything again; DuckDB's binding else reports on standard error, where the
    log goes, what nobody has cleared away.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    gc.set_threshold(*_THRESHOLDS)
