"""study.yml as checked types: registration of a phase to the one on whose grid it is put."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from analysis.study.later_keys import without_defaults
from analysis.study.section import Section


class Registration(Section):
    """Registration of a phase to its `resample_to` before anything is taken from it.

    transform: rigid, three rotations and three shifts; deformable, these and a cubic B-spline.
    furthest_mm: a rigid transform that shifts half of the image or more by more is not used; nor is
    a deformation that moves any voxel by more. spacing_mm: between the B-spline's control points.
    """

    transform: Literal["rigid", "deformable"] = "rigid"
    furthest_mm: Annotated[float, Field(gt=0, le=500)] = 30.0
    spacing_mm: Annotated[float, Field(ge=10, le=500)] = 40.0

    @model_validator(mode="after")
    def _has_control_points(self) -> Registration:
        if "spacing_mm" in self.model_fields_set and not self.deforms:
            raise ValueError(
                "spacing_mm is of the control points of transform: deformable; take it out, or"
                " write that"
            )
        return self

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        found: dict[str, Any] = serialise(self)
        return found if self.deforms else without_defaults(self, found, ["spacing_mm"])

    def idle_keys(self) -> set[str]:
        """Keys of a deformation where there is none."""
        return set() if self.deforms else {"spacing_mm"}

    @property
    def deforms(self) -> bool:
        """True if a deformation follows the rigid transform."""
        return self.transform == "deformable"
