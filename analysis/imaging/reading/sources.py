"""Source of an image or mask: where it lies, and which part of it is meant.

Its content is what caches are keyed by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from analysis.core.arithmetic import description
from analysis.core.cache import digest, file_sha256, source_digest, versions
from analysis.imaging.reading.detached_headers import voxel_files
from analysis.imaging.reading.headers import (
    MASK_MODALITIES,
    ReadingError,
    Remark,
    is_dicom,
    read_header,
)
from analysis.imaging.reading.scan import scan_folder
from analysis.imaging.reading.series import Series
from analysis.imaging.reading.series_choice import find_series
from analysis.study.images import Lesions, Masks, SeriesRule
from analysis.study.preprocessing import Preprocessing
from analysis.study.regions import Air, Region
from analysis.study.registration import Registration

REGISTRATION_CODE = Path(__file__).parents[1] / "registration"


def reading_code() -> str:
    """Digest of the code and libraries that read images.

    A voxel's value depends on them between its file and the image that is handed on.
    """
    return digest(
        source_digest(Path(__file__).parent), versions(["SimpleITK", "pydicom"]), description()
    )


def _content(files: list[Path]) -> list[str]:
    """Digests of the files, in an order that their names have no say in."""
    return sorted(file_sha256(file) for file in files)


@dataclass(frozen=True)
class ImageSource:
    """Source of an image.

    path: a volume's file, a multi-frame DICOM file, or a folder of DICOM files. series: which of
    its series. resample_to: the image on whose grid this one is wanted. together: rules of all
    phases that lie in this folder, which are taken from one examination. day: the patient's date
    that the rule of the examination names. registration: how it is registered to that image before;
    transforms: the folder in which what was found is kept, no part of the content. preparation: of
    its intensities, before it is put on another grid; None for the stored image.
    """

    path: Path
    series: SeriesRule | None = None
    resample_to: ImageSource | None = None
    together: tuple[SeriesRule, ...] = ()
    day: date | None = None
    registration: Registration | None = None
    transforms: Path | None = None
    preparation: Preparation | None = None

    def found(self, said: list[Remark] | None = None) -> Series:
        """The chosen series of a folder. said: gets what was passed over."""
        return find_series(self.path, self.series, said=said, together=self.together, day=self.day)

    def dicom(self) -> Series | None:
        """Series that the image is read from, in a folder or multi-frame file; None if no DICOM."""
        if self.path.is_dir():
            return self.found()
        instance = read_header(self.path) if is_dicom(self.path) else None
        return None if instance is None else Series(instance.series, (instance,))

    def files(self) -> list[Path]:
        """The files that the image is read from: in a folder, those of the chosen series."""
        if not self.path.is_dir():
            return [self.path, *(each for each in voxel_files(self.path) if each.is_file())]
        return [instance.path for instance in self.found().instances]

    def content(self) -> list:
        """Content that the image depends on, for a cache's key."""
        rule = self.series.model_dump(mode="json") if self.series else None
        return [
            _content(self.files()),
            rule,
            self.resample_to.content() if self.resample_to else None,
            *self._registered(),
            *([] if self.preparation is None else [self.preparation.content()]),
        ]

    def _registered(self) -> list:
        """Content of the registration; nothing without one, as before there could be any."""
        if self.registration is None:
            return []
        return [self.registration.model_dump(mode="json"), source_digest(REGISTRATION_CODE)]

    def as_acquired(self) -> ImageSource:
        """The image on its own grid, where it was acquired."""
        return replace(self, resample_to=None, registration=None)


@dataclass(frozen=True)
class MaskSource:
    """Source of a mask.

    path: a volume's file, a DICOM-SEG or RTSTRUCT file, or a folder with one of these. segment:
    names (patterns) or numbers of the segments or structures, or a label map's values. image: what
    was delineated. masks: what is done to it. region: what features are taken from in the place of
    the tumour itself, which is what the mask is read as.
    """

    path: Path
    segment: tuple[str | int, ...] = ()
    lesions: Lesions = Lesions()
    image: ImageSource | None = None
    masks: Masks = Masks()
    region: RegionSource | None = None

    def file(self) -> Path:
        """The mask's file: in a folder, the one DICOM-SEG or RTSTRUCT there."""
        if not self.path.is_dir():
            return self.path
        found = [
            instance.path
            for instance in scan_folder(self.path).instances
            if instance.modality in MASK_MODALITIES
        ]
        if len(found) != 1:
            named = ", ".join(path.name for path in found) or "none"
            raise ReadingError(
                f"{self.path}: a folder given as a mask must hold one DICOM-SEG or RTSTRUCT file,"
                f" found {named}; name the file itself"
            )
        return found[0]

    def files(self) -> list[Path]:
        """The mask's file, and that of its voxels where a header alone is named."""
        path = self.file()
        return [path, *(each for each in voxel_files(path) if each.is_file())]

    def content(self) -> list:
        """Content that the mask depends on, for a cache's key.

        The image, whose grid it is put on, has a key of its own.
        """
        return [
            _content(self.files()),
            list(self.segment),
            self.lesions.model_dump(mode="json"),
            self.masks.model_dump(mode="json"),
            *([] if self.region is None else [self.region.content()]),
        ]


@dataclass(frozen=True)
class Preparation:
    """Preparation of an image's intensities (`analysis/imaging/preparation`).

    reference: mask of what they refer to, on the stored image's grid. cache: folder where bias
    fields are kept; it is no part of the content. standard: landmarks of the scale that histograms
    are matched to, None without, and where nobody has learnt it yet.
    """

    settings: Preprocessing
    reference: MaskSource | None = None
    cache: Path | None = None
    standard: tuple[float, ...] | None = None

    def content(self) -> list:
        """Content that the preparation depends on beside the image, for a cache's key."""
        return [
            self.settings.without_paths(),
            self.reference.content() if self.reference else None,
            source_digest(Path(__file__).parents[1] / "preparation"),
            versions(["SimpleITK", "numpy", "scipy"]),
            *([] if self.standard is None else [list(self.standard)]),
        ]


@dataclass(frozen=True)
class RegionSource:
    """Source of a region in or around a tumour.

    name: in the study file. organ: mask at whose border a region around the tumour ends. air: where
    it ends without one.
    """

    name: str
    region: Region
    organ: MaskSource | None = None
    air: Air | None = None

    def content(self) -> list:
        """Content that the region depends on beside image and mask, for a cache's key.

        What the region is called is no part of it.
        """
        return [
            self.region.model_dump(mode="json", exclude={"label"}),
            self.organ.content() if self.organ else None,
            self.air,
            source_digest(Path(__file__).parents[1] / "regions"),
        ]
