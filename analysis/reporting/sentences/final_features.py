"""How many of the features of the final radiomics model are of a kind."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.selected_coefficients import kept_none, selected_coefficients
from analysis.results import keys


def of_final_features(r: Results, key: str, verb: tuple[str, str], what: str) -> str:
    """Sentence on the features of a kind; key: of their number.

    verb: infinitive and past form, with `what` after it: `describe`, `described` and `habitats`.
    """
    plain, past = verb
    number, total = (int(r.record(each).number) for each in (key, keys.features_selected_n()))
    if total == 1:
        return (
            f"The only feature of the final model {past if number else f'did not {plain}'} {what}."
        )
    if not number:
        return f"None of the {{features.selected.n|feature}} of the final model {past} {what}."
    return f"{{{key}}} of the {{features.selected.n|feature}} of the final model {past} {what}."


def lasso_kept_none(r: Results) -> bool:
    """True if LASSO kept no coefficient in the final fit; False too where its path is not known."""
    if not (r.folder / "curves" / "selection_path.csv").is_file():
        return False
    return kept_none(selected_coefficients(r.frame("curves/selection_path")))
