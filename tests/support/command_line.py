"""The command `early-recurrence`, called in this process."""

from analysis.cli import main


def command(*words: object) -> int:
    """Exit status of `early-recurrence` with these words, each as text."""
    return main([str(word) for word in words])
