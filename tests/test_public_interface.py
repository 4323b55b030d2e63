"""The public interface: every name of it is there and described; it takes no time to import; and
folders of the user's that are called as our packages are do not get in the way."""

import inspect
import subprocess
import sys

import pytest

import early_recurrence as er
from tests.conftest import ROOT


def run_python(folder, code):
    """Standard output and error of a program that runs in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.append({str(ROOT)!r})\n{code}"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
    )


@pytest.mark.parametrize("name", er.__all__)
def test_a_public_name_is_there_and_described(name):
    described = inspect.getdoc(getattr(er, name))
    assert len(described or "") > 20, name
    assert name in dir(er)


@pytest.mark.parametrize("name", ["statistics", "tables", "sentences"])
def test_a_public_module_has_all_names_of_its_own(name):
    module = getattr(er, name)
    missing = [each for each in module.__all__ if not hasattr(module, each)]
    assert len(module.__all__) > 20
    assert not missing


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'delong'"):
        er.delong  # noqa: B018


def test_importing_it_loads_nothing_heavy(tmp_path):
    heavy = ("numpy", "pandas", "torch", "SimpleITK", "matplotlib")
    said = run_python(
        tmp_path,
        f"import early_recurrence; print([each for each in {heavy} if each in sys.modules])",
    )
    assert said.stdout == "[]\n", said.stderr


@pytest.fixture
def own_folders(tmp_path):
    """A user's folder with packages called `analysis` and `models`."""
    for name in ("analysis", "models"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("mine = True\n")
    return tmp_path


def test_folders_of_the_same_names_do_not_get_in_the_way(own_folders):
    said = run_python(
        own_folders,
        "import early_recurrence as er\n"
        "print(er.statistics.delong_test.__module__, er.load_study.__module__)",
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.split()[0].startswith("analysis.statistics")


def test_the_command_runs_beside_folders_of_the_same_names(own_folders):
    said = run_python(
        own_folders,
        "sys.argv = ['early-recurrence', 'scores']\n"
        "from early_recurrence.command import main\nraise SystemExit(main())",
    )
    assert said.returncode == 0, said.stderr
    assert "BCLC" in said.stdout


def test_another_package_of_that_name_is_one_clear_error(own_folders):
    said = run_python(own_folders, "import analysis\nimport early_recurrence")
    assert said.returncode == 1
    last = said.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: early_recurrence has a package called 'analysis'")
    assert str(own_folders / "analysis" / "__init__.py") in last
    assert "rename that one" in last


def test_check_returns_what_the_command_prints(tmp_path):
    (tmp_path / "study.yml").write_text("study: {name: x}\n")
    problems = er.check(tmp_path / "study.yml")
    assert len(problems.of("error")) > 1
    assert any("cohort" in each.what for each in problems.of("error"))
    absent = er.check(tmp_path / "absent.yml")
    assert [each.level for each in absent] == ["error"]
    assert "no such study" in str(next(iter(absent)))
