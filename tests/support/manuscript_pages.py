"""Documents of a study rendered from made figures."""

from pathlib import Path

# Figures of the made-up liver study that the smaller one of sarcoma does not have.
OF_LIVER = {
    "kaplan_meier",
    "cumulative_incidence",
    "stages",
    "nomogram",
    "roc_staging",
    "decision_curve_models",
}


def placeholder_figures(output: Path) -> None:
    (output / "figures").mkdir()
    kept = {
        "roc",
        "calibration",
        "calibration_models",
        "workflow",
        "decision_curve",
        "forest",
        "flow_chart",
        "graphical_abstract",
    } | (OF_LIVER if (output / "curves" / "kaplan_meier.csv").is_file() else set())
    for name in kept:
        (output / "figures" / f"{name}.png").write_bytes(b"a picture")
