"""Segmentations as 3D Slicer writes them, without SimpleITK, which is what reads them."""

from pathlib import Path

import numpy as np


def write_slicer(
    path: Path,
    layers: np.ndarray,
    segments: list[dict],
    spacing=(0.8, 1.1, 2.5),
    origin=(-20.0, 11.0, 37.5),
    direction=None,
) -> Path:
    """layers: slices × rows × columns, or layers × these. segments: fields of each (Name,
    LabelValue, Layer)."""
    direction = np.eye(3) if direction is None else direction
    axes = [
        f"({','.join(f'{value:.10g}' for value in direction[:, axis] * spacing[axis])})"
        for axis in range(3)
    ]
    layered = layers.ndim == 4
    shape = layers.shape[::-1]
    sizes = [shape[3], *shape[:3]] if layered else list(shape)
    header = [
        "NRRD0004",
        "type: unsigned char",
        f"dimension: {len(sizes)}",
        "space: left-posterior-superior",
        f"sizes: {' '.join(map(str, sizes))}",
        f"space directions: {'none ' if layered else ''}{' '.join(axes)}",
        f"kinds: {'list ' if layered else ''}domain domain domain",
        "encoding: raw",
        f"space origin: ({','.join(f'{value:.10g}' for value in origin)})",
    ]
    for number, fields in enumerate(segments):
        header += [f"Segment{number}_ID:=Segment_{number + 1}"] + [
            f"Segment{number}_{key}:={value}" for key, value in fields.items()
        ]
    data = np.moveaxis(layers, 0, -1) if layered else layers
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        "\n".join([*header, "", ""]).encode() + np.ascontiguousarray(data, np.uint8).tobytes()
    )
    return path
