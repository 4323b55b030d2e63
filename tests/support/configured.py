"""Models with settings, and tasks of one model, for tests."""

from analysis.training.fits import FitStore, FitTask
from analysis.training.settings import ConfiguredModel
from models.declared import DECLARED
from models.settings import ClinicalSettings, NetworkSettings, RadiomicsSettings

SETTINGS = {
    "clinical": ClinicalSettings,
    "radiomics": RadiomicsSettings,
    "deep_learning": NetworkSettings,
}


def configured(name, **settings):
    """A model of the package with these settings and the defaults of all others."""
    spec = DECLARED[name]
    return ConfiguredModel(spec, SETTINGS[spec.family](**settings))


def task(models, context, inputs, label, folder, code="code", logs=None):
    """Models to be fitted with seed 1; `folder` is the cache's."""
    return FitTask(tuple(models), context, inputs, label, FitStore(1, folder, code, logs))
