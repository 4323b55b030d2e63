"""What a journal asks of the rendered article: words, figures and headings against its limits."""

from analysis.reporting.journal.article import Article, read_article
from analysis.reporting.journal.limits import findings
from analysis.reporting.journal.word_counts import counts_text, report_counts

__all__ = ["Article", "counts_text", "findings", "read_article", "report_counts"]
