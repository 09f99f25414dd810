"""`python -m bwt_cpd.health_probe`: asks the web server in this container whether it lives."""

import http.client
import os
import sys


def main() -> int:
    """0 when /health/live/ answers 200, asked by a name that the server goes by."""
    name = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/health/live/", headers={"Host": name})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
