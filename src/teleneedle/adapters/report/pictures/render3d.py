"""A small software renderer: orthographic, z-buffer, smooth matt shading, ordered transparency.

It needs no graphics card and no window, and draws the same picture on every machine.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.adapters.report.pictures.surfaces import Mesh
from teleneedle.core.geometry import unit

Pixels = NDArray[np.float32]
FAR_MM = np.float32(1e6)
OVERSAMPLING = 2
BANDS = 8
LIGHT = unit((-0.35, 0.55, -0.9))
"""Direction to the light in view space (right, up, into the picture)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """One mesh with its colour (``#RRGGBB``) and opacity (1 = solid)."""

    mesh: Mesh
    colour: str
    opacity: float = 1.0


def render(bodies: Sequence[Body], view: Plane, *, columns: int) -> NDArray[np.uint8]:
    """(rows, columns, 3) picture on white of `bodies` seen through `view`, orthographic.

    Solid bodies hide each other; of each see-through body the layer nearest to the viewer is
    blended over them, far to near.
    """
    rows = max(1, round(columns * view.height_mm / view.width_mm))
    width, height = columns * OVERSAMPLING, rows * OVERSAMPLING
    drawn = [body for body in bodies if len(body.mesh.triangles)]
    solid = [body for body in drawn if body.opacity >= 1.0]
    clear = [body for body in drawn if body.opacity < 1.0]
    depth = np.full((height, width), FAR_MM, np.float32)
    shade = np.zeros((height, width), np.float32)
    owner = np.full((height, width), -1, np.int8)
    for number, body in enumerate(solid):
        _draw_body(body, view, depth, shade, owner, number)
    _contact_shade(depth, shade)
    layers = np.zeros((len(clear), height, width), np.float32)
    depths = np.full((len(clear), height, width), FAR_MM, np.float32)
    for number, body in enumerate(clear):
        _draw_body(body, view, depths[number], layers[number], owner, -1)
    return np.asarray(
        _compose(
            shade,
            owner,
            depth,
            _palette(solid),
            layers,
            depths,
            _palette(clear),
            np.array([body.opacity for body in clear], np.float32),
            OVERSAMPLING,
        )
    )


def render_jpeg(
    bodies: Sequence[Body], view: Plane, *, paper_width_mm: float, dots_per_inch: int = 300
) -> bytes:
    """JPEG of `render` at `dots_per_inch` on paper."""
    picture = render(bodies, view, columns=int(np.ceil(paper_width_mm / 25.4 * dots_per_inch)))
    buffer = io.BytesIO()
    Image.fromarray(picture).save(
        buffer, "JPEG", quality=90, subsampling=0, dpi=(dots_per_inch, dots_per_inch)
    )
    return buffer.getvalue()


def _palette(bodies: Sequence[Body]) -> NDArray[np.float32]:
    """(N, 3) colours, 0 to 1."""
    colours = [[int(b.colour[n : n + 2], 16) / 255.0 for n in (1, 3, 5)] for b in bodies]
    return np.array(colours, np.float32).reshape(-1, 3)


def _draw_body(
    body: Body, view: Plane, depth: Pixels, shade: Pixels, owner: NDArray[np.int8], number: int
) -> None:
    height, width = depth.shape
    points, normals = _to_view(body.mesh, view, width, height)
    _draw(points, normals, body.mesh.triangles, depth, shade, owner, number, LIGHT, BANDS)


def _to_view(mesh: Mesh, view: Plane, width: int, height: int) -> tuple[Pixels, Pixels]:
    """Vertices as (column, row, depth) and normals as (right, up, into the picture)."""
    frame = np.column_stack([view.right, view.up, view.look]).astype(np.float32)
    points = (mesh.vertices - view.centre.astype(np.float32)) @ frame
    points[:, 0] = (points[:, 0] / view.width_mm + 0.5) * width - 0.5
    points[:, 1] = (0.5 - points[:, 1] / view.height_mm) * height - 0.5
    return points, mesh.normals @ frame


