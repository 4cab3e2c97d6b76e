"""Serve the sample portal until interrupted: python -m newsspider.sample --port 8900."""

import argparse
import sys
import threading
from contextlib import suppress

from newsspider.sample import SamplePortal


def main() -> int:
    """Serve, saying where; 1 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m newsspider.sample", description=__doc__)
    parser.add_argument("--port", type=int, default=8900, help="0 takes a free one (default 8900)")
    port = parser.parse_args().port
    try:
        portal = SamplePortal(port).start()
    except OSError as error:
        sys.stderr.write(f"port {port}: {error.strerror}\n")
        return 1
    sys.stdout.write(f"{portal.base_url}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    portal.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
