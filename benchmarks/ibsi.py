"""Features of `engine: ibsi` and of `engine: fast` against the consensus values of the IBSI.

`python -m benchmarks.ibsi PHANTOM_FOLDER` writes docs/explanation/ibsi-phantom.txt. The folder has
the CT phantom of the IBSI as NIfTI files, image/phantom.nii.gz and mask/mask.nii.gz
(https://github.com/theibsi/data_sets, ibsi_1_ct_radiomics_phantom/nifti; CC BY-NC 3.0, so it is no
part of this repository).

Configurations A to E and the consensus values: Zwanenburg et al., Radiology 2020, doi
10.1148/radiol.2020191145. A value counts as within tolerance as it is printed there, with three
significant digits.
"""

from __future__ import annotations

import csv
import math
import sys
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import SimpleITK as sitk
from joblib import Parallel, delayed

from analysis.inputs.radiomics.engine_choice import image_features
from analysis.inputs.radiomics.ibsi_engine import MATRICES
from analysis.inputs.radiomics.ibsi_features import ibsi_features
from analysis.study import Extraction
from benchmarks.arguments import parser_of

ROOT = Path(__file__).parents[1]
CONSENSUS = ROOT / "tests" / "gold" / "ibsi_consensus.csv"
TABLE = ROOT / "docs" / "explanation" / "ibsi-phantom.txt"
CT = {"normalise": False}
# Configuration → keys of both engines, of `ibsi`, and of the fast engine alone.
CONFIGURATIONS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "A": (
        {
            "resampled_spacing_mm": None,
            "resegment": {"range": [-500, 400]},
            "bin_width": 25,
        },
        {},
        {"force_2d": "axial"},
    ),
    "B": (
        {
            "resampled_spacing_mm": (2, 2, None),
            "interpolator": "sitkLinear",
            "resegment": {"range": [-500, 400]},
            "bin_count": 32,
        },
        {},
        {"force_2d": "axial"},
    ),
    "C": (
        {
            "resampled_spacing_mm": (2, 2, 2),
            "interpolator": "sitkLinear",
            "resegment": {"range": [-1000, 400]},
            "bin_width": 25,
        },
        {"volume_histogram_bin_width": 2.5},
        {},
    ),
    "D": (
        {"resampled_spacing_mm": (2, 2, 2), "interpolator": "sitkLinear", "bin_count": 32},
        {"outlier_sigma": 3},
        {"resegment": {"range": [-3, 3], "mode": "sigma"}},
    ),
    # PyRadiomics has one rule of re-segmentation at a time.
    "E": (
        {
            "resampled_spacing_mm": (2, 2, 2),
            "interpolator": "sitkBSpline",
            "resegment": {"range": [-1000, 400]},
            "bin_count": 32,
        },
        {"outlier_sigma": 3, "volume_histogram_bin_count": 1000},
        {},
    ),
}
# Features of PyRadiomics with another name than `engine: ibsi` has for the same.
OTHERWISE = {
    "firstorder_Kurtosis": "firstorder_ExcessKurtosis",
    "firstorder_Entropy": "intensityhistogram_Entropy",
    "firstorder_Uniformity": "intensityhistogram_Uniformity",
    "gldm_SmallDependenceEmphasis": "ngldm_LowDependenceEmphasis",
    "gldm_LargeDependenceEmphasis": "ngldm_HighDependenceEmphasis",
    "gldm_LowGrayLevelEmphasis": "ngldm_LowGrayLevelCountEmphasis",
    "gldm_HighGrayLevelEmphasis": "ngldm_HighGrayLevelCountEmphasis",
    "gldm_SmallDependenceLowGrayLevelEmphasis": "ngldm_LowDependenceLowGrayLevelEmphasis",
    "gldm_SmallDependenceHighGrayLevelEmphasis": "ngldm_LowDependenceHighGrayLevelEmphasis",
    "gldm_LargeDependenceLowGrayLevelEmphasis": "ngldm_HighDependenceLowGrayLevelEmphasis",
    "gldm_LargeDependenceHighGrayLevelEmphasis": "ngldm_HighDependenceHighGrayLevelEmphasis",
    "gldm_GrayLevelNonUniformity": "ngldm_GrayLevelNonUniformity",
    "gldm_DependenceNonUniformity": "ngldm_DependenceCountNonUniformity",
    "gldm_DependenceNonUniformityNormalized": "ngldm_DependenceCountNonUniformityNormalized",
    "gldm_GrayLevelVariance": "ngldm_GrayLevelVariance",
    "gldm_DependenceVariance": "ngldm_DependenceCountVariance",
    "gldm_DependenceEntropy": "ngldm_DependenceCountEntropy",
}
# What PyRadiomics's matrices are merged like.
AS_PYRADIOMICS = {True: "2.5D_direction_merged", False: "3D_averaged"}


