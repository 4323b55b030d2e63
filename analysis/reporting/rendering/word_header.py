"""A running header for Word: the reference document with a line at the top of every page."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"
NAME, IDENTIFIER = "running_header.xml", "rIdRunningHeader"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
SECTION = re.compile(r"<w:sectPr\b[^>]*>")
OTHER_HEADERS = re.compile(r"<w:headerReference\b[^>]*?(?:/>|>\s*</w:headerReference>)")


def _header(words: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:hdr xmlns:w="{NAMESPACE}"><w:p>'
        '<w:pPr><w:suppressLineNumbers/><w:jc w:val="right"/></w:pPr><w:r><w:rPr>'
        '<w:color w:val="595959"/><w:sz w:val="18"/></w:rPr>'
        f"<w:t>{escape(words)}</w:t></w:r></w:p></w:hdr>"
    )


def with_running_header(document: bytes, words: str) -> bytes:
    """Word document with a running header.

    It is the .docx file `document` with `words` at the top of every page of its last section, in
    place of its own header.

    Pandoc takes headers, footers and page size from the last section of its reference document.
    Raises ValueError where the file is no Word document with a section. The same input gives the
    same bytes.
    """
    result = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        body = parts["word/document.xml"].decode()
        relations = parts["word/_rels/document.xml.rels"].decode()
        types = parts["[Content_Types].xml"].decode()
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(
            f"the Word reference document can't be read ({error}); save it again as .docx"
        ) from None
    sections = list(SECTION.finditer(body))
    if not sections:
        raise ValueError(
            "the Word reference document has no page settings; open it in Word and save it again"
        )
    opening, tag = sections[-1].end(), sections[-1][0]
    # Of every kind of page: a first or an even page may have a header of its own.
    references = "".join(
        f'<w:headerReference w:type="{kind}" r:id="{IDENTIFIER}"/>'
        for kind in ("default", "first", "even")
    )
    if tag.endswith("/>"):
        changed, rest = f"{tag[:-2]}>{references}</w:sectPr>", body[opening:]
    else:
        end = body.index("</w:sectPr>", opening)
        changed, rest = tag + references, OTHER_HEADERS.sub("", body[opening:end]) + body[end:]
    parts["word/document.xml"] = (body[: sections[-1].start()] + changed + rest).encode()
    relation = f'<Relationship Id="{IDENTIFIER}" Type="{RELATION}" Target="{NAME}"/>'
    relations = relations.replace("</Relationships>", relation + "</Relationships>")
    parts["word/_rels/document.xml.rels"] = relations.encode()
    override = f'<Override PartName="/word/{NAME}" ContentType="{TYPE}"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", override + "</Types>").encode()
    parts[f"word/{NAME}"] = _header(words).encode()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, FIXED_TIME), part)
    return result.getvalue()
