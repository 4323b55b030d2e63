"""Study, patients and their preparation: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import (
    of_cohort,
    of_event_type,
    of_item,
    of_nothing,
    of_phase,
    of_reason,
    of_side,
    of_variable,
)
from analysis.results.keys.quantity import declare

study_name = declare(of_nothing, "study.name", "Name of the study")
study_title = declare(of_nothing, "study.title", "Title of the article")
study_disease = declare(of_nothing, "study.disease", "Disease studied")
study_event = declare(of_nothing, "study.event", "Event that is predicted, in words")
study_modality = declare(of_nothing, "study.modality", "Imaging modality, in words")
study_phases = declare(of_nothing, "study.phases", "Phases of the images", kind="list")
study_treatment = declare(
    of_nothing, "study.treatment", "Treatment that the patients had, in words"
)
study_phases_labels = declare(
    of_nothing, "study.phases.labels", "Phases of the images, by name", kind="list"
)
study_phase_label = declare(
    of_phase, "study.phases.{phase}.label", "What a phase is called, where the study file says so"
)
study_phases_n = declare(of_nothing, "study.phases.n", "Number of phases", "phases")
assumption = declare(
    of_item,
    "assumption.{item}",
    "Assumption of the authors, by number",
    needs="clinical values",
)
assumed_value = declare(
    of_variable,
    "assumed_value.{variable}",
    "Value that is taken where a variable is missing",
    needs="clinical values",
)
assumed_patients = declare(
    of_variable,
    "assumed_patients.{variable}",
    "Patients for whom that value is taken",
    "patients",
    needs="clinical values",
)
cohort_n = declare(of_nothing, "cohort.n", "Patients studied", "patients")
cohort_labelled_n = declare(
    of_nothing, "cohort.labelled.n", "Patients whose outcome is known", "patients"
)
cohort_unknown_n = declare(
    of_nothing,
    "cohort.unknown.n",
    "Patients whose outcome is unknown, as they were censored before the horizon",
    "patients",
)
cohort_events_n = declare(of_nothing, "cohort.events.n", "Patients with the event", "patients")
cohort_non_events_n = declare(
    of_nothing, "cohort.non_events.n", "Patients without the event", "patients"
)
n_of_cohort = declare(
    of_cohort,
    "cohort.{cohort}.n",
    "Patients of a cohort whose outcome is known",
    "patients",
    name="n_of_cohort",
)
events_of_cohort = declare(
    of_cohort,
    "cohort.{cohort}.events",
    "Patients of a cohort with the event",
    "patients",
    name="events_of_cohort",
)
non_events_of_cohort = declare(
    of_cohort,
    "cohort.{cohort}.non_events",
    "Patients of a cohort without the event",
    "patients",
    name="non_events_of_cohort",
)
unknown_of_cohort = declare(
    of_cohort,
    "cohort.{cohort}.unknown",
    "Patients of a cohort whose outcome is unknown",
    "patients",
    name="unknown_of_cohort",
)
cohorts_external = declare(
    of_nothing, "cohorts.external", "Cohorts beyond training and validation", kind="list"
)
cohort_centres_n = declare(
    of_nothing, "cohort.centres.n", "Centres of the patients", "centres", needs="clinical values"
)
cohort_synthetic = declare(
    of_nothing, "cohort.synthetic", "Whether the patients are made by a computer", kind="yes or no"
)
cohort_follow_up_median = declare(
    of_nothing,
    "cohort.follow_up_median",
    meaning="Median follow-up",
    unit="months",
    method="reverse Kaplan-Meier",
)
cohort_event_type = declare(
    of_event_type,
    "cohort.event_type.{event_type}",
    "Patients whose follow-up ended with this event",
    "patients",
)
endpoint_horizon_months = declare(
    of_nothing, "endpoint.horizon_months", "Horizon of the endpoint", "months"
)
screened_n = declare(
    of_nothing,
    "screened.n",
    "Patients screened, as the study file counts them",
    "patients",
    needs="words of the authors",
)
screened_excluded_n = declare(
    of_nothing,
    "screened.excluded.n",
    "Patients excluded before the clinical table",
    "patients",
    needs="words of the authors",
)
screened_excluded = declare(
    of_item,
    "screened.excluded.{item}",
    "Patients excluded before the clinical table for one reason, by number",
    "patients",
    name="screened_excluded",
    needs="words of the authors",
)
screened_reason = declare(
    of_item,
    "screened.reason.{item}",
    "Reason of an exclusion before the clinical table, in the authors' words",
    name="screened_reason",
    needs="words of the authors",
)
excluded_n = declare(
    of_nothing,
    "excluded.n",
    meaning="Patients left out of the cohort",
    unit="patients",
    method="--keep-going",
    needs="excluded patients",
)
excluded_listed = declare(
    of_nothing,
    "excluded.listed",
    "Patients of the clinical table",
    "patients",
    needs="excluded patients",
)
excluded = declare(
    of_reason,
    "excluded.{reason}",
    "Patients left out for this reason",
    "patients",
    needs="excluded patients",
)
missing_patients_n = declare(
    of_nothing,
    "missing.patients.n",
    "Patients with any missing variable",
    "patients",
    needs="clinical values",
)
missing = declare(
    of_variable,
    "missing.{variable}",
    "Patients whose variable is missing",
    "patients",
    needs="clinical values",
)
preparation_calendar_months = declare(
    of_nothing,
    "preparation.calendar_months",
    "Whether times were computed from dates, in calendar months",
    kind="yes or no",
    needs="values before preparation",
)
preparation_horizon_tolerance_days = declare(
    of_nothing,
    "preparation.horizon_tolerance_days",
    "Days before the horizon that still count as reaching it",
    "days",
    needs="values before preparation",
)
preparation_horizon_tolerance_n = declare(
    of_nothing,
    "preparation.horizon_tolerance.n",
    "Event-free patients last seen within the tolerance before the horizon",
    "patients",
    needs="values before preparation",
)
preparation_limited = declare(
    of_variable,
    "preparation.limited.{variable}",
    "Variable with values at a limit of detection",
    needs="values before preparation",
)
preparation_limited_rule = declare(
    of_variable,
    "preparation.limited_rule.{variable}",
    "What took the place of a value beyond a limit of detection: half, limit or missing",
    needs="values before preparation",
)
preparation_limited_n = declare(
    of_side,
    "preparation.limited.{variable}.{side}.n",
    "Patients whose value was beyond the limit",
    "patients",
    needs="values before preparation",
)
split_other_centres = declare(
    of_cohort,
    "split.other_centres.{cohort}",
    "Whether none of a cohort's patients is of a centre that gave training patients",
    kind="yes or no",
    needs="split",
)
