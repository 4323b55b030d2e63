"""The pages of a bundle print the numbers of its results; a numeral that was changed is named."""

from types import SimpleNamespace

import pytest

from analysis.workflow.review.printed_article import misprinted
from tests.support.numbered_pages import article, made_results, write_pages


@pytest.fixture
def bundle(tmp_path):
    """What of a bundle counts here: its folder, results and study."""
    results = made_results(tmp_path / "study")
    (tmp_path / "bundle").mkdir()
    pages = write_pages(tmp_path / "pages", article(results), ("html",))
    (tmp_path / "bundle" / "article").mkdir()
    pages[".html"].rename(tmp_path / "bundle" / "article" / "index.html")
    return SimpleNamespace(folder=tmp_path / "bundle", results=results.records, study=results.study)


def test_an_article_of_its_results_is_sound(bundle):
    assert misprinted(bundle) == []


def test_a_changed_numeral_is_named_with_its_key(bundle):
    page = bundle.folder / "article" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert text.count(">0.872") == 1
    page.write_text(text.replace(">0.872", ">0.972"), encoding="utf-8")
    (found,) = misprinted(bundle)
    assert "article/index.html prints 0.972 for auc.cr.validation" in found
    assert "results.json has as 0.872" in found


def test_a_bundle_without_an_article_has_nothing_to_read(bundle):
    (bundle.folder / "article" / "index.html").unlink()
    assert misprinted(bundle) == []
