"""Compile every kernel once, so that no user waits for it."""

from __future__ import annotations

import numpy as np

from teleneedle.core.devices import Modality
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.engines.trajectories.constraints import default_rules
from teleneedle.engines.trajectories.describe import describe_path
from teleneedle.engines.trajectories.scene import PathScene
from teleneedle.engines.trajectories.search import search_paths


def warm_up() -> None:
    """Plan one needle in a small ball of tissue; the compiled kernels are kept on disk."""
    grid = Grid.regular((60, 60, 60), spacing_mm=(2.0, 2.0, 2.0), frame_of_reference_uid="1.2.3")
    k, j, i = np.indices(grid.shape)

    def ball(centre: tuple[int, int, int], radius_mm: float) -> LabelMap:
        away = np.sqrt((k - centre[0]) ** 2 + (j - centre[1]) ** 2 + (i - centre[2]) ** 2) * 2.0
        return LabelMap(array=away <= radius_mm, grid=grid)

    target = ball((30, 30, 30), 8.0)
    structures = {
        "body": ball((30, 30, 30), 55.0),
        "liver": ball((30, 30, 30), 25.0),
        "bone": ball((30, 45, 30), 5.0),
        "portal_vein": ball((30, 30, 42), 3.0),
    }
    rules = default_rules(modality=Modality.MWA, usable_length_mm=150.0, gauge=15)
    scene = PathScene.build(structures, target=target, rules=rules)
    search = search_paths(scene, target.centroid_lps(), rules, keep=8, spacing_deg=6.0)
    path = search.paths[0]
    describe_path(
        scene, path, rules, needle_id="N1", tip_depth_mm=path.aim_depth_mm, gauge=15, robustness_draws=8
    )
