"""One case from referral to downloaded template, by hand on the page: synthetic patient and real CT."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pydicom
import pytest
import trimesh
from playwright.sync_api import Page, expect

from teleneedle.apps.demo.cast import CENTRE_STAFF, HOSPITALS, hospital_staff

EXPERT, SURGEON, RADIOLOGIST = (player.email for player in CENTRE_STAFF)
OPERATOR = hospital_staff(HOSPITALS[1])[0].email
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
SLOW_MS = 180_000
CHECKLIST = {
    "Child-Pugh": "A",
    "Bilioenteric|胆肠": "no",
    "Four-drug|四联": "yes",
    "Biliary stent|胆道支架": "no",
    "Pacemaker|起搏器": "no",
    "ascites|腹水": "no",
    "infection|感染": "no",
    "consent signed|知情同意已签署": "yes",
}


@dataclass(frozen=True, kw_only=True)
class Patient:
    """Who it is, the folder with the CT, and where the tumour lies (LPS mm, x0 x1 y0 y1 z0 z1)."""

    name: str
    number: str
    birth_date: str
    folder: Path
    box: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """The language and the window of everybody in the story."""

    locale: str
    size: tuple[int, int]

    def say(self, zh: str, en: str) -> str:
        """The words on the page."""
        return zh if self.locale == "zh" else en


@pytest.fixture(params=["phantom", "ircad17"])
def patient(request: pytest.FixtureRequest) -> Patient:
    """The synthetic patient, and a real one with a tumour that experts drew."""
    if request.param == "phantom":
        folder: Path = request.getfixturevalue("phantom")
        identity = json.loads((folder / "identity.json").read_text(encoding="utf-8"))
        return Patient(
            name=identity["name"],
            number=identity["id"],
            birth_date=identity["birth_date"],
            folder=folder / "ct",
            box=tuple(json.loads((folder / "box.json").read_text())),
        )
    real: Path = request.getfixturevalue("real_data") / "ircad17"
    header = pydicom.dcmread(real / "PATIENT_DICOM" / "image_0", stop_before_pixels=True)
    return Patient(
        name=str(header.PatientName),
        number="IRCAD-17",
        birth_date=str(header.PatientBirthDate),
        folder=real / "PATIENT_DICOM",
        box=box_within(real / "masks" / "livertumor1.nii.gz", side_mm=30.0),
    )


def box_within(mask_file: Path, *, side_mm: float) -> tuple[float, ...]:
    """A cube in the middle of an expert's mask, LPS mm.

    The whole tumour is larger than 5 cm, which the rule book rightly does not let anybody sign.
    """
    image = nibabel.load(mask_file)
    voxels = np.argwhere(np.asarray(image.dataobj) > 0)
    middle = nibabel.affines.apply_affine(image.affine, voxels).mean(axis=0) * [-1.0, -1.0, 1.0]
    return tuple(float(m + half) for m in middle for half in (-side_mm / 2, side_mm / 2))


def test_from_referral_to_template(
    hub: Any, open_page: Open, shoot: Shoot, patient: Patient, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Refer, consent, checklist, CT; structures, review, plan, needle; MDT; two signatures; files."""
    is_real = request.node.callspec.params["patient"] == "ircad17"
    reader = Reader(locale="en", size=(1920, 1080)) if is_real else Reader(locale="zh", size=(1366, 768))
    label = f"{'ircad17' if is_real else 'phantom'}-{reader.locale}-{reader.size[0]}"

    def come_in(path: str, email: str) -> Page:
        return open_page(path, email=email, locale=reader.locale, size=reader.size)

    operator = come_in("/cases", OPERATOR)
    case = refer(operator, patient, reader)
    prepare(operator, reader)
    upload(operator, patient, reader)
    shoot(operator, f"story-{label}-1-uploaded")

    expert = come_in(f"/cases/{case}/planning", EXPERT)
    expert.wait_for_selector("[data-testid=image-state] [data-level='0']", state="attached", timeout=SLOW_MS)
    segment(expert, patient, reader)
    shoot(expert, f"story-{label}-2-structures")
    review(expert, reader)
    propose(expert, reader)
    shoot(expert, f"story-{label}-3-plan")
    drag_a_needle_and_undo(expert)
    expert.get_by_role("button", name=reader.say("提交会诊", "Send to MDT")).click()

    for email in (SURGEON, RADIOLOGIST):
        agree(come_in(f"/cases/{case}/mdt", email), reader)
    signing = come_in(f"/cases/{case}/mdt", EXPERT)
    expect(signing.get_by_role("button", name=reader.say("签署此版本", "Sign this version"))).to_be_visible()
    shoot(signing, f"story-{label}-4-mdt")
    sign(signing, reader)
    last = come_in(f"/cases/{case}/mdt", OPERATOR)
    sign(last, reader)
    approved = reader.say("双方已签署", "Both have signed")
    expect(last.get_by_text(re.compile(approved)).first).to_be_visible()
    shoot(last, f"story-{label}-5-approved")

    download(come_in(f"/cases/{case}/planning", OPERATOR), tmp_path, reader)


def refer(page: Page, patient: Patient, reader: Reader) -> str:
    """The operator opens a case; its id."""
    page.get_by_role("button", name=reader.say("新建转诊", "New referral")).click()
    form = page.get_by_role("dialog")
    form.get_by_label(reader.say("患者姓名", "Patient's name")).fill(patient.name)
    form.get_by_label(reader.say("病历号", "Patient number")).fill(patient.number)
    form.get_by_label(reader.say("性别", "Sex")).select_option("M")
    date = re.sub(r"(\d{4})(\d\d)(\d\d)", r"\1-\2-\3", patient.birth_date.replace("-", ""))
    form.get_by_label(reader.say("出生日期", "Birth date")).fill(date)
    form.get_by_label(reader.say("适应证", "Indication")).fill(reader.say("肝癌，单发", "HCC, single"))
    form.get_by_role("button", name=reader.say("提交转诊", "Refer"), exact=True).click()
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}"))
    return page.url.rsplit("/", 1)[1]


