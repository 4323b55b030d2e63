"""The same study on a local Dask cluster of two workers, and what is said when the cluster is not
as it must be."""

import pytest
from distributed import LocalCluster
from ruamel.yaml import YAML

import analysis.core.cluster
from analysis.core.execution import ExecutionError, executing
from analysis.study import load_study
from analysis.training import trained
from analysis.workflow.check.load import load_cohort
from analysis.workflow.run import run
from tests.conftest import small_study
from tests.support.dask_cluster import local_cluster
from tests.support.tiny_study import tiny_study


def _study(folder, **sections):
    return load_study(tiny_study(folder, **sections))


@pytest.fixture(scope="module")
def scheduler():
    with local_cluster(2) as cluster:
        yield cluster.scheduler_address


def _with_images(folder, name, **sections):
    """Every kind of work that a cluster gets: images that are read, features, classifiers,
    networks; one of each but the classifiers, which one task tunes together."""
    path = small_study(folder, name, comparators=["albi"], comparators_supplement=[], **sections)
    yaml = YAML(typ="safe")
    study = yaml.load(path.read_text())
    study["cohort"]["demo"] |= {"patients": 16, "events": 8, "validation": 5, "repeats": 3}
    study["cohort"]["demo"]["image_shape"] = [16, 16, 6]
    study["phases"] = {"portal_venous": study["phases"]["portal_venous"]}
    study["radiomics"] |= {
        "classifiers": ["logistic", "svm"],
        "extraction": {"log_sigma_mm": [], "wavelet": None},
    }
    study["deep_learning"] |= {"networks": ["resnet18"], "epochs": 1, "crop_pixels": 16}
    study["controls"] = {"permutations": 0, "shuffled_voxels": False}
    study["robustness"] = {"instability_resamples": 0}
    study["statistics"]["contrasts"]["family"] = ["albi"]
    with path.open("w") as file:
        yaml.dump(study, file)
    return load_study(path)


def _predictions(study):
    with executing(study.execution):
        return trained(load_cohort(study))[1].predictions.table


@pytest.mark.proof
def test_a_cluster_gives_the_same_predictions_as_one_machine(tmp_path, scheduler):
    """With images and networks. In `make test` tables stand for it, in `test_cluster`: one of two
    workers is killed, and the bytes are those of one machine."""
    here = _with_images(tmp_path / "here", "same")
    there = _with_images(
        tmp_path / "there", "same", execution={"backend": "dask", "scheduler": scheduler}
    )
    one, many = _predictions(here), _predictions(there)
    assert here.cache_folder != there.cache_folder
    assert any(there.cache_folder.rglob("*.pickle"))
    assert one.to_csv() == many.to_csv()
    assert set(many["model"]) >= {"cr", "radiomics_svm", "resnet18", "dlrcr"}


@pytest.mark.proof
def test_an_error_on_a_worker_is_the_error_of_one_machine(tmp_path, scheduler):
    """Of an image that can't be read; in `make test` the error of a call in `test_cluster`."""
    study = _with_images(tmp_path, "broken", execution={"backend": "dask", "scheduler": scheduler})
    cohort = load_cohort(study)
    patient = cohort.patients[0]
    cohort.mask(patient, "portal_venous").write_bytes(b"no mask")
    with pytest.raises((RuntimeError, ValueError), match=str(patient)):
        run(study)


@pytest.mark.parametrize(
    ("workers", "threads", "message"),
    [(0, 1, "has had no workers"), (1, 2, "start it with --nthreads 1")],
)
def test_a_cluster_that_can_not_be_used_says_why(tmp_path, monkeypatch, workers, threads, message):
    monkeypatch.setattr(analysis.core.cluster, "PATIENCE", 5.0)
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        dashboard_address=":0",
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
    ) as cluster:
        study = _study(
            tmp_path,
            execution={"backend": "dask", "scheduler": cluster.scheduler_address},
        )
        with pytest.raises(ExecutionError, match=message), executing(study.execution):
            pass


def test_no_scheduler_is_one_message(tmp_path, monkeypatch):
    monkeypatch.setattr(analysis.core.cluster, "PATIENCE", 0.5)
    study = _study(tmp_path, execution={"backend": "dask", "scheduler": "127.0.0.1:9"})
    with (
        pytest.raises(
            ExecutionError,
            match=r"no Dask scheduler answers at 127.0.0.1:9 .* `dask scheduler --port 9`",
        ),
        executing(study.execution),
    ):
        pass
