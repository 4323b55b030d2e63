"""Sections of the supplement: patients, images, features, regression, selection."""

from __future__ import annotations

from analysis.reporting.manuscript import Results
from analysis.reporting.number_style import p_value
from analysis.reporting.sections.context import Context, paragraphs, sentences
from analysis.reporting.sections.registry import CLINICAL, FEATURES, IMAGES, section
from analysis.reporting.sentences import (
    clustered_region,
    crops_beyond,
    deformed_phases,
    deltas_left_out,
    habitat_numbers,
    habitats_counted,
    is_preprocessing_compared,
    listed,
    perturbed_alone,
    perturbed_origin,
    preprocessing_compared,
)
from analysis.reporting.sentences.counts import or_none
from analysis.reporting.tables import (
    baseline_markdown,
    clinical_frequency_markdown,
    crop_padding_markdown,
    excluded_markdown,
    feature_icc_markdown,
    habitats_markdown,
    imputed_coefficients_markdown,
    imputed_performance_markdown,
    preprocessing_markdown,
    quality_markdown,
    radiomics_frequency_markdown,
    region_quality_markdown,
    registration_markdown,
    selection_by_region_markdown,
    selection_path_markdown,
    standard_scale_markdown,
    warnings_markdown,
)
from analysis.results import keys
from models.declared import CR, RADIOMICS

CONTACT = ("contact_sheet_training", "contact_sheet_validation")
TRAINED = (IMAGES, FEATURES, CLINICAL)


@section("supplement-patients", "patients by cohort and by outcome, and who was excluded")
def supplement_patients(c: Context) -> str:
    """Tables with a sentence each."""
    described, compared = c.described("baseline_by_outcome"), c.described()
    drawn = c.r.has_figure("workflow")
    return paragraphs(
        "@fig-workflow shows the workflow." if drawn else "",
        c.figure(
            "fig-workflow",
            "workflow",
            "Workflow of the study: patients, data, models and their evaluation.",
            drawn,
        ),
        c.table(
            "tbl-cohorts",
            lambda: baseline_markdown(c.r),
            "Patients of known outcome, by cohort. SMD: standardised mean difference between the"
            f" cohorts. The test is named beside its {p_value()}.",
            there=compared,
        ),
        "@tbl-cohorts compares the {cohort.training.n|training patient} with the"
        " {cohort.validation.n|validation patient}, with standardised mean differences."
        if compared
        else "",
        c.table(
            "tbl-outcome",
            lambda: baseline_markdown(c.r, by="outcome"),
            "Patients of known outcome, by outcome. SMD: standardised mean difference. The test is"
            f" named beside its {p_value()}.",
            there=described,
        ),
        "@tbl-outcome compares the patients by outcome, all cohorts together."
        if described
        else "This study has no clinical variables to describe.",
        "Of {excluded.listed|patient} in the clinical table, {excluded.n} were excluded because"
        " their data could not be used (@tbl-excluded). No patient was excluded for an outcome or"
        " a prediction."
        if c.has(keys.excluded_n())
        else "",
        c.table(
            "tbl-excluded",
            lambda: excluded_markdown(c.r),
            "Excluded patients by reason; a patient with several reasons is counted by the first.",
            there=c.has(keys.excluded_n()),
        ),
    )


def is_matched(c: Context) -> bool:
    """True if the study has the table of the standard scale that histograms were matched to."""
    return c.has(keys.standard_scale_extractions_n())


def _quality(c: Context, warned: bool) -> str:
    regions = bool(c.r.study.regions)
    return sentences(
        "@tbl-quality describes the masks, the stored intensities within them, and the grey levels"
        " and voxels after normalisation, resampling and discretisation. Warnings were given for"
        " masks of fewer than {quality.least_voxels|voxel}, a single grey level, masks that touch"
        " the border of the image or consist of separate pieces, and masks with voxels beyond a"
        " resampled image"
        + (
            "; regions were warned of where they were so small or over half was cut"
            if regions
            else ""
        )
        + "; {quality.warned.n} of {quality.patients.n|patient} had one"
        + (" (@tbl-warnings)." if warned else "."),
        "@fig-contact-training and @fig-contact-validation show every patient, with an orange frame"
        " for a warning.",
        "In {quality.regridded.n|patient} a phase was resampled to the grid of another."
        if c.r.record(keys.quality_regridded_n()).value
        else "",
        "@tbl-region-quality has the regions beside the tumour, and what of them was cut."
        if regions
        else "",
        "@tbl-registration has the registration of phases; every patient's is in"
        " `tables/registration.csv`."
        if c.r.all_of(keys.registration_unused_n)
        else "",
        "@tbl-standard-scale has the scale that histograms were matched to. The outer folds took"
        " {standard_scale.extractions.n|extraction} of features again, each of an image and region."
        if is_matched(c)
        else "",
        "All patients are in `tables/quality.csv`"
        + (" and `tables/region_quality.csv`." if regions else "."),
        crops_beyond(c.r),
    )


