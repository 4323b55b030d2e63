"""Region of a tumour: its voxels, and what was cut from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from analysis.core.word_lists import counted
from analysis.imaging.reading import MaskSource
from analysis.imaging.reading.mask_placing import binary_image
from analysis.imaging.reading.masks import lesions_of, union
from analysis.imaging.regions.border import border_cut
from analysis.imaging.regions.shape import Around, around, reach_of, uncut


class EmptyRegion(ValueError):
    """A region without an area to take features from, of a patient whose tumour has one."""


@dataclass(frozen=True)
class Carved:
    """Region of a tumour.

    mask: 0 and 1 on the image's grid. voxels: that are left. The other numbers are voxels of the
    region that were cut, each counted once, in this order: beyond the image, in another lesion,
    beyond the border (of the organ, or at air).
    """

    mask: sitk.Image
    voxels: int
    beyond_image: int = 0
    other_lesions: int = 0
    beyond_border: int = 0

    @property
    def cut(self) -> int:
        """Voxels that were cut."""
        return self.beyond_image + self.other_lesions + self.beyond_border

    @property
    def share_cut(self) -> float:
        """Share of the region that was cut; 0 for a region that had no voxel."""
        return self.cut / max(self.voxels + self.cut, 1)

    @property
    def has_area(self) -> bool:
        """True if it extends along two axes at least, as a texture needs."""
        places = np.nonzero(sitk.GetArrayViewFromImage(self.mask))
        return sum(len(each) > 0 and each.min() < each.max() for each in places) >= 2


def carved(
    source: MaskSource, image: sitk.Image, tumour: sitk.Image, others: np.ndarray | None = None
) -> Carved:
    """Region of a tumour on its image's grid, cut where the study says so.

    source: of the tumour's mask, with its region. tumour: 0 and 1, on the image's grid. others:
    voxels of other lesions of the patient, boolean. The tumour itself is never cut. Raises
    ReadingError where the organ's mask can't be read.
    """
    assert source.region is not None
    region = source.region.region
    array = sitk.GetArrayFromImage(tumour) > 0
    spacing = tumour.GetSpacing()[::-1]
    part = around(array, spacing, reach_of(region))
    wanted = uncut(region, part.inside, spacing)
    if not region.reaches_out:
        mask = binary_image(part.whole(wanted), image)
        return Carved(mask, int(wanted.sum()))
    beyond, not_imaged = border_cut(source, image, array)
    available = part.available if not_imaged is None else part.available & ~part.part(not_imaged)
    kept, counts = wanted, []
    for cut in (~available, _part(part, others), _part(part, beyond)):
        lost = kept & ~part.inside & cut
        counts.append(int(lost.sum()))
        kept = kept & ~lost
    return Carved(
        binary_image(part.whole(kept), image),
        int(kept.sum()),
        beyond_image=counts[0],
        other_lesions=counts[1],
        beyond_border=counts[2],
    )


def _part(part: Around, array: np.ndarray | None) -> np.ndarray:
    """The part of a boolean array of the image's size; False throughout where there is none."""
    return np.zeros(part.inside.shape, bool) if array is None else part.part(array)


def regions_of(
    source: MaskSource,
    image: sitk.Image,
    drawn: Sequence[sitk.Image],
    tumours: Sequence[sitk.Image] | None = None,
) -> list[Carved]:
    """Region of each lesion, which reaches into no other lesion of the patient.

    source: of the mask, with its region. image: the stored one (`stored_volume`). drawn: the
    lesions as they were read from the mask; tumours:
    what regions are made of in their place, in the same order. Raises EmptyRegion for a region
    without an area.
    """
    assert source.region is not None
    everything: np.ndarray | None = None
    if source.region.region.reaches_out and source.lesions.rule != "all":
        everything = sitk.GetArrayFromImage(union(lesions_of(source, image))) > 0
    found = []
    for number, (own, tumour) in enumerate(zip(drawn, tumours or drawn, strict=True), start=1):
        others = None
        if everything is not None:
            others = everything & ~(sitk.GetArrayFromImage(own) > 0)
        region = carved(source, image, tumour, others)
        if not region.has_area:
            which = f" of lesion {number}" if len(drawn) > 1 else ""
            raise EmptyRegion(f"region '{source.region.name}'{which} {_emptiness(source, region)}")
        found.append(region)
    return found


def _emptiness(source: MaskSource, found: Carved) -> str:
    """Why a region has no area, and what can be done."""
    assert source.region is not None
    region, place = source.region.region, f"radiomics.regions.{source.region.name}"
    left = f"has {counted(found.voxels, 'voxel')} on one line" if found.voxels else "is empty"
    if found.cut:
        reasons = {
            "beyond the image": found.beyond_image,
            "in another lesion": found.other_lesions,
            "beyond the organ's mask" if source.region.organ else "in air": found.beyond_border,
        }
        told = ", ".join(f"{count} {where}" for where, count in reasons.items() if count)
        return (
            f"{left}: of {counted(found.voxels + found.cut, 'voxel')} {told}; look at the masks, or"
            " leave the patient out"
        )
    if region.reaches_out:
        return (
            f"{left}: no voxel's centre lies so far from the outline; make it wider ({place}), or"
            " leave the patient out"
        )
    return (
        f"{left}: the tumour is too small for {region.words}; choose fewer millimetres"
        f" ({place}), or leave the patient out"
    )
