from collections import OrderedDict

from tests.support.shared_out import LONGEST, ROOT, ByFileAndStudy, scope_of_file


class Node:
    """A process that runs what it is given."""

    def send_runtest_some(self, indexes):
        pass


def test_files_that_take_the_whole_study_are_one_piece():
    for file in ("tests/test_whole_study.py", "tests/workflow/locked_model/test_export.py"):
        assert scope_of_file(file) == "whole_study"


def test_any_other_file_is_a_piece_of_its_own():
    for file in ("tests/test_docs.py", "analysis/statistics/roc.py"):
        assert scope_of_file(file) == file


def test_files_that_take_the_story_of_a_cohort_are_one_piece():
    for file in ("test_story.py", "test_story_bundle.py"):
        assert scope_of_file(f"tests/workflow/cohort_update/{file}") == "story"


def test_files_that_take_one_server_of_forks_are_one_piece():
    for file in ("test_faults.py", "test_disk_faults.py"):
        assert scope_of_file(f"tests/robustness/{file}") == "forks"


def test_the_longest_pieces_are_given_out_first():
    node, schedule = Node(), ByFileAndStudy.__new__(ByFileAndStudy)
    schedule.workqueue = OrderedDict((each, {}) for each in ("tests/test_cli.py", *LONGEST[::-1]))
    schedule.assigned_work, schedule.registered_collections = {}, {node: []}
    while schedule.workqueue:
        schedule._assign_work_unit(node)
    assert list(schedule.assigned_work[node]) == [*LONGEST, "tests/test_cli.py"]


def test_each_of_the_longest_pieces_is_one():
    files = [each for each in LONGEST if each.startswith("tests/")]
    assert {*LONGEST} - {*files} == {"whole_study", "story", "forks"}
    assert [each for each in files if not (ROOT / each).is_file()] == []
    assert [scope_of_file(each) for each in files] == files
