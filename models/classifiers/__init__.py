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
    "random_forest",
    "elastic_net",
    "gradient_boosting",
)

CLASSIFIERS: dict[str, Classifier] = {
    each.id: each for each in (import_module(f"{__name__}.{name}").CLASSIFIER for name in FILES)
}
# Those that a study trains whose file names none.
BY_DEFAULT: tuple[str, ...] = tuple(name for name, each in CLASSIFIERS.items() if each.by_default)

__all__ = ["BY_DEFAULT", "CLASSIFIERS", "Classifier"]
