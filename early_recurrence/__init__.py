"""Statistical reporting and a reproducible manuscript for imaging prediction models.

The public interface: what is named here stays, and notebooks and documents import nothing else of
the package.

    import early_recurrence as er

    study = er.load_study("study.yml")
    print(er.check(study).summary())
    er.run(study)
    results = er.open_results(study)
    results["auc.dlrcr.validation"]

Modules: `statistics` (every statistic, with its R counterpart), `keys` (of the results), `tables`
and `sentences` (of a document, from results). Names are imported when they are first used, so that
importing this package takes no time.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from early_recurrence.ours import load_own

load_own("analysis")
load_own("models")

if TYPE_CHECKING:
    from analysis.inputs.radiomics.extraction import extract_features
    from analysis.reporting.claims import open_claims
    from analysis.reporting.manuscript import open_results
    from analysis.reporting.rendering.calculator import calculator_block
    from analysis.study import Extraction, StudyError, load_study
    from analysis.workflow.check.command import problems_of as check
    from analysis.workflow.locked_model.predict import predict_patients as predict
    from analysis.workflow.run import run
    from early_recurrence import keys, sentences, statistics, tables

try:
    __version__ = version("hcc-early-recurrence")
except PackageNotFoundError:  # imported from a checkout that is not installed
    __version__ = "unknown"

MODULES = ("keys", "sentences", "statistics", "tables")
# Public name -> module and name that it stands for.
PLACES = {
    "Extraction": ("analysis.study", "Extraction"),
    "StudyError": ("analysis.study", "StudyError"),
    "calculator_block": ("analysis.reporting.rendering.calculator", "calculator_block"),
    "check": ("analysis.workflow.check.command", "problems_of"),
    "extract_features": ("analysis.inputs.radiomics.extraction", "extract_features"),
    "load_study": ("analysis.study", "load_study"),
    "open_claims": ("analysis.reporting.claims", "open_claims"),
    "open_results": ("analysis.reporting.manuscript", "open_results"),
    "predict": ("analysis.workflow.locked_model.predict", "predict_patients"),
    "run": ("analysis.workflow.run", "run"),
}
__all__ = [
    "Extraction",
    "StudyError",
    "calculator_block",
    "check",
    "extract_features",
    "keys",
    "load_study",
    "open_claims",
    "open_results",
    "predict",
    "run",
    "sentences",
    "statistics",
    "tables",
]


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = PLACES[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
