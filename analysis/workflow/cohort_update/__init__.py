"""What happens when the cohort changes.

It tells what is kept, what is computed again, what moved, and what has happened to the validation
cohort.

Nothing is imported here: the command starts without the libraries of a run.
"""
