"""Tasks of TotalSegmentator v2: licence, weights folders, and what its classes are called here.

References
----------
Wasserthal et al., 10.1148/ryai.230024; TotalSegmentator 2.18: task and weights tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_TOTAL = (
    "Dataset291_TotalSegmentator_part1_organs_1559subj",
    "Dataset292_TotalSegmentator_part2_vertebrae_1532subj",
    "Dataset293_TotalSegmentator_part3_cardiac_1559subj",
    "Dataset294_TotalSegmentator_part4_muscles_1559subj",
    "Dataset295_TotalSegmentator_part5_ribs_1559subj",
)
_FAST = "Dataset297_TotalSegmentator_total_3mm_1559subj"
_CROP = "Dataset298_TotalSegmentator_total_6mm_1559subj"
_LOBES = ("upper_lobe_left", "lower_lobe_left", "upper_lobe_right", "middle_lobe_right", "lower_lobe_right")
_VERTEBRAE = (
    "S1",
    *(f"L{n}" for n in range(1, 6)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"C{n}" for n in range(1, 8)),
)
_PAIRED_BONES = ("humerus", "scapula", "clavicula", "femur", "hip")
_SIDES = ("left", "right")

TOTAL_CLASSES: Mapping[str, tuple[str, ...]] = {
    "liver": ("liver",),
    "spleen": ("spleen",),
    "gallbladder": ("gallbladder",),
    "stomach": ("stomach",),
    "pancreas": ("pancreas",),
    "kidney": ("kidney_right", "kidney_left"),
    "bowel": ("small_bowel", "duodenum", "colon"),
    "lung": tuple(f"lung_{lobe}" for lobe in _LOBES),
    "heart": ("heart", "atrial_appendage_left"),
    "artery": ("aorta", "iliac_artery_left", "iliac_artery_right"),
    "hepatic_veins": ("inferior_vena_cava",),
    "portal_vein": ("portal_vein_and_splenic_vein",),
    "spinal_canal": ("spinal_cord",),
    "bone": (
        "sacrum",
        *(f"vertebrae_{name}" for name in _VERTEBRAE),
        *(f"rib_{side}_{n}" for side in _SIDES for n in range(1, 13)),
        *(f"{bone}_{side}" for bone in _PAIRED_BONES for side in _SIDES),
        "sternum",
        "costal_cartilages",
        "skull",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task.

    Parameters
    ----------
    classes : mapping of str to tuple of str
        Canonical kind → the task's class names that make it up.
    weights, weights_fast : tuple of str
        Folders that must be there, without and with ``--fast``; no fast variant when empty.
    is_subset : bool
        Whether single classes may be asked for.
    needs_licence : bool
        Whether the weights need a licence number.
    """

    classes: Mapping[str, tuple[str, ...]]
    weights: tuple[str, ...]
    weights_fast: tuple[str, ...] = ()
    is_subset: bool = False
    needs_licence: bool = False


TASKS: Mapping[str, Task] = {
    "total": Task(classes=TOTAL_CLASSES, weights=(*_TOTAL, _CROP), weights_fast=(_FAST,), is_subset=True),
    "body": Task(
        classes={"body": ("body_trunc", "body_extremities")},
        weights=("Dataset299_body_1559subj",),
        weights_fast=("Dataset300_body_6mm_1559subj",),
    ),
    "liver_vessels": Task(
        classes={"vessels": ("liver_vessels",), "tumour": ("liver_tumor",)},
        weights=("Dataset008_HepaticVessel", _CROP),
    ),
    "liver_segments": Task(
        classes={"liver": tuple(f"liver_segment_{n}" for n in range(1, 9))},
        weights=("Dataset570_ct_liver_segments", _CROP),
    ),
    "liver_lesions": Task(
        classes={"tumour": ("liver_lesions",)}, weights=("Dataset591_ct_liver_lesions_842subj", _FAST)
    ),
    "lung_nodules": Task(
        classes={"lung": ("lung", "lung_nodules"), "tumour": ("lung_nodules",)},
        weights=("Dataset913_lung_nodules", _CROP),
    ),
    "heartchambers_highres": Task(
        classes={
            "heart": (
                *("heart_myocardium", "heart_atrium_left", "heart_ventricle_left"),
                *("heart_atrium_right", "heart_ventricle_right"),
            )
        },
        weights=("Dataset301_heart_highres_1559subj", _CROP),
        needs_licence=True,
    ),
}
FREE_LICENCE = "Apache-2.0"
UNUSED_FREE_TASKS = ("lung_vessels", "trunk_cavities", "pleural_pericard_effusion")
