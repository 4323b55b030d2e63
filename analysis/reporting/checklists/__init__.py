"""Reporting checklists (TRIPOD+AI, CLEAR, CLAIM, METRICS): what the study answers by itself, what
people answer, what is open."""
