"""Contours of an RTSTRUCT: doubled, overlapping, nested and empty ones, by areas that are counted
by hand."""

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from analysis.imaging.reading import MaskSource, ReadingError, read_image, read_mask
from analysis.imaging.reading.contours import Contour, Remarks, area, relation
from analysis.imaging.reading.slice_ranges import slices_in_words
from tests.support.dicom_files import write_series, write_structures

SHAPE = (5, 30, 30)


def box(left, top, right, bottom, start=0, backwards=False) -> np.ndarray:
    """Outline half a voxel around columns left..right and rows top..bottom (both included)."""
    corners = (
        np.array(
            [[left, top], [right + 1, top], [right + 1, bottom + 1], [left, bottom + 1]], float
        )
        - 0.5
    )
    corners = np.roll(corners, start, axis=0)
    return corners[::-1] if backwards else corners


OUTER, INNER = box(3, 3, 18, 18), box(6, 6, 10, 10)  # 16 × 16 and 5 × 5 voxels
KEYHOLE = np.vstack(
    [
        [2.5, 2.5],
        [18.5, 2.5],
        [18.5, 18.5],
        [2.5, 18.5],
        [2.5, 8],
        [5.5, 8],
        [5.5, 10.5],
        [10.5, 10.5],
        [10.5, 5.5],
        [5.5, 5.5],
        [5.5, 8],
        [2.5, 8],
    ]
)


def read(tmp_path, contours, kinds=None, said=None, place=2):
    """The mask's areas by slice. contours: points on one slice."""
    images = write_series(tmp_path / "series", np.ones(SHAPE, np.uint16))
    path = write_structures(tmp_path / "rt.dcm", images[0], {"tumour": np.zeros(SHAPE, np.uint8)})
    data = pydicom.dcmread(path)
    items = []
    for points, kind in zip(contours, kinds or ["CLOSED_PLANAR"] * len(contours), strict=True):
        indices = np.column_stack([points, np.full(len(points), place)])
        item = Dataset()
        item.ContourGeometricType, item.NumberOfContourPoints = kind, len(points)
        item.ContourData = [
            f"{value:.9g}"
            for value in (np.array([-20.0, 11.0, 37.5]) + indices * [0.8, 1.1, 2.5]).ravel()
        ]
        items.append(item)
    data.ROIContourSequence[0].ContourSequence = items
    data.save_as(path)
    mask = read_mask(MaskSource(path), read_image(tmp_path / "series"), said)
    return sitk.GetArrayFromImage(mask).sum(axis=(1, 2)).tolist()


@pytest.mark.parametrize(
    ("contours", "voxels", "words"),
    [
        ([OUTER], 256, None),
        ([OUTER, OUTER], 256, "the same contour is there twice in slice 3 and counts once"),
        (
            [OUTER, box(3, 3, 18, 18, start=2, backwards=True)],
            256,
            "the same contour is there twice in slice 3",
        ),
        ([OUTER, OUTER + 0.04, OUTER], 256, "the same contour is there twice"),
        ([OUTER, box(11, 3, 26, 18)], 24 * 16, "contours overlap in slice 3 and count as one area"),
        ([OUTER, box(11, 3, 26, 18), box(11, 3, 26, 18)], 24 * 16, "overlap"),
        ([OUTER, box(19, 3, 24, 18)], 22 * 16, None),  # side by side, on one border
        ([OUTER, INNER], 256 - 25, None),
        ([INNER, OUTER], 256 - 25, None),
        ([OUTER, INNER, INNER], 256 - 25, "twice"),
        ([OUTER, box(3, 6, 7, 10)], 256 - 25, None),  # a hole that opens to the side lies within
        ([OUTER, box(5, 5, 14, 14), box(8, 8, 9, 9)], 256 - 100 + 4, None),  # an island in a hole
        ([OUTER, INNER, box(12, 12, 14, 14)], 256 - 25 - 9, None),
        ([OUTER, box(11, 3, 26, 18), INNER], 24 * 16 - 25, "overlap"),
        ([OUTER, box(3, 3, 18, 17)], 256, "drawn again, at most a voxel apart, in slice 3"),
        (
            [OUTER, box(3, 3, 18, 16)],
            256 - 224,
            "leaves little of it in slice 3; it counts as a hole",
        ),
        ([KEYHOLE], 256 - 25, None),
        ([OUTER, OUTER[:2]], 256, "fewer than three points in slice 3"),
    ],
)
def test_contours_of_a_slice(tmp_path, contours, voxels, words):
    said = []
    assert read(tmp_path, contours, said=said) == [0, 0, voxels, 0, 0]
    assert (words is None) == (not said)
    assert all("structure 1: " in each.text and each.level == "warning" for each in said)
    assert words is None or any(words in each.text for each in said), said


def test_exclusive_or_is_as_the_standard_says(tmp_path):
    said = []
    assert read(tmp_path, [OUTER, box(11, 3, 26, 18)], ["CLOSEDPLANAR_XOR"] * 2, said)[2] == 2 * 128
    assert not said
    assert read(tmp_path, [OUTER, INNER], ["CLOSEDPLANAR_XOR"] * 2, said)[2] == 231
    assert not said


