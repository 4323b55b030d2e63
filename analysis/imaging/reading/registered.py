"""Registration of an image to the one on whose grid it is put, kept by content."""

from __future__ import annotations

from collections import OrderedDict

import SimpleITK as sitk

from analysis.core.cache import cached, digest, source_digest
from analysis.imaging.reading.sources import REGISTRATION_CODE, ImageSource, reading_code
from analysis.imaging.registration.align import Alignment, align

# A patient's phases are read for their features, their regions and their pictures in turn.
REMEMBERED = 16
_remembered: OrderedDict[str, Alignment] = OrderedDict()


def registration_of(source: ImageSource, fixed: sitk.Image, moving: sitk.Image) -> Alignment:
    """Registration of a source's image to its target's, computed once for their content.

    fixed, moving: the two as they were read. Raises ValueError, naming the file, where they do not
    overlap.
    """
    assert source.registration is not None
    settings = source.registration
    code = [source_digest(REGISTRATION_CODE), reading_code()]
    key = digest("registration", *source.content(), *code)
    if key in _remembered:
        _remembered.move_to_end(key)
        return _remembered[key]

    def compute() -> Alignment:
        try:
            return align(fixed, moving, settings)
        except ValueError as error:
            raise ValueError(f"{source.path}: {error}") from error

    found = None
    if source.transforms is not None:
        found = cached(source.transforms, key, compute, "a registration")
    if found is None:  # nowhere to keep it, or a plan, which computes nothing
        found = compute()
    _remembered[key] = found
    if len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)
    return found
