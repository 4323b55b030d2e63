"""Clinical and reader variables of the synthetic cohort.

Their distributions and correlations are plausible.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import beta, norm

from analysis.demo.truth import TRUTH, Truth

SMALLEST_CM = 1.5
MISSING_RATE = {
    "afp": 0.02,
    "ggt": 0.02,
    "alp": 0.01,
    "fibrinogen": 0.02,
    "crp": 0.02,
    "cholesterol": 0.02,
    "inr": 0.01,
    "weight": 0.01,
}


def diameters(hidden: pd.DataFrame, largest_cm: float) -> np.ndarray:
    """Largest tumour diameter (cm) of each patient, between 1.5 cm and ``largest_cm``."""
    quantile = beta.ppf(norm.cdf(hidden["diameter"]), 1.9, 4.6)
    return (SMALLEST_CM + (largest_cm - SMALLEST_CM) * quantile).round(1)


def draw_clinical(
    hidden: pd.DataFrame,
    *,
    centre: np.ndarray,
    largest_cm: float,
    rng: np.random.Generator,
    truth: Truth = TRUTH,
) -> pd.DataFrame:
    """Draw every clinical column except the outcome's; units are those of the data dictionary."""
    n = len(hidden)
    a, ast = hidden["aggressiveness"].to_numpy(), hidden["ast"].to_numpy()
    severity = 0.45 * ast + 0.89 * hidden["severity"].to_numpy()  # of the liver disease
    inflammation = 0.1 * a + 0.99 * hidden["inflammation"].to_numpy()
    centre_b = centre == "B"

    def related(share: float, latent: np.ndarray) -> np.ndarray:
        """A standard normal variable whose correlation with ``latent`` is ``share``."""
        return share * latent + np.sqrt(1 - share**2) * rng.standard_normal(n)

    def chance(log_odds: np.ndarray | float) -> np.ndarray:
        return (rng.uniform(size=n) < 1 / (1 + np.exp(-(log_odds + np.zeros(n))))).astype(int)

    def graded(latent: np.ndarray, shares: dict[str, float]) -> np.ndarray:
        """Cut a standard normal variable into levels with the given shares, lowest values first."""
        edges = norm.ppf(np.cumsum(list(shares.values()))[:-1])
        return np.array(list(shares))[np.searchsorted(edges, latent)]

    def reader(direction: float = 1.0) -> np.ndarray:
        return direction * related(truth.reader_link, a)

    table = pd.DataFrame({"centre": centre})
    agents = {
        False: ["gadoterate meglumine", "gadopentetate dimeglumine"],
        True: ["gadobutrol", "gadoterate meglumine"],
    }
    table["mri_contrast_agent"] = [agents[bool(b)][int(rng.uniform() < 0.3)] for b in centre_b]
    table["days_mri_to_surgery"] = np.clip(rng.gamma(2.0, 5.5, n), 1, 45).round().astype(int)
    table["age_years"] = np.clip(57 + 10.5 * rng.standard_normal(n), 26, 84).round().astype(int)
    male = rng.uniform(size=n) < 0.83
    table["sex"] = np.where(male, "male", "female")
    table["aetiology"] = rng.choice(
        ["HBV", "HCV", "alcohol", "other"], n, p=[0.64, 0.13, 0.13, 0.10]
    )
    table["cirrhosis"] = chance(0.4 + 1.1 * severity)
    table["ecog"] = graded(related(0.3, severity), {"0": 0.82, "1": 0.16, "2": 0.02}).astype(int)
    table["ascites"] = graded(
        related(0.6, severity), {"none": 0.93, "slight": 0.06, "moderate_severe": 0.01}
    )
    table["encephalopathy"] = graded(
        related(0.5, severity), {"none": 0.98, "grade_1_2": 0.018, "grade_3_4": 0.002}
    )

    def log_normal(
        median: float, spread: float, latent: np.ndarray, low: float, high: float, digits: int
    ) -> np.ndarray:
        return np.clip(median * np.exp(spread * latent), low, high).round(digits)

    table["afp"] = log_normal(28, 2.1, reader(), low=1.0, high=60000, digits=1)
    table["ast"] = log_normal(37, 0.48, ast, low=10, high=400, digits=0)
    table["alt"] = log_normal(35, 0.52, related(0.60, ast), low=7, high=450, digits=0)
    table["ggt"] = log_normal(60, 0.65, related(0.40, ast), low=10, high=700, digits=0)
    table["alp"] = log_normal(88, 0.30, related(0.35, severity), low=30, high=400, digits=0)
    table["ast_uln"] = np.where(centre_b, 35, 40)
    table["alt_uln"] = np.where(centre_b, 45, 50)
    table["ggt_uln"] = np.where(centre_b, 55, 60)
    table["bilirubin"] = log_normal(13.5, 0.38, related(0.6, severity), low=4, high=90, digits=1)
    table["albumin"] = np.clip(41.5 - 3.6 * related(0.6, severity), 25, 52).round(1)
    table["platelets"] = log_normal(150, 0.38, -related(0.55, severity), low=30, high=420, digits=0)
    table["inr"] = log_normal(1.05, 0.075, related(0.6, severity), low=0.85, high=1.9, digits=2)
    table["creatinine"] = (np.where(male, 78, 61) * np.exp(0.17 * rng.standard_normal(n))).round()
    table["sodium"] = np.clip(140.2 - 2.2 * related(0.3, severity), 128, 148).round()
    table["neutrophils"] = log_normal(
        3.3, 0.33, related(0.6, inflammation), low=0.9, high=14, digits=2
    )
    table["lymphocytes"] = log_normal(
        1.55, 0.30, -related(0.4, inflammation), low=0.4, high=4.5, digits=2
    )
    table["monocytes"] = log_normal(
        0.42, 0.30, related(0.45, inflammation), low=0.1, high=1.5, digits=2
    )
    other_cells = rng.uniform(0.08, 0.35, n)
    table["white_cells"] = (
        table[["neutrophils", "lymphocytes", "monocytes"]].sum(axis=1) + other_cells
    ).round(2)

    table["tumour_diameter"] = diameters(hidden, largest_cm)
    table["tumour_number"] = graded(reader(), {"1": 0.80, "2": 0.12, "3": 0.05, "4": 0.03}).astype(
        int
    )
    further = (table["tumour_number"] - 1) * np.clip(0.35 * table["tumour_diameter"], 0.8, 1.8)
    table["tumour_diameter_sum"] = (table["tumour_diameter"] + further).round(1)
    volume = 0.38 * table["tumour_diameter"] ** 3 * (1 + 0.04 * (table["tumour_number"] - 1))
    table["tumour_extent_percent"] = (
        (100 * volume / rng.normal(1350, 150, n)).clip(0.1, 60).round(1)
    )
    table["vascular_invasion"] = graded(
        reader(),
        {
            "none": 0.855,
            "segmental": 0.08,
            "first_order": 0.035,
            "hepatic_vein": 0.015,
            "main_trunk": 0.01,
            "inferior_vena_cava": 0.005,
        },
    )
    table["lymph_node_metastasis"] = chance(-4.0)
    table["distant_metastasis"] = chance(-4.8)
    table["adjacent_organ_invasion"] = chance(-4.0)
    table["diffuse"] = 0
    table["dialysis"] = chance(-5.0)
    table["cholesterol"] = np.clip(168 - 30 * related(0.4, severity), 70, 300).round()
    table["crp"] = log_normal(2.6, 0.95, related(0.75, inflammation), low=0.1, high=120, digits=1)
    table["fibrinogen"] = np.clip(
        2.9 + 0.65 * related(0.5, inflammation - 0.3 * severity), 1.0, 7.0
    ).round(2)
    table["height"] = (np.where(male, 169, 158) + 6 * rng.standard_normal(n)).round()
    table["weight"] = (
        (table["height"] / 100) ** 2 * np.clip(23.6 + 3 * rng.standard_normal(n), 16, 38)
    ).round(1)
    table["capsule"] = graded(reader(), {"complete": 0.45, "incomplete": 0.30, "none": 0.25})
    table["rim_aphe"] = (reader() > norm.ppf(0.80)).astype(int)
    table["margin"] = np.where(reader() > norm.ppf(0.60), "non_smooth", "smooth")
    table["washout"] = graded(reader(), {"none": 0.24, "nonperipheral": 0.64, "peripheral": 0.12})
    table["satellite"] = (reader() > norm.ppf(0.87)).astype(int)
    return table


def make_missing(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Empty a few cells completely at random (AST in one patient of a full-sized cohort)."""
    table = table.copy()
    for name, rate in MISSING_RATE.items():
        table[name] = table[name].astype(float).mask(rng.uniform(size=len(table)) < rate)
    if len(table) >= 100:
        table.loc[int(rng.integers(len(table))), "ast"] = np.nan
    return table