def _jacobian_words(r: Results) -> str:
    """What the Jacobian determinant is; empty where no phase is deformed."""
    if not deformed_phases(r.study):
        return ""
    return (
        " Jacobian determinant: volume as acquired over volume as read, by voxel; the median of"
        " patients' means, and the range over all voxels of their tumours."
    )


@section("supplement-images", "images and masks: quality and contact sheets")
def supplement_images(c: Context) -> str:
    """A paragraph, tables and figures; without images a sentence."""
    if not c.has(keys.quality_patients_n()):
        return "This study has no images."
    warned = bool(c.r.record(keys.quality_warned_n()).value)
    sheets = sorted(path.stem for path in (c.r.folder / "figures").glob("contact_sheet_*.png"))
    more = [name for name in sheets if name not in CONTACT]
    return paragraphs(
        _quality(c, warned),
        c.table(
            "tbl-quality",
            lambda: quality_markdown(c.r),
            "Images and masks by phase: median and range over patients. Resampling: median factor"
            " by which spacing was divided, along the image's axes.",
        ),
        c.table(
            "tbl-crop-padding",
            lambda: crop_padding_markdown(c.r),
            "Crops of the networks beyond the image, by phase: median and range of the share over"
            " patients, and patients with more.",
            there=bool(c.r.all_of(keys.crop_over_tenth_n)),
        ),
        c.table(
            "tbl-region-quality",
            lambda: region_quality_markdown(c.r),
            "Regions beside the tumour by phase: median and range of the volume over patients. Cut:"
            " beyond the image, in another lesion, or beyond the border at which the region ends.",
            there=bool(c.r.study.regions),
        ),
        c.table(
            "tbl-registration",
            lambda: registration_markdown(c.r),
            "Registration of phases: median and range over the patients in whom it was used."
            " Shift: mean length over the tumour's voxels." + _jacobian_words(c.r),
            there=bool(c.r.all_of(keys.registration_unused_n)),
        ),
        c.table(
            "tbl-standard-scale",
            lambda: standard_scale_markdown(c.r),
            "Standard scale of matched histograms: intensity that each percentile of an image's"
            " foreground is put on, the mean of the patients whom a fit learnt from.",
            there=is_matched(c),
        ),
        c.figure(
            "fig-registration",
            "registration",
            "Registration of phases: checkerboards of the phase and of that which it was registered"
            " to, in the section in which the tumour's mask is largest, with its outline; the"
            " patients of the largest shift, letters stand for patients.",
            c.r.has_figure("registration"),
        ),
        c.table(
            "tbl-warnings",
            lambda: warnings_markdown(c.r),
            caption="Warnings, by patient.",
            note="",
            there=warned,
        ),
        c.figure(
            "fig-contact-training",
            CONTACT[0],
            "Training patients: largest section of the mask in the reference phase, with its"
            " outline; grey from the first to the ninety-ninth percentile of what is shown."
            + (" Dashed: regions beside the tumour." if c.r.study.regions else ""),
        ),
        c.figure(
            "fig-contact-validation", CONTACT[1], "Validation patients, as the training patients."
        ),
        *(
            c.figure(f"fig-contact-more-{number}", name, "More patients, as before.")
            for number, name in enumerate(more, start=1)
        ),
    )


