"""Compile the picture kernels once, so that the first plan book does not wait for it."""

from __future__ import annotations

import numpy as np

from teleneedle.adapters.report.images import BookImages
from teleneedle.adapters.report.pictures import planes
from teleneedle.adapters.report.pictures.scene import Scene
from teleneedle.adapters.report.pictures.space import Space
from teleneedle.adapters.report.pictures.surfaces import ellipsoid_union_mesh
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume


def warm_up() -> None:
    """Draw one section and one 3-D view of a small ball; kernels stay in numba's cache on disk."""
    shape = (32, 32, 32)
    grid = Grid.regular(shape, spacing_mm=(2.0, 2.0, 2.0), frame_of_reference_uid="1.2")
    k, j, i = np.ogrid[:32, :32, :32]
    ball = (k - 16) ** 2 + (j - 16) ** 2 + (i - 16) ** 2 < 60
    label_map = LabelMap(array=ball, grid=grid)
    images = BookImages(
        volume=Volume(array=np.zeros(shape, np.int16), grid=grid),
        structures={"liver": label_map, "bone": label_map},
        target=label_map,
    )
    plane = planes.axial((32.0, 32.0, 32.0), width_mm=60, height_mm=50)
    Scene(images, 5.0).section(plane, paper_width_mm=40, needles=(), applications=())
    Space(images, (), ()).front_view(width_mm=60, height_mm=50, paper_width_mm=40)
    ellipsoid_union_mesh([(np.zeros(3), np.array([0.0, 0.0, 1.0]), 8.0, 6.0)])
