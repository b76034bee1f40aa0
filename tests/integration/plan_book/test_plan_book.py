"""The plan book as a reader sees it: every figure on paper, fonts inside, nothing outside its frame."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from teleneedle.adapters.plan_folder.encode import plan_sha256
from teleneedle.adapters.report.plan_book import write_plan_book
from teleneedle.core.errors import OutputError
from teleneedle.core.plan import Check, Plan

LANGUAGES = ("zh", "en")
PAGE_PT = (595.28, 841.89)
MARGIN_PT = 18 / 25.4 * 72
HOSTILE = (
    '#read("/etc/passwd")',
    "*bold* _it_ $x^2$ @ref <label> \\ #panic()",
    ']#eval("1+1")[',
    "</text><script>alert(1)</script>",
    "W" * 64,
    "欧阳" * 30,
    "王^小明=Wang^Xiaoming",
    "evil\u202ename\x00\x07",
    "",
)


def pdf_text(pdf: Path, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def packed(text: str) -> str:
    """Without white space and break chances, so that line breaks do not matter."""
    return re.sub(r"[\s\u200b\u202f]+", "", text)


def pages(pdf: Path) -> list[str]:
    return [packed(page) for page in pdf_text(pdf).split("\f")[:-1]]


def words(pdf: Path) -> list[tuple[int, float, float, float, float, str]]:
    """(page, left, top, right, bottom, word) in points."""
    found, page = [], 0
    for line in pdf_text(pdf, "-bbox").splitlines():
        page += "<page " in line
        hit = re.search(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', line)
        if hit:
            left, top, right, bottom = (float(hit.group(n)) for n in range(1, 5))
            found.append((page, left, top, right, bottom, hit.group(5)))
    return found


def facts(plan: Plan) -> dict[str, str]:
    """What must be on paper, formatted here on its own."""
    c, n, a = plan.coverage, plan.needles[0], plan.applications[0]
    alternative = plan.alternatives[0]
    point = "{0[0]:.1f},{0[1]:.1f},{0[2]:.1f}".format
    return {
        "id": plan.id,
        "hash": plan_sha256(plan)[:32],
        "hash end": plan_sha256(plan)[32:],
        "ct hash": plan.sha256["ct"][:32],
        "name": "DoeJane",
        "patient id": "PID-77",
        "age": "63",
        "study date": "2026-02-28",
        "created": "2026-03-0206:20",
        "target volume": "11.5ml",
        "diameters": "28.9×28.1×27.3mm",
        "centroid": "−28.0,4.0,6.0",
        "capsule": "22.6mm",
        "margin asked": "≥5.0mm",
        "mean hu": "55HU",
        "liver volume": "1210",
        "portal volume": "13.9",
        "reviewer": "DrWang2026-03-0213:52",
        "gate reason": "cutbythefieldofview",
        "inserted": f"{n.inserted_mm:.1f}mm",
        "tilt": "11.8°",
        "in-plane": "6.2°",
        "skin angle": "71°",
        "capsule angle": "58°",
        "liver before": "36.4mm",
        "gauge": "14G",
        "robust": "92%",
        "still covered": "88%",
        "entry": point(n.entry_lps).replace("-", "−"),
        "tip": point(n.tip_lps).replace("-", "−"),
        "table": f"I{-n.entry_lps[2]:.1f}mm",
        "portal clearance": "8.6≥5mm",
        "bone clearance": "41.7≥3mm",
        "a rounded figure keeps its side of the limit": "4.97(≥)5mm",
        "landmark zh": "剑突右侧34mm，向足19mm",
        "landmark en": "34mmrightofand19mmcaudaltothexiphoid",
        "reason": "8.6mmfromtheportalvein,shortestway",
        "power": "2×55W·8min",
        "zone": "44.8×34.2",
        "zone p10 p90": "P1038.4×29.6·P9050.6×38.8",
        "energy": f"{a.energy_kj:.1f}",
        "total energy": "53kJ",
        "total time": "16min·52.8kJ".replace("·", "・"),
        "spacing": "N1–N212.0mm",
        "min margin p10": f"{c.p10.min_margin_mm:.1f}",
        "min margin p50": f"{c.p50.min_margin_mm:.1f}mm",
        "min margin band": "P103.2–P907.2",
        "mean margin": "9.3",
        "ptv": "97.1",
        "below": "P1013%・P507%・P900%",
        "healthy": "30.7",
        "zone volume": "44.1",
        "thinnest": "−28.0,4.0,20.0",
        "organ p50": "7.7",
        "organ p90 negative": "−0.8",
        "alternative margin": f"{alternative.coverage.p50.min_margin_mm:.1f}mm",
        "alternative cover": "81%",
        "alternative vessel": "6.3mm",
        "alternative why": "margintoosmall",
        "check finding": "present",
        "check source": "PMC4938743",
        "contingency": ">5mm",
        "care": "temperaturefourtimesaday",
        "raised care": "d1–14abscesswatch",
        "warning": "unevenslices,resampled",
        "model": "zone-table0.9",
        "model parameter": "derating0.83",
        "device": "mwa-x,Kuang2006",
        "device state zh": "未经本院核实",
        "device state en": "notverifiedbythissite",
        "unreviewed zh": "未审核",
        "unreviewed en": "notreviewed",
        "uid": "1.2.840.99.1",
    }


FACTS = (
    "id", "hash", "hash end", "ct hash", "name", "patient id", "age", "study date", "created",
    "target volume", "diameters", "centroid", "capsule", "margin asked", "mean hu", "liver volume",
    "portal volume", "reviewer", "gate reason", "inserted", "tilt", "in-plane", "skin angle",
    "capsule angle", "liver before", "gauge", "robust", "still covered", "entry", "tip", "table",
    "portal clearance", "bone clearance", "a rounded figure keeps its side of the limit", "landmark zh",
    "landmark en", "reason", "power", "zone", "zone p10 p90", "energy", "total energy", "total time",
    "spacing", "min margin p10", "min margin p50", "min margin band", "mean margin", "ptv", "below",
    "healthy", "zone volume", "thinnest", "organ p50", "organ p90 negative", "alternative margin",
    "alternative cover", "alternative vessel", "alternative why", "check finding", "check source",
    "contingency", "care", "raised care", "warning", "model", "model parameter", "device",
    "device state zh", "device state en", "unreviewed zh", "unreviewed en", "uid",
)  # fmt: skip


@pytest.fixture(scope="session")
def printed(book: Any) -> dict[str, str]:
    return {language: "".join(pages(book.pdfs[language])) for language in LANGUAGES}


def test_the_list_of_facts_is_complete(book: Any) -> None:
    assert set(FACTS) == set(facts(book.plan))


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fact_is_printed(book: Any, printed: dict[str, str], language: str, fact: str) -> None:
    assert facts(book.plan)[fact] in printed[language]


def test_figures_are_the_same_in_both_languages(book: Any) -> None:
    texts = {language: pdf_text(book.pdfs[language]) for language in LANGUAGES}
    decimals = {language: Counter(re.findall(r"\d+\.\d+", text)) for language, text in texts.items()}
    assert sum(decimals["zh"].values()) > 100
    assert decimals["zh"] == decimals["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_carries_statement_number_id_and_hash(book: Any, language: str) -> None:
    texts = pages(book.pdfs[language])
    assert len(texts) == 5 + len(book.plan.needles)
    short = plan_sha256(book.plan)[:16]
    for number, text in enumerate(texts, start=1):
        assert "科研软件，非医疗器械" in text
        assert "Researchsoftware,notamedicaldevice" in text
        assert f"{number}/{len(texts)}" in text
        assert book.plan.id in text
        assert short in text
        assert "DoeJane" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_fonts_are_embedded_and_none_steps_in(book: Any, language: str) -> None:
    listed = subprocess.run(
        ["pdffonts", str(book.pdfs[language])], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()[2:]]
    names = {row[0].split("+")[1].removesuffix("-Identity-H") for row in rows}
    assert names == {
        "NotoSans-Regular",
        "NotoSans-Bold",
        "NotoSansCJKsc-Regular",
        "NotoSansCJKsc-Bold",
        "DejaVuSansMono",
    }
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def _outside(pdf: Path) -> list[str]:
    return [
        word
        for _, left, top, right, bottom, word in words(pdf)
        if left < MARGIN_PT - 1 or right > PAGE_PT[0] - MARGIN_PT + 1 or top < 20 or bottom > PAGE_PT[1] - 20
    ]


def _overlapping(pdf: Path) -> list[tuple[str, str]]:
    found = []
    listed = sorted(words(pdf))
    for n, (page, left, top, right, bottom, word) in enumerate(listed):
        for other_page, left2, top2, right2, bottom2, word2 in listed[n + 1 :]:
            if other_page != page or left2 > right:
                break
            across = min(right, right2) - max(left, left2)
            down = min(bottom, bottom2) - max(top, top2)
            height = min(bottom - top, bottom2 - top2)
            if across > 0.4 * min(right - left, right2 - left2) and down > 0.55 * height:
                found.append((word, word2))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_its_frame_or_covers_another(book: Any, language: str) -> None:
    assert _outside(book.pdfs[language]) == []
    assert _overlapping(book.pdfs[language]) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_printed_as_they_are_and_never_run(book: Any, tmp_path: Path, name: str) -> None:
    plan = replace(
        book.plan,
        patient_name=name,
        patient_id=name[:40] or "",
        id="TN-1",
        device=replace(book.plan.device, provenance=name),
    )
    out = tmp_path / "plan.pdf"
    write_plan_book(plan, book.pictures, out, language="zh")
    text = "".join(pages(out))
    clean = re.sub(r"[\^=\u202e\x00\x07]", "", name)
    assert packed(clean) in text
    assert "root:" not in text
    assert _outside(out) == []
    assert _overlapping(out) == []
    if not name:
        assert "姓名Patient" in text
        assert "未知" in pages(out)[0]


@pytest.mark.parametrize(("language", "word"), [("zh", "未知"), ("en", "unknown")])
def test_missing_values_are_printed_as_unknown(book: Any, tmp_path: Path, language: str, word: str) -> None:
    bare = [
        replace(n, capsule_angle_deg=None, liver_before_target_mm=None, robustness=None, landmark=("", ""))
        for n in book.plan.needles
    ]
    plan = replace(
        book.plan,
        needles=tuple(bare),
        target=replace(book.plan.target, capsule_distance_mm=None, mean_hu=None),
        alternatives=(replace(book.plan.alternatives[0], nearest_vessel_mm=None),),
        patient_age="",
        patient_sex="",
        study_date="",
    )
    out = tmp_path / "plan.pdf"
    write_plan_book(plan, book.pictures, out, language=language)  # type: ignore[arg-type]  # zh or en
    before, after = ("".join(pages(p)).count(word) for p in (book.pdfs[language], out))
    assert after - before == 4 * len(bare) + 2 + 1 + 2


def test_a_stop_blocks_the_signature_and_acknowledgements_are_printed(book: Any, tmp_path: Path) -> None:
    out = tmp_path / "plan.pdf"
    stop = Check(
        id="x", status="fail", rule=("凝血", "coagulation"), finding=("INR 3.1", "INR 3.1"), source="SIR"
    )
    write_plan_book(replace(book.plan, checks=(*book.plan.checks, stop)), book.pictures, out, language="en")
    cover, usual = pages(out)[0], pages(book.pdfs["en"])[0]
    assert cover.count("Signatureblocked:achecksaysstop") == 2
    assert "Signatureblocked" not in usual
    assert "INR3.1" in cover
    assert "STOP" in cover
    assert "GO,withconditions" in usual
    assert "1unreviewedstructuresaccepted" in usual
    assert "unverifieddevicetableaccepted" in usual


def test_long_plans_stay_in_their_frame(book: Any, tmp_path: Path) -> None:
    plan = book.plan
    many = replace(
        plan,
        checks=tuple(replace(plan.checks[n % 3], id=str(n)) for n in range(30)),
        structures=tuple(replace(plan.structures[n % 3], name=f"s{n}") for n in range(26)),
        applications=plan.applications * 5,
        needles=tuple(replace(n, clearances=n.clearances * 5) for n in plan.needles),
        targets=(plan.target, replace(plan.target, name="T2")),
        alternatives=plan.alternatives * 4,
    )
    pictures = replace(
        book.pictures,
        pictures={
            **book.pictures.pictures,
            **{f"alternative-{n}": book.pictures.pictures["alternative-0"] for n in range(4)},
        },
    )
    for language in LANGUAGES:
        out = tmp_path / f"{language}.pdf"
        write_plan_book(many, pictures, out, language=language)  # type: ignore[arg-type]  # zh or en
        assert _outside(out) == []
        assert _overlapping(out) == []


def test_a_needle_with_many_clearances_keeps_to_one_page(book: Any, tmp_path: Path) -> None:
    needles = tuple(replace(n, clearances=n.clearances * 5) for n in book.plan.needles)
    for language in LANGUAGES:
        out = tmp_path / f"{language}.pdf"
        write_plan_book(replace(book.plan, needles=needles), book.pictures, out, language=language)  # type: ignore[arg-type]  # zh or en
        assert len(pages(out)) == 5 + len(needles)


def test_the_same_plan_gives_the_same_bytes(book: Any, tmp_path: Path) -> None:
    out = tmp_path / "again.pdf"
    write_plan_book(book.plan, book.pictures, out, language="zh")
    assert out.read_bytes() == book.pdfs["zh"].read_bytes()
    assert list(tmp_path.iterdir()) == [out]


def test_missing_fonts_name_their_package_and_leave_nothing(
    book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    monkeypatch.setenv("TELENEEDLE_FONTS", str(fonts))
    with pytest.raises(OutputError, match="apt-get install fonts-noto-core fonts-noto-cjk fonts-dejavu-core"):
        write_plan_book(book.plan, book.pictures, tmp_path / "plan.pdf", language="zh")
    assert list(tmp_path.iterdir()) == [fonts]


def test_a_folder_that_cannot_take_the_book_is_a_clear_error(book: Any, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be written"):
        write_plan_book(book.plan, book.pictures, tmp_path / "no" / "plan.pdf", language="zh")


def test_pictures_are_at_least_300_dpi_and_the_file_small(book: Any) -> None:
    listed = subprocess.run(
        ["pdfimages", "-list", str(book.pdfs["zh"])], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()[2:]]
    assert len(rows) == len(book.pictures.pictures)
    assert all(int(row[12]) >= 299 and int(row[13]) >= 299 for row in rows)
    assert book.pdfs["zh"].stat().st_size < 5_000_000


def test_a_plan_without_needles_still_makes_a_book(book: Any, tmp_path: Path) -> None:
    from teleneedle.adapters.report.plan_book import render_book_pictures

    plan = replace(book.plan, needles=(), applications=(), alternatives=())
    out = tmp_path / "plan.pdf"
    write_plan_book(plan, render_book_pictures(plan, book.images), out, language="zh")
    texts = pages(out)
    assert len(texts) == 5
    assert "未计算" in "".join(texts)
    assert "没有其他可行方案" in "".join(texts)