@section("supplement-reproducibility", "reproducibility of features", (IMAGES, FEATURES))
def supplement_reproducibility(c: Context) -> str:
    """A paragraph, a figure and a table; a sentence where nothing was delineated again."""
    if not c.has(keys.agreement_form()):
        return "No tumour was segmented again, and no mask was perturbed."
    changes, perturbed = [], perturbed_alone(c.r)
    for quantity, what in (
        (keys.agreement_lost_n, "left nothing; they are left out."),
        (keys.agreement_unchanged_n, "changed no voxel."),
    ):
        changes += [
            f"Of {{{record.key}|patient}} {parts['perturbation'].replace('_', ' ')} {what}"
            for parts, record in c.r.all_of(quantity)
            if record.value
        ]
    return paragraphs(
        sentences(
            "@fig-feature-icc and @tbl-feature-icc show the agreement of features between the first"
            f" segmentation and {'its perturbations' if perturbed else 'each other one'}, in"
            " training patients only: {agreement.form}, with limits of the two-sided"
            " {settings.confidence_level:level} interval. The threshold of"
            " {agreement.icc_threshold} applies to the {agreement.judged_by}.",
            perturbed_origin(c.r),
            preprocessing_compared(c.r),
            "Every feature is in `curves/feature_icc.csv`.",
            *changes,
        ),
        c.figure(
            "fig-feature-icc",
            "feature_icc",
            "ICC of the features by class, a dot a feature. Boxes: quartiles, whiskers: fifth and"
            " ninety-fifth percentile, orange: median, triangle: median of the lower bounds; the"
            " dashed line is the threshold. ICCs below zero lie at the left border.",
        ),
        c.table(
            "tbl-feature-icc",
            lambda: feature_icc_markdown(c.r),
            "Reproducibility of features by"
            + (" region," if c.r.study.regions else "")
            + f" class and {'perturbation' if perturbed else 'segmentation'},"
            " training patients.",
        ),
        c.table(
            "tbl-preprocessing",
            lambda: preprocessing_markdown(c.r),
            "Share of features that reach the threshold of the ICC, with and without preprocessing"
            " of the images.",
            there=is_preprocessing_compared(c.r),
        ),
    )


def _optimism(c: Context) -> str:
    if not c.has(keys.optimism_corrected("auc", CR.id)):
        return ""
    return (
        "The optimism-corrected AUC of the CR model, from bootstrap resamples with repeated"
        " selection [@harrell1996], was {optimism_corrected.auc.cr} (apparent, {auc.cr.apparent};"
        " out of fold, {auc.cr.out_of_fold}). The corrected calibration slope was"
        " {optimism_corrected.slope.cr} and the corrected Brier score"
        " {optimism_corrected.brier.cr}."
        + (
            " The model could not be fitted in {optimism.failed|resample}."
            if c.r.record(keys.optimism_failed()).number
            else ""
        )
    )


def _term(c: Context, term: str) -> str:
    """A term of the regressions by its label."""
    key = keys.label_term(term)
    return f"{{{key}}}" if c.has(key) else term.replace("_", " ")


@section("supplement-regression", "the regression's method, optimism, imputations")
def supplement_regression(c: Context) -> str:
    """Paragraphs and tables; without clinical variables a sentence."""
    if not c.clinical:
        return "There is no clinical-radiological model in this study."
    factors = [
        f"{{{record.key}}} ({{{keys.label_term(parts['variable'])}}})"
        for parts, record in c.r.all_of(keys.variance_inflation)
    ]
    separated = [_term(c, parts["term"]) for parts, _ in c.r.all_of(keys.separation)]
    return paragraphs(
        sentences(
            "The multivariable model, with {regression.events_per_parameter|event} per coefficient,"
            " was fitted by {regression.method}.",
            f"Generalised variance inflation factors were {listed(factors)}." if factors else "",
            f"The outcome was separated by {listed(separated)}; Firth's penalised likelihood was"
            " used there."
            if separated
            else "No variable separated the outcome.",
        ),
        _optimism(c),
        _imputations(c),
    )


def _imputations(c: Context) -> str:
    imputed, pooled = (
        c.r.has_any(keys.imputed, statistic="auc"),
        c.r.has_any(keys.regression_missing_information),
    )
    words = sentences(
        "Missing values were imputed {imputed.n|time} by chained equations [@vanbuuren2011], fitted"
        " in the patients of each fit without their outcome; {imputed.patients.n|patient} of known"
        " outcome had a missing candidate. Without the outcome, odds ratios of variables with"
        " missing values are biased towards one. Estimates were pooled by Rubin's rules"
        " [@barnard1999].",
        "@tbl-imputed-coefficients has the odds ratios beside those of a single imputation."
        if pooled
        else "",
        "@tbl-imputed-performance has the performance over imputations." if imputed else "",
    )
    return paragraphs(
        words if c.has(keys.imputed_n()) else "",
        c.table(
            "tbl-imputed-coefficients",
            lambda: imputed_coefficients_markdown(c.r),
            "Odds ratios of the CR model by multiple and by single imputation (median or mode),"
            " training patients. Information lost: share of the information on the coefficient that"
            " missing values cost.",
            there=pooled,
        ),
        c.table(
            "tbl-imputed-performance",
            lambda: imputed_performance_markdown(c.r),
            "Performance of the CR model over its imputations.",
            there=imputed,
        ),
    )


