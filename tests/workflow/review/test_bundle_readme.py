"""A bundle's README and article: what is in it, what is withheld and why, what can be trained
again; and nothing of an image's pixels."""

import base64
import os
import zipfile

import pytest

from analysis.study import load_study
from analysis.workflow.review.bundle_readme import (
    FILES,
    left_out_of_retraining,
    retraining_gaps,
    withheld,
)
from analysis.workflow.review.shared_article import WITHHELD, visible, without_pixels
from tests.conftest import small_study
from tests.support.blank_figures import run_with_blank_figures
from tests.support.command_line import command
from tests.support.small_cohort import clinical_study

VECTOR, RASTER = (
    "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()
    for text in (
        "<svg><path d='M0 0'/></svg>",
        "<svg><image href='data:image/png;base64,aa'/></svg>",
    )
)
COHORT = {"folder": "data", "dictionary": "dictionary.yml", "centre": "centre"}
PNG = "data:image/png;base64,iVBORw0KGgo="


def test_figures_with_pixels_are_left_out():
    page, count = without_pixels(f'<img src="{VECTOR}"><img src="{RASTER}"><img src="{PNG}">')
    assert count == 2
    assert VECTOR in page
    assert page.count(WITHHELD) == 2
    assert RASTER not in page
    assert PNG not in page
    assert visible(page.encode()) == b'<img src=""><img src=""><img src="">'


@pytest.mark.parametrize(
    ("radiomics", "clinical", "reason"),
    [
        ({}, False, ""),
        ({"habitats": {"number": 2}}, True, "its habitats need the images"),
        ({"harmonisation": {"covariates": ["ast"]}}, True, ""),
        (
            {"harmonisation": {"covariates": ["ast"]}},
            False,
            "its harmonisation keeps the effects of clinical values, which are not here",
        ),
    ],
)
def test_radiomics_that_features_alone_can_not_train_again(tmp_path, radiomics, clinical, reason):
    path = small_study(tmp_path, radiomics=radiomics, cohort=COHORT)
    study = load_study(path)
    assert left_out_of_retraining(study, clinical) == reason
    gaps = retraining_gaps(study, {"clinical": clinical, "features": True})
    assert any(reason in gap for gap in gaps) == bool(reason or gaps)
    assert any(gap.startswith("radiomics models") for gap in gaps) == bool(reason)


def test_what_can_not_be_trained_again_has_its_reason(tmp_path):
    study = load_study(small_study(tmp_path))
    gaps = retraining_gaps(study, {"clinical": False, "features": True})
    assert [each.partition(":")[0] for each in gaps][:2] == [
        "the clinical model and its fusions",
        "networks and their fusions",
    ]
    about = {
        "holds": {"clinical": False, "features": True},
        "left_out": {"remark": "free text"},
        "banded": {"age": 2},
    }
    said = withheld(study, about, ["the rendered article: not yet"], 26)
    text = "\n".join(said)
    for words in (
        "names of the 26 patients",
        "images and tumour masks",
        "clinical values: the study file does not share them",
        "clinical column remark: free text",
        "the ages of 2 patients above 89 (age)",
        "the rendered article",
    ):
        assert words in text
    assert "radiomics features" not in text


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    path = clinical_study(tmp_path_factory.mktemp("bundle"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_RECURRENCE_CACHE", str(path.parent / ".cache"))
        run_with_blank_figures(load_study(path))
        yield path


def test_a_bundle_explains_itself_and_its_verdict(computed, tmp_path, capsys):
    bundle = tmp_path / "bundle.zip"
    assert command("bundle", "--study", computed, "--output", bundle) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(bundle)
    shared = load_study(computed).sharing.clinical
    assert ("can't be trained again" in said.err) is not shared
    with zipfile.ZipFile(bundle) as archive:
        readme = archive.read("README.md").decode()
        names = archive.namelist()
        tables = {name: archive.read(name) for name in names if name.endswith(".csv")}
    assert tables
    assert [name for name, content in tables.items() if content.count(b"\n") < 2] == []
    assert "claims.json" in names
    assert "study.yml" in names
    assert "article/index.html" not in names
    assert "- the rendered article: it was not rendered yet" in readme
    # Every file is explained, by itself or with its folder.
    for name in names:
        folder = f"{name.partition('/')[0]}/*"
        assert f"| `{name}` |" in readme or f"| `{folder}` |" in readme, name
    assert set(FILES)
    assert command("verify", bundle) == 0
    assert str(tmp_path / "verdict.html") in capsys.readouterr().out
    verdict = (tmp_path / "verdict.html").read_text(encoding="utf-8")
    assert "VERIFIED. Of " in verdict
    # The study has no images, which nothing of it can need.
    assert "needs the models" in verdict
    assert "images and models" not in verdict


def test_the_article_is_in_it_once_it_is_rendered(computed, tmp_path):
    study = load_study(computed)
    page = computed.parent / "manuscript" / study.study.name / "_report" / "report" / "index.html"
    if (computed.parent / "_quarto.yml").is_file():
        page = computed.parent / "_report" / "report" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<p>text</p><img src="{PNG}">')
    later = (study.output_folder / "results.json").stat().st_mtime + 5
    os.utime(page, (later, later))
    assert command("bundle", "--study", computed, "--output", tmp_path / "b.zip") == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        text = archive.read("article/index.html").decode()
        readme = archive.read("README.md").decode()
    assert "<p>text</p>" in text
    assert PNG not in text
    assert "1 figure of article/index.html with pixels" in readme
    os.utime(page, (later - 60, later - 60))
    assert command("bundle", "--study", computed, "--output", tmp_path / "b.zip") == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert "article/index.html" not in archive.namelist()
        assert "it is older than the results" in archive.read("README.md").decode()


def _with_picture(width, height):
    """An SVG, as a page embeds it, with a PNG of that size in it."""
    header = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
    inside = base64.b64encode(header + b"\x08\x06\0\0\0").decode()
    figure = f'<svg><image xlink:href="data:image/png;base64,\n{inside}"/></svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(figure.encode()).decode()


def test_a_scale_of_colours_is_no_image_of_a_patient():
    scale, picture = _with_picture(7, 180), _with_picture(64, 64)
    page, count = without_pixels(f'<img src="{scale}"><img src="{picture}">')
    assert count == 1
    assert scale in page
    assert picture not in page