def test_points_are_left_out_and_lines_refused(tmp_path):
    said = []
    assert read(tmp_path, [OUTER, OUTER[:1]], ["CLOSED_PLANAR", "POINT"], said)[2] == 256
    assert "fewer than three points" in said[0].text
    with pytest.raises(
        ReadingError,
        match=r"rt.dcm: contour 2 of structure 1 \(tumour\) is OPEN_PLANAR; only closed",
    ):
        read(tmp_path, [OUTER, INNER], ["CLOSED_PLANAR", "OPEN_PLANAR"])


def test_a_contour_between_slices_says_how_far(tmp_path):
    with pytest.raises(
        ReadingError,
        match=(
            r"contour 1 of structure 1 \(tumour\) does not lie on a slice of the image: 1.00 mm"
            r" from the nearest, 40% of the distance"
        ),
    ):
        read(tmp_path, [OUTER], place=2.4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.floats(0.5, 4), st.floats(0.5, 4))
def test_the_relation_of_two_squares_is_that_of_their_intervals(x, y, width, height):
    first = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], float)
    second = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + np.array([x, y])
    apart = x >= 4 or y >= 4
    inside = x + width <= 4 and y + height <= 4
    alike = max(x, y, abs(width - 4), abs(height - 4)) <= 0.1
    close = any(abs(edge - 4) < 0.2 for edge in (x + width, y + height))  # on the tolerance
    redrawn = (
        max(x, y, abs(x + width - 4), abs(y + height - 4)) <= 1
    )  # or nearly so, at the corners
    found = relation(first, second)
    assert (
        close
        or (redrawn and found == "redrawn")
        or found
        == ("identical" if alike else "apart" if apart else "inside" if inside else "overlapping")
    )
    mirrored = {"inside": "around", "around": "inside"}
    assert relation(second, first) == mirrored.get(found, found)


def test_an_outline_that_was_drawn_again_is_no_hole():
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    whole = area([Contour(1, "CLOSED_PLANAR", 0, 20 + 10 * circle)], (40, 40), Remarks())
    for again in (20 + 9.85 * circle, 20.2 + 10 * circle, 20 + 9.2 * circle):
        remarks = Remarks()
        found = area(
            [
                Contour(1, "CLOSED_PLANAR", 0, 20 + 10 * circle),
                Contour(2, "CLOSED_PLANAR", 0, again),
            ],
            (40, 40),
            remarks,
        )
        assert (found & whole).sum() == whole.sum()
        assert found.sum() <= whole.sum() + 12
        assert remarks.redrawn == [1]
    remarks = Remarks()
    wall = area(
        [
            Contour(1, "CLOSED_PLANAR", 0, 20 + 10 * circle),
            Contour(2, "CLOSED_PLANAR", 0, 20 + 8 * circle),
        ],
        (40, 40),
        remarks,
    )
    assert wall.sum() == pytest.approx(np.pi * 36, rel=0.1)
    assert not remarks.words()


def test_areas_side_by_side_keep_their_common_edge():
    left, right = (
        np.array([[low, 2], [low + 4, 2], [low + 4, 6], [low, 6]], float) for low in (2, 6)
    )
    both = np.array([[2, 2], [10, 2], [10, 6], [2, 6]], float)
    parts = area(
        [
            Contour(number, "CLOSED_PLANAR", 0, each)
            for number, each in enumerate((left, right), start=1)
        ],
        (12, 12),
        Remarks(),
    )
    assert (parts == area([Contour(1, "CLOSED_PLANAR", 0, both)], (12, 12), Remarks())).all()


def _area(*outlines):
    remarks = Remarks()
    return (
        area(
            [
                Contour(number, "CLOSED_PLANAR", 0, np.array(each, float))
                for number, each in enumerate(outlines, start=1)
            ],
            (40, 40),
            remarks,
        ).sum(),
        remarks,
    )


def test_a_sliver_at_an_edge_is_no_hole():
    square, sliver = [[2, 2], [6, 2], [6, 6], [2, 6]], [[6, 2], [6.4, 2], [6.4, 6], [6, 6]]
    both = _area([[2, 2], [6.4, 2], [6.4, 6], [2, 6]])[0]
    assert _area(square, sliver)[0] == _area(sliver, square)[0] == both == 20


def test_a_thin_wall_is_remarked_on():
    """A wall of 1.1 voxels is drawn as it is, and said; one of 4 is a wall."""
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    for inner, said in ((8.9, [1]), (6, [])):
        voxels, remarks = _area(20 + 10 * circle, 20 + inner * circle)
        assert voxels == pytest.approx(np.pi * (100 - inner**2), rel=0.1)
        assert remarks.rims == said
        assert not remarks.redrawn


def test_slices_in_words():
    assert [slices_in_words(each) for each in ([4], [2, 4, 4], [7, 3, 4, 5, 9, 10])] == [
        "slice 4",
        "slices 2, 4",
        "slices 3-5, 7, 9, 10",
    ]


def test_a_contour_that_runs_out_of_the_image_is_said(tmp_path):
    said = []
    columns = SHAPE[2]
    found = read(tmp_path, [box(columns - 4, 3, columns + 5, 12)], said=said)
    assert found[2] == 4 * 10
    (remark,) = said
    assert "contours run out of the image in slice 3" in remark.text
    said.clear()
    assert read(tmp_path, [box(columns - 4, 3, columns - 1, 12)], said=said)[2] == 4 * 10
    assert not said
