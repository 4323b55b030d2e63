"""Registration of an image to another by mutual information (Mattes et al. 2003).

It is a rigid transform, and a deformation on top of it where the study asks for one.

It runs on one thread, with samples on a regular grid, so that it gives the same transform again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from analysis.imaging.itk_threads import one_itk_thread
from analysis.imaging.registration.deformation import Deformation, deform, refuse_fine_mesh
from analysis.imaging.registration.similarity import ROUNDING, registration_method, similarity
from analysis.study.registration import Registration

# Of the image pyramid: factors of shrinking, as far as the shortest axis keeps LEAST_VOXELS.
LEVELS, LEAST_VOXELS = (4, 2, 1), 8
# Length of the optimiser's first step, mm at the image's border.
FIRST_STEP = 1.0
# Where ITK says an error, and in which object of the process's memory.
ITK_PLACE = re.compile(r"^.*ITK ERROR: \w+\(0x[0-9a-f]+\): ")
ITERATIONS = 200
# Points along each axis at which a shift is looked at.
POINTS = 7


@dataclass(frozen=True)
class Alignment:
    """Result of a registration, from points of the target to points of the image (LPS, mm).

    parameters: three rotations in radians and three shifts in mm, empty where it was not used;
    centre: of the rotations, mm. before, after: mutual information in nats, without and with the
    rigid transform. shift_mm: median over the target's image. refused: why it was not used; empty
    where it was. deformation: on top of it; None where none was asked for, or the rigid transform
    is not used.
    """

    parameters: tuple[float, ...]
    centre: tuple[float, ...]
    before: float
    after: float
    shift_mm: float
    refused: str = ""
    deformation: Deformation | None = None

    @property
    def used_deformation(self) -> Deformation | None:
        """The deformation; None where there is none, or it is not used."""
        found = self.deformation
        return None if found is None or found.refused else found

    @property
    def similarity(self) -> float:
        """Mutual information in nats with what was found, a deformation where it is used."""
        used = self.used_deformation
        return self.after if used is None else used.after

    def transform(self) -> sitk.Transform:
        """The transform; the identity where it was not used."""
        return sitk.Transform(3, sitk.sitkIdentity) if self.refused else self.found_transform()

    def found_transform(self) -> sitk.Transform:
        """The transform that was found, used or not; the identity where none was.

        A deformation is in it only if it is used.
        """
        if not self.parameters:
            return sitk.Transform(3, sitk.sitkIdentity)
        rigid = _rigid_transform(self.parameters, self.centre)
        used = self.used_deformation
        return rigid if used is None else sitk.CompositeTransform([rigid, used.transform()])


def _rigid_transform(
    parameters: tuple[float, ...], centre: tuple[float, ...]
) -> sitk.Euler3DTransform:
    transform = sitk.Euler3DTransform()
    transform.SetCenter(centre)
    transform.SetParameters(parameters)
    return transform


def displacements(transform: sitk.Transform, points: np.ndarray) -> np.ndarray:
    """Length in mm of each point's shift. points: n × 3, LPS in mm."""
    moved = np.array([transform.TransformPoint(point) for point in points.tolist()])
    return np.linalg.norm(moved - points, axis=1)


def _points(image: sitk.Image) -> np.ndarray:
    """Points on a regular grid over the image, n × 3."""
    axes = [np.linspace(0, size - 1, min(POINTS, size)) for size in image.GetSize()]
    places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    return np.array([image.TransformContinuousIndexToPhysicalPoint(each) for each in places])


def _with_levels(method: sitk.ImageRegistrationMethod, fixed: sitk.Image) -> None:
    """Let the method go from coarse to fine resolution."""
    most = max(1, min(fixed.GetSize()) // LEAST_VOXELS)
    factors = [level for level in LEVELS if level <= most]
    method.SetShrinkFactorsPerLevel(factors)
    # Half of what is shrunk, and nothing at full resolution.
    method.SetSmoothingSigmasPerLevel([each / 2 if each > 1 else 0.0 for each in factors])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()


def _reason(error: RuntimeError) -> str:
    """What ITK says, without an address of this process's memory, so that tables stay the same."""
    said = ITK_PLACE.sub("", str(error).strip().splitlines()[-1]).partition(". ")[0]
    return f"failed: {said}"


def align(fixed: sitk.Image, moving: sitk.Image, settings: Registration) -> Alignment:
    """Registration of `moving` to `fixed`.

    It is not used where mutual information is less with it than without, where its median shift
    over the image is beyond `furthest_mm`, or where it fails. A deformation is only tried on top of
    a rigid transform that is used. Raises ValueError where the images do not overlap, and where
    the mesh of a deformation is too fine to be computed.
    """
    if settings.deforms:
        refuse_fine_mesh(fixed, settings.spacing_mm)
    with one_itk_thread():
        fixed, moving = (sitk.Cast(each, sitk.sitkFloat32) for each in (fixed, moving))
        try:
            before = similarity(fixed, moving, sitk.Transform(3, sitk.sitkIdentity))
        except RuntimeError:
            raise ValueError(
                "the two images do not overlap, or one of them has the same value everywhere, and"
                " they can't be registered"
            ) from None
        middle = [(size - 1) / 2 for size in fixed.GetSize()]
        centre = tuple(fixed.TransformContinuousIndexToPhysicalPoint(middle))
        try:
            rigid = _rigid(fixed, moving, centre)
        except RuntimeError as error:
            return Alignment((), centre, before, before, shift_mm=0.0, refused=_reason(error))
        after = similarity(fixed, moving, rigid)
    shift = float(np.median(displacements(rigid, _points(fixed))))
    refused = ""
    if after < before - ROUNDING:
        refused = "the images were less alike with it than without"
    elif shift > settings.furthest_mm:
        refused = f"a shift of {shift:.1f} mm is beyond {settings.furthest_mm:g} mm"
    parameters = tuple(rigid.GetParameters())
    found = Alignment(parameters, centre, before, after, shift_mm=shift, refused=refused)
    if refused or not settings.deforms:
        return found
    with one_itk_thread():
        return _deformed(found, fixed, moving, settings)


def _deformed(
    rigid: Alignment, fixed: sitk.Image, moving: sitk.Image, settings: Registration
) -> Alignment:
    """A rigid registration that is used, with a deformation on top of it."""
    try:
        deformation = deform(fixed, moving, rigid.transform(), settings)
    except RuntimeError as error:
        deformation = Deformation((), (), rigid.after, refused=f"the deformation {_reason(error)}")
    return replace(rigid, deformation=deformation)


def _rigid(
    fixed: sitk.Image, moving: sitk.Image, centre: tuple[float, ...]
) -> sitk.Euler3DTransform:
    method = registration_method(fixed)
    _with_levels(method, fixed)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=FIRST_STEP,
        minStep=1e-3,
        numberOfIterations=ITERATIONS,
        relaxationFactor=0.6,
        gradientMagnitudeTolerance=1e-8,
    )
    method.SetOptimizerScalesFromPhysicalShift()
    transform = _rigid_transform((0.0,) * 6, centre)
    method.SetInitialTransform(transform, inPlace=True)
    method.Execute(fixed, moving)
    return transform