def prepare(page: Page, reader: Reader) -> None:
    """Consent and the pre-operative checklist."""
    page.get_by_role("button", name=reader.say("记录知情同意", "Record the consent")).click()
    page.get_by_label(reader.say("签署日期", "Signed on")).fill("2026-11-20")
    page.get_by_role("button", name=reader.say("保存", "Save"), exact=True).click()
    expect(page.get_by_label(reader.say("签署日期", "Signed on"))).to_have_count(0)
    for question, answer in {"INR": "1.1", "Platelets|血小板": "180", "Bilirubin|胆红素": "14"}.items():
        page.get_by_label(re.compile(question)).fill(answer)
    for question, answer in CHECKLIST.items():
        page.get_by_label(re.compile(question)).select_option(answer)
    page.get_by_role("button", name=reader.say("提交核查表", "Submit the checklist")).click()
    expect(page.get_by_text(re.compile(reader.say("填写$", "^Answered by")))).to_be_visible()


def upload(page: Page, patient: Patient, reader: Reader) -> None:
    """The folder with the CT, until its images are in the case."""
    page.get_by_role("button", name=reader.say("上传影像", "Upload images")).click()
    page.get_by_test_id("choose-folder").set_input_files(patient.folder)
    page.get_by_role("button", name=reader.say("开始上传", "Upload"), exact=True).click()
    done = page.get_by_text(reader.say("影像已加入病例", "The images are in the case"))
    expect(done).to_be_visible(timeout=SLOW_MS)


def segment(page: Page, patient: Patient, reader: Reader) -> None:
    """Structures appear by themselves; the tumour comes from a box around it."""
    expect(page.get_by_test_id("structure-liver")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_test_id("running-job")).to_be_hidden(timeout=SLOW_MS)
    page.keyboard.press("t")
    sides = page.get_by_role("spinbutton")
    for field, side in zip(sides.all()[:6], patient.box, strict=True):
        field.fill(f"{side:.1f}")
        field.press("Enter")
    page.get_by_role("button", name=reader.say("按框分割肿瘤", "Segment tumour in box")).click()
    expect(page.get_by_test_id("structure-tumour1")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_test_id("running-job")).to_be_hidden(timeout=SLOW_MS)
    page.keyboard.press("c")


def review(page: Page, reader: Reader) -> None:
    """Every structure gets the expert's name, the doubtful ones one by one."""
    name = re.compile(reader.say("^审核$", "^Review$"))
    rows = page.locator("[data-testid^=structure-]")
    for row in rows.all():
        button = row.get_by_role("button", name=name)
        if button.count():
            button.click()
            expect(button).to_be_hidden()
    expect(rows.get_by_role("button", name=name)).to_have_count(0)


def propose(page: Page, reader: Reader) -> None:
    """A plan with the first device, whose table nobody has verified yet: accepted knowingly."""
    page.get_by_label(reader.say("接受未核验器械表", "Accept unverified device table")).check()
    page.get_by_role("button", name=reader.say("生成方案", "Propose a plan")).click()
    page.wait_for_selector("[data-testid=coverage]", timeout=SLOW_MS)
    expect(page.locator("[data-testid=clearances] > div").first).to_be_visible(timeout=SLOW_MS)


def drag_a_needle_and_undo(page: Page) -> None:
    """The mouse moves the entry in a picture; the numbers follow, and undo brings them back."""
    handle = page.get_by_test_id("pane-in-line").get_by_test_id("needle-N1-entry")
    numbers = page.get_by_test_id("clearances")
    before = numbers.inner_text()
    at = handle.bounding_box()
    assert at
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y + 10, steps=8)
    page.mouse.up()
    expect(page.get_by_test_id("edited")).to_be_visible()
    assert numbers.inner_text() != before
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("edited")).to_be_hidden()
    assert numbers.inner_text() == before


def agree(page: Page, reader: Reader) -> None:
    """A member of the MDT agrees."""
    page.get_by_label(reader.say("同意", "Agree"), exact=True).check()
    page.get_by_role("button", name=reader.say("提交意见", "Give this opinion")).click()
    expect(page.get_by_text(reader.say("意见已提交", "Opinion given"))).to_be_visible()


def sign(page: Page, reader: Reader) -> None:
    """Read the hash, type its start, sign."""
    page.get_by_role("button", name=reader.say("签署此版本", "Sign this version")).click()
    dialog = page.get_by_role("dialog")
    start = dialog.locator("strong.text-needle").inner_text()
    dialog.get_by_role("textbox").press_sequentially(start)
    dialog.get_by_role("button", name=reader.say("签署", "Sign"), exact=True).click()
    expect(dialog).to_be_hidden()


def download(page: Page, folder: Path, reader: Reader) -> None:
    """Plan book, template and DICOM, judged by programs that are not ours."""
    page.get_by_role("tab", name=reader.say("文件", "Files")).click()

    def fetch(label: str) -> Path:
        with page.expect_download(timeout=SLOW_MS) as waiting:
            page.get_by_role("link", name=label).click()
        return Path(waiting.value.path()).rename(folder / waiting.value.suggested_filename)

    book = fetch(reader.say("计划书（中文）", "Plan book (English)"))
    assert book.read_bytes().startswith(b"%PDF-")
    plate = trimesh.load(fetch("STL"))
    assert plate.is_watertight
    assert plate.volume > 10_000
    with zipfile.ZipFile(fetch("3MF")) as archive:
        assert "3D/3dmodel.model" in archive.namelist()
