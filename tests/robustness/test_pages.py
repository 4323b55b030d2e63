"""Whatever stands in the data is text on the page: no script of it runs, nothing of it is
fetched."""

import html
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.support.browser import CHROMIUM, Browser
from tests.support.record import tried
from tests.support.tiny_study import DESIGN_VARIABLES, tiny_study, tiny_table, write_yaml

# Names can hold no slash; what else may stand in them, each tries to run something.
PATIENTS = [
    "<script>pwned()",
    "<img src=x onerror=pwned()>",
    "[a]{onclick=pwned()}",
    "<svg onload=pwned()>",
    "`x`{=html}",
    "&lt;b&gt;",
]
LABELS = {
    "age_years": "Age<script>pwned('label')</script>",
    "ast": "AST <img src=x onerror=\"pwned('image')\">",
    "tumour_diameter": "[Diameter](javascript:pwned('link')) ![p](http://192.0.2.1/p.png)",
    "grade": "Grade [g]{onmouseover=\"pwned('span')\"} `<script>pwned('raw')</script>`{=html}",
}
LEVELS = ["<script>pwned('level')</script>", "b<iframe srcdoc='<script>parent.pwned()<!script>'>"]
# Defined in the page before anything else, it would be called by any of the above.
WATCH = (
    "<script>window.ran = []; window.pwned = (what) => window.ran.push(what || 'patient')</script>"
)


class Pages(NamedTuple):
    """folder: of the study. files: the html pages. table: of the patients. said: what the command
    printed."""

    folder: Path
    files: list[Path]
    table: pd.DataFrame
    said: str


# The command with a kernel for the article, and cells of the other documents in its own process;
# with the figures in which words of the data stand, and blank ones for the others.
COMMAND = """
import sys
from analysis.cli import main
from tests.support.blank_figures import blank_figures
from tests.support.cells_here import cells_here
with cells_here(kernels=1), blank_figures(shown=['forest', 'nomogram', 'flow_chart', 'workflow']):
    sys.exit(main(sys.argv[1:]))"""
# In a network namespace of its own a process has no interface but the loopback, which the
# article's kernel talks over.
ALONE = """import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8914, struct.pack('16sH14s', b'lo', 0x1 | 0x40, b''))
assert [name for _, name in socket.if_nameindex()] == ['lo']"""
# Where no namespace can be had: every address but the machine's own is refused, in this process and
# its children.
BLOCKED = """import socket
real = socket.socket.connect
def connect(self, address):
    network = self.family in (socket.AF_INET, socket.AF_INET6)
    if network and address[0] not in ('127.0.0.1', '::1', 'localhost'):
        raise AssertionError(f'the network was asked for {address}')
    return real(self, address)
socket.socket.connect = connect
def resolve(host, *rest, real=socket.getaddrinfo, **more):
    if host not in (None, '', '127.0.0.1', '::1', 'localhost'):
        raise AssertionError(f'the network was asked for {host}')
    return real(host, *rest, **more)
socket.getaddrinfo = resolve"""


def can_be_alone() -> bool:
    return (
        shutil.which("unshare") is not None
        and subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0
    )


