"""Models of a study, for whoever reads its results: what they are.

Documents and figures ask this table, and never how a name is spelled.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from models.declared import DECLARED
from models.registry import ModelSpec, Registry
from models.spec import TRAINED, Dashes

NAME = "models"


@dataclass(frozen=True)
class DescribedModel:
    """Description of a model.

    id, label, short (beside its siblings), family, kind, chosen_as, parts, colour, dashes and
    software, as models.spec.ModelSpec has them.
    """

    id: str
    label: str
    short: str
    family: str
    kind: str
    chosen_as: str | None = None
    parts: tuple[str, ...] = ()
    colour: str | None = None
    dashes: Dashes | None = None
    software: tuple[str, ...] = ()

    @classmethod
    def of(cls, spec: ModelSpec) -> DescribedModel:
        """Described model, from its declaration."""
        return cls(
            id=spec.id,
            label=spec.label,
            short=spec.short,
            family=spec.family,
            kind=spec.kind,
            chosen_as=spec.chosen_as,
            parts=spec.parts,
            colour=spec.colour,
            dashes=spec.dashes,
            software=spec.software,
        )

    @property
    def trained(self) -> bool:
        """True if its family is one of trained models, here or elsewhere."""
        return self.family in TRAINED


def model_table(registry: Registry) -> pd.DataFrame:
    """Table of the models, one row each in the order of tables.

    It has id, label, short, family, kind, chosen_as, parts, colour, dashes, software; parts, dashes
    and software as JSON, what is not there as an empty cell.
    """
    rows = [
        {
            "id": spec.id,
            "label": spec.label,
            "short": spec.short,
            "family": spec.family,
            "kind": spec.kind,
            "chosen_as": spec.chosen_as or "",
            "parts": json.dumps(list(spec.parts)),
            "colour": spec.colour or "",
            "dashes": json.dumps(spec.dashes) if spec.dashes else "",
            "software": json.dumps(list(spec.software)),
        }
        for spec in registry.values()
    ]
    return pd.DataFrame(rows)


def _dashes(text: str) -> Dashes | None:
    if not text:
        return None
    offset, lengths = json.loads(text)
    return offset, tuple(lengths)


def _software(row: dict[str, str]) -> tuple[str, ...]:
    """Software of a model; the package's declaration has it where an older table does not."""
    if "software" in row:
        return tuple(json.loads(row["software"]))
    return DECLARED[row["id"]].software if row["id"] in DECLARED else ()


def _described(row: dict[str, str]) -> DescribedModel:
    return DescribedModel(
        id=row["id"],
        label=row["label"],
        short=row["short"],
        family=row["family"],
        kind=row["kind"],
        chosen_as=row["chosen_as"] or None,
        parts=tuple(json.loads(row["parts"])),
        colour=row["colour"] or None,
        dashes=_dashes(row["dashes"]),
        software=_software(row),
    )


def described_models(
    names: Collection[str],
    table: pd.DataFrame | None = None,
    comparators: Collection[str] = (),
) -> dict[str, DescribedModel]:
    """Id -> what it is, of the models named.

    table: of `model_table`; results that were written before there was one have the package's
    models by their declarations, comparators as scores and any other as a model of one's own.
    """
    if table is not None:
        rows = [dict(row) for row in table.fillna("").astype(str).to_dict("records")]
        found = {row["id"]: _described(row) for row in rows}
    else:
        found = {name: DescribedModel.of(spec) for name, spec in DECLARED.items()}
    return {
        name: found.get(name)
        or DescribedModel(
            id=name,
            label=name,
            short=name,
            family="score" if name in comparators else "additional",
            kind="score" if name in comparators else "given",
        )
        for name in names
    }


def siblings_of(models: dict[str, DescribedModel], chosen: str) -> list[str]:
    """Models among which `chosen` is chosen, in their order."""
    return [name for name, model in models.items() if model.chosen_as == chosen]
