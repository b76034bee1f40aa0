"""Hospitals by name, for whoever is signed in: where a case may be opened and cases are filtered by."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import current_person

router = APIRouter(prefix="/api/sites", tags=["cases"], dependencies=[Depends(current_person)])


class SiteName(BaseModel):
    """A hospital as everybody knows it."""

    id: str
    name: str


@router.get("", response_model=list[SiteName])
def list_hospitals(hub: Annotated[Hub, Depends(hub_of)]) -> list[dict[str, Any]]:
    """Hospitals in use, by name."""
    rows = hub.identity.sites()
    return [{"id": row.id, "name": row.name} for row in rows if row.is_active and row.kind == "hospital"]
