"""Portable arithmetic: pinned before anything numerical is loaded, on every road in; native where
asked for; the same numbers as another processor, emulated."""

import json
from pathlib import Path

import pytest

from analysis.core import arithmetic
from models.deep.device import resolved_device, resolved_precision
from tests.robustness import processors
from tests.support import emulation

SAY = "from analysis.core import arithmetic; print(arithmetic.mode())"


def run_python(code, **environment):
    return emulation.run_python(["-c", code], **environment)


@pytest.mark.parametrize(
    "first",
    ["import early_recurrence", "import analysis.study", "import models.inputs", "import analysis"],
)
def test_every_road_in_pins_before_numpy_is_loaded(first):
    said = run_python(
        f"import sys\n{first}\nimport os, numpy\n{SAY}\nprint(os.environ['MKL_CBWR'])"
    )
    assert said.stdout.split() == ["portable", "COMPATIBLE"], said.stderr


def test_kernels_are_those_that_are_named():
    """The libraries' own words on what they chose."""
    said = run_python(
        "import analysis, torch, json\n"
        "from numpy._core._multiarray_umath import __cpu_features__ as numpy_has\n"
        "from threadpoolctl import threadpool_info\nimport scipy.linalg\n"
        "print(json.dumps([torch.backends.cpu.get_cpu_capability(), torch.get_num_threads(),"
        " any(numpy_has.get(name) for name in ('X86_V4', 'AVX512_SKX', 'AVX512_SPR')),"
        " sorted({each['architecture'] for each in threadpool_info()"
        " if each['internal_api'] == 'openblas'})]))"
    )
    assert json.loads(said.stdout) == ["AVX2", 1, False, ["Haswell"]], said.stderr


def test_what_was_loaded_before_is_one_warning_and_native():
    said = run_python(f"import numpy, analysis, models\n{SAY}")
    assert said.stdout == "native\n"
    assert said.stderr.count("RuntimeWarning") == 1
    assert "numpy was imported before early_recurrence" in said.stderr


def test_the_environment_asks_for_native():
    said = run_python(
        f"{SAY}\nprint(arithmetic.description())", EARLY_RECURRENCE_ARITHMETIC="native"
    )
    mode, description = said.stdout.splitlines()
    assert mode == "native"
    assert description.startswith("native (x86_64, ")
    assert not said.stderr
    wrong = run_python(SAY, EARLY_RECURRENCE_ARITHMETIC="fast")
    assert "must be portable or native, not 'fast'" in wrong.stderr
    command = run_python(
        "import sys; sys.argv[1:] = ['scores']\n"
        "from early_recurrence.command import main\nsys.exit(main())",
        EARLY_RECURRENCE_ARITHMETIC="fast",
    )
    assert command.returncode == 2
    assert "must be portable or native, not 'fast'" in command.stderr
    assert "Traceback" not in command.stderr


def test_a_process_that_asks_for_native_gives_up_what_it_inherits():
    said = run_python(
        f"{SAY}\nimport os\nprint('MKL_CBWR' in os.environ)",
        EARLY_RECURRENCE_ARITHMETIC="native",
        **arithmetic.KERNELS,
    )
    assert said.stdout.split() == ["native", "False"], said.stderr


def test_a_study_that_asks_for_native_is_followed_before_numpy_is_loaded(tmp_path):
    (tmp_path / "study.yml").write_text("execution: {arithmetic: native}\n")
    said = run_python(
        "from analysis.cli import main\n"
        f"main(['check', '--study', {str(tmp_path / 'study.yml')!r}])\n{SAY}"
    )
    assert said.stdout.splitlines()[-1] == "native", said.stderr
    late = run_python(f"import analysis, numpy\n{SAY}\nprint(arithmetic.follow('native'))")
    assert late.stdout.splitlines()[0] == "portable"
    assert "numpy runs with portable arithmetic already" in late.stdout


def test_processes_that_are_started_inherit_it():
    said = run_python(
        "import analysis\nfrom analysis.core import arithmetic\n"
        "from joblib import Parallel, delayed\n"
        "print(Parallel(n_jobs=2)(delayed(arithmetic.mode)() for _ in range(4)))"
    )
    assert said.stdout == f"{['portable'] * 4}\n", said.stderr


