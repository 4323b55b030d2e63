"""The classifiers of radiomics features, a file each; one more is a file and a line here."""

from importlib import import_module

from models.classifiers.declaration import Classifier

# A file of this folder each, in the order of tables; of equally good ones the first is chosen.
FILES = (
    "logistic",
    "svm",
    "knn",
    "xgboost",
    "mlp",
)

CLASSIFIERS: dict[str, Classifier] = {
    each.id: each for each in (import_module(f"{__name__}.{name}").CLASSIFIER for name in FILES)
}

__all__ = ["CLASSIFIERS", "Classifier"]
