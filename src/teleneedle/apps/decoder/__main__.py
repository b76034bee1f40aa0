"""Entry point of the decoder: one request on stdin, JSON lines on stdout, voxels in the shared file."""

from __future__ import annotations

import gc
import sys

if __name__ == "__main__":
    gc.disable()  # the process ends after one answer
    # pydicom would load these and offer them foreign bytes; pixels go through imagecodecs alone.
    sys.modules.update(dict.fromkeys(("PIL", "jpeg_ls", "gdcm", "pylibjpeg")))  # type: ignore[arg-type]  # None marks absent

    from teleneedle.apps.decoder.bootstrap import serve_one

    sys.exit(serve_one(int(sys.argv[1]), sys.argv[2]))
