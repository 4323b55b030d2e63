"""A study with authors in Quarto's full form, and a manuscript of a few words, for tests of title
blocks, journals and submissions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PIL import Image
from ruamel.yaml import YAML

from analysis.study import Study, load_study
from tests.conftest import ROOT
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study

AUTHORS: list[Any] = [
    {
        "name": {"given": "Wei", "family": "Zhao"},
        "degrees": ["MD"],
        "orcid": "0000-0002-1825-0097",
        "email": "wei@hospital.example",
        "affiliations": ["radiology", {"ref": "statistics"}],
        "corresponding": True,
        "equal-contributor": True,
        "roles": [{"Conceptualisation": "lead"}, "writing - original draft"],
    },
    {
        "name": "Anna Example",
        "orcid": "https://orcid.org/0000-0001-5109-3700",
        "affiliations": "statistics",
        "equal-contributor": True,
        "roles": ["formal analysis"],
    },
    "Bo Third",
]
AFFILIATIONS = [
    {
        "id": "statistics",
        "name": "University of Somewhere",
        "city": "Somewhere",
        "country": "Denmark",
    },
    {
        "id": "radiology",
        "department": "Department of Radiology",
        "name": "Made-up Hospital",
        "postal-code": "1000",
        "city": "Elsewhere",
        "country": "China",
    },
]


def authored(folder: Path, **manuscript: Any) -> Study:
    """The study of fake results with these authors; manuscript: keys of that section."""
    path = write_fake_study(LIVER, folder)
    change(path, manuscript=manuscript)
    return load_study(path)


def change(path: Path, manuscript: dict[str, Any] | None = None, **declarations: Any) -> None:
    """Authors, and keys of two sections, put into a study file."""
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["study"] |= {"authors": AUTHORS, "affiliations": AFFILIATIONS}
    content["manuscript"] = manuscript or {}
    content["declarations"] |= declarations
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def small_project(folder: Path, text: str) -> Path:
    """A manuscript of one document, with the package's settings."""
    (folder / "report").mkdir(parents=True)
    settings = (ROOT / "_quarto.yml").read_text(encoding="utf-8")
    settings = re.sub(r"    - report/(supplement|update|checklists)\.qmd\n", "", settings)
    (folder / "_quarto.yml").write_text(settings, encoding="utf-8")
    for name in ("references.bib", "vancouver.csl", "reference.docx"):
        (folder / "report" / name).write_bytes((ROOT / "report" / name).read_bytes())
    (folder / "report" / "index.qmd").write_text(text, encoding="utf-8")
    return folder


def drawn_figures(output: Path) -> None:
    """Real files, SVG and PNG of one column's width, in the place of each placeholder."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}pt" height="100pt"'
        ' viewBox="0 0 {0} 100"><rect width="{0}" height="50" fill="#22577a"/></svg>'
    )
    for path in sorted((output / "figures").iterdir()):
        width = 241 if path.stem == "calibration" else 482  # points: 85 and 170 mm
        if path.suffix == ".png":
            Image.new("RGB", (width * 300 // 72, 100), "white").save(path, dpi=(300, 300))
        elif path.suffix == ".svg":
            path.write_text(svg.format(width), encoding="utf-8")
