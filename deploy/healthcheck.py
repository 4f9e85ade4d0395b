"""Check a server of Dispatch Box: exit 0 if /healthz answers that all is well, else 1 with what it says."""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """Ask the server at PORT; it answers /healthz also without the prefix that its addresses may have."""
    port = os.environ.get("PORT", "8001")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            sys.stdout.write(answer.read().decode())
            return 0
    except urllib.error.HTTPError as error:
        sys.stdout.write(error.read().decode())
    except OSError as error:
        sys.stdout.write(f"no answer: {error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
