"""The health check of a web container: asks /gezondheid as the site's own name. Needs the standard library only."""

import http.client
import os
import sys


def main() -> int:
    naam = os.environ.get("OVERSTAP_HOSTS", "localhost").split(",")[0].strip() or "localhost"
    lijn = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
    try:
        lijn.request("GET", "/gezondheid", headers={"Host": naam})
        return 0 if lijn.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
