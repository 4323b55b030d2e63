"""The count of bound numerals: every kind is known in each format, and one that is typed by hand is
found in each."""

from __future__ import annotations

import json
from functools import partial

import pytest

from analysis.reporting.numerals import pdf_words
from analysis.reporting.numerals.numeral import Block, Numeral, Piece, numerals_of
from analysis.reporting.numerals.printed_values import KeyValues
from analysis.reporting.numerals.report import (
    UnboundNumerals,
    article_sentence,
    count_pages,
    count_words,
    demand_all,
    write_count,
)
from analysis.results.record import Record
from tests.support.numbered_pages import article, made_results, write_pages

FORMATS = (".html", ".docx", ".pdf")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return made_results(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def bound(results, tmp_path_factory):
    """Pages of an article whose numerals are all bound."""
    return write_pages(tmp_path_factory.mktemp("bound"), article(results))


def _counted(pages, results):
    return dict(zip(pages, count_pages(pages.values(), results), strict=True))


def test_each_kind_of_numeral_is_known(bound, results):
    counted = _counted(bound, results)
    # 177, 33; 95%, 2022; the AUC with level and two limits; P; 33 in the table.
    expected = {
        "key": 10,
        "source": 1,
        "own": 1,
        "citation": 1,
        "number": 2,
        "table": 4,
        "name": 3,
        "version": 1,
        "date": 1,
        "code": 1,
        "title": 1,
    }
    for suffix in (".html", ".docx"):
        kinds = {name: n for name, n in counted[suffix].kinds.items() if name != "reference"}
        assert kinds == expected, suffix
        assert counted[suffix].kinds["reference"] >= 3
        assert counted[suffix].unbound == ()


def test_a_pdf_is_read_beside_the_html_page(bound, results):
    pytest.importorskip("pypdfium2")
    counted = _counted(bound, results)[".pdf"]
    assert [each.line() for each in counted.unbound] == []
    assert counted.unread == ""
    assert counted.total >= 28


def test_the_end_of_a_render_says_how_many(bound, results):
    counted = count_pages([bound[".html"], bound[".docx"]], results)
    total = sum(each.total for each in counted)
    assert count_words(counted) == f"{total} of {total} numerals bound (2 files)."
    demand_all(counted)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Mortality was 17% within a year.", "17%"),
        ("Two readers read all 64 scans.", "64"),
        ("The cut-off was [0.31]{.own}.", "0.31"),
        ("| Group | Deaths |\n|:--|:--:|\n| Old | 21 |", "21"),
        ("# A heading with 45 words", "45"),
    ],
    ids=["sentence", "count", "own without a reason", "own table", "heading"],
)
def test_a_typed_number_is_found(suffix, words, found, results, tmp_path):
    if suffix == ".pdf":
        pytest.importorskip("pypdfium2")
    text = article(results).replace("# References", f"{words}\n\n# References")
    formats = ("html", "pdf") if suffix == ".pdf" else (suffix[1:],)
    pages = write_pages(tmp_path, text, formats)
    counted = _counted(pages, results)[suffix]
    assert [each.numeral.text for each in counted.unbound] == [found]
    assert f"index{suffix}: " in counted.unbound[0].line()
    assert '[NUMBER]{.own reason="…"}' in counted.unbound[0].advice
    assert f"«{found}»" in counted.unbound[0].numeral.context
    with pytest.raises(UnboundNumerals, match=found):
        demand_all([counted])


def test_a_value_that_the_results_do_not_have_is_found(results, tmp_path):
    text = article(results).replace("0.872", "0.873", 1)
    pages = write_pages(tmp_path, text, ("html", "docx"))
    for counted in _counted(pages, results).values():
        assert [each.numeral.text for each in counted.unbound] == ["0.873"]
        assert counted.unbound[0].advice == (
            "the results have another value for auc.cr.validation; render again"
        )


def test_a_key_that_the_results_do_not_have_is_found(results, tmp_path):
    text = '# Results\n\nThe AUC was [0.9]{.result title="auc.none.validation · auc · n = 3"}.\n'
    page = write_pages(tmp_path, text, ("html",))[".html"]
    unbound = count_pages([page], results)[0].unbound
    assert [each.advice for each in unbound] == [
        "results.json has no key auc.none.validation; render again"
    ]


def test_a_number_after_the_page_was_written_is_found_in_the_pdf_alone(bound, results, tmp_path):
    pytest.importorskip("pypdfium2")
    text = article(results).replace("# References", "A number of 58 stands here.\n\n# References")
    pages = write_pages(tmp_path, text, ("pdf",))
    (tmp_path / "index.html").write_bytes(bound[".html"].read_bytes())
    counted = _counted(pages, results)[".pdf"]
    assert [each.numeral.text for each in counted.unbound] == ["58"]
    assert counted.unbound[0].advice.startswith("no bound numeral of index.html stands among")


