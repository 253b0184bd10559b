"""Keys of rows: uuid version 7, so that new rows land together in an index."""

import uuid

from uuid_utils.compat import uuid7


def nieuwe_sleutel() -> uuid.UUID:
    """A new time-ordered uuid, made in Python so that a batch knows its keys before it is written."""
    return uuid7()
