"""Numerals of the rendered documents: each is bound to a key of the results, to the function that
made its table, or is of a listed kind.
"""
