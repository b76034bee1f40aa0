"""Images and structures of cases as the routes see them: found, permitted, and derived once."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
from teleneedle.engines.trajectories import large_parts

PACKING_LEVEL = 4
"""Packed once and sent often. Level 1 leaves a tenth more of a distance field, level 6 saves a hundredth."""
SHAPES: dict[str, Callable[[LabelMap], bytes]] = {"mesh": mesh_container, "distance": distance_container}


def large_distance_container(label_map: LabelMap, *, from_mm: float) -> bytes:
    """Signed distance to the parts in which a ball of `from_mm` fits, as the planner's rules mean them.

    Where nothing is that large, the container holds one point at the field's reach.
    """
    return distance_container(large_parts(label_map, diameter_mm=from_mm))


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

    def packed_shape(self, row: StructureRow, what: str) -> bytes:
        """``mesh`` or ``distance`` of a structure, gzip; made at the first asking, then kept."""
        return self._derived(f"{what}.gz/{row.series_id}/{row.sha256}", row, SHAPES[what])

    def packed_large_distance(self, row: StructureRow, from_mm: float) -> bytes:
        """Distance field of the parts that are at least `from_mm` thick, gzip, kept likewise."""
        source = f"distance-{from_mm:g}.gz/{row.series_id}/{row.sha256}"
        return self._derived(source, row, partial(large_distance_container, from_mm=from_mm))

    def _derived(self, source: str, row: StructureRow, make: Callable[[LabelMap], bytes]) -> bytes:
        known = self.images.derived(source)
        if known is not None:
            return self.objects.get(known)
        packed = gzip.compress(make(self.mask(row)), PACKING_LEVEL, mtime=0)
        self.images.keep_derived(source, self.objects.put(packed))
        return packed

    def structure_json(self, row: StructureRow, review: dict[str, Any]) -> dict[str, Any]:
        """A structure of the interface; `review` holds state, reviewer and time from the case."""
        return {**structure_facts(row), **review}
