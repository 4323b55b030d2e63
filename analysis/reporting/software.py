"""The software that a study used, of that whose versions the results hold."""

from __future__ import annotations

from analysis.reporting.results_by_key import ResultsByKey
from analysis.results import keys
from models.declared import DECLARED, RADIOMICS

# In the order of a sentence.
NAMED = {
    "python": "Python",
    "torch": "PyTorch",
    "monai": "MONAI",
    "scikit-learn": "scikit-learn",
    "xgboost": "XGBoost",
    "statsmodels": "statsmodels",
    "lifelines": "lifelines",
}


def used_software(results: ResultsByKey) -> list[str]:
    """Packages of `software.*` that computed something of this study.

    What a model needs, its declaration says. Features need PyRadiomics, images SimpleITK, and
    follow-up lifelines; the others belong to every study.
    """
    models = results.models
    needed = {each for model in models.values() for each in model.software}
    needs = {
        **{each: each in needed for spec in DECLARED.values() for each in spec.software},
        "pyradiomics": (
            RADIOMICS.id in models
            and keys.settings_log_sigmas() in results.records
            and len(results.study.ibsi_phases) < len(results.study.phases)
        ),
        "SimpleITK": bool(results.study.phases),
        "lifelines": keys.endpoint_horizon_months() in results.records,
    }
    found = [parts["package"] for parts, _ in keys.software.of(results.records)]
    return [name for name in found if needs.get(name, True)]
