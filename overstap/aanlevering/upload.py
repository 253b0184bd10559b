"""Stops writing a file that is too large: what comes after the limit is read and thrown away, and never reaches the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from overstap.aanlevering.bestand import MAX_BYTES


class Grens(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS. The form sees one byte too many and says that the file is too large."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ontvangen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._ontvangen = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        over = MAX_BYTES + 1 - self._ontvangen
        self._ontvangen += len(raw_data)
        return raw_data[:over] if over > 0 else None

    def file_complete(self, file_size: int) -> None:
        """Not ours: the next handler makes the file."""
