"""Images and structures of cases as the routes see them: found, permitted, and derived once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teleneedle.adapters.anatomy_shapes import distance_container, mesh_container
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.packed_masks import unpack_mask
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.image_tables import SeriesRow, StructureRow
from teleneedle.apps.hub.problems import not_found
from teleneedle.apps.hub.uploads import Uploads
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.hub.work.structures import structure_facts
from teleneedle.core.image import LabelMap

SHAPES: dict[str, Callable[[LabelMap], bytes]] = {"mesh": mesh_container, "distance": distance_container}


@dataclass(frozen=True, kw_only=True)
class Imaging:
    """Kept as ``hub.imaging``."""

    objects: ObjectStore
    images: ImageStore
    uploads: Uploads

    def series(self, series_id: str) -> tuple[SeriesRow, dict[str, Any]]:
        """A series and what is known of it; not-found otherwise."""
        found = self.images.series(series_id)
        if found is None:
            raise not_found(f"series {series_id}")
        return found

    def mask(self, row: StructureRow) -> LabelMap:
        """Voxels of one version of a structure, on the grid of its series."""
        _, about = self.series(row.series_id)
        return unpack_mask(self.objects.get(row.sha256), series_grid(about))

    def shape(self, row: StructureRow, what: str) -> bytes:
        """``mesh`` or ``distance`` of a structure, computed at the first asking."""
        source = f"{what}/{row.series_id}/{row.sha256}"
        known = self.images.derived(source)
        if known is not None:
            return self.objects.get(known)
        content = SHAPES[what](self.mask(row))
        self.images.keep_derived(source, self.objects.put(content))
        return content

    def structure_json(self, row: StructureRow, review: dict[str, Any]) -> dict[str, Any]:
        """A structure of the interface; `review` holds state, reviewer and time from the case."""
        return {**structure_facts(row), **review}