SECTIONS = """# Results

Text.

## Patients

Text.

## Comparison with staging systems and with the prognostic indexes that are in wide use for patients

Text.

# Discussion

Text.
"""
NUMBERS = ("1", "1.1.", "1.2.", "2.")


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        (NUMBERS, []),
        # Without its parent's number, a section's is not of the outline.
        (("7", "1.1", "1.2", "2"), ["7", "1.1", "1.2", "2"]),
        (("1", "1.1", "1.2", "4"), ["4"]),
    ],
)
def test_numbers_of_sections_that_a_pdf_alone_has_need_no_key(numbers, found, results, tmp_path):
    pytest.importorskip("pypdfium2")
    text = article(results).replace("# Results\n", SECTIONS)
    lines, left = text.splitlines(), iter(numbers)
    for place, line in enumerate(lines):
        marks, _, heading = line.partition(" ")
        if marks in ("#", "##") and heading != "References":
            lines[place] = f"{marks} {next(left)} {heading}"
    pages = write_pages(tmp_path, "\n".join(lines), ("pdf",))
    pages = {".pdf": pages[".pdf"], **write_pages(tmp_path / "as html", text, ("html",))}
    (tmp_path / "index.html").write_bytes(pages[".html"].read_bytes())
    counted = _counted({".pdf": pages[".pdf"]}, results)[".pdf"]
    assert [each.numeral.text for each in counted.unbound] == found


def test_a_number_typed_before_words_of_a_heading_is_found(results, tmp_path):
    pytest.importorskip("pypdfium2")
    text = article(results).replace("# Results\n", SECTIONS)
    typed = text.replace("Text.\n\n# Discussion", "There were 3 Patients.\n\n# Discussion")
    pages = write_pages(tmp_path, typed, ("pdf",))
    write_pages(tmp_path / "as html", text, ("html",))
    (tmp_path / "index.html").write_bytes((tmp_path / "as html" / "index.html").read_bytes())
    counted = _counted(pages, results)[".pdf"]
    assert [each.numeral.text for each in counted.unbound] == ["3"]


def test_a_pdf_alone_is_said_not_to_have_been_read(results, tmp_path):
    page = write_pages(tmp_path, article(results), ("pdf",))[".pdf"]
    counted = count_pages([page], results)
    assert "index.pdf was not read again: a PDF is read beside" in count_words(counted)
    with pytest.raises(UnboundNumerals, match="was not read again"):
        demand_all(counted)


def test_without_a_reader_of_pdf_the_file_is_said_not_to_have_been_read(
    bound, results, monkeypatch
):
    def none(path, headings):
        raise pdf_words.NoReader("pypdfium2, which reads PDF, is not installed")

    monkeypatch.setattr("analysis.reporting.numerals.count.pdf_blocks", none)
    with pytest.raises(UnboundNumerals, match="pypdfium2, which reads PDF, is not installed"):
        demand_all(count_pages([bound[".pdf"]], results))


def test_numerals_json_has_each_unbound_one(results, tmp_path):
    page = write_pages(tmp_path, "# Results\n\nOf 12 patients none died.\n", ("html",))[".html"]
    path = write_count(tmp_path, count_pages([page], results))
    content = json.loads(path.read_text(encoding="utf-8"))["index.html"]
    assert (content["numerals"], content["bound"]) == (2, 1)
    assert content["unbound"][0]["words"] == "Of «12» patients none died."


def test_the_supplement_says_the_articles_count(bound, results, tmp_path):
    said = article_sentence(results, [tmp_path / "none.html", bound[".html"]])
    total = count_pages([bound[".html"]], results)[0].total
    assert said.startswith(f"[{total} of the {total} numerals that the article prints in digits")
    assert "10 values by key" in said
    # Its own numbers are of a listed kind, so that it changes no count.
    page = write_pages(tmp_path, f"# Numerals\n\n{said}\n", ("html",))[".html"]
    again = count_pages([page], results)[0]
    assert again.unbound == ()
    assert set(again.kinds) == {"count", "title"}
    assert article_sentence(results, [tmp_path / "none.html"]) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P < .001, OR 1,234.5", [(".001", None), ("1,234.5", None)]),
        ("24-month survival of 95%", [("24", None), ("95%", None)]),
        ("T2-weighted, CA19-9, FIB-4.", [("T2-weighted", "name"), ("CA19-9", "name"),
                                        ("FIB-4", "name")]),
        ("on 29 November 2026, in 2024", [("29 November 2026", "date"), ("2024", None)]),
        ("software 3.1.4, doi:10.1148/x.1", [("3.1.4", "version"), ("doi:10.1148/x.1", "code")]),
        ("10⁹/L and −0.5", [("10", None), ("0.5", None)]),
    ],
)  # fmt: skip
def test_what_is_a_numeral(text, expected):
    found = [(each.text, each.kind) for each in numerals_of(Block([Piece(text)]), 0)]
    assert found == expected


def test_a_numeral_in_two_pieces_is_bound_where_both_are():
    half = Block([Piece("0.8", "key", "auc"), Piece("7")])
    whole = Block([Piece("0.8", "key", "auc"), Piece("7", "key", "auc")])
    assert [each.kind for each in numerals_of(half, 0)] == [None]
    assert [each.kind for each in numerals_of(whole, 0)] == ["key"]


def test_a_count_is_bound_to_a_proportion_alone(results):
    values = KeyValues(results)
    records = results.records
    records["accuracy.cr.validation"] = Record(
        "accuracy.cr.validation", 25 / 33, n=33, unit="proportion"
    )
    number = partial(Numeral, kind="key", before="", after="", block=0)
    assert values.allows(number("25", detail="accuracy.cr.validation"))
    assert not values.allows(number("24", detail="accuracy.cr.validation"))
    # An AUC of 0.872 in 33 patients counts no 29 of them.
    auc = records["auc.cr.validation"]
    counted = str(round(auc.number * (auc.n or 33)))
    assert not values.allows(number(counted, detail="auc.cr.validation"))
    del records["accuracy.cr.validation"]
