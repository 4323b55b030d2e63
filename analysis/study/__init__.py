"""study.yml as checked types: what is studied, on whom, with which models and seeds."""

from analysis.study.deep_learning import DeepLearning
from analysis.study.extraction import Extraction, ExtractionWithCode
from analysis.study.harmonisation import Harmonisation
from analysis.study.images import Lesions, Masks, SeriesRule
from analysis.study.load import StudyError, load_study
from analysis.study.model_sections import Clinical, Radiomics
from analysis.study.network_input import NetworkInput
from analysis.study.perturbation import Perturbation
from analysis.study.preprocessing import Preprocessing
from analysis.study.protocol import (
    AdditionalModel,
    Controls,
    Execution,
    Fusion,
    Robustness,
    Split,
    Subgroup,
    Validation,
)
from analysis.study.sections import (
    About,
    CohortFiles,
    DemoCohort,
    Endpoint,
    Phase,
    Published,
    Study,
)
from analysis.study.statistics import Statistics
from analysis.study.supplied_tables import (
    FeatureTable,
    GivenModel,
    GivenPredictions,
    LesionRows,
    ReaderRows,
)
from analysis.study.writing import Declarations, Manuscript

__all__ = [
    "About",
    "AdditionalModel",
    "Clinical",
    "CohortFiles",
    "Controls",
    "Declarations",
    "DeepLearning",
    "DemoCohort",
    "Endpoint",
    "Execution",
    "Extraction",
    "ExtractionWithCode",
    "FeatureTable",
    "Fusion",
    "GivenModel",
    "GivenPredictions",
    "Harmonisation",
    "LesionRows",
    "Lesions",
    "Manuscript",
    "Masks",
    "NetworkInput",
    "Perturbation",
    "Phase",
    "Preprocessing",
    "Published",
    "Radiomics",
    "ReaderRows",
    "Robustness",
    "SeriesRule",
    "Split",
    "Statistics",
    "Study",
    "StudyError",
    "Subgroup",
    "Validation",
    "load_study",
]
