"""Conversion of a PACS export to a study's layout.

The export is folders of DICOM of many patients; the layout is NIfTI by patient and phase, and a
manifest.
"""

from analysis.imaging.convert.convert import Conversion, ConvertError, convert
from analysis.imaging.convert.rules import ConvertRules, load_rules

__all__ = ["Conversion", "ConvertError", "ConvertRules", "convert", "load_rules"]