def without_network(*arguments):
    """The command in a network namespace without interfaces, or with sockets that refuse."""
    environment = os.environ | {
        "EARLY_RECURRENCE_QUARTO": "no-quarto-here",
        "PYTHONPATH": str(ROOT),
    }
    alone = ["unshare", "-rn"] if can_be_alone() else []
    return subprocess.run(
        [*alone, sys.executable, "-c", (ALONE if alone else BLOCKED) + COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The rendered pages of a study whose names, labels, levels and title are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    table = tiny_table()
    table.loc[: len(PATIENTS) - 1, "patient_id"] = PATIENTS
    table["grade"] = [LEVELS[(number // 4) % 2] for number in range(len(table))]
    study = tiny_study(
        folder,
        table,
        radiomics=None,
        clinical={"candidates": list(LABELS)},
        subgroups=[{"variable": "grade"}],
        study={
            "name": "hostile",
            "title": "Title<script>pwned('title')</script>",
            "disease": "<b onclick=pwned()>tumours</b>",
            "event": "recurrence<script>pwned('event')</script>",
            "authors": ["A. <script>pwned('author')</script>"],
            "synthetic": True,
        },
    )
    dictionary = {
        name: {
            "label": label,
            "role": "predictor",
            "type": "continuous",
            "unit": {"age_years": "years", "ast": "U/L"}.get(name, "cm"),
        }
        for name, label in LABELS.items()
    }
    dictionary["grade"] = {
        "label": LABELS["grade"],
        "role": "predictor",
        "type": "categorical",
        "levels": LEVELS,
    }
    write_yaml(
        folder / "data" / "dictionary.yml",
        {
            "variables": {
                **DESIGN_VARIABLES,
                **dictionary,
            }
        },
    )
    done = without_network("report", "--study", str(study), "--format", "html")
    assert done.returncode == 0, done.stderr[-3000:]
    return Pages(
        folder,
        sorted(folder.rglob("_report/report/*.html")),
        table,
        done.stdout + done.stderr,
    )


def test_a_whole_report_is_made_without_network(pages):
    assert "192.0.2.1" not in pages.said
    assert "urlopen" not in pages.said
    tried(
        "Security and privacy",
        (
            "a study run and rendered in a network namespace without interfaces"
            if can_be_alone()
            else "a study run and rendered with sockets that refuse"
        ),
        "it ends as always: nothing is asked of the network",
    )


def test_what_is_printed_carries_no_clinical_value_and_no_name(pages):
    values = {
        f"{value:g}" for column in ("ast", "tumour_diameter") for value in pages.table[column]
    }
    logs = [
        pages.said,
        *[path.read_text() for path in pages.folder.rglob("timings.jsonl")],
    ]
    words = set(
        re.findall(
            r"\d+\.\d+(?![\d%a-z])", re.sub(r"\[[^\]]*\]|\"seconds\": [\d.e-]+", "", " ".join(logs))
        )
    )
    assert len(logs[0]) > 500
    assert not words & values
    assert not [name for name in pages.table["patient_id"] if any(name in log for log in logs)]
    tried(
        "Security and privacy",
        "what a run prints and logs, searched for names and clinical values",
        "none is found",
        count=len(values) + len(pages.table),
    )


def test_hostile_labels_are_shown_as_they_are_written(pages):
    assert {path.stem for path in pages.files} >= {"index", "supplement", "checklists", "update"}
    text = " ".join(
        re.sub(
            r"<[^>]*>",
            "",
            re.sub(
                r"<(script|style)[^>]*>.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S
            ),
        )
        for path in pages.files
    )
    shown = re.sub(r"\s+", " ", html.unescape(text))
    for words in ("Age<script>pwned(‘label’)</script>", "<script>pwned(‘level’)</script>"):
        assert words.replace("‘", "'").replace("’", "'") in shown.replace("‘", "'").replace(
            "’", "'"
        ), words


def test_what_the_documents_themselves_need_is_there(pages):
    index = next(path for path in pages.files if path.stem == "index").read_text(encoding="utf-8")
    assert '<main id="content">' in index
    assert "<style>" in index
    assert "<table" in index
    assert "data:image/svg" in index
    assert "nomogram-calculator" in "".join(
        path.read_text(encoding="utf-8") for path in pages.files
    )


def opened(browser, path):
    """The page, and not the one that was there before."""
    browser.open(path)
    while not browser.value("location.href").endswith(path.name):
        time.sleep(0.05)
    while browser.value("document.readyState") != "complete":
        time.sleep(0.05)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_no_script_of_the_data_runs_in_a_browser(pages, tmp_path):
    with Browser() as browser:
        for number, path in enumerate(pages.files):
            watched = tmp_path / f"{number}.html"
            assert "<head>" in path.read_text(encoding="utf-8")
            watched.write_text(
                path.read_text(encoding="utf-8").replace("<head>", f"<head>{WATCH}", 1),
                encoding="utf-8",
            )
            opened(browser, watched)
            # Everything that a reader may touch.
            browser.value(
                """document.querySelectorAll('body *').forEach(e => {
                    for (const kind of ['mouseover', 'click', 'focus'])
                        if (e.tagName !== 'A' && e.tagName !== 'INPUT' || kind !== 'click')
                            e.dispatchEvent(new Event(kind, {bubbles: false})) })"""
            )
            assert browser.value("window.ran") == []
            assert (
                browser.value(
                    "[...document.querySelectorAll('a')].filter(a => a.protocol ==="
                    " 'javascript:').length"
                )
                == 0
            )
            assert (
                browser.value(
                    "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a =>"
                    " a.name.startsWith('on') && a.value.includes('pwned'))).length"
                )
                == 0
            )
            assert [
                address
                for address in browser.requests()
                if not address.startswith(("file:", "data:", "about:"))
            ] == []
        # The watch does see what runs.
        watched.write_text(
            f"<html><head>{WATCH}</head><body><img src=x onerror=pwned('yes')></body></html>"
        )
        opened(browser, watched)
        assert browser.value("new Promise(done => setTimeout(() => done(window.ran), 300))") == [
            "yes"
        ]
    tried(
        "Security and privacy",
        "scripts in names of patients, labels, levels, title and authors",
        "each is shown as text; none runs in Chromium, and nothing is fetched",
        count=len(PATIENTS) + len(LABELS) + len(LEVELS) + 4,
    )


HOSTILE = [
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "[x](javascript:pwned())",
    "[x](JaVa\tScript:pwned())",
    "[x](data:text/html,<script>pwned()</script>)",
    "![x](http://192.0.2.1/x.png)",
    "![x](//192.0.2.1/x.png)",
    '[x]{onclick="pwned()"}',
    '::: {onclick="pwned()"}\nx\n:::',
    "`<script>pwned()</script>`{=html}",
    "```{=html}\n<style></style><script>pwned()</script>\n```",
    (
        "```{=html}\n<section"
        ' class="nomogram-calculator"><strong>n</strong><script>pwned()</script></section>\n```'
    ),
    (
        "```{=html}\n<section"
        ' class="threshold-explorer"><strong>n</strong>'
        '<script type="application/json">{}</script><script>pwned()</script></section>\n```'
    ),
    (
        "```{=html}\n<section"
        ' class="another-part"><strong>n</strong>'
        '<script type="application/json">{}</script></section>\n```'
    ),
    "<div onclick=pwned()>x</div>",
    '<span style="background:url(http://192.0.2.1/x)">x</span>',
    '<a href="javascript:pwned()">x</a>',
    "<svg onload=pwned()>",
    '<iframe srcdoc="<script>pwned()</script>"></iframe>',
    '`#read("/etc/passwd")`{=typst}',
    '<base href="http://192.0.2.1/">',
    '<meta http-equiv=refresh content="0;url=http://192.0.2.1">',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_filter_lets_no_raw_content_through(text):
    import pypandoc

    found = pypandoc.convert_text(
        f"Before\n\n{text}\n\n| a |\n|---|\n| {text.replace(chr(10), ' ').replace('|', '')} |\n",
        "html5",
        format="markdown",
        extra_args=[f"--lua-filter={ROOT / 'analysis/reporting/rendering/style/only_text.lua'}"],
    )
    tags = re.findall(r"<[^>]*>", found)
    assert not [
        tag
        for tag in tags
        if re.search(r"pwned|192\.0\.2\.1|<(script|iframe|svg|base|meta|img)\b", tag, re.I)
        and not re.fullmatch(r"<img .*alt=.*>", tag)
    ], found
    typst = pypandoc.convert_text(
        text,
        "typst",
        format="markdown",
        extra_args=[f"--lua-filter={ROOT / 'analysis/reporting/rendering/style/only_text.lua'}"],
    )
    assert not re.search(r"(?<!\\)#read", typst)
