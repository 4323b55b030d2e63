"""Every public statistic is reachable from the package, documented, and shows an example (run by
--doctest-modules)."""

import inspect
import re
from pathlib import Path

import pytest

from analysis import statistics as st

PUBLIC = {name: getattr(st, name) for name in st.__all__}
SOURCE = re.compile(
    r"\b(?:19|20)\d\d\b|Source|Validated against|By (?:statsmodels|scipy|scikit-learn)|R's"
    r" |rms::|Hmisc::|Harrell"
)
FUNCTIONS = {name: each for name, each in PUBLIC.items() if inspect.isfunction(each)}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_has_an_example(name):
    text = inspect.getdoc(FUNCTIONS[name]) or ""
    assert text.find(">>> ") > 20, f"{name}: no example, or nothing said before it"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_names_its_source(name):
    text = (inspect.getdoc(FUNCTIONS[name]) or "").partition(">>>")[0]
    # Wherever the lines break.
    definition = " ".join(text.split())
    assert SOURCE.search(definition), (
        f"{name}: no publication, nor the program that it was compared with or computed by"
    )


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - set(FUNCTIONS)))
def test_a_result_says_what_its_parts_are(name):
    assert inspect.isclass(PUBLIC[name])
    said = PUBLIC[name].__doc__ or ""
    assert not said.startswith(f"{name}("), f"{name}: only the docstring that dataclass makes"


def test_every_public_function_of_the_package_is_exported():
    folder = Path(st.__file__).parent
    for path in folder.glob("*.py"):
        module = inspect.getmodulename(str(path))
        if module != "__init__":
            inside = __import__(f"analysis.statistics.{module}", fromlist=["_"])
            own = {
                name
                for name, each in vars(inside).items()
                if inspect.isfunction(each)
                and each.__module__ == inside.__name__
                and not name.startswith(("_", "as_"))
            }
            internal = {
                "before",
                "through",
                "brier_influence",
                "concordance_influence",
                "has_no_maximum",
                "hazard_ratio_table",
                "influence_error",
                "maximise",
                "interval_means",
                "recalibration_line",
                "standardised",
                "wald_contrast",
            }  # called by other statistics and results only
            assert own - internal <= set(st.__all__), (
                module,
                sorted(own - internal - set(st.__all__)),
            )
