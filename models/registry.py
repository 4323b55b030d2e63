"""Model registry: every model of a study.

Everything that tells models apart asks it, and nothing reads it from how a name is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from models.additional import description_of, load_model_class, reads_of, source_of
from models.blocks import block_model, further_fusion
from models.classifiers import CLASSIFIERS
from models.declared import CR, DECLARED
from models.networks import NETWORKS
from models.radiomics_and_networks import network_model, radiomics_model
from models.spec import TRAINED, ModelSpec
from models.staging import REFITS, SCORES, Refit, ScoreDefinition
from models.staging.own import own_score

if TYPE_CHECKING:
    from models.settings import OwnSettings

__all__ = [
    "TRAINED",
    "ModelSpec",
    "Registry",
    "names_of",
    "own_files",
    "packed_spec",
    "packing_of",
    "readable_scores",
    "registry_of",
    "score_of",
    "score_spec",
    "scores_of",
    "taken_by",
]


class Registry(Mapping[str, ModelSpec]):
    """Id -> declaration of every model, in the order of predictions and tables.

    Raises ValueError naming an id that two models have.
    """

    def __init__(self, specs: Iterable[ModelSpec]):
        self._specs: dict[str, ModelSpec] = {}
        for spec in specs:
            if spec.id in self._specs:
                raise ValueError(
                    f"the name '{spec.id}' is taken by {self._specs[spec.id].label}; choose"
                    f" another, my_{spec.id} say"
                )
            self._specs[spec.id] = spec

    def __getitem__(self, name: str) -> ModelSpec:
        return self._specs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def of(self, kind: str) -> list[ModelSpec]:
        """Models of a kind, in order."""
        return [spec for spec in self.values() if spec.kind == kind]

    @property
    def choices(self) -> dict[str, list[str]]:
        """Chosen model -> those among which it is chosen."""
        return {
            chosen.id: [spec.id for spec in self.values() if spec.chosen_as == chosen.id]
            for chosen in self.of("chosen")
        }

    @property
    def own(self) -> list[ModelSpec]:
        """Models of one's own."""
        return [spec for spec in self.of("fitted") if spec.family == "additional"]

    @property
    def trained_order(self) -> list[str]:
        """Trained models in the order of predictions.

        The order is base models, chosen ones, fusions, and those of one's own last.
        """
        own = [spec.id for spec in self.own]
        others = [spec.id for spec in self.values() if spec.kind != "score" and spec.id not in own]
        return [*others, *own]

    @property
    def headline(self) -> list[str]:
        """Models of the main table.

        They are the package's by their place, then one's own and given ones but for yardsticks.
        """
        placed = [spec for spec in self.values() if spec.headline is not None]
        placed.sort(key=lambda spec: cast(int, spec.headline))
        rest = [*self.own, *self.of("given")]
        return [spec.id for spec in [*placed, *rest] if not spec.yardstick]


@dataclass(frozen=True)
class _OwnBuilder:
    """Builder of a class that is loaded where it is built: another process does not know it."""

    reference: str
    root: Path

    def __call__(self, settings: OwnSettings, seed: int) -> Any:
        return load_model_class(self.reference, self.root)(seed=seed, **settings.settings)


def own_spec(name: str, model: Any, root: Path) -> ModelSpec:
    """A model of one's own, from its lines in the study file, else from its class.

    Raises ValueError where the class can't be used.
    """
    found = load_model_class(model.model, root)
    return ModelSpec(
        name,
        model.label or str(getattr(found, "label", name)),
        "additional",
        reads=reads_of(found),
        build=_OwnBuilder(model.model, root),
        colour=getattr(found, "colour", None),
        dashes=getattr(found, "dashes", None),
        inner_folds=False,
        yardstick=bool(getattr(found, "yardstick", False)),
        description=description_of(model.description, found) or "",
    )


def packed_spec(name: str, written: Mapping[str, Any]) -> ModelSpec:
    """A model or score of one's own as a bundle describes it: it can be judged, not made again."""
    if "family" not in written:
        return ModelSpec(
            name,
            str(written["label"]),
            "additional",
            build=_not_packed,
            inner_folds=False,
            yardstick=bool(written["yardstick"]),
        )
    return ModelSpec(
        name,
        str(written["label"]),
        str(written["family"]),
        kind="score",
        score="ordinal" if written["levels"] else "continuous",
        higher_is_worse=bool(written["higher_is_worse"]),
        levels=tuple(map(str, written["levels"])),
        first_rank=int(written["first_rank"]),
    )


