"""A table as the package reads it, and what it says of it."""

from analysis.cohort.tables.spreadsheet import read_spreadsheet
from analysis.core.problems import Problems
from analysis.study.layout import TableLayout


def read(path, text=(), **layout):
    problems = Problems()
    return read_spreadsheet(path, problems, TableLayout(**layout), text), [
        (each.level, f"{each.where}: {each.what}") for each in problems
    ]


def told(found, level, words):
    return any(each == level and words in text for each, text in found)
