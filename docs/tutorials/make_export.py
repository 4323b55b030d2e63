"""Two patients of a demonstration cohort as a PACS would export them: one heap of DICOM files."""

import sys
from pathlib import Path

import nibabel as nib
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support.dicom_files import write_series, write_structures


def voxels(path: Path) -> tuple[np.ndarray, tuple[float, float, float]]:
    """Voxels in the order z, y, x, and their spacing in mm along x, y, z."""
    image = nib.load(path)
    return np.asarray(image.dataobj).T, tuple(float(each) for each in image.header.get_zooms())


def main(cohort: Path, export: Path) -> None:
    """Write the arterial phase and the outline of the first two patients."""
    for folder in sorted((cohort / "images").iterdir())[:2]:
        image, spacing = voxels(folder / "arterial.nii.gz")
        mask, _ = voxels(folder / "mask.nii.gz")
        stored = np.clip(image - image.min(), 0, 60000).astype(np.uint16)
        tags = {"PatientID": f"H-{folder.name}", "PatientName": f"Planted^{folder.name}"}
        slices = write_series(
            export,
            stored,
            spacing=spacing,
            description="T1 art dynamic",
            name=f"{folder.name}_",
            shuffle=1,
            **tags,
        )
        write_structures(
            export / f"{folder.name}_outline", slices[0], {"tumour": mask > 0}, spacing=spacing
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
