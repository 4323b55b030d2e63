"""Documents of a study rendered from made figures."""

from pathlib import Path


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
    } | (
        {
            "kaplan_meier",
            "cumulative_incidence",
            "stages",
            "nomogram",
            "roc_staging",
            "decision_curve_models",
        }
        if (output / "curves" / "kaplan_meier.csv").is_file()
        else set()
    )
    for name in kept:
        (output / "figures" / f"{name}.png").write_bytes(b"a picture")
