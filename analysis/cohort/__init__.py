"""Cohort: patients, tables, outcome, and who validates."""
