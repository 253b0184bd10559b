"""What this app asks the worker, through the outbox. Ids only."""

from __future__ import annotations

from overstap.aanlevering.models import Upload
from overstap.basis.outbox.models import OutboxRegel
from overstap.basis.outbox.publiceren import publiceer

# inhoud: {"upload": uuid}; a file with many rows waits for its trial, or to be applied
UPLOAD_WACHT = "aanlevering.upload_wacht"


def upload_wacht(upload: Upload) -> None:
    publiceer(
        [
            OutboxRegel(
                regio_id=upload.regio_id, sleutel=str(upload.id), soort=UPLOAD_WACHT, inhoud={"upload": str(upload.id)}
            )
        ]
    )
