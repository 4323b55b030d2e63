"""What filters of images can use: sigmas that a voxel can show, a margin that an image has."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.core.word_lists import counted

# Of the finest side of a voxel. ITK's filter of a Gaussian that is narrower than this has no
# neighbour to average: against white noise on a grid of 1 mm, the images of sigma 0.05, 0.1 and
# 0.2 mm correlate by more than .99 (they are one image, each voxel against its six neighbours,
# times sigma squared), and at 0.5 mm the amplitude is still half as large again as a Laplacian of
# Gaussian's; from 1 mm on it is right to 5% (tests/study/test_extraction_reach.py).
NARROWEST = 0.5
WIDEST_PADDING = 200


def check_sigmas(sigmas: Iterable[float], spacing: Iterable[float | None]) -> None:
    """Check the sigmas (mm) of the Laplacian of Gaussian against the voxels (mm) they filter.

    Sides of a voxel that are not known yet are None, and nothing is said then. Raises ValueError
    for a sigma below half of the finest side.
    """
    sides = list(spacing)
    known = [side for side in sides if side is not None]
    if len(known) < len(sides) or not known:
        return
    finest = min(known)
    for sigma in sigmas:
        if sigma < NARROWEST * finest:
            raise ValueError(
                f"log_sigma_mm: a Gaussian of {sigma:g} mm lies within one voxel of {finest:g} mm,"
                " so nothing is smoothed: every such sigma gives the same image, the difference of"
                f" each voxel from its neighbours; take {NARROWEST * finest:g} mm or more"
                f" ({finest:g} mm and more follow a Laplacian of Gaussian closely), or resample to"
                " finer voxels (resampled_spacing_mm)"
            )


def check_padding(voxels: int) -> None:
    """Raises ValueError for a margin that is more than an image has around a tumour."""
    if voxels > WIDEST_PADDING:
        raise ValueError(
            f"{counted(voxels, 'voxel')} around the mask reach beyond the image, where there is"
            " nothing to see: it would be cut at the image's border, and whole images resampled and"
            f" filtered; take {WIDEST_PADDING} or fewer (a Gaussian reaches 2.5 sigma, 10 mm for"
            " sigma 4 mm)"
        )
