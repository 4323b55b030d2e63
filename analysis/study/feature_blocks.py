"""study.yml as checked types: other people's features, a table a block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from analysis.study.delta import BEGINNING
from analysis.study.fault import Fault, section_of
from analysis.study.habitats import PREFIX
from analysis.study.later_keys import without_unset
from analysis.study.protocol import Name
from analysis.study.section import Count, Fraction
from analysis.study.selection_rules import check_paths, check_steps
from analysis.study.supplied_tables import ONE_PHASE, FeatureTable
from models.catalogue import Classifier
from models.declared import DECLARED, PARTS
from models.selection_steps import COMPONENTS, Step, steps_of

PLACE = ("features",)
# Of the clinical model, which some name as a part.
ALWAYS_THERE = "; the CR predictors are always in a fusion and are not named"
# What features of no single phase begin with, and whose they are.
RESERVED = {
    BEGINNING: "features that compare phases",
    PREFIX: "features of habitats",
    ONE_PHASE: "radiomics features without a phase",
}


class FeatureBlock(FeatureTable):
    """Block of features from a table: embeddings of a network, or features of another extractor.

    It is a table as radiomics.table is one, and a model of its own beside radiomics. label: what
    the article calls it. source, licence, citation (a key of the bibliography): where its features
    come from. selection: steps in their order as under radiomics; by default all features are
    replaced by principal components, pca_components of them or as many as hold pca_variance of the
    variance. paths: name -> such steps, the best of which is chosen in the tuning folds.
    classifier: that reads them.
    """

    label: Annotated[str, Field(min_length=1)] | None = None
    source: Annotated[str, Field(min_length=1)] | None = None
    licence: Annotated[str, Field(min_length=1)] | None = None
    citation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:.-]+$")] | None = None
    icc_threshold: Annotated[float, Field(ge=0, le=1)] = 0.75
    icc_judged_by: Literal["estimate", "lower_bound"] = "estimate"
    selection: Annotated[list[Step], Field(min_length=1)] = [COMPONENTS]
    paths: dict[Name, list[Step]] = {}
    pca_components: Count | None = None
    pca_variance: Fraction = 0.9
    most_common_share: Fraction = 0.95
    univariable_features: Count = 60
    anova_features: Count = 20
    correlation_limit: Fraction = 0.9
    mrmr_features: Count = 30
    selected_features: Count = 12
    lasso_penalty: Literal["min", "1se"] = "min"
    elastic_net_mixing: Fraction = 0.5
    classifier: Classifier = "logistic"
    tuning_folds: Annotated[int, Field(ge=2)] = 3

    @model_validator(mode="after")
    def _steps_in_order(self) -> FeatureBlock:
        check_steps(self.selection, self.paths)
        check_paths(self.paths, "selection" in self.model_fields_set)
        if {"pca_components", "pca_variance"} <= self.model_fields_set:
            raise ValueError(
                "give pca_components, a number, or pca_variance, a share of the variance; not both"
            )
        if self.pca_components is not None and COMPONENTS not in self.steps:
            raise ValueError(f"pca_components: no step is {COMPONENTS}")
        return self

    @property
    def steps(self) -> set[str]:
        """Steps of the selection, or of all paths."""
        return steps_of(self.selection, self.paths)

    def idle_keys(self) -> set[str]:
        """Keys that say nothing beside others that are given."""
        return {
            "pca_variance" if self.pca_components is not None else "pca_components",
            "selection" if self.paths else "paths",
        }

    @model_serializer(mode="wrap")
    def _as_before(self, serialise: Any) -> dict[str, Any]:
        """Content without idle keys, so that it can be read again."""
        content = without_unset(serialise(self), "readers")
        idle = self.idle_keys()
        return {name: value for name, value in content.items() if name not in idle}

    def name_in_words(self, name: str) -> str:
        """What the article calls the block."""
        return self.label or name.replace("_", " ").capitalize()


def block_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Blocks with names that are something else's, and fusions of what is not there."""
    blocks = section_of(plain, *PLACE)
    further = section_of(plain, "fusion", "models")
    clinical = section_of(plain, "clinical")
    taken = {
        **dict.fromkeys(map(str, clinical.get("candidates") or ()), "a candidate of the CR model"),
        **dict.fromkeys(section_of(plain, "additional_models"), "a model of one's own"),
    }
    for name in map(str, blocks):
        found = _taken(name, taken, _phases(plain), list(map(str, blocks)))
        if found:
            yield (*PLACE, name), f"the name '{name}' is that of {found}; choose another"
    yield from _label_faults(plain)
    parts = {*blocks, *(part for part in PARTS if _trains(plain, part))}
    for name, fusion in further.items():
        place = ("fusion", "models", str(name))
        if str(name) in {*DECLARED, *taken, *map(str, blocks)}:
            yield place, f"the name '{name}' is taken; choose another"
        named = fusion.get("parts") if isinstance(fusion, dict) else fusion
        unknown = [str(part) for part in named or () if part not in parts]
        if unknown:
            yield (
                place,
                f"{_no_parts(unknown)}; there are {', '.join(sorted(parts)) or 'none'}"
                + ("" if "cr" not in map(str.casefold, unknown) else ALWAYS_THERE),
            )
        if isinstance(named, list) and len(set(map(str, named))) < len(named):
            yield place, "names a part twice"
    if further and not clinical:
        yield (
            ("fusion", "models"),
            "a fusion has the CR predictors beside the scores; give clinical, or leave it out",
        )


