"""The fonts of the plan book: found on this machine, or a clear error that names the package."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

import typst

from teleneedle.core.errors import OutputError

SYSTEM_FOLDER = Path("/usr/share/fonts")
ENVIRONMENT = "TELENEEDLE_FONTS"
NEEDED = {
    "NotoSans-Regular.ttf": "fonts-noto-core",
    "NotoSans-Bold.ttf": "fonts-noto-core",
    "NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
    "NotoSansCJK-Bold.ttc": "fonts-noto-cjk",
    "DejaVuSansMono.ttf": "fonts-dejavu-core",
}
"""Font file → Debian package."""


def font_files() -> tuple[Path, ...]:
    """The files of all needed fonts, from ``TELENEEDLE_FONTS`` (a folder) or ``/usr/share/fonts``.

    Raises
    ------
    OutputError
        If one is missing; the Debian packages are named.
    """
    folder = Path(os.environ.get(ENVIRONMENT) or SYSTEM_FOLDER)
    found = {path.name: path for path in sorted(folder.rglob("*.tt[fc]"))} if folder.is_dir() else {}
    missing = [name for name in NEEDED if name not in found]
    if missing:
        packages = " ".join(dict.fromkeys(NEEDED[name] for name in missing))
        raise OutputError(
            "the plan book's fonts are not installed",
            where=f"{', '.join(missing)} under {folder}",
            remedy=f"apt-get install {packages}, or set {ENVIRONMENT} to a folder with these files",
        )
    return tuple(found[name] for name in NEEDED)


@lru_cache(maxsize=4)
def load_fonts(files: tuple[Path, ...]) -> typst.Fonts:
    """Fonts for the typesetter, read once per process; nothing else on the machine is used."""
    with tempfile.TemporaryDirectory(prefix="teleneedle-fonts-") as folder:
        for path in files:
            (Path(folder) / path.name).symlink_to(path.resolve())
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
