"""What of a header may leave the hospital when images are de-identified.

Nothing stays because it was not thought of: an element is kept only when its public definition says that it
holds a number, a UID, a date or a word of a known vocabulary, and its value is really that.

References
----------
DICOM PS3.15 annex E (basic application level confidentiality profile, with the option to retain longitudinal
temporal information with modified dates); PS3.6 (data dictionary).
"""

from __future__ import annotations

import re

IMAGE_CLASSES = frozenset(
    f"1.2.840.10008.5.1.4.1.1.{end}"
    for end in ("2", "2.1", "2.2", "4", "4.1", "4.4", "20", "128", "128.1", "130")
)
"""CT, MR, NM and PET. Other objects hold names in their pixels or texts, and are not taken then."""
NUMBERS = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "SV": 8, "UV": 8, "AT": 4}
DECIMALS = re.compile(rb"[0-9eE+\-. \\]*")
UID = re.compile(rb"[0-9]+(\.[0-9]+)*")
DATE = re.compile(rb"(19|20)[0-9]{6}")
TIME = re.compile(rb"[0-2][0-9]([0-5][0-9]([0-6][0-9](\.[0-9]{1,6})?)?)? *")
CLOSED_GROUPS = frozenset((0x0010, 0x0012, 0x0032, 0x0038, 0x0040))
"""The patient, the trial, the order, the visit and the step: nothing of them is kept but what is put in."""
LUT_DATA = 0x00283006
EMPTIED = frozenset(
    (0x00080050, 0x00080090, 0x00100030, 0x00100040, 0x00200010, 0x00180010, 0x00080070, 0x00201040)
)
"""Of type 2: they stay, with no value, when theirs may not."""
SEQUENCES = frozenset(
    (
        0x00081140, 0x00082112, 0x00189301, 0x00189304, 0x00189308, 0x00189312, 0x00189314, 0x00189321,
        0x00189325, 0x00189326, 0x00189329, 0x00189330, 0x00189006, 0x00209071, 0x00209111, 0x00209113,
        0x00209116, 0x00209221, 0x00209222, 0x00289110, 0x00289132, 0x00289145, 0x00283000, 0x00283010,
        0x52009229, 0x52009230,
    )
)  # fmt: skip
"""Functional groups with geometry and pixel meaning, dimensions, look-up tables, references to images."""
WORDS = frozenset(
    b"""
    CT MR PT NM OT M F O YES NO Y N L R B U NONE
    HFS HFP FFS FFP HFDR HFDL FFDR FFDL AFDR AFDL PFDR PFDL
    ORIGINAL DERIVED PRIMARY SECONDARY MIXED AXIAL LOCALIZER OTHER MPR REFORMATTED VOLUME RESAMPLED AVERAGE
    CT_SOM5 SPI SPIRAL HELIX SEQ SEQUENCED CONSTANT_ANGLE STATIONARY FREE CINE ADD DIVISION MONO VMI MASK
    MAXIMUM MINIMUM MIP MINIP MEAN SUM SUBTRACTION NORM DIS2D DIS3D FM FFE SE GR IR RM EP MULTIPLIED
    FILTERED ANGIO DIFFUSION PERFUSION ADC TRACEW FA PHASE MAGNITUDE REAL IMAGINARY M_SE M_FFE STATIC
    DYNAMIC GATED WHOLE BODY TOMO RECON EMISSION TRANSMISSION ATTN DECY NORMALIZED BQML CNTS GML SUV
    MONOCHROME1 MONOCHROME2 RGB PALETTE COLOR HU US OD HEAD CHEST ABDOMEN PELVIS NECK SPINE CSPINE TSPINE
    LSPINE SSPINE LIVER KIDNEY LUNG BREAST PROSTATE PANCREAS HEART BRAIN EXTREMITY LEG ARM KNEE HIP
    SHOULDER ANKLE FOOT HAND WRIST ELBOW UTERUS BLADDER ADRENAL SPLEEN THYROID RECTUM BONE CHESTABDOMEN
    ABDOMENPELVIS CHESTABDPELVIS WHOLEBODY HEADNECK 2D 3D SP MP OSP OFF ON CW CC INSTANCE LINEAR SIGMOID
    LINEAR_EXACT IDENTITY INVERSE 00 01 EXTERNAL INTERNAL BODY_PART UNKNOWN PATIENT SAMPLED DISTORTED
    ROUNDED STANDARD LARGE SMALL PULSED CONTINUOUS PROSPECTIVE RETROSPECTIVE
    """.split()
)
"""Words of coded strings that are kept; any other word may be somebody's name."""
