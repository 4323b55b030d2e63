"""Locked model for use outside the study.

It is written with what it was trained on, and applied to new patients.
"""
