"""Empty slices between drawn ones of a lesion, and filling them.

There are such slices where, for example, every other slice was delineated.

Shape-based interpolation (Raya and Udupa, IEEE Trans Med Imaging 1990;9:32-42): between two drawn
slices the signed distance from the outline is interpolated linearly, and the outline is where it is
zero. By hand over SciPy's distances: ITK's interpolator of contours is a remote module that
SimpleITK does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from analysis.core.word_lists import counted
from analysis.imaging.reading.headers import Remark
from analysis.imaging.reading.mask_placing import binary_image, signed_distance
from analysis.imaging.reading.slice_ranges import slices_in_words

# More empty slices in a row than this are no gap in a drawing: two lesions may lie one above the
# other.
MOST_EMPTY = 3
# Two drawn slices belong to one lesion if they share so much of the smaller one's area.
SHARED = 0.5
# Pieces that are held against each other; a mask that falls into more is noise, and only its
# largest pieces are looked at.
MOST_PIECES = 100


@dataclass(frozen=True)
class Gap:
    """Gap of empty slices between two pieces of a mask.

    The slices count from 0, along `axis`. They lie between the pieces `before` and `after`, which
    are numbered as in `pieces`.
    """

    axis: int
    first: int
    last: int
    before: int
    after: int

    @property
    def slices(self) -> range:
        """Indices of the empty slices, from 0."""
        return range(self.first, self.last + 1)


def pieces(inside: np.ndarray) -> np.ndarray:
    """Numbers from 1 by piece, the largest first; pieces that touch by a corner are one."""
    labels, count = ndimage.label(inside, structure=np.ones((3, 3, 3)))
    order = np.argsort(-np.bincount(labels.ravel(), minlength=count + 1)[1:], kind="stable")
    numbers = np.zeros(count + 1, int)
    numbers[order + 1] = np.arange(1, count + 1)
    return numbers[labels]


def drawn_axis(spacing: Sequence[float]) -> int:
    """Array's axis across the slices that were drawn on.

    It is that of the largest spacing, the first where several have it. spacing: of the array's
    axes.
    """
    return int(np.argmax(np.round(spacing, 3)))


def find_gaps(labels: np.ndarray, axis: int) -> list[Gap]:
    """labels: of pieces.

    A gap is of one to MOST_EMPTY slices, empty where the drawn slices at its ends share SHARED of
    their area.
    """
    along = np.moveaxis(labels, axis, 0)
    boxes = ndimage.find_objects(along)[:MOST_PIECES]
    ends = {number: (box[0].start, box[0].stop - 1) for number, box in enumerate(boxes, start=1)}
    found = []
    for before, (_, last) in ends.items():
        for after, (first, _) in ends.items():
            if not 0 < first - last - 1 <= MOST_EMPTY:
                continue
            low, high = along[last] == before, along[first] == after
            shared = low & high
            if (
                shared.sum() >= SHARED * min(low.sum(), high.sum())
                and not along[last + 1 : first][:, shared].any()
            ):
                found.append(Gap(axis, last + 1, last=first - 1, before=before, after=after))
    return sorted(found, key=lambda gap: (gap.first, gap.before, gap.after))


def fill_gaps(mask: sitk.Image, said: list[Remark] | None = None, name: str = "") -> sitk.Image:
    """Mask with its gaps filled by shape-based interpolation.

    Drawn slices stay as they are. said: gets the filled slices.
    """
    inside = sitk.GetArrayFromImage(mask) > 0
    spacing = mask.GetSpacing()[::-1]
    labels, axis = pieces(inside), drawn_axis(spacing)
    gaps = find_gaps(labels, axis)
    if not gaps:
        return mask
    along = np.moveaxis(labels, axis, 0)
    filled = np.moveaxis(inside.copy(), axis, 0)  # a view, so that writing to it fills the array
    in_plane = [each for place, each in enumerate(spacing) if place != axis]
    for gap in gaps:
        low = signed_distance(along[gap.first - 1] == gap.before, in_plane)
        high = signed_distance(along[gap.last + 1] == gap.after, in_plane)
        for place in gap.slices:
            share = (place - gap.first + 1) / (gap.last - gap.first + 2)
            filled[place] |= (1 - share) * low + share * high < 0
    array = np.moveaxis(filled, 0, axis)
    if said is not None:
        places = slices_in_words([place + 1 for gap in gaps for place in gap.slices])
        said.append(
            Remark(
                f"{name}empty {places} filled by shape-based interpolation"
                f" ({counted(int(array.sum() - inside.sum()), 'voxel')})",
                "note",
                "filled",
            )
        )
    return binary_image(array, mask)
