"""Sections of the introduction."""

from __future__ import annotations

from analysis.reporting.sections.context import Context
from analysis.reporting.sections.registry import section
from analysis.reporting.sentences import need, rigour


@section("need", "what radiomics, networks and staging systems are, and the question about them")
def _need(c: Context) -> str:
    return need(c.r)


@section("rigour", "how the question is answered")
def _rigour(c: Context) -> str:
    return rigour(c.r)
