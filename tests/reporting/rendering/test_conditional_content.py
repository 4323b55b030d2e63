"""Content for one format only, and notes that open on a click, as Quarto understands them."""

import pypandoc
import pytest

from analysis.reporting.rendering.page import STYLE

TEXT = """See @tbl-last.

::: {.content-visible when-format="html"}
::: {.callout-note collapse="true" title="All of them"}
::: {#tbl-first}

| a |
|---|
| seen |

First.

:::
:::
:::

::: {.content-hidden when-format="html"}
Elsewhere.
:::

::: {#tbl-last}

| b |
|---|
| always |

Last.

:::
"""


@pytest.mark.parametrize(
    ("target", "there", "absent"),
    [
        (
            "html5",
            [
                '<details class="callout callout-note"><summary>All of them</summary>',
                "seen",
                "Table\u00a02.",
                '<a href="#tbl-last">Table\u00a02</a>',
            ],
            ["Elsewhere"],
        ),
        ("typst", ["Elsewhere", "always", "Table~1"], ["seen", "All of them"]),
        ("jats_publishing", ["Elsewhere", "always"], ["seen"]),
    ],
)
def test_content_of_one_format(target, there, absent):
    made = pypandoc.convert_text(
        TEXT,
        target,
        format="markdown",
        extra_args=[f"--lua-filter={STYLE / 'cross_references.lua'}", "--wrap=none"],
    )
    assert all(words in made for words in there), made
    assert not any(words in made for words in absent), made
