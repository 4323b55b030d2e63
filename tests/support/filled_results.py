"""Results as far as a sentence asks them: texts by key, and templates filled with them."""

from __future__ import annotations

from types import SimpleNamespace


class FilledResults(SimpleNamespace):
    """records: key -> value."""

    def plain(self, key):
        return str(self.records[key])

    def fill(self, template):
        for key, value in self.records.items():
            template = template.replace("{" + key + "}", str(value))
        return template
