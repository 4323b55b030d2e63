"""study.yml as checked types: what is studied, on whom, with which models and seeds."""

from analysis.study.load import StudyError, load_study
from analysis.study.protocol import AdditionalModel, Controls, Execution, Fusion, Robustness, Split, Subgroup, Validation
from analysis.study.sections import About, Clinical, CohortFiles, DeepLearning, DemoCohort, Endpoint, Extraction, Phase, Published, Radiomics, Statistics, Study
from analysis.study.writing import Declarations, Manuscript

__all__ = ["About", "AdditionalModel", "Clinical", "CohortFiles", "Controls", "Declarations", "DeepLearning", "DemoCohort", "Endpoint", "Execution", "Extraction", "Fusion", "Manuscript", "Phase",
           "Published", "Radiomics", "Robustness", "Split", "Statistics", "Study", "StudyError", "Subgroup", "Validation", "load_study"]