@numba.njit(cache=True, parallel=True, fastmath=True)
def _draw(
    points: Any,
    normals: Any,
    triangles: Any,
    depth: Any,
    shade: Any,
    owner: Any,
    number: int,
    light: Any,
    bands: int,
) -> None:
    """Rasterise triangles into depth, shade and (where `number` ≥ 0) owner; bands of rows run in parallel."""
    height, width = depth.shape
    for band in numba.prange(bands):
        top = band * height // bands
        bottom = (band + 1) * height // bands
        for t in range(triangles.shape[0]):
            a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            ax, ay, bx, by, cx, cy = (
                points[a, 0],
                points[a, 1],
                points[b, 0],
                points[b, 1],
                points[c, 0],
                points[c, 1],
            )
            first = max(int(np.ceil(min(ay, by, cy))), top)
            last = min(int(np.floor(max(ay, by, cy))), bottom - 1)
            if first > last:
                continue
            left = max(int(np.ceil(min(ax, bx, cx))), 0)
            right = min(int(np.floor(max(ax, bx, cx))), width - 1)
            area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
            if left > right or abs(area) < 1e-9:
                continue
            for row in range(first, last + 1):
                for column in range(left, right + 1):
                    wb = ((column - ax) * (cy - ay) - (cx - ax) * (row - ay)) / area
                    wc = ((bx - ax) * (row - ay) - (column - ax) * (by - ay)) / area
                    wa = 1.0 - wb - wc
                    if wa < -1e-6 or wb < -1e-6 or wc < -1e-6:
                        continue
                    z = wa * points[a, 2] + wb * points[b, 2] + wc * points[c, 2]
                    if z >= depth[row, column]:
                        continue
                    depth[row, column] = z
                    nx = wa * normals[a, 0] + wb * normals[b, 0] + wc * normals[c, 0]
                    ny = wa * normals[a, 1] + wb * normals[b, 1] + wc * normals[c, 1]
                    nz = wa * normals[a, 2] + wb * normals[b, 2] + wc * normals[c, 2]
                    size = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
                    if nz > 0:
                        size = -size
                    lit = (nx * light[0] + ny * light[1] + nz * light[2]) / size
                    facing = abs(nz / size)
                    rim = 1.0 - 0.45 * (1.0 - facing) ** 4
                    shade[row, column] = (0.46 + 0.50 * max(lit, 0.0) + 0.10 * facing) * rim
                    if number >= 0:
                        owner[row, column] = number


@numba.njit(cache=True, parallel=True, fastmath=True)
def _contact_shade(depth: Any, shade: Any) -> None:
    """Darken what lies just behind a nearer edge, so that crossing vessels read in depth."""
    height, width = depth.shape
    for row in numba.prange(height):
        for column in range(width):
            here = depth[row, column]
            if here >= 1e5:
                continue
            hidden = 0.0
            for ring in range(1, 4):
                step = 3 * ring
                for direction in range(8):
                    dy = (0, 0, step, -step, step, step, -step, -step)[direction]
                    dx = (step, -step, 0, 0, step, -step, step, -step)[direction]
                    y = min(max(row + dy, 0), height - 1)
                    x = min(max(column + dx, 0), width - 1)
                    gap = here - depth[y, x]
                    if 1.5 < gap < 60.0:
                        hidden += 1.0 / ring
            factor = 1.0 - 0.32 * min(1.0, hidden / 8.0)
            shade[row, column] *= factor


@numba.njit(cache=True, parallel=True, fastmath=True)
def _compose(
    shade: Any,
    owner: Any,
    depth: Any,
    solid_rgb: Any,
    layers: Any,
    depths: Any,
    clear_rgb: Any,
    opacity: Any,
    factor: int,
) -> Any:
    """Blend the see-through layers over the solid picture, far to near, and average down to 8 bits."""
    count, height, width = depths.shape
    rows, columns = height // factor, width // factor
    picture = np.empty((rows, columns, 3), np.uint8)
    for out_row in numba.prange(rows):
        done = np.zeros(count, np.bool_)
        pixel = np.zeros(3)
        total = np.zeros(3)
        for out_column in range(columns):
            total[:] = 0.0
            for sub in range(factor * factor):
                row, column = out_row * factor + sub // factor, out_column * factor + sub % factor
                behind = depth[row, column]
                who = owner[row, column]
                for channel in range(3):
                    pixel[channel] = (
                        1.0 if who < 0 else min(1.0, solid_rgb[who, channel] * shade[row, column])
                    )
                done[:] = False
                for _ in range(count):
                    pick = -1
                    for n in range(count):
                        near = depths[n, row, column]
                        visible = near < behind and near < 1e5 and not done[n]
                        if visible and (pick < 0 or near > depths[pick, row, column]):
                            pick = n
                    if pick < 0:
                        break
                    done[pick] = True
                    for channel in range(3):
                        over = min(1.0, clear_rgb[pick, channel] * layers[pick, row, column])
                        pixel[channel] += opacity[pick] * (over - pixel[channel])
                for channel in range(3):
                    total[channel] += pixel[channel]
            for channel in range(3):
                picture[out_row, out_column, channel] = int(total[channel] / (factor * factor) * 255.0 + 0.5)
    return picture
