"""Entry point of the decoder: one request on stdin, JSON lines on stdout, voxels in the shared file."""

from __future__ import annotations

import sys

from teleneedle.apps.decoder.bootstrap import serve_one

if __name__ == "__main__":
    sys.exit(serve_one(int(sys.argv[1]), sys.argv[2]))
