"""The best model's score between the levels of each staging system."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import format_number, format_p, p_heading
from analysis.reporting.rendering.escaping import literal
from analysis.reporting.tables.markdown import pipe_table, table
from analysis.results import keys


@table
def score_levels_markdown(results: Results) -> Markdown:
    """Pairs of levels by system: patients, probability of the higher score, and Holm's P."""
    rows, before = [], ""
    for row in results.frame("tables/score_levels").itertuples():
        system = "" if row.system == before else results.text(keys.label(row.system))
        before = row.system
        pair = literal(f"{row.second} against {row.first}".replace("_", " "))
        size, superiority = f"{row.n_second}, {row.n_first}", format_number(row.superiority, "AUC")
        rows.append([system, pair, size, superiority, format_p(row.p_holm)])
    header = ["System", "Levels", "Patients", "Probability of the higher score", p_heading("Holm")]
    return pipe_table(header, rows, left=2)
