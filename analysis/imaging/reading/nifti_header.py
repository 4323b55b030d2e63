"""NIfTI header: the position of its voxels in the patient.

It may say so twice (qform and sform), and once more how large voxels are (pixdim).

SimpleITK takes the direction of one of the two, whichever its version prefers, and the voxel size
of pixdim, and says nothing of what contradicts that; where axes are not perpendicular it takes the
other form, or fails. So both are held against what was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from nibabel.spatialimages import HeaderDataError

from analysis.core.word_lists import counted
from analysis.imaging.reading.headers import ReadingError, Remark
from analysis.imaging.reading.nifti import loaded
from analysis.imaging.reading.resampling import ALIGNED, affine, corners

# NIfTI's axes point to right, anterior and superior; DICOM's and SimpleITK's to left, posterior and
# superior.
TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
# Angles between axes that are nearer to a right angle than this are not worth a word (degrees).
RIGHT_ANGLE = 0.01
AXES = ("first", "second", "third")


def forms(path: Path) -> dict[str, np.ndarray]:
    """The qform and sform of a NIfTI file, as far as their codes say that they are set.

    They lead from indices to the patient's axes (LPS, mm), 4 × 4.
    """
    header = loaded(path).header
    found = {}
    for name in ("sform", "qform"):
        read = getattr(header, f"get_{name}", None)
        try:
            matrix = None if read is None else read(coded=True)[0]
        except (ValueError, HeaderDataError):  # a qform whose numbers are no rotation
            continue
        if (
            matrix is not None
            and np.isfinite(matrix).all()
            and abs(np.linalg.det(matrix[:3, :3])) > 1e-9
        ):
            found[name] = TO_LPS @ matrix
    return found


def shear(matrix: np.ndarray) -> tuple[str, float]:
    """The two axes that are furthest from perpendicular, and the angle between them (degrees)."""
    axes = matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0)
    angles = {
        pair: float(np.degrees(np.arccos(np.clip(axes[:, pair[0]] @ axes[:, pair[1]], -1, 1))))
        for pair in combinations(range(3), 2)
    }
    pair = max(angles, key=lambda each: abs(angles[each] - 90))
    return f"{AXES[pair[0]]} and {AXES[pair[1]]}", angles[pair]


def header_remarks(path: Path, image: sitk.Image) -> list[Remark]:
    """Remarks where the header differs from the image as read: how much, and what is used."""
    found = forms(path)
    if not found:
        return [
            Remark(
                "its header does not say where it lies in the patient (qform and sform are not"
                " set); only its voxel size is used, and its axes are taken as those of the patient"
            )
        ]
    used, ends = affine(image), corners(image.GetSize())
    apart = {name: (matrix - used) @ ends for name, matrix in found.items()}
    away = {name: float(np.abs(np.linalg.solve(used, each)).max()) for name, each in apart.items()}
    other = {name: share for name, share in away.items() if share > ALIGNED}
    if not other:
        return []
    taken = next((name for name in found if name not in other), None)
    return [
        Remark(
            _otherwise(
                name,
                found[name],
                mm=float(np.linalg.norm(apart[name][:3], axis=0).max()),
                voxels=share,
                taken=taken,
                image=image,
            ),
            "warning",
        )
        for name, share in other.items()
        if taken is not None or name == next(iter(other))
    ]


def _otherwise(
    name: str, matrix: np.ndarray, mm: float, voxels: float, taken: str | None, image: sitk.Image
) -> str:
    """name: the form that differs. taken: the one that agrees with what was read, if any does."""
    axes, angle = shear(matrix)
    far = f"voxels lie up to {mm:.2g} mm ({counted(f'{voxels:.2g}', 'voxel')}) apart"
    if taken is not None:
        why = (
            f"the {name}'s axes are sheared ({axes}: {angle:.2f}°)"
            if abs(angle - 90) > RIGHT_ANGLE
            else "one of them is wrong"
        )
        return (
            f"its header says twice where it lies, and {far} by sform and qform; the {taken} is"
            f" used; {why}"
        )
    sizes = [
        " × ".join(f"{each:.3g}" for each in lengths)
        for lengths in (np.linalg.norm(matrix[:3, :3], axis=0), image.GetSpacing())
    ]
    return (
        f"its header gives voxels of {sizes[0]} mm by the {name} and of {sizes[1]} mm by pixdim;"
        f" the direction of the {name} and the size of pixdim are used, so that {far}"
    )


def straightened(path: Path, found: Mapping[str, np.ndarray]) -> sitk.Image:
    """Image with perpendicular axes, corrected for rounding of its header.

    The axes are the nearest perpendicular ones, where rounding alone made the header's oblique to
    each other. By nibabel, since SimpleITK refuses such a header at any size of the fault.

    Raises ReadingError where that would move a voxel by more than ALIGNED of a voxel.
    """
    name, matrix = next(iter(found.items()))
    image = loaded(path)
    lengths = np.linalg.norm(matrix[:3, :3], axis=0)
    left, _, right = np.linalg.svd(matrix[:3, :3] / lengths)
    upright = matrix.copy()
    upright[:3, :3] = left @ right * lengths
    moved = (matrix - upright) @ corners(image.shape)
    if np.abs(np.linalg.solve(upright, moved)).max() > ALIGNED:
        axes, angle = shear(matrix)
        raise ReadingError(
            f"{path}: the axes of its header are sheared: the {axes} ({name}) meet at {angle:.2f}°"
            " and not at 90°, so that voxels would lie up to"
            f" {np.linalg.norm(moved[:3], axis=0).max():.2g} mm from their places; export the"
            " series again without the tilt, or resample the image to a rectangular grid"
        )
    volume = sitk.GetImageFromArray(
        np.ascontiguousarray(np.asanyarray(image.dataobj).reshape(image.shape[:3]).T)
    )
    volume.SetSpacing(lengths.tolist())
    volume.SetOrigin(upright[:3, 3].tolist())
    volume.SetDirection((left @ right).ravel().tolist())
    return volume
