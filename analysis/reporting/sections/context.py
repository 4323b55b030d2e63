"""What a section is written from: the results, the claims, and what this study has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from IPython.display import Markdown

from analysis.reporting.claims import Claims, open_claims
from analysis.reporting.manuscript import Results
from analysis.reporting.sections.room import Room
from analysis.reporting.survival_name import survival_name
from analysis.results import keys
from models.blocks import FAMILY
from models.declared import CR, DL, RADIOMICS, RCR


@dataclass(frozen=True)
class Context:
    """Study that a section is about.

    bodies: label → Markdown of each table and figure that was laid out, without its caption.

    room: which of the article's figures and tables stand in it, and which in the supplement.
    """

    r: Results
    bodies: dict[str, str] = field(default_factory=dict)
    room: Room | None = None

    def moved(self, section: str) -> list[str]:
        """Figures and tables of a section of the article that stand in the supplement."""
        return [] if self.room is None else self.room.moved(section, self)

    @cached_property
    def opened_claims(self) -> Claims:
        """The claims of the study."""
        return open_claims(self.r)

    @property
    def inline(self) -> bool:
        """Whether values are written as inline expressions, for a text the author takes over."""
        return self.r.inline

    @property
    def in_supplement(self) -> frozenset[str]:
        """Figures and tables of the article that stand in the supplement."""
        return frozenset() if self.room is None else self.room.in_supplement

    def _call(self, expression: str) -> str:
        return f"`{{python}} {expression}`"

    def claim(self, key: str) -> str:
        """The claim's sentence; empty where the study has no such claim."""
        if key not in self.opened_claims.by_key:
            return ""
        return self._call(f'claims("{key}")') if self.inline else str(self.opened_claims(key))

    def claims(self, prefix: str) -> str:
        """All claims of that kind, a sentence each."""
        words = str(self.opened_claims.sentences(prefix))
        return self._call(f'claims.sentences("{prefix}")') if words and self.inline else words

    def claims_together(self, prefix: str) -> str:
        """All claims of that kind in one sentence."""
        words = str(self.opened_claims.grouped(prefix))
        return self._call(f'claims.grouped("{prefix}")') if words and self.inline else words

    def rules(self) -> list[str]:
        """The rules behind the claims; their {key:form} are results."""
        return self.opened_claims.rule_templates()

    def decided(self, name: str, words: str) -> str:
        """Sentence whose very words follow from the results.

        In an author's own text it stays a call by its name.
        """
        return self._call(f'says("{name}")') if words and self.inline else words

    def figure(self, label: str, name: str, caption: str, there: bool = True) -> str:
        """A figure with its caption, where the study has it and this document prints it."""
        if not there or not self._prints(label):
            return ""
        block = str(self.r.figure_block(label, name, caption))
        return self._kept(f"figures/{label}", block, block.split("\n\n", 2)[1])

    @property
    def surveyed(self) -> bool:
        """True while sections are written only to see which figures and tables they lay out."""
        return self.room is not None and self.room.surveying

    def _prints(self, label: str) -> bool:
        return self.room is None or self.room.prints(label)

    def table(
        self,
        label: str,
        make: Callable[[], Markdown],
        caption: str,
        note: str = "",
        there: bool = True,
    ) -> str:
        """A table with its caption and note, where the study has it and this document prints it."""
        if not there or not self._prints(label):
            return ""
        if self.r.compared is not None:
            self.r.compared.begins()
        # An author's text includes the body, which stays generated.
        body = Markdown(f"table of {label}") if self.inline else make()
        block = str(self.r.table_block(label, body, caption, note))
        return self._kept(f"tables/{label}", block, body.data)

    def _kept(self, name: str, block: str, body: str) -> str:
        if self.inline:
            return block.replace(body, f"{{{{< include _generated/{name}.md >}}}}", 1)
        self.bodies[name] = body
        if self.room is not None:
            self.room.laid_out.append(block)
        return block

    def has(self, *keys: str) -> bool:
        """Whether the study has all of these results."""
        return set(keys) <= set(self.r.records)

    @cached_property
    def headline(self) -> list[str]:
        """The models of the article, in their order."""
        return self.r.names(keys.models_headline())

    @cached_property
    def comparators(self) -> list[str]:
        """Staging systems and indexes of the article."""
        return self.r.names(keys.models_comparators())

    @cached_property
    def best(self) -> str:
        """The model with the highest out-of-fold AUC, or the one that others are compared with."""
        return self.r.plain(keys.best_model())

    @cached_property
    def others(self) -> list[str]:
        """The headline models but for the best one."""
        return [name for name in self.headline if name != self.best]

    @property
    def single(self) -> bool:
        """Whether the study has one model, so that none is the best of several."""
        return len(self.headline) == 1

    @property
    def compares(self) -> bool:
        """Whether something is compared: models with each other, or with staging and indexes."""
        return bool(self.others or self.comparators)

    @cached_property
    def graded(self) -> list[str]:
        """Comparators that could be judged by what the model adds to them."""
        return (
            self.r.names(keys.added_value_scores()) if self.has(keys.added_value_scores()) else []
        )

    @cached_property
    def fusions(self) -> list[str]:
        """Fusions among the headline models."""
        return [name for name in self.headline if name in self.r.fusions]

    @property
    def clinical(self) -> bool:
        """Whether there is a clinical-radiological model."""
        return self.r.has(CR.id)

    @property
    def radiomics(self) -> bool:
        """Whether there is a radiomics model."""
        return self.r.has(RADIOMICS.id)

    @property
    def deep(self) -> bool:
        """Whether there is a network."""
        return self.r.has(DL.id)

    @property
    def fused(self) -> bool:
        """Whether scores were fused with the clinical predictors."""
        return self.r.has(RCR.id) or bool(self.r.fusions)

    @property
    def blocks(self) -> bool:
        """Whether a model reads other people's features."""
        return bool(self.labels_of_blocks)

    @property
    def labels_of_blocks(self) -> list[str]:
        """What the blocks of other people's features are called."""
        return [model.label for model in self.r.models.values() if model.family == FAMILY]

    @cached_property
    def survival(self) -> str:
        """What survival without the event is called, as within a sentence."""
        return survival_name(self.r.plain(keys.study_event()))

    @property
    def followed(self) -> bool:
        """Whether the outcome has a follow-up."""
        return self.has(keys.endpoint_horizon_months())

    @property
    def given(self) -> bool:
        """Whether the models were made elsewhere."""
        return self.has(keys.predictions_given())

    @property
    def judged(self) -> bool:
        """Whether there are out-of-fold predictions of training patients.

        Models that were made elsewhere may come without.
        """
        return self.has(keys.auc(self.best, "out_of_fold"))

    @property
    def probable(self) -> bool:
        """Whether a model gives probabilities; a score has no calibration and no net benefit."""
        return any(self.has(keys.brier(name, "validation")) for name in self.headline)

    @property
    def cut(self) -> bool:
        """Whether the best model has a cut-off."""
        return self.has(keys.cutoff(self.best))

    @property
    def synthetic(self) -> bool:
        """Whether the cohort was made by a generator."""
        return self.r.is_true(keys.cohort_synthetic())

    @property
    def published(self) -> bool:
        """Whether the study reproduces a printed one."""
        return self.has(keys.published_source())

    @property
    def source(self) -> str:
        """Citation of the reproduced paper.

        It stands with a space before it, where the study file names one.
        """
        published = self.r.study.published
        key = published.citation if published is not None else None
        return f" [@{key}]" if key else ""

    def described(self, name: str = "baseline") -> bool:
        """Whether the study has clinical variables to describe."""
        return (self.r.folder / "tables" / f"{name}.csv").is_file()


def paragraphs(*texts: str) -> str:
    """The texts that are not empty, a paragraph each."""
    return "\n\n".join(text.strip() for text in texts if text.strip())


def sentences(*texts: str) -> str:
    """The sentences that are not empty, in one paragraph."""
    return " ".join(text.strip() for text in texts if text.strip())
