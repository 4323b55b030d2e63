"""Hospital files in: one reader for all images and masks.

What it returns is a SimpleITK image with the geometry of the file.
"""

from analysis.imaging.reading.headers import ReadingError
from analysis.imaging.reading.phases import PhaseFiles
from analysis.imaging.reading.read import image_landmarks, read_image, read_lesions, read_mask
from analysis.imaging.reading.sources import ImageSource, MaskSource, reading_code

__all__ = [
    "ImageSource",
    "MaskSource",
    "PhaseFiles",
    "ReadingError",
    "image_landmarks",
    "read_image",
    "read_lesions",
    "read_mask",
    "reading_code",
]
