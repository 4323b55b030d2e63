"""Reporting checklists (TRIPOD+AI, CLEAR, CLAIM, METRICS).

They tell what the study answers by itself, what people answer, and what is open.
"""
