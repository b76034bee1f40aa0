"""What a canonical structure is called in SNOMED CT and in radiotherapy.

References
----------
DICOM PS3.16 CID 7150 (segmentation property categories), CID 4031 and CID 7192 (anatomy), PS3.3
C.8.8.8 (RT ROI Interpreted Type), C.8.20.2 (Segment Algorithm Type).
"""

from __future__ import annotations

from teleneedle.core.anatomy import Reviewed, Structure

Code = tuple[str, str]
_ANATOMY: Code = ("123037004", "Anatomical Structure")
_LESION: Code = ("49755003", "Morphologically Abnormal Structure")
_TISSUE: Code = ("85756007", "Tissue")
_TYPES: dict[str, tuple[Code, Code]] = {
    "body": (_ANATOMY, ("38266002", "Entire body")),
    "skin": (_ANATOMY, ("39937001", "Skin")),
    "bone": (_ANATOMY, ("272673000", "Bone")),
    "lung": (_ANATOMY, ("39607008", "Lung")),
    "liver": (_ANATOMY, ("10200004", "Liver")),
    "vessels": (_ANATOMY, ("59820001", "Blood Vessel")),
    "portal_vein": (_ANATOMY, ("32764006", "Portal vein")),
    "hepatic_veins": (_ANATOMY, ("8993003", "Hepatic vein")),
    "artery": (_ANATOMY, ("51114001", "Artery")),
    "bowel": (_ANATOMY, ("113276009", "Intestine")),
    "stomach": (_ANATOMY, ("69695003", "Stomach")),
    "gallbladder": (_ANATOMY, ("28231008", "Gallbladder")),
    "kidney": (_ANATOMY, ("64033007", "Kidney")),
    "spleen": (_ANATOMY, ("78961009", "Spleen")),
    "pancreas": (_ANATOMY, ("15776009", "Pancreas")),
    "heart": (_ANATOMY, ("80891009", "Heart")),
    "bile_ducts": (_ANATOMY, ("28273000", "Bile duct")),
    "spinal_canal": (_ANATOMY, ("61853006", "Vertebral canal")),
    "tumour": (_LESION, ("108369006", "Neoplasm")),
}


def property_codes(kind: str) -> tuple[Code, Code]:
    """Category and type of a canonical kind; tissue for one that is not known."""
    return _TYPES.get(kind, (_TISSUE, _TISSUE))


def algorithm_type(structure: Structure) -> str:
    """How the structure came about: AUTOMATIC, SEMIAUTOMATIC (a file, or edited in review) or MANUAL."""
    proposal = structure.proposal if isinstance(structure, Reviewed) else structure
    if proposal.engine.startswith("manual"):
        return "MANUAL"
    is_edited = isinstance(structure, Reviewed) and bool(structure.edits)
    return "SEMIAUTOMATIC" if is_edited or proposal.engine.startswith("file:") else "AUTOMATIC"


def interpreted_type(kind: str, *, has_body: bool) -> str:
    """RT ROI Interpreted Type of a kind; the outline of the body, or else of the skin, is EXTERNAL."""
    if kind == "tumour":
        return "GTV"
    if kind == "body" or (kind == "skin" and not has_body):
        return "EXTERNAL"
    return "ORGAN"
