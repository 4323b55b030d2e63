"""Authors in Quarto's full form: what is read, what is refused and where, and what stays out of the
digests."""

import pytest
from ruamel.yaml import YAML

from analysis.study import StudyError, load_study
from analysis.study.authors import CREDIT, Author, orcid_check_digit
from analysis.study.flatten import flat_settings
from analysis.workflow.cohort_update.lock import section_digests
from tests.support.authored_study import authored, change
from tests.support.fake_kinds import LIVER
from tests.support.fake_results import write_fake_study


def test_check_digits_are_those_that_orcid_publishes():
    # Josiah Carberry, Stephen Hawking, and an iD that ends in X (ORCID's documentation).
    known = ("0000-0002-1825-0097", "0000-0002-9079-593X", "0000-0001-5109-3700")
    for each in known:
        assert orcid_check_digit(each.replace("-", "")[:-1]) == each[-1]


def test_authors_are_read_in_quartos_words(tmp_path):
    first, second, third = authored(tmp_path).study.authors
    assert (first.name, first.given, first.family) == ("Wei Zhao", "Wei", "Zhao")
    assert first.affiliations == ["radiology", "statistics"]
    assert first.roles == [("conceptualization", "lead"), ("writing – original draft", None)]
    assert (first.corresponding, first.equal_contributor) == (True, True)
    assert second.orcid == "0000-0001-5109-3700", "the address in front of it is taken away"
    assert second.affiliations == ["statistics"]
    assert (third.is_name_alone, first.is_name_alone, third.initials) == (True, False, "B.T.")


def test_names_alone_are_as_they_were_and_details_are_in_no_digest(tmp_path):
    path = write_fake_study(LIVER, tmp_path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["study"]["authors"] = ["Wei Zhao", "Anna Example", "Bo Third"]
    content["manuscript"] = {}
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    plain = load_study(path)
    assert plain.model_dump()["study"]["authors"] == ["Wei Zhao", "Anna Example", "Bo Third"]
    before, settings = section_digests(plain), [str(each) for each in flat_settings(plain)]
    change(path, manuscript={"keywords": ["MRI"], "running_title": "Short", "journal": "insights"})
    full = load_study(path)
    assert section_digests(full) == before
    assert [str(each) for each in flat_settings(full)] == settings
    assert "acknowledgements" not in plain.model_dump()["declarations"]


FAULTS = {
    "orcid": (
        {"name": "A", "orcid": "0000-0002-1825-0098"},
        "study.authors, entry 1: "
        "orcid: the ORCID iD ends in 8 and its first fifteen digits ask for 7",
    ),
    "orcid's form": (
        {"name": "A", "orcid": "0000-0002-1825"},
        "study.authors, entry 1: orcid: an ORCID iD is written 0000-0002-1825-0097",
    ),
    "affiliation": (
        {"name": "A", "affiliations": ["radiologie"]},
        "study.authors, entry 1: "
        "affiliations: 'radiologie' is no id under study.affiliations (did you mean"
        " 'radiology'?); there are radiology",
    ),
    "corresponding": (
        {"name": "A", "corresponding": True},
        "study.authors, entry 1: A is a corresponding author and has no email",
    ),
    "role": (
        {"name": "A", "roles": ["methodolgy"]},
        "study.authors, entry 1: "
        "roles: 'methodolgy' is no role of CRediT (did you mean 'methodology'?)",
    ),
    "degree": (
        {"name": "A", "roles": [{"software": "some"}]},
        "the degree of 'software' is 'some'; CRediT knows lead, equal, supporting",
    ),
    "e-mail": (
        {"name": "A", "email": "a at b"},
        "study.authors, entry 1: email: this is no e-mail address",
    ),
    "key": ({"name": "A", "emial": "a@b.org"}, "unknown key (did you mean 'email'?)"),
    "name": ({"name": {"first": "A"}}, "name is a text, or {given: ..., family: ...}"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_is_said_with_its_place(tmp_path, case):
    author, message = FAULTS[case]
    path = write_fake_study(LIVER, tmp_path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["study"] |= {
        "authors": [author],
        "affiliations": [{"id": "radiology", "name": "Made-up Hospital"}],
    }
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    with pytest.raises(StudyError) as raised:
        load_study(path)
    assert message in str(raised.value)
    assert len(raised.value.faults) == 1


def test_two_corresponding_authors_each_need_an_address(tmp_path):
    path = write_fake_study(LIVER, tmp_path)
    yaml = YAML(typ="safe")
    content = yaml.load(path.read_text(encoding="utf-8"))
    both = [{"name": name, "corresponding": True} for name in ("A", "B")]
    content["study"]["authors"] = both
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    with pytest.raises(StudyError) as raised:
        load_study(path)
    assert [message for _, _, message in raised.value.faults] == [
        f"{name} is a corresponding author and has no email" for name in ("A", "B")
    ]


def test_roles_are_the_fourteen_of_credit_however_they_are_spelt():
    assert len(CREDIT) == 14
    spelt = Author(name="A", roles=["Writing – Review & Editing", "visualisation", "data-curation"])
    assert spelt.roles == [
        ("writing – review & editing", None),
        ("visualization", None),
        ("data curation", None),
    ]