def test_a_machine_that_has_no_such_kernels_says_why(monkeypatch):
    monkeypatch.setattr(arithmetic.platform, "machine", lambda: "aarch64")
    assert arithmetic.obstacle() == "the processor is aarch64, and portable kernels are x86-64's"
    monkeypatch.setattr(arithmetic.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(arithmetic, "_features", lambda: {"sse4_2", "avx"})
    assert arithmetic.obstacle() == "the processor lacks avx2 and fma"
    monkeypatch.setattr(arithmetic, "_features", lambda: {"avx2", "fma"})
    assert arithmetic.obstacle() is None


def test_networks_are_portable_on_the_processor_in_float32(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr(arithmetic, "mode", lambda: "portable")
    assert resolved_device("auto") == "cpu"
    assert resolved_precision("auto", "cpu", 2.5, 64) == "float32"
    with pytest.raises(ValueError, match="arithmetic: native"):
        resolved_device("cuda")
    monkeypatch.setattr(arithmetic, "mode", lambda: "native")
    assert resolved_device("auto") == "cuda"


FITS = """
import hashlib, tempfile
from pathlib import Path
from tests.support.processor_study import fitted_scores
print(hashlib.sha256(fitted_scores(Path(tempfile.mkdtemp())).encode()).hexdigest())
"""
# Either order in memory of the deepest layer.
NETWORK = """
import hashlib, analysis
from tests.support.pictures import pictures
from models.deep import DeepModel, architecture
inputs, label = pictures(n=8, size=16)
for width in (0.5, 0.0):
    architecture.LEAST_WIDTH = width
    model = DeepModel(
        "resnet18", epochs=1, batch_size=4, width=0.1, precision="float32"
    ).fit(inputs, label)
    total = hashlib.sha256()
    for name, value in model.networks_[0].state_dict().items():
        total.update(value.contiguous().numpy().tobytes())
    print(model.architecture_.deepest_contiguous, total.hexdigest(), model.predict(inputs).tolist())
"""


def other_maker():
    """A processor of the maker that did not make this computer's."""
    made_by_amd = "AuthenticAMD" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    return "Haswell" if made_by_amd else "EPYC-Rome"


@pytest.mark.skipif(
    emulation.emulator_version() < emulation.LEAST,
    reason="needs QEMU 10: version 7.2 ends in PyTorch's grid_sample",
)
@pytest.mark.parametrize("code", [NETWORK, FITS], ids=["network", "fits"])
def test_fits_have_the_same_bytes_on_a_processor_of_another_maker(code, tmp_path):
    """A network's weights and scores; scores of CR, five classifiers, their fusion and everything
    chosen on the way. `make prove` does it with a whole study, on four processors."""
    # numba's code, compiled here for the pinned target, is what the other processor runs.
    shared = {"NUMBA_CACHE_DIR": str(tmp_path)}
    here = emulation.run_python(["-c", code], **shared)
    there = emulation.run_python(["-c", code], other_maker(), **shared)
    assert here.stdout, here.stderr
    assert there.stdout == here.stdout, there.stderr[-2000:]


def test_the_proof_names_every_file_that_differs(monkeypatch, capsys):
    here = processors.Computed("this computer", {"outputs/results.json": "a", "x": "b"}, 1.0)
    same = processors.Computed("Haswell", dict(here.files), 9.0)
    other = processors.Computed("EPYC-Rome", {"outputs/results.json": "c"}, 9.0)
    ended = processors.Computed("Haswell", {}, 2.0, "Segmentation fault")
    assert processors.row(here, same) == ["Haswell", "9", "all 2 files identical"]
    assert processors.row(here, other)[2] == "2 differ: outputs/results.json, x"
    assert processors.row(here, ended)[2] == "Segmentation fault"
    made = {None: here, "Haswell": same, "EPYC-Rome": other}
    monkeypatch.setattr(processors, "emulator_version", lambda: 10)
    monkeypatch.setattr(processors, "compute", lambda processor, *rest: made[processor])
    assert processors.main(["Haswell"]) == 0
    assert processors.main(["Haswell", "EPYC-Rome"]) == 1
    monkeypatch.setattr(processors, "emulator_version", lambda: 7)
    assert processors.main([]) == 0
    assert "not tried, as qemu-x86_64 10 or newer is not installed" in capsys.readouterr().out
