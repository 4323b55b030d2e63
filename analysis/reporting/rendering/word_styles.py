"""The Word reference document: pandoc's own, with what journals ask of a manuscript.

`python -m analysis.reporting.rendering.word_styles` writes report/reference.docx, which Quarto and
the preview both use.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pypandoc

from analysis.core.cache import write_atomically

# Lines numbered through the whole document, A4 with wide margins, and the page's number at its
# foot.
SECTION = """<w:sectPr>
      <w:footerReference w:type="default" r:id="rIdFooter"/>
      <w:footnotePr><w:numRestart w:val="eachSect"/></w:footnotePr>
      <w:pgSz w:w="11906" w:h="16838"/>
      <w:pgMar w:top="1418" w:right="1134" w:bottom="1418" w:left="1418" \
w:header="709" w:footer="709" w:gutter="0"/>
      <w:lnNumType w:countBy="1" w:restart="continuous"/>
    </w:sectPr>"""
FOOTER = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">\
<w:p><w:pPr><w:suppressLineNumbers/><w:jc w:val="center"/></w:pPr>\
<w:r><w:fldChar w:fldCharType="begin"/></w:r>\
<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>\
<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>"""
FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
FOOTER_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
FONT = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"'
    ' w:eastAsia="Times New Roman"/>'
)
BODY = (
    '<w:spacing w:before="0" w:after="120" w:line="480" w:lineRule="auto"/>',
    FONT + '<w:sz w:val="24"/><w:szCs w:val="24"/>',
)
# Style → what it gets: (paragraph properties, run properties). Body text is double-spaced, cells
# and captions are not.
STYLES = {
    # Items of a list whose items are paragraphs have this style.
    "Normal": BODY,
    "BodyText": BODY,
    "Compact": (
        '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>',
        FONT + '<w:sz w:val="17"/><w:szCs w:val="17"/>',
    ),
    "TableCaption": (
        '<w:keepNext/><w:spacing w:before="240" w:after="80" w:line="240" w:lineRule="auto"/>',
        FONT + '<w:i w:val="0"/><w:sz w:val="20"/><w:szCs w:val="20"/>',
    ),
    "ImageCaption": (
        '<w:spacing w:before="80" w:after="240" w:line="240" w:lineRule="auto"/>',
        FONT + '<w:i w:val="0"/><w:sz w:val="20"/><w:szCs w:val="20"/>',
    ),
    "CaptionedFigure": ("<w:keepNext/><w:suppressLineNumbers/>", ""),
    "Bibliography": (
        '<w:spacing w:before="0" w:after="80" w:line="240" w:lineRule="auto"/>',
        FONT + '<w:sz w:val="20"/><w:szCs w:val="20"/>',
    ),
}
# A title of several lines fits above the authors.
TITLE_SIZE = "36"
# What a computer without Word's newest fonts shows alike.
HEADING_FONT = "Arial"
# Single-spaced, though based on Normal.
HEADINGS = tuple(f"Heading{level}" for level in range(1, 5))
# A style of our own, for the notes below tables.
NOTE = (
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableNote"><w:name w:val="Table'
    ' Note"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:before="60" w:after="240"'
    f' w:line="240" w:lineRule="auto"/></w:pPr><w:rPr>{FONT}<w:sz w:val="17"/><w:szCs'
    ' w:val="17"/></w:rPr></w:style>'
)
# Rules above, under the header and below: what journals print, and no others.
TABLE_RULES = """<w:tblPr><w:tblBorders>\
<w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>\
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/></w:tblBorders>
    <w:tblCellMar>\
<w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>
    <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:trPr><w:tblHeader/></w:trPr>\
<w:tcPr><w:tcBorders>\
<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>\
<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>"""


