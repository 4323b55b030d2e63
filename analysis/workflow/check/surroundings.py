"""What a run needs beside the cohort, before anything is computed.

It needs weights and a GPU, the study's secret, a Dask scheduler.
"""

from __future__ import annotations

from analysis.core.arithmetic import obstacle
from analysis.core.execution import ExecutionError, executing
from analysis.core.problems import Problems
from analysis.study import Study
from analysis.workflow.cohort_update.keyed_digests import open_keyring, private_folder


def check_surroundings(study: Study, problems: Problems) -> None:
    """An error for each thing that a run would refuse to start without."""
    if study.deep_learning is not None:
        # Imported here: a study without networks must not wait for PyTorch.
        from analysis.training.networks import network_settings

        try:
            network_settings(study)
        except (ValueError, OSError) as error:
            problems.error(
                str(error),
                f"{study.path.name}, deep_learning",
                "correct the file of weights or the device",
            )
    if (private_folder(study) / "secret").is_file():
        try:
            open_keyring(study)
        except ValueError as error:
            problems.error(str(error), str(private_folder(study).name))


def check_execution(study: Study, problems: Problems) -> None:
    """Check whether the cluster that the study file names answers.

    A run asks it before it reads the cohort. Whether the numbers can be those of other machines, as
    the study wants them, is checked as well.
    """
    reason = obstacle()
    if study.execution.arithmetic == "portable" and reason is not None:
        problems.note(
            f"numbers can't be portable here: {reason}",
            f"{study.path.name}, execution",
            "their last digits may differ from another machine's",
        )
    if study.execution.backend != "dask":
        return
    try:
        with executing(study.execution):
            pass
    except ExecutionError as error:
        problems.error(
            str(error).removeprefix("execution: "),
            f"{study.path.name}, execution",
            "or leave `execution` out, to compute on this machine",
        )
