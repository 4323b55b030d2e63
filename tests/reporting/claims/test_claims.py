"""A claim says what the numbers allow, changes when they do, and stops the render where it is
pinned."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from analysis.reporting.claims import (
    PinnedClaimFailed,
    changed_claims,
    changes_of,
    locked_claims,
    make_claims,
    open_claims,
    read_claims,
    write_claims,
)
from tests.support.claim_results import with_records


def pinned(results, *keys):
    study = results.study
    return replace(
        results,
        study=study.model_copy(
            update={"manuscript": study.manuscript.model_copy(update={"must_hold": list(keys)})}
        ),
    )


def test_a_pinned_claim_that_fails_stops_with_claim_numbers_and_place(liver):
    assert str(open_claims(pinned(liver, "outperforms.cr"))("outperforms.cr")).startswith(
        "DLRCR outperformed CR"
    )
    with pytest.raises(PinnedClaimFailed) as caught:
        open_claims(pinned(liver, "outperforms.cr", "outperforms.radiomics", "outperforms.nothing"))
    message = str(caught.value)
    assert "'outperforms.radiomics' does not hold" in message
    assert (
        "Numbers: delong.dlrcr_vs_radiomics.validation = 0.020; 95% CI −0.100 to 0.140" in message
    )
    assert "Place: Results, Comparison of models" in message
    assert "'outperforms.nothing' is no claim of this study; claims are discriminates" in message
    assert "'outperforms.cr'" not in message


def test_sentences_and_groups(liver):
    claims = open_claims(liver)
    assert str(claims.grouped("outperforms")) == (
        "DLRCR outperformed CR (difference in AUC 0.140; 95% CI 0.020–0.260; *P* = .04); other"
        " comparisons were exploratory."
    )
    assert str(claims.grouped("outperforms", ["radiomics"])) == (
        "The comparison of DLRCR with Radiomics was exploratory (difference in AUC 0.020; 95% CI"
        " −0.100 to 0.140)."
    )
    assert str(claims.grouped("outperforms", [])) == ""
    assert str(claims.sentences("no_difference")) == ""
    assert str(claims.sentences("outperforms")).count(".") >= 4
    assert len(set(claims.rules())) == len(claims.rules())
    assert all(each.rule in claims.rules() for each in claims.by_key.values())


def test_a_claim_says_its_kind_and_what_it_is_about(liver):
    claims = open_claims(liver)
    for key, each in claims.by_key.items():
        assert key == (each.kind if each.about is None else f"{each.kind}.{each.about}")
    assert [each.about for each in claims.of_kind("outperforms")] == [
        "cr",
        "radiomics",
        "dl",
        "rcr",
    ]
    # The validation cohort's claim has no name of a cohort in it.
    assert claims.by_key["discriminates"].about is None
    assert claims.of_kind("discriminates") == []


def test_claims_are_written_and_compared(liver, tmp_path):
    path = write_claims(tmp_path / "claims.json", make_claims(liver).values())
    old = read_claims(path)
    assert [each["key"] for each in old] == sorted(each["key"] for each in old)
    assert {
        "key",
        "place",
        "wording",
        "holds",
        "rule",
        "numbers",
    } <= set(old[0])
    assert changed_claims(old, old) == []
    other = write_claims(
        tmp_path / "other.json",
        make_claims(
            with_records(
                liver,
                delong__dlrcr_vs_cr__validation={"p": 0.2},
                auc__dlrcr__validation={"value": 0.7},
            )
        ).values(),
    )
    new = [each for each in read_claims(other) if each["key"] != "risk_groups"] + [
        old[0] | {"key": "zz"}
    ]
    changes = {each["key"]: each for each in changed_claims(old, new)}
    assert {key: each["change"] for key, each in changes.items()} == {
        "outperforms.cr": "verdict",
        "discriminates": "numbers",
        "risk_groups": "gone",
        "zz": "new",
    }
    assert changes["outperforms.cr"]["old"].startswith("DLRCR outperformed CR")
    assert "not shown" in changes["outperforms.cr"]["new"]
    assert changes["risk_groups"]["new"] is None


def test_claims_of_another_study_file_are_compared_with_its_own_lock(liver):
    study = liver.study.model_copy(update={"path": liver.study.root / "study.other.yml"})
    demonstration = study.root / "results.lock.json"
    demonstration.write_text(json.dumps({"claims": [{"key": "discriminates"}]}))
    try:
        assert locked_claims(study) is None
        assert changes_of(study) is None
        study.lock_file.write_text(json.dumps({"claims": []}))
        assert locked_claims(study) == []
        assert study.lock_file.name == "results.other.lock.json"
    finally:
        demonstration.unlink()
        study.lock_file.unlink(missing_ok=True)


def test_a_render_lists_the_claims_that_changed_since_the_lock(liver):
    study = liver.study
    assert locked_claims(study) is None
    assert changes_of(study) is None
    claims = read_claims(
        write_claims(study.output_folder / "claims.json", make_claims(liver).values())
    )
    lock = study.root / "results.lock.json"
    lock.write_text(json.dumps({"claims": claims}))
    try:
        assert changes_of(study) == "No claim changed since the results were locked."
        lock.write_text(
            json.dumps(
                {
                    "claims": [
                        each
                        | (
                            {"holds": False, "wording": "Another *P* of A&#42;B."}
                            if each["key"] == "outperforms.cr"
                            else {}
                        )
                        for each in claims
                    ]
                }
            )
        )
        said = changes_of(study)
        assert said.startswith("1 claim changed")
        assert "outperforms.cr (verdict changed; Results, Comparison of models)" in said
        assert "was: Another P of A*B." in said
        assert "*P*" not in said
    finally:
        lock.unlink()