def _stable(c: Context, model: str) -> str:
    found = [
        f"{{stability.{model}.{level}}} over the {{stability.{model}.{level}:n|{level} fold}}"
        for level in ("outer", "inner")
        if c.has(keys.stability(model, level))
    ]
    return f"Nogueira's index of its stability was {listed(found)}." if found else ""


def _several_paths(c: Context) -> bool:
    return c.has(keys.radiomics_path())


def _sharing(c: Context) -> str:
    """What shares a selection."""
    if _several_paths(c):
        return "each classifier by the path chosen there; shown is the classifier chosen in the end"
    return "all classifiers together"


@section("supplement-selection", "how often each variable and feature was chosen", TRAINED)
def supplement_selection(c: Context) -> str:
    """Paragraphs and tables; a sentence where no selection was repeated."""
    clinical, radiomics = c.has(keys.chosen_cr_basis()), c.has(keys.chosen_radiomics_ever("outer"))
    resampled = clinical and c.r.plain(keys.chosen_cr_basis()) == "bootstrap"
    splines = (
        "Restricted cubic splines were fitted for {settings.splines}; univariable odds ratios"
        " of these variables are linear."
        if "settings.splines" in c.r.wording
        else ""
    )
    resamples = " and bootstrap resample" if resampled else ""
    regions = "@tbl-selection-regions has the features of each region." if c.r.study.regions else ""
    habitats = radiomics and c.has(keys.habitats_n())
    and_habitats = " and those of habitats" if habitats else ""
    return paragraphs(
        sentences(
            "The variables of the CR model were selected again in every"
            f" fold{resamples} by {{settings.clinical_rule}}"
            " (@tbl-frequency-cr).",
            _stable(c, CR.id),
            splines,
        )
        if clinical
        else "",
        sentences(
            "Radiomics features were selected again in every fold, for"
            f" {_sharing(c)}"
            " (@tbl-selection-path). In the outer folds, {chosen.radiomics.ever.outer} of"
            f" {{features.total|feature}}{and_habitats} were"
            " selected at least once and"
            f" {or_none(c.r.record('chosen.radiomics.always.outer'))} in all"
            " (@tbl-frequency-radiomics; all features are in"
            " `tables/selection_frequency.csv`).",
            regions,
            deltas_left_out(c.r),
            habitat_numbers(c.r),
            _stable(c, RADIOMICS.id),
        )
        if radiomics
        else "",
        "Nogueira's index [@nogueira2018] is one for identical selections and zero for chance; it"
        " has no interval because folds are few and share patients."
        if c.r.has_any(keys.stability)
        else "",
        "" if clinical or radiomics else "No selection was repeated.",
        c.table(
            "tbl-frequency-cr",
            lambda: clinical_frequency_markdown(c.r),
            "Candidates of the CR model: how often each was selected.",
            there=clinical,
        ),
        c.table(
            "tbl-selection-path",
            lambda: selection_path_markdown(c.r),
            "Radiomics features retained after each step of the selection. Steps after the"
            " reproducibility filter, which does not use the outcome, were repeated in each fold."
            + (" Outer folds: those whose path has the step." if _several_paths(c) else "")
            + habitats_counted(c.r),
            there=radiomics,
        ),
        c.table(
            "tbl-selection-regions",
            lambda: selection_by_region_markdown(c.r),
            "Radiomics features of the tumour and of each region beside it that each step of the"
            " final selection left.",
            there=bool(radiomics and c.r.study.regions),
        ),
        c.table(
            "tbl-habitats",
            lambda: habitats_markdown(c.r),
            "Habitats of the final radiomics model: centre of each cluster in each phase"
            f" (normalised intensity), and share of the {clustered_region(c.r)} in training"
            " patients by outcome,"
            " median (quartiles); shares are descriptive, and habitats were clustered anew in each"
            " fold."
            + (
                " ICC: smallest intraclass correlation coefficient of the share between"
                " segmentations."
                if habitats and "icc" in c.r.frame("tables/habitats")
                else ""
            ),
            there=habitats,
        ),
        c.figure(
            "fig-habitats",
            "habitats",
            "Habitats of the final radiomics model in the patients and sections of @fig-phases,"
            " numbered from the darkest to the brightest by the mean intensity of their cluster in"
            " the reference phase.",
            habitats and c.r.has_figure("habitats"),
        ),
        c.table(
            "tbl-frequency-radiomics",
            lambda: radiomics_frequency_markdown(c.r),
            "Radiomics features selected most often.",
            there=radiomics,
        ),
    )
