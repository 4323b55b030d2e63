"""Results of which a sentence fills its template, as opened results do without links."""

from types import SimpleNamespace

from analysis.reporting.results_by_key import ResultsByKey


class FilledResults(SimpleNamespace):
    """records: key -> value."""

    def plain(self, key, form=None):
        return str(self.records[key])

    fill = ResultsByKey.fill_plain
