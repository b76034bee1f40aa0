"""The ablation plan book (消融手术计划书) as PDF, Chinese or English, typeset by Typst.

Every text of the plan reaches the typesetter as data, never as markup, from a temporary folder that
holds nothing but the book's own files; no network and no package is used.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Literal

import segno
import typst

from teleneedle.adapters.plan_folder.encode import plan_sha256
from teleneedle.adapters.report import texts
from teleneedle.adapters.report.content.anatomy import anatomy_page
from teleneedle.adapters.report.content.closing import checks_page, closing_page
from teleneedle.adapters.report.content.cover import cover_page, person
from teleneedle.adapters.report.content.needle import needle_pages
from teleneedle.adapters.report.content.settings import settings_page
from teleneedle.adapters.report.facts import Json, clean, number, pair, short_hash
from teleneedle.adapters.report.fonts import font_files, load_fonts
from teleneedle.adapters.report.images import BookImages, BookPictures
from teleneedle.adapters.report.pictures.charts import margin_distribution, margin_map
from teleneedle.adapters.report.pictures.views import render_all
from teleneedle.core.errors import OutputError
from teleneedle.core.plan import Plan

Language = Literal["zh", "en"]
LAYOUT = (
    "book.typ",
    "style.typ",
    "cover.typ",
    "anatomy.typ",
    "needle.typ",
    "settings.typ",
    "care.typ",
    "closing.typ",
)
HEADER_NAME_LENGTH = 28


def render_book_pictures(plan: Plan, images: BookImages) -> BookPictures:
    """All pictures of the book; made once, used by both languages."""
    return render_all(plan, images)


def write_plan_book(
    plan: Plan,
    images: BookImages | BookPictures,
    out: Path,
    *,
    language: Language,
) -> None:
    """Write the plan book to `out` (PDF/A-2b, fonts embedded); nothing is left there on failure.

    Parameters
    ----------
    plan : Plan
    images : BookImages or BookPictures
        Pictures made by `render_book_pictures` are shared between languages; else they are made here.
    out : Path
        The PDF; its folder must exist.
    language : {"zh", "en"}
        Which language stands first.

    Raises
    ------
    OutputError
        If a font is missing, or the file cannot be written.
    """
    fonts = load_fonts(font_files())
    pictures = images if isinstance(images, BookPictures) else render_book_pictures(plan, images)
    with tempfile.TemporaryDirectory(prefix="teleneedle-book-") as folder:
        root = Path(folder)
        _lay_out(root, book_content(plan, pictures), pictures, _charts(plan, pictures, language))
        pdf = _typeset(root, fonts, language, plan)
    _write_whole(pdf, Path(out))


def book_content(plan: Plan, pictures: BookPictures) -> Json:
    """Everything the layout prints, as plain values."""
    digest = plan_sha256(plan)
    name = person(plan.patient_name)
    if len(name) > HEADER_NAME_LENGTH:
        name = name[: HEADER_NAME_LENGTH - 1] + "…"
    grid = pictures.grid
    return {
        "labels": {key: pair(value) for key, value in texts.LABELS.items()},
        "status": {key: pair(value) for key, value in texts.STATUS.items()},
        "id": clean(plan.id),
        "version": str(plan.version),
        "created": f"{plan.created:%Y-%m-%d %H:%M %z}".strip(),
        "modality": pair(texts.MODALITY[plan.modality]),
        "modality_short": plan.modality.value.upper(),
        "hash": digest,
        "hash_short": short_hash(digest) + "…",
        "header_name": name or None,
        "header_id": clean(plan.patient_id)[:HEADER_NAME_LENGTH] or None,
        "header_target": clean(plan.target.name)[:HEADER_NAME_LENGTH],
        "cover": cover_page(plan),
        "anatomy": anatomy_page(plan, grid),
        "needles": needle_pages(plan, grid),
        "settings": settings_page(plan),
        "care": checks_page(plan),
        "closing": closing_page(plan, digest),
        "has_margins": pictures.margins is not None,
        "pictures": {key: _placement(key, pictures) for key in pictures.pictures},
        "drawn": sorted(pictures.drawn),
    }


def _placement(key: str, pictures: BookPictures) -> Json:
    picture = pictures.pictures[key]
    x, y, z = (float(c) for c in picture.plane.centre)
    return {
        "width": picture.paper_width_mm,
        "height": picture.paper_height_mm,
        "x": number(x),
        "y": number(y),
        "z": number(z),
    }


def _charts(plan: Plan, pictures: BookPictures, language: Language) -> dict[str, str]:
    if pictures.margins is None:
        return {}
    number = 0 if language == "zh" else 1
    return {
        "margin-map": margin_map(pictures.margins, plan, number),
        "margin-distribution": margin_distribution(pictures.margins, plan.target.margin_mm, number),
    }


def _lay_out(root: Path, document: Json, pictures: BookPictures, charts: dict[str, str]) -> None:
    """Put layout, data, pictures and the QR code into the typesetter's folder."""
    source = files("teleneedle.adapters.report") / "layout"
    for name in LAYOUT:
        (root / name).write_bytes((source / name).read_bytes())
    (root / "book.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    for key, picture in pictures.pictures.items():
        (root / f"{key}.jpg").write_bytes(picture.jpeg)
        (root / f"{key}.svg").write_text(picture.svg, encoding="utf-8")
    for key, chart in charts.items():
        (root / f"{key}.svg").write_text(chart, encoding="utf-8")
    code = io.BytesIO()
    segno.make(f"{document['id']} v{document['version']} sha256:{document['hash']}", error="m").save(
        code, kind="svg", border=0, xmldecl=False, dark="#16191D"
    )
    (root / "qr.svg").write_bytes(code.getvalue())


def _typeset(root: Path, fonts: typst.Fonts, language: Language, plan: Plan) -> bytes:
    try:
        compiler = typst.Compiler(
            str(root / "book.typ"), root=str(root), font_paths=fonts, sys_inputs={"language": language}
        )
        pdf = compiler.compile(
            format="pdf", pdf_standards="a-2b", timestamp=int(plan.created.timestamp()), pdf_tags=False
        )
    except typst.TypstError as error:
        raise OutputError(
            "the plan book could not be typeset",
            where=str(error.message),
            remedy="report this with the plan folder",
        ) from error
    if not isinstance(pdf, bytes):
        raise OutputError("the plan book could not be typeset", where="no document came back")
    return pdf


def _write_whole(pdf: bytes, out: Path) -> None:
    """Write beside the destination, then rename."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(pdf)
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(
            "the plan book could not be written",
            where=str(out),
            remedy=error.strerror or "check folder and disk",
        ) from error
