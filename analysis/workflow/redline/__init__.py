"""The article as a Word file with tracked changes between two states of the study.

Nothing is imported here: the command starts without the libraries of a run.
"""
