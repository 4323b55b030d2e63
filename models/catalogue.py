"""Names of the trained models: identifiers used in study.yml, predictions and results, and their
labels."""

from typing import Literal, get_args

Classifier = Literal["logistic", "svm", "knn", "xgboost", "mlp"]
Network = Literal["resnet18", "resnet34", "resnet50"]
CLASSIFIERS: tuple[Classifier, ...] = get_args(Classifier)
NETWORKS: tuple[Network, ...] = get_args(Network)

LABELS = {
    "cr": "CR",
    "radiomics_logistic": "Radiomics, logistic regression",
    "radiomics_svm": "Radiomics, support vector machine",
    "radiomics_knn": "Radiomics, k-nearest neighbours",
    "radiomics_xgboost": "Radiomics, XGBoost",
    "radiomics_mlp": "Radiomics, multilayer perceptron",
    "radiomics": "Radiomics",
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "dl": "DL",
    "rcr": "RCR",
    "dlrcr": "DLRCR",
}

# Families of models that were trained; a staging system or index has one of its own.
TRAINED = ("clinical", "radiomics", "deep_learning", "fusion", "additional")

FAMILIES = {
    "cr": "clinical",
    "radiomics": "radiomics",
    "dl": "deep_learning",
    "rcr": "fusion",
    "dlrcr": "fusion",
    **{f"radiomics_{name}": "radiomics" for name in CLASSIFIERS},
    **dict.fromkeys(NETWORKS, "deep_learning"),
}
