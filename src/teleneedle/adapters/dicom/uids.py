"""UIDs for the objects we write: fresh ones, ones that follow from content, and checked ones from the input.

Every UID made here lies under the UUID root 2.25, which needs no registration.

References
----------
DICOM PS3.5 section 9.1 (form of a UID) and B.2 (UUID derived UID).
"""

from __future__ import annotations

import hashlib
import re
import uuid

IMPLEMENTATION_CLASS_UID = "2.25.181437246563210849327418063745829105376"
"""In the file meta information of every file we write (PS3.7 annex D.3.3.2)."""
_VALID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
_LONGEST = 64


def fresh_uid() -> str:
    """A UID never used before (random UUID)."""
    return f"2.25.{uuid.uuid4().int}"


def derived_uid(*parts: str) -> str:
    """The UID that follows from `parts`: the same for the same parts, on every machine.

    Examples
    --------
    >>> derived_uid("a", "b") == derived_uid("a", "b") != derived_uid("ab")
    True
    """
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    number = uuid.UUID(bytes=digest[:16], version=5).int
    return f"2.25.{number}"


def is_valid_uid(text: str) -> bool:
    """Whether `text` has the form of a UID: numbers without leading zeros, dots, at most 64 characters."""
    return len(text) <= _LONGEST and _VALID.fullmatch(text) is not None


def checked_uid(text: str, what: str) -> str:
    """`text` if it is a valid UID, else one derived from it.

    The replacement is the same each time, so that the objects of one case keep referring to each other.

    Examples
    --------
    >>> checked_uid("1.2.840.1", "study"), checked_uid("../etc", "study").startswith("2.25.")
    ('1.2.840.1', True)
    """
    return text if is_valid_uid(text) else derived_uid("replaced", what, text)