@dataclass(frozen=True)
class Consensus:
    """Consensus value of a feature. aggregation: empty where there is no texture matrix."""

    kind: str
    name: str
    aggregation: str
    value: float
    tolerance: float

    def holds(self, found: float) -> bool:
        """True if a value, rounded to three significant digits, lies within the tolerance."""
        if not math.isfinite(found):
            return False
        rounded = float(f"{found:.3g}")
        return abs(rounded - self.value) <= self.tolerance * (1 + 1e-9) + 1e-12 * abs(self.value)


@cache
def consensus(configuration: str) -> tuple[Consensus, ...]:
    """All consensus values of a configuration: `digital`, or A to E of the CT phantom."""
    names = {each.code: each for each in ibsi_features()}
    with CONSENSUS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Consensus(
                names[row["code"]].kind,
                names[row["code"]].name,
                aggregation=row["aggregation"],
                value=float(row["value"]),
                tolerance=float(row["tolerance"]),
            )
            for row in csv.DictReader(file)
            if row["configuration"] == configuration
        )


def of_aggregation(values: tuple[Consensus, ...], aggregation: str) -> list[Consensus]:
    """Consensus values of features as `ibsi: aggregation` has them."""
    there = {"", aggregation, aggregation.partition("_")[0]}
    return [each for each in values if each.aggregation in there]


def misses(found: dict[str, float], values: list[Consensus]) -> list[str]:
    """Names of the features that are there and not within tolerance."""
    return [
        f"{each.kind} {each.name} {found[name]:.4g}, not {each.value:g} ± {each.tolerance:g}"
        for each in values
        if (name := f"original_{each.kind}_{each.name}") in found and not each.holds(found[name])
    ]


def shared(found: dict[str, float], values: list[Consensus]) -> list[Consensus]:
    """Consensus values of the features that are there."""
    return [each for each in values if f"original_{each.kind}_{each.name}" in found]


def read_phantom(folder: Path) -> tuple[sitk.Image, sitk.Image]:
    """Image and mask of the CT phantom. folder: has image/ and mask/, or nifti/ with them."""
    here = next((each for each in (folder, folder / "nifti") if (each / "image").is_dir()), folder)
    image = sitk.ReadImage(str(here / "image" / "phantom.nii.gz"), sitk.sitkFloat64)
    mask = sitk.ReadImage(str(here / "mask" / "mask.nii.gz"), sitk.sitkUInt8)
    mask.CopyInformation(image)
    return image, mask > 0


def ibsi_settings(configuration: str, aggregation: str) -> Extraction:
    """Settings of a configuration of the CT phantom for `engine: ibsi`."""
    both, ibsi, _ = CONFIGURATIONS[configuration]
    chosen = {"aggregation": aggregation, "round_intensities": True, **ibsi}
    return Extraction(engine="ibsi", **CT, **both, ibsi=chosen)


def fast_settings(configuration: str) -> Extraction:
    """Settings of a configuration as near as the fast engine and PyRadiomics come to them."""
    both, _, fast = CONFIGURATIONS[configuration]
    return Extraction(**CT, log_sigma_mm=[], wavelet=None, **both | fast)


def aggregations(configuration: str) -> list[str]:
    """Aggregations that a configuration has consensus values of."""
    there = {each.aggregation for each in consensus(configuration)}
    return [each for each in MATRICES if each in there]


def rows_of(folder: Path, configuration: str) -> list[list[str]]:
    """A row an aggregation; what misses goes to standard error."""
    pair, values = read_phantom(folder), consensus(configuration)
    stock = image_features(*pair, fast_settings(configuration))
    plain = {name.removeprefix("original_"): value for name, value in stock.items()}
    fast = {f"original_{OTHERWISE.get(name, name)}": value for name, value in plain.items()}
    found = []
    for aggregation in aggregations(configuration):
        features = image_features(*pair, ibsi_settings(configuration, aggregation))
        wanted = of_aggregation(values, aggregation)
        row = [configuration, aggregation, _within(features, wanted)]
        alike = aggregation == AS_PYRADIOMICS[not aggregation.startswith("3D")]
        found.append([*row, _within(fast, wanted) if alike else ""])
        for each in misses(features, wanted):
            print(f"{configuration}, {aggregation}: {each}", file=sys.stderr)
    return found


def _within(found: dict[str, float], values: list[Consensus]) -> str:
    """How many of the features that are there lie within tolerance."""
    there = shared(found, values)
    return f"{len(there) - len(misses(found, there))} of {len(there)}"


def main(folder: Path) -> None:
    found = Parallel(n_jobs=3)(delayed(rows_of)(folder, name) for name in CONFIGURATIONS)
    head = ["configuration", "texture matrices", "`engine: ibsi`", "`engine: fast`, shared"]
    lines = [head, ["---"] * len(head), *chain.from_iterable(found)]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    TABLE.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    parser = parser_of(__doc__)
    parser.add_argument("folder", type=Path, help="of the CT phantom")
    given = parser.parse_args()
    if not (given.folder / "image" / "phantom.nii.gz").is_file():
        parser.error(f"{given.folder} has no image/phantom.nii.gz")
    # Imported here: other processes can't import what is of `__main__`.
    from benchmarks.ibsi import main as run

    run(given.folder)
