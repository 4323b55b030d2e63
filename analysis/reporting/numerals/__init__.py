"""Numerals of the rendered documents, with what binds each.

Each is bound to a key of the results, to the function that made its table, or is of a listed kind.
"""
