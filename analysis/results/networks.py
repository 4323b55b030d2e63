"""Training of the networks: numbers for the methods, and the course of every training."""

from __future__ import annotations

import pandas as pd

from analysis.results import keys
from analysis.results.record import Records
from analysis.study import Study
from analysis.training import TrainedStudy
from analysis.training.networks import network_settings
from models.networks import NETWORKS
from models.settings import NetworkSettings

COLUMNS = (
    "model",
    "context",
    "member",
    "epoch",
    "loss",
    "auc",
    "held_out_loss",
    "held_out_auc",
    "learning_rate",
    "kept",
)


def _settings(training: TrainedStudy) -> dict[str, NetworkSettings]:
    """Settings of the study's networks, in the order of tables."""
    models = training.fitted.models
    found = {name: models[name].settings for name in NETWORKS if name in models}
    return {name: each for name, each in found.items() if isinstance(each, NetworkSettings)}


def add_networks(records: Records, study: Study, training: TrainedStudy) -> pd.DataFrame:
    """Add the settings of the networks' training, and return its course.

    The records are `training.precision`, `training.epochs.<network>` (median epoch whose weights
    were taken, final and outer fits) and, where weights were loaded, `pretrained.<network>`;
    returns model, context, member, epoch and the course of loss and AUC.
    """
    every = _settings(training)
    if not every:
        return pd.DataFrame(columns=COLUMNS)
    settings = next(iter(every.values()))
    records.add(
        keys.training_precision(),
        settings.precision,
        method="training; scores in float32",
        source=network_settings,
    )
    records.add(keys.training_device(), settings.device, source=network_settings)
    frames = []
    for name, own in every.items():
        contexts = [
            context
            for model, context in training.fitted.scores.fits
            if model == name and not training.fitted.scores.contexts[context].inner
        ]
        rows = pd.concat(
            [
                pd.DataFrame(list(training.fitted.scores.fits[name, context].history)).assign(
                    model=name, context=context
                )
                for context in contexts
            ],
            ignore_index=True,
        )
        kept = rows.loc[rows["kept"], "epoch"]
        records.add(
            keys.training_epochs(name),
            float(kept.median()),
            ci_low=float(kept.min()),
            ci_high=float(kept.max()),
            n=len(kept),
            unit="epochs",
            method="median, lowest and highest over final and outer fits and members",
            source=add_networks,
        )
        frames.append(rows.reindex(columns=list(COLUMNS)))
        if own.pretrained is not None:
            weights, final = own.pretrained, training.fitted.fit(name).model
            for part in ("file", "sha256", "source"):
                records.add(
                    keys.named(f"pretrained_{part}")(name), weights[part], source=network_settings
                )
            records.add(
                keys.pretrained_first_convolution(name),
                final.first_convolution_,
                source="models.deep.pretrained:load_pretrained",
            )
    return pd.concat(frames, ignore_index=True)
