"""Python's garbage collector, set for a process that holds many objects and makes many at once."""

from __future__ import annotations

import gc

# A call of 5,000 rows makes a few 100,000 objects that all go by themselves. At Python's own 700 the collector walks over
# everything that lives hundreds of times during it, which took a third of its time; at 300,000 once, a twentieth. The peak of memory is
# the same.
DREMPELS = (500_000, 20, 20)


def stel_in() -> None:
    """What was loaded at the start stays for good: the collector does not look at it again, and looks less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*DREMPELS)
