"""What the engine does besides values: work on a mask once, one thread, kernels without a folder to
keep them in, keys of the cache."""

import numpy as np
import pytest
import SimpleITK as sitk
from numba import njit

from analysis.inputs.radiomics import table
from analysis.inputs.radiomics.engine import mask as mask_module
from analysis.inputs.radiomics.engine.compiled import compiled
from analysis.inputs.radiomics.engine_choice import image_features, one_thread
from analysis.study import Extraction
from tests.support.engine_agreement import volume

INSIDE = np.zeros((8, 9, 10), bool)
INSIDE[2:6, 2:7, 3:8] = True


def test_phases_share_the_work_on_their_mask(monkeypatch):
    mask_module.forget()
    done = []
    monkeypatch.setattr(
        mask_module, "shape_features", lambda *a: done.append(a) or {"VoxelVolume": 1.0}
    )
    random = np.random.default_rng(0)
    for settings in (Extraction(log_sigma_mm=[]), Extraction(log_sigma_mm=[], bin_count=8)):
        for _ in range(3):
            image_features(*volume(random.normal(100, 20, INSIDE.shape), INSIDE), settings)
    assert len(done) == 1
    image_features(
        *volume(random.normal(100, 20, INSIDE.shape), INSIDE, (1.0, 1.0, 2.0)),
        Extraction(resampled_spacing_mm=None),
    )
    image_features(*volume(random.normal(100, 20, INSIDE.shape), ~INSIDE), Extraction())
    assert len(done) == 3
    for each in range(2, 2 + mask_module.REMEMBERED):
        image_features(
            *volume(random.normal(100, 20, INSIDE.shape), INSIDE, (1.0, 1.0, float(each))),
            Extraction(resampled_spacing_mm=None),
        )
    assert len(mask_module._remembered) == mask_module.REMEMBERED
    mask_module.forget()


def test_one_thread_inside_and_as_before_after():
    from threadpoolctl import threadpool_info

    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    with one_thread():
        assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == 1
        assert {
            pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"
        } == {1}
    assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == before


def test_a_kernel_that_can_be_kept_nowhere_compiles_all_the_same():
    made = {}
    exec("def kernel(x): return x + 1", made)  # no file, so no place beside it
    with pytest.raises(RuntimeError, match="no locator"):
        njit(cache=True)(made["kernel"])
    assert compiled(made["kernel"])(1) == 2


def test_the_key_knows_the_engine_and_its_code(monkeypatch, tmp_path):
    before = table.extraction_code()
    assert table.extraction_code() == before
    seen = []
    monkeypatch.setattr(table, "source_digest", lambda *paths: seen.extend(paths) or "other")
    assert table.extraction_code() != before
    assert {path.name for path in seen} >= {
        "engine",
        "engine_choice.py",
        "pyradiomics_engine.py",
        "extraction.py",
    }
    calls = []
    monkeypatch.setattr(table, "extract_features", lambda *a: calls.append(a) or {"f": 1.0})
    for name in ("image", "mask"):
        (tmp_path / name).write_bytes(b"x")
    for engine in ("fast", "pyradiomics", "fast"):
        table._one(
            tmp_path / "image",
            tmp_path / "mask",
            Extraction(engine=engine),
            "code",
            tmp_path / "cache",
        )
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"bin_width": 5, "bin_count": 32}, "exactly one of bin_width and bin_count"),
        ({"bin_width": None, "bin_count": None}, "exactly one"),
        ({"wavelet": "coif"}, "did you mean coif"),
        ({"log_sigma_mm": [2.0, 2.0]}, "twice"),
        ({"engine": "mirp"}, "'fast', 'pyradiomics' or 'ibsi'"),
        ({"pad_distance": -1}, "greater than or equal to 0"),
        ({"resampled_spacing_mm": [1, 1, 0]}, "greater than 0"),
    ],
)
def test_wrong_settings(wrong, words):
    with pytest.raises(ValueError, match=words):
        Extraction(**wrong)


def test_default_settings_are_those_of_mri():
    default = Extraction()
    assert (
        default.engine,
        default.normalise,
        default.resampled_spacing_mm,
        default.interpolator,
    ) == ("fast", True, (1.0, 1.0, 1.0), "sitkBSpline")
    assert (default.bin_width, default.bin_count) == (5.0, None)
    assert default.pad_distance >= 10
    assert (Extraction(bin_count=32).bin_width, Extraction(bin_count=32).bin_count) == (None, 32)
    # The widest default Gaussian ends inside the padding.
    assert default.pad_distance * default.resampled_spacing_mm[0] >= 2.5 * max(default.log_sigma_mm)