def _styled(styles: str) -> str:
    """styles.xml with STYLES put in the place of what those styles had, and the table's rules."""
    for name, (paragraph, run) in STYLES.items():
        found = re.search(
            rf'<w:style [^>]*w:styleId="{name}"[^>]*>.*?</w:style>', styles, re.DOTALL
        )
        if found is None:
            raise ValueError(
                f"pandoc's reference document has no style {name};"
                " analysis/reporting/rendering/word_styles.py knows pandoc 3"
            )
        block = re.sub(
            r"<w:pPr>.*?</w:pPr>|<w:pPr ?/>|<w:rPr>.*?</w:rPr>|<w:rPr ?/>",
            "",
            found[0],
            flags=re.DOTALL,
        )
        own = (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + (
            f"<w:rPr>{run}</w:rPr>" if run else ""
        )
        styles = styles.replace(found[0], block.replace("</w:style>", own + "</w:style>"))
    for name in HEADINGS:
        found = re.search(
            rf'<w:style [^>]*w:styleId="{name}"[^>]*>.*?</w:style>', styles, re.DOTALL
        )
        if found is None or "<w:spacing " not in found[0]:
            raise ValueError(
                f"pandoc's reference document has no style {name} with a spacing;"
                " analysis/reporting/rendering/word_styles.py knows pandoc 3"
            )
        styles = styles.replace(
            found[0],
            found[0].replace("<w:spacing ", '<w:spacing w:line="240" w:lineRule="auto" ', 1),
        )
    styles = _with_sizes(styles)
    found = re.search(r'<w:style [^>]*w:styleId="Table"[^>]*>.*?</w:style>', styles, re.DOTALL)
    if found is None:
        raise ValueError("pandoc's reference document has no table style")
    block = re.sub(
        r"<w:tblPr>.*?</w:tblPr>|<w:tblStylePr .*?</w:tblStylePr>", "", found[0], flags=re.DOTALL
    )
    return styles.replace(
        found[0], block.replace("</w:style>", TABLE_RULES + "</w:style>")
    ).replace("</w:styles>", NOTE + "</w:styles>")


def _with_sizes(styles: str) -> str:
    """The title smaller, and code in the size of the text or the cell that it stands in."""
    for name, size in (("Title", f'<w:sz w:val="{TITLE_SIZE}"/>'), ("VerbatimChar", "")):
        found = re.search(rf'<w:style [^>]*w:styleId="{name}".*?</w:style>', styles, re.DOTALL)
        if found is None:
            raise ValueError(
                f"pandoc's reference document has no style {name};"
                " analysis/reporting/rendering/word_styles.py knows pandoc 3"
            )
        block = re.sub(r'<w:szCs w:val="\d+" ?/>', "", found[0])
        styles = styles.replace(found[0], re.sub(r'<w:sz w:val="\d+" ?/>', size, block))
    return styles


def reference_document() -> bytes:
    """The document as a file's content, the same on every run of the same pandoc."""
    default = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file=reference.docx"],
        capture_output=True,
        check=True,
    ).stdout
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(default)) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        parts = {name: source.read(name) for name in source.namelist()}
        document = parts["word/document.xml"].decode()
        parts["word/document.xml"] = re.sub(
            r"<w:sectPr>.*?</w:sectPr>|<w:sectPr ?/>", SECTION, document, flags=re.DOTALL
        ).encode()
        parts["word/styles.xml"] = _styled(parts["word/styles.xml"].decode()).encode()
        theme = parts["word/theme/theme1.xml"].decode()
        parts["word/theme/theme1.xml"] = theme.replace(
            'typeface="Aptos Display"', f'typeface="{HEADING_FONT}"'
        ).encode()
        parts["word/footer1.xml"] = FOOTER.encode()
        relation = f'<Relationship Id="rIdFooter" Type="{FOOTER_RELATION}" Target="footer1.xml"/>'
        parts["word/_rels/document.xml.rels"] = (
            parts["word/_rels/document.xml.rels"]
            .decode()
            .replace("</Relationships>", relation + "</Relationships>")
            .encode()
        )
        parts["[Content_Types].xml"] = (
            parts["[Content_Types].xml"]
            .decode()
            .replace(
                "</Types>",
                f'<Override PartName="/word/footer1.xml" ContentType="{FOOTER_TYPE}"/></Types>',
            )
            .encode()
        )
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    return content.getvalue()


if __name__ == "__main__":
    print(
        write_atomically(
            Path(__file__).resolve().parents[3] / "report" / "reference.docx", reference_document()
        ),
        file=sys.stderr,
    )
