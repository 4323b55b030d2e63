from tests.support.shared_out import scope_of_file


def test_files_that_take_the_whole_study_are_one_piece():
    for file in ("tests/test_whole_study.py", "tests/workflow/locked_model/test_export.py"):
        assert scope_of_file(file) == "whole_study"


def test_any_other_file_is_a_piece_of_its_own():
    for file in ("tests/test_docs.py", "analysis/statistics/roc.py"):
        assert scope_of_file(file) == file


def test_files_that_take_the_story_of_a_cohort_are_one_piece():
    for file in ("test_story.py", "test_story_bundle.py"):
        assert scope_of_file(f"tests/workflow/cohort_update/{file}") == "story"