def packing_of(registry: Registry, files: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Descriptions of a study's own models and scores for a bundle.

    What a bundle says of models of one's own and of the scores that come with files, so that
    `packed_spec` can read it.
    """
    models = {spec.id: {"label": spec.label, "yardstick": spec.yardstick} for spec in registry.own}
    scores = {
        name: {
            "label": registry[name].label,
            "family": registry[name].family,
            "levels": list(registry[name].levels),
            "first_rank": registry[name].first_rank,
            "higher_is_worse": registry[name].higher_is_worse,
        }
        for name in files
    }
    return models | scores


def _not_packed(settings: object, seed: int) -> NoReturn:
    raise ValueError("a bundle holds no code, so that its own models can't be fitted")


def given_spec(name: str, label: str) -> ModelSpec:
    """Specification of a model that was made elsewhere.

    One that has the name of a model of the package is of its family and looks like it.
    """
    known = DECLARED.get(name)
    if known is None:
        return ModelSpec(name, label, "additional", kind="given")
    look = replace(known, build=None, kind="given", chosen_as=None, parts=(), headline=None)
    return replace(look, label=label, short=label)


def score_spec(score: ScoreDefinition | Refit) -> ModelSpec:
    """A staging system or index: a model with nothing to learn, or a refit of one."""
    if isinstance(score, Refit):
        return ModelSpec(
            score.id,
            score.label,
            "refit",
            kind="score",
            reads=("clinical",),
            score="continuous",
            description=score.source,
        )
    return ModelSpec(
        score.id,
        score.label,
        score.family,
        kind="score",
        reads=("clinical",),
        score="continuous" if score.levels is None else "ordinal",
        higher_is_worse=score.higher_is_worse,
        levels=score.levels or (),
        first_rank=score.first_rank,
        description=score.source,
    )


def taken_by(name: str) -> str | None:
    """Holder of a name within the package, in words; None where nothing has it."""
    if name in DECLARED:
        return f"the package's model {DECLARED[name].label}"
    score = SCORES.get(name) or REFITS.get(name)
    return None if score is None else f"the score {score.label}"


def score_of(study: Any, name: str) -> ScoreDefinition | Refit:
    """The definition of one of a study's scores: the package's, or of its own file.

    Raises ValueError where that can't be used.
    """
    reference = study.comparator_files.get(name)
    if reference is not None:
        return own_score(name, reference, study.root)
    return REFITS[name] if name in REFITS else SCORES[name]


def scores_of(study: Any) -> dict[str, ScoreDefinition | Refit]:
    """Id -> definition of every score of a study, the supplement's last."""
    names = [*study.comparators, *study.supplement_scores]
    return {name: score_of(study, name) for name in names}


def readable_scores(
    study: Any,
) -> tuple[dict[str, ScoreDefinition | Refit], dict[str, str]]:
    """The scores of a study that can be used, by id, and why the others can't be."""
    found: dict[str, ScoreDefinition | Refit] = {}
    unreadable: dict[str, str] = {}
    for name in [*study.comparators, *study.supplement_scores]:
        try:
            found[name] = score_of(study, name)
        except Exception as error:  # whatever the author's own code raises when it is read
            own_words = isinstance(error, ValueError)
            unreadable[name] = str(error) if own_words else f"{type(error).__name__}: {error}"
    return found, unreadable


def own_files(study: Any) -> dict[str, Path]:
    """Model, score or features of the study's own -> the file that its class is in.

    Raises ValueError where one is not there.
    """
    models = {
        name: source_of(model.model, study.root) for name, model in study.additional_models.items()
    }
    scores = {
        name: source_of(reference, study.root, "comparators")
        for name, reference in study.comparator_files.items()
    }
    features = {
        f"features {name}": source_of(reference, study.root, "radiomics.extraction.own")
        for name, reference in study.own_features.items()
    }
    return models | scores | features


def _asked_for(study: Any) -> list[ModelSpec]:
    """Models of the package that a study's sections ask for."""
    names = [CR.id] if study.clinical is not None else []
    if study.radiomics is not None:
        names += _of_family("radiomics", study.radiomics.classifiers)
    if study.deep_learning is not None:
        names += _of_family("deep_learning", study.deep_learning.networks)
    found = [DECLARED[name] for name in names]
    chosen = {spec.chosen_as for spec in found}
    found += [spec for spec in DECLARED.values() if spec.kind == "chosen" and spec.id in chosen]
    if study.clinical is not None:
        found += [
            spec
            for spec in DECLARED.values()
            if spec.kind == "fusion" and set(spec.parts) <= chosen
        ]
    blocks = [block_model(name, block) for name, block in study.features.items()]
    labels = {spec.id: spec.label for spec in [*found, *blocks]}
    further = [further_fusion(name, fusion, labels) for name, fusion in study.fusion.models.items()]
    return [*found, *blocks, *further]


def _of_family(family: str, written: Iterable[str]) -> list[str]:
    """Ids of the fitted models of a family, by what the study file calls them."""
    if family == "radiomics":
        return [radiomics_model(CLASSIFIERS[name]).id for name in written]
    return [network_model(NETWORKS[name]).id for name in written]


def names_of(study: Any) -> list[str]:
    """Ids of all models and scores that a study will have predictions of, but for given ones.

    Nothing of one's own is loaded.
    """
    asked = [spec.id for spec in _asked_for(study)]
    return [*asked, *study.additional_models, *study.comparators, *study.supplement_scores]


def registry_of(
    study: Any,
    given: Mapping[str, str] | None = None,
    packed: Mapping[str, ModelSpec] | None = None,
) -> Registry:
    """Every model of a study (analysis.study.Study), made once.

    given: id -> label of models that were made elsewhere, where their predictions are read. packed:
    declarations of models and scores of one's own whose files are not there, as in a bundle. Raises
    ValueError where two models would have one name, and where a class of one's own can't be used.
    """
    packed = packed or {}
    own = list(study.additional_models)
    for name in [*own, *study.comparator_files]:
        taken = taken_by(name)
        if taken is not None:
            raise ValueError(
                f"the name '{name}' is taken by {taken}; choose another, my_{name} say"
            )
    return Registry(
        [
            *_asked_for(study),
            *(
                packed.get(name) or own_spec(name, study.additional_models[name], study.root)
                for name in own
            ),
            *(given_spec(name, label) for name, label in (given or {}).items()),
            *(
                packed.get(name) or score_spec(score_of(study, name))
                for name in [*study.comparators, *study.supplement_scores]
            ),
        ]
    )
