"""Cells that tests run in their own process give what they give in a kernel."""

import sys

import pytest

from analysis.reporting.rendering.execute import CellError, executed_markdown
from tests.support.cells_here import cells_here

DOCUMENT = """---
title: Of two cells
---

```{python}
from IPython.display import Image, Markdown
import os
import struct, zlib
number = 3
print(os.path.basename(os.getcwd()), os.environ["WHOSE"])
```

Of `{python} number` patients `{python} Markdown("**none**")` died, `{python} "a*b"`.

```{python}
#| label: tbl-one
#| tbl-cap: A table.
print("Before it.")
Markdown("| a |\\n|---|\\n| 1 |")
```

```{python}
#| label: fig-one
#| fig-cap: A dot.
def part(kind, content):
    whole = kind + content
    return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))
head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
pixels = zlib.compress(b"\\0\\0")
Image(b"\\x89PNG\\r\\n\\x1a\\n" + part(b"IHDR", head) + part(b"IDAT", pixels) + part(b"IEND", b""))
```

```{python}
[number] * 2
```
"""


def made(folder, text):
    document = folder / "own.qmd"
    document.write_text(text, encoding="utf-8")
    return executed_markdown(document, folder / "media", folder, folder)


def test_cells_give_the_same_as_in_a_kernel(tmp_path, monkeypatch):
    monkeypatch.setenv("WHOSE", "mine")
    by_kernel = made(tmp_path, DOCUMENT)
    picture = (tmp_path / "media" / "fig-one-1.png").read_bytes()
    (tmp_path / "media" / "fig-one-1.png").unlink()
    main, path = sys.modules["__main__"], list(sys.path)
    with cells_here():
        assert made(tmp_path, DOCUMENT) == by_kernel
    assert (tmp_path / "media" / "fig-one-1.png").read_bytes() == picture
    assert f"{tmp_path.name} mine" in by_kernel[1]
    assert "Of 3 patients **none** died, a\\*b." in by_kernel[1]
    assert (sys.modules["__main__"], sys.path) == (main, path)


def test_a_cell_that_fails_is_named_as_in_a_kernel(tmp_path):
    text = "```{python}\n#| label: bad\n1 / 0\n```\n"
    words = "^own.qmd: cell 'bad' failed: ZeroDivisionError: division by zero$"
    with pytest.raises(CellError, match=words):
        made(tmp_path, text)
    with cells_here(), pytest.raises(CellError, match=words):
        made(tmp_path, text)
