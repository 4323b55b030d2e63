"""Files of each patient's images and masks, by phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.imaging.reading.sources import ImageSource, MaskSource, Preparation, RegionSource
from analysis.study.images import ExaminationRule, Lesions, Masks, SeriesRule
from analysis.study.preprocessing import Preprocessing
from analysis.study.regions import Block, Region

if TYPE_CHECKING:
    from analysis.study import Phase


def no_day(patient: str, rule: ExaminationRule) -> date | None:
    """None: day of an examination where no table is at hand, as for a single patient."""
    return None


@dataclass(frozen=True)
class PhaseFiles:
    """Files of a patient's phases.

    place: patient and pattern of the study file → the path. phases, lesions, masks, regions: as the
    study file has them. day: patient and rule of the examination → the date that it names, where
    there is a table that has it. transforms: folder in which registrations are kept. preprocessing:
    of the phases that have any; cache: folder where what of it is slow is kept. standards: phase →
    landmarks of the standard scale that its histograms are matched to.
    """

    place: Callable[[str, str], Path]
    phases: Mapping[str, Phase]
    lesions: Lesions
    day: Callable[[str, ExaminationRule], date | None] = no_day
    masks: Masks = Masks()
    regions: Mapping[str, Region] = field(default_factory=dict)
    transforms: Path | None = None
    preprocessing: Mapping[str, Preprocessing] = field(default_factory=dict)
    cache: Path | None = None
    standards: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def image(self, patient: str, phase: str) -> Path:
        """Path of a patient's image of one phase."""
        return self.place(patient, self.phases[phase].image)

    def mask(self, patient: str, phase: str, repeat: str | None = None) -> Path:
        """Path of a patient's mask of one phase; repeat: the name of a repeated delineation."""
        files = self.phases[phase]
        return self.place(patient, files.mask if repeat is None else files.repeat_masks[repeat])

    def image_source(self, patient: str, phase: str) -> ImageSource:
        """Source of a phase's image, which `read_image` reads.

        It is the phase's file or series, on another phase's grid where the study file says so.
        """
        files = self.phases[phase]
        target = (
            None if files.resample_to is None else self.image_source(patient, files.resample_to)
        )
        path, day = self.image(patient, phase), None
        if not path.is_dir():
            return self._registered(ImageSource(path, files.series, target), files)
        rule = files.series or SeriesRule()
        if rule.examination.date is not None:
            day = self.day(patient, rule.examination)
        source = ImageSource(
            path,
            files.series,
            resample_to=target,
            together=self._together(patient, path, rule),
            day=day,
        )
        return self._registered(source, files)

    def _registered(self, source: ImageSource, files: Phase) -> ImageSource:
        """The source, registered to its target where the study file says so."""
        if files.registration is None:
            return source
        return replace(source, registration=files.registration, transforms=self.transforms)

    def prepared_source(self, patient: str, phase: str) -> ImageSource:
        """Source of a phase's image as features read it: after its preprocessing.

        It is `image_source`, the stored image, in a phase without preprocessing.
        """
        stored = self.image_source(patient, phase)
        settings = self.preprocessing.get(phase)
        if settings is None:
            return stored
        path = self.reference(patient, phase)
        reference = None
        if path is not None and settings.intensity is not None:
            reference = MaskSource(
                path,
                _wanted(settings.intensity.segment),
                image=stored.as_acquired(),
                masks=self.masks,
            )
        return replace(
            stored,
            preparation=Preparation(
                settings, reference, cache=self.cache, standard=self.standards.get(phase)
            ),
        )

    @property
    def unmatched(self) -> PhaseFiles:
        """The files with the steps of preprocessing that need no other patient.

        So networks read images, whose normalisation puts each crop on a scale of its own.
        """
        alone = {phase: each.of_one_image for phase, each in self.preprocessing.items()}
        left = {phase: each for phase, each in alone.items() if each.does_something}
        return replace(self, preprocessing=left, standards={})

    def reference(self, patient: str, phase: str) -> Path | None:
        """Path of the mask that a phase's intensities refer to; None where there is none."""
        settings = self.preprocessing.get(phase)
        if settings is None or settings.intensity is None or settings.intensity.mask is None:
            return None
        return self.place(patient, settings.intensity.mask.replace("{phase}", phase))

    def _together(self, patient: str, path: Path, rule: SeriesRule) -> tuple[SeriesRule, ...]:
        """Series rules of the phases that are read together from one folder.

        These are the rules of the phases that lie in one folder and whose examination is chosen in
        the same way.
        """
        rules = [
            each.series or SeriesRule()
            for phase, each in self.phases.items()
            if self.image(patient, phase) == path
        ]
        return tuple(each for each in rules if each.examination == rule.examination)

    def mask_source(self, patient: str, phase: str, repeat: str | None = None) -> MaskSource:
        """Mask source for `read_mask`: the delineation of a phase, the first or a repeated one."""
        return MaskSource(
            self.mask(patient, phase, repeat),
            _wanted(self.phases[phase].segment),
            lesions=self.lesions,
            image=self.image_source(patient, phase),
            masks=self.masks,
        )

    def organ(self, patient: str, phase: str) -> Path | None:
        """Path of the mask at whose border a phase's regions end; None where there is none."""
        pattern = self.phases[phase].organ
        return None if pattern is None else self.place(patient, pattern)

    def region_source(self, mask: MaskSource, patient: str, block: Block) -> MaskSource:
        """Source of a region: the tumour's mask with what is made of it.

        mask: of the block's phase; it stays as it is for the tumour itself.
        """
        if block.region is None:
            return mask
        region, files = self.regions[block.region], self.phases[block.phase]
        path = self.organ(patient, block.phase) if region.reaches_out else None
        organ = (
            None
            if path is None
            else MaskSource(path, _wanted(files.organ_segment), image=mask.image, masks=self.masks)
        )
        air = files.air if region.reaches_out and organ is None else None
        return replace(mask, region=RegionSource(block.region, region, organ, air))


def _wanted(segment: str | int | list[str | int] | None) -> tuple[str | int, ...]:
    """Segments that the study file names: none, one, or several."""
    if segment is None:
        return ()
    return tuple(segment) if isinstance(segment, list) else (segment,)
