"""PyRadiomics features of every patient and phase, cached by content, and their reproducibility between readers."""

from analysis.radiomics.extraction import extract_features, feature_classes
from analysis.radiomics.quality import cohort_quality, patient_quality
from analysis.radiomics.reproducibility import FORM, feature_iccs, feature_reproducibility, reproducible_features
from analysis.radiomics.shuffling import shuffled_features
from analysis.radiomics.table import RadiomicsTable, radiomics_table

