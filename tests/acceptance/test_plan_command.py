"""The command line as a user runs it: a synthetic patient and a real one, from CT to plan folder."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from teleneedle.adapters.plan_folder.schema import check_plan_document

ACCEPT = ("--accept-unreviewed", "--accept-unverified-device")


def teleneedle(*arguments: object, timeout_s: float = 280) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "teleneedle.apps.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def pdf_text(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("phantom") / "patient"
    done = teleneedle("phantom", "liver-mwa", "--out", out, "--seed", 3, "--json")
    assert done.returncode == 0, done.stderr
    written: dict[str, str] = json.loads(done.stdout)
    return written


@pytest.fixture(scope="module")
def planned(patient: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The phantom planned from its CT alone, the tumour drawn by a box."""
    out = tmp_path_factory.mktemp("plan") / "out"
    done = teleneedle(
        "plan", patient["ct"], "--modality", "mwa", "--out", out, "--target-box", patient["target_box"],
        "--checklist", patient["checklist"], "--json", *ACCEPT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out, json.loads(done.stdout)


def test_the_plan_folder_is_complete_and_follows_the_schema(planned: tuple[Path, dict[str, Any]]) -> None:
    out, summary = planned
    document = json.loads((out / "plan.json").read_text())
    check_plan_document(document)
    assert summary["plan_sha256"] == hashlib.sha256((out / "plan.json").read_bytes()).hexdigest()
    for name in ("plan-zh.pdf", "plan-en.pdf", "timings.json", "dicom/structures-seg.dcm"):
        assert (out / name).stat().st_size > 0
    for record in document["structures"]:
        assert (out / "structures" / f"{record['name']}.nii.gz").is_file()
    for percentile in ("p10", "p50", "p90"):
        assert (out / "zones" / f"zone-{percentile}.nii.gz").is_file()


def test_the_zone_file_covers_the_true_tumour(
    planned: tuple[Path, dict[str, Any]], patient: dict[str, str]
) -> None:
    out, _ = planned
    zone = sitk.GetArrayFromImage(sitk.ReadImage(str(out / "zones" / "zone-p50.nii.gz"))) > 0
    tumour = sitk.GetArrayFromImage(sitk.ReadImage(str(Path(patient["truth"]) / "tumour1.nii.gz"))) > 0
    assert np.count_nonzero(zone & tumour) / np.count_nonzero(tumour) >= 0.99


def test_the_needle_keeps_clear_of_the_true_anatomy(
    planned: tuple[Path, dict[str, Any]], patient: dict[str, str]
) -> None:
    """The needle planned on automatic structures, against the truth it never saw."""
    out, _ = planned
    document = json.loads((out / "plan.json").read_text())
    for needle in document["needles"]:
        entry, tip = np.array(needle["entry_lps"]), np.array(needle["tip_lps"])
        points = entry + np.linspace(0, 1, 400)[:, None] * (tip - entry)
        for name in ("bone", "lung", "gallbladder", "stomach", "bowel", "kidney", "heart"):
            mask = sitk.ReadImage(str(Path(patient["truth"]) / f"{name}.nii.gz"))
            array = sitk.GetArrayViewFromImage(mask)
            index = [mask.TransformPhysicalPointToIndex(p.tolist()) for p in points]
            inside = [
                array[k, j, i] for i, j, k in index if all(n >= 0 for n in (i, j, k)) and k < array.shape[0]
            ]
            assert not any(inside), f"needle {needle['id']} passes through {name}"


def test_the_book_carries_the_hash_of_the_plan(planned: tuple[Path, dict[str, Any]]) -> None:
    out, summary = planned
    for language in ("zh", "en"):
        text = pdf_text(out / f"plan-{language}.pdf").replace(" ", "")
        assert summary["plan_sha256"][:16] in text
        assert "科研软件，非医疗器械" in text
        assert "Researchsoftware,notamedicaldevice" in text


def test_the_same_input_gives_the_same_plan(
    planned: tuple[Path, dict[str, Any]], patient: dict[str, str], tmp_path: Path
) -> None:
    done = teleneedle(
        "plan", patient["ct"], "--modality", "mwa", "--out", tmp_path / "again", "--target-box",
        patient["target_box"], "--checklist", patient["checklist"], *ACCEPT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first = json.loads((planned[0] / "plan.json").read_text())
    second = json.loads((tmp_path / "again" / "plan.json").read_text())
    for key in ("created", "timings_s"):
        first.pop(key), second.pop(key)
    assert first == second


def test_unreviewed_and_unverified_input_is_refused_by_name(patient: dict[str, str], tmp_path: Path) -> None:
    done = teleneedle(
        "plan",
        patient["ct"],
        "--modality",
        "mwa",
        "--out",
        tmp_path / "out",
        "--structures",
        patient["truth"],
    )
    assert done.returncode == 1
    assert "liver" in done.stderr
    assert "--accept-unreviewed" in done.stderr
    assert "--accept-unverified-device" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_risk_factor_reaches_the_book(tmp_path: Path) -> None:
    """Post-hepatectomy patient with bilioenteric anastomosis: abscess watch and prophylaxis in the book."""
    done = teleneedle("phantom", "liver-rfa", "--out", tmp_path / "patient", "--seed", 1, "--json")
    assert done.returncode == 0, done.stderr
    patient = json.loads(done.stdout)
    done = teleneedle(
        "plan", patient["ct"], "--modality", "rfa", "--out", tmp_path / "out",
        "--structures", patient["truth"], "--reviewed-by", "专家甲",
        "--checklist", patient["checklist"], *ACCEPT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "plan.json").read_text())
    assert any(item["raised"] for item in document["care"])
    assert "专家甲" in {record["reviewer"] for record in document["structures"]}
    text = pdf_text(tmp_path / "out" / "plan-zh.pdf")
    assert "脓肿" in text
    assert "四联" in text


def test_real_ct_with_expert_masks(real_data: Path, tmp_path: Path) -> None:
    done = teleneedle(
        "plan", real_data / "ircad17" / "PATIENT_DICOM", "--structures", real_data / "ircad17" / "masks",
        "--modality", "mwa", "--out", tmp_path / "out", "--json", *ACCEPT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "plan.json").read_text())
    check_plan_document(document)
    assert document["target"]["volume_ml"] == pytest.approx(85.6 + 78.6, rel=0.01)
    coverage = document["coverage"]
    assert coverage["target_pct"] == 100.0 or document["coverage"]["statement"]["en"]
    assert {n["id"] for n in document["needles"]} == {a["needle"] for a in document["applications"]}


def test_real_ct_alone(real_data: Path, tmp_path: Path) -> None:
    done = teleneedle(
        "plan", real_data / "ircad17" / "PATIENT_DICOM", "--modality", "mwa", "--out", tmp_path / "out",
        "--json", *ACCEPT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "plan.json").read_text())
    assert any("nobody" in w["en"] or "proposed" in w["en"] for w in document["warnings"])
