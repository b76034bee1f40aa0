"""Propose a plan, or evaluate an edited one; the plan folder becomes an immutable version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from teleneedle.adapters.devices.library import load_devices
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.plan_folder.write import write_plan_folder
from teleneedle.adapters.print_files import write_template
from teleneedle.adapters.rulebook.load import load_rule_book
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job
from teleneedle.adapters.sql.site_settings import DeviceRegister
from teleneedle.apps.hub.work.ct_files import load_series
from teleneedle.apps.hub.work.structures import load_structure, structure_payload
from teleneedle.core.case import Checklist
from teleneedle.core.casefile.events import Actor
from teleneedle.core.errors import DeviceError, StructureError
from teleneedle.core.plan import Plan
from teleneedle.engines.fabrication import build_template
from teleneedle.services.case_life import CaseLife
from teleneedle.services.evaluate_edit import EditedNeedles, evaluate_edit
from teleneedle.services.propose_plan import PlanRequest, ProposedPlan, propose_plan

COMPARED = (
    "punctures",
    "applications",
    "target_pct",
    "ptv_pct",
    "min_margin_mm",
    "nearest_vessel_mm",
    "total_time_s",
    "safe_pct",
)
"""Figures by which versions are compared at a glance."""
VESSELS = ("vessels", "portal_vein", "hepatic_veins", "artery")


def propose_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Plan (or evaluate ``payload['edit']``) and write the plan folder below `folder`."""
    job = JobFolder(Path(folder))
    series = load_series(payload["about"], Path(payload["voxels"]))
    series.require_hounsfield()
    structures = tuple(load_structure(s, series.volume.grid) for s in payload["structures"])
    device = load_devices().get(payload["device_id"])
    if device is None:
        raise DeviceError("there is no such device", where=payload["device_id"])
    rules = load_rule_book()
    created = datetime.now(UTC)
    inputs = {
        "ct": series.source_sha256,
        "structures": hashlib.sha256(
            "".join(sorted(s["sha256"] for s in payload["structures"])).encode()
        ).hexdigest(),
        "checklist": hashlib.sha256(
            json.dumps(payload["checklist"], sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest(),
    }
    request = PlanRequest(
        series=series,
        structures=structures,
        device=replace(device, verified_by=payload["verified_by"]),
        margin_mm=payload["margin_mm"],
        needles=payload.get("needles"),
        target_name=payload.get("target"),
        accept_unreviewed=payload["accept_unreviewed"],
        accept_unverified_device=payload["accept_unverified_device"],
        checklist=Checklist(answers=payload["checklist"], answered_by=payload["answered_by"]),
        rules=rules.rules,
        care=rules.care,
        contingency=rules.contingency,
        created=created,
        plan_id=f"TN-{created:%Y%m%d}-{payload['job_id'][:6].upper()}",
        input_sha256=inputs,
        warnings=series.warnings,
    )
    edit = payload.get("edit")
    if edit is None:
        proposed = propose_plan(request, progress=job.progress, cancel=job.cancel)
    else:
        proposed = evaluate_edit(
            request, EditedNeedles.from_json(edit), progress=job.progress, cancel=job.cancel
        )
    proposed = replace(proposed, plan=replace(proposed.plan, version=payload["version"]))
    out = job.path / "plan"
    out.mkdir()
    sha256 = write_plan_folder(
        out,
        proposed,
        series=series,
        structures=structures,
        stage=lambda _name: nullcontext(),
        progress=job.progress,
        cancel=job.cancel,
    )
    job.progress("template", 0.0)
    _print_template(proposed, out / "print", sha256)
    return {"plan_sha256": sha256, "summary": plan_summary(proposed), "plan_id": proposed.plan.id}


def _print_template(proposed: ProposedPlan, folder: Path, sha256: str) -> None:
    """The template, or a report that says why there is none."""
    body = proposed.anatomy.get("body", proposed.anatomy.get("skin"))
    try:
        if body is None:
            raise StructureError("a template needs the body")
        needles = proposed.plan.needles
        write_template(build_template(needles, body), folder, needles=needles, plan_sha256=sha256)
    except StructureError as error:
        folder.mkdir(exist_ok=True)
        report = {"plan_sha256": sha256, "watertight": False, "reason": str(error)}
        (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def plan_summary(proposed: ProposedPlan) -> dict[str, Any]:
    """The figures that versions are compared by."""
    plan: Plan = proposed.plan
    near = [c.min_distance_mm for n in plan.needles for c in n.clearances if c.structure in VESSELS]
    safe = [n.robustness.safe_pct for n in plan.needles if n.robustness is not None]
    statuses = [check.status for check in plan.checks]
    return {
        "punctures": plan.coverage.punctures,
        "applications": plan.coverage.applications,
        "target_pct": plan.coverage.p50.target_pct,
        "ptv_pct": plan.coverage.p50.ptv_pct,
        "min_margin_mm": plan.coverage.p50.min_margin_mm,
        "nearest_vessel_mm": min(near) if near else None,
        "total_time_s": sum(a.time_s for a in plan.applications),
        "safe_pct": min(safe) if safe else None,
        "device_id": plan.device.id,
        "margin_mm": plan.target.margin_mm,
        "target": plan.target.name,
        "checks": {status: statuses.count(status) for status in ("pass", "warn", "fail", "unknown")},
        "failed_checks": [check.id for check in plan.checks if check.status == "fail"],
    }


@dataclass(frozen=True, kw_only=True)
class ProposeWork:
    """Job kinds ``proposal`` and ``evaluation``."""

    objects: ObjectStore
    images: ImageStore
    life: CaseLife
    devices: DeviceRegister
    folder: Path
    task: Callable[[dict[str, Any], str], dict[str, Any]] = propose_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """Series, structures with their reviews, checklist, and who verified the device."""
        payload = dict(job.payload)
        if "base_sha256" in payload:
            payload.update(self._of_base(payload))
        found = self.images.series(payload["series_id"])
        device = self.devices.known().get(payload["device_id"])
        if found is None or device is None:
            raise StructureError("the series or the device is gone", where=payload["series_id"])
        _, about = found
        case = self.life.load(job.case_id)
        reviews = {
            s.name: {"reviewer": s.review.reviewer.name, "reviewed_at": s.review.at.isoformat()}
            for s in case.structures.values()
            if s.review is not None and s.is_reviewed
        }
        rows = [r for r in self.images.structures(job.case_id) if r.series_id == payload["series_id"]]
        if not rows:
            raise StructureError("there are no structures yet", remedy="have them proposed first")
        return {
            **payload,
            "job_id": job.id,
            "version": len(self.images.plans(job.case_id)) + 1,
            "about": {key: value for key, value in about.items() if key != "frame_ends"},
            "voxels": str(self.objects.path(about["levels"][0]["object"])),
            "structures": [structure_payload(r, self.objects, reviews.get(r.name, {})) for r in rows],
            "checklist": dict(case.checklist.answers) if case.checklist else {},
            "answered_by": case.checklist.answered_by.name if case.checklist else "",
            "verified_by": device.verified_by,
        }

    def _of_base(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What an edited plan inherits from the version it was made from."""
        base = self.images.plan(payload["base_sha256"])
        if base is None:
            raise StructureError("the plan that was edited is gone", where=payload["base_sha256"])
        summary = json.loads(base.summary)
        before = json.loads(self.objects.get(json.loads(base.files)["plan.json"]))
        aims = {needle["id"]: needle["target_lps"] for needle in before["needles"]}
        return {
            "edit": {**payload["edit"], "aims": aims},
            "series_id": summary["series_id"],
            "device_id": summary["device_id"],
            "margin_mm": summary["margin_mm"],
            "target": summary["asked_target"],
            "accept_unreviewed": summary["accept_unreviewed"],
            "accept_unverified_device": summary["accept_unverified_device"],
        }

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """Nothing but progress comes."""

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Keep the plan folder, append the event that names it."""
        place = self.folder / job.id / "plan"
        files = {
            str(path.relative_to(place)): self.objects.put_file(path)
            for path in sorted(place.rglob("*"))
            if path.is_file()
        }
        prepared = self.prepare(job)
        is_edit = job.kind == "evaluation"
        keys = ("series_id", "accept_unreviewed", "accept_unverified_device")
        summary = {
            **outcome["summary"],
            **{key: prepared[key] for key in keys},
            "asked_target": prepared.get("target"),
            "plan_id": outcome["plan_id"],
        }
        found = self.images.series(prepared["series_id"])
        with self.images.change(job.case_id) as session:
            row = self.images.add_plan(
                session,
                plan_sha256=outcome["plan_sha256"],
                case_id=job.case_id,
                parent_sha256=job.payload.get("base_sha256", ""),
                kind="edited" if is_edit else "auto",
                label=job.payload.get("label") or "",
                author=job.person_name,
                summary=summary,
                files=files,
            )
            done = self.life.append_system(
                job.case_id,
                command_id=f"job/{job.id}",
                kind="plan.edited" if is_edit else "plan.proposed",
                body={
                    "plan_sha256": row.plan_sha256,
                    "version": row.version,
                    "structures": {s["name"]: s["sha256"] for s in prepared["structures"]},
                    "series_sha256": found[0].sha256 if found else "",
                    "failed_checks": summary["failed_checks"],
                    "parent_sha256": row.parent_sha256 or None,
                    "kind": row.kind,
                    "label": row.label,
                    "device_id": summary["device_id"],
                    "margin_mm": summary["margin_mm"],
                    "checks": summary["checks"],
                    "summary": {key: summary[key] for key in COMPARED},
                },
                by=Actor(id=job.person_id, name=job.person_name, role=job.role),
                within=session,
            )
        self.life.announce(done)
        return {"plan_sha256": row.plan_sha256, "version": row.version, "summary": summary}
