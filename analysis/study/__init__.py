"""study.yml as checked types: what is studied, on whom, with which models and seeds."""

from analysis.study.load import StudyError, load_study
from analysis.study.sections import (
    About, Clinical, CohortFiles, DeepLearning, DemoCohort, Endpoint, Extraction, Phase, Published, Radiomics, Split, Statistics, Study, Validation)

__all__ = ["About", "Clinical", "CohortFiles", "DeepLearning", "DemoCohort", "Endpoint", "Extraction", "Phase", "Published", "Radiomics",
           "Split", "Statistics", "Study", "StudyError", "Validation", "load_study"]