def _no_parts(names: list[str]) -> str:
    """Names that no part has, as the beginning of a message."""
    if len(names) == 1:
        return f"{names[0]} is no part of this study"
    return f"{', '.join(names)} are no parts of this study"


def _label_faults(plain: dict[str, Any]) -> Iterator[Fault]:
    """Blocks that the article would call as another model of the study, (place, message)."""
    taken = {
        spec.label.casefold(): f"the package's model {spec.label}"
        for spec in DECLARED.values()
        if plain.get(spec.family) or spec.family == "fusion"
    }
    for section in (("additional_models",), ("fusion", "models")):
        for name, model in section_of(plain, *section).items():
            label = model.get("label") if isinstance(model, dict) else None
            if label:
                taken[str(label).casefold()] = f"{'.'.join(section)}.{name}"
    for name, block in section_of(plain, *PLACE).items():
        label = block.get("label") if isinstance(block, dict) else None
        called = str(label or str(name).replace("_", " ")).casefold()
        if called in taken:
            place = (*PLACE, str(name), *(["label"] if label else []))
            yield place, f"'{label or name}' is what {taken[called]} is called; give another label"
        taken.setdefault(called, f"the block {name}")


def _trains(plain: dict[str, Any], part: str) -> bool:
    return bool(plain.get({"radiomics": "radiomics", "dl": "deep_learning"}[part]))


def _phases(plain: dict[str, Any]) -> list[str]:
    """Phases of the images and of the feature table, as far as the study file names them."""
    table = section_of(plain, "radiomics", "table")
    named = section_of(table, "phases").values()
    found = [*section_of(plain, "phases"), *section_of(table, "columns"), *named]
    return list(dict.fromkeys(map(str, found)))


def _begins(name: str, other: str) -> bool:
    """True if features of `name` could be taken for those of `other`."""
    return f"{name}_".startswith(f"{other}_")


def _taken(name: str, taken: dict[str, str], phases: list[str], blocks: list[str]) -> str | None:
    """Holder of a block's name, in words; None where nothing has it."""
    if name in DECLARED:
        return f"the package's model {DECLARED[name].label}"
    if name in taken:
        return taken[name]
    reserved = next((each for each in RESERVED if _begins(name, each)), None)
    if reserved:
        return f"{RESERVED[reserved]}, whose names begin with '{reserved}_'"
    for phase in phases:
        if _begins(name, phase):
            return f"the phase {phase}, with which it begins"
        if _begins(phase, name):
            return f"the beginning of the phase {phase}"
    longer = [each for each in blocks if each != name and _begins(each, name)]
    return f"the beginning of the block {longer[0]}" if longer else None
