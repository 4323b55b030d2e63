"""What the networks saw and how they were trained, in words."""

from analysis.reporting.wordings.networks import input_words, training_words
from analysis.study import DeepLearning


def test_the_words_follow_the_settings():
    plain = DeepLearning(
        reference_phase="portal_venous", epochs=20, slices=3, field_of_view_mm=80, crop_pixels=40
    )
    assert (
        input_words(plain)
        == "3 axial slices around the largest section, 80 mm in 40 pixels, on the grid of the"
        " portal venous phase; each phase with mean 0 and standard deviation 1 within the crop"
    )
    assert (
        training_words(plain, "float32")
        == "They were trained from scratch for 20 epochs with AdamW under a one-cycle schedule"
        " (peak learning rate 0.001, batches of about 16); images were augmented by flips,"
        " quarter turns, zoom up to 10% and noise. The loss was binary cross-entropy."
    )
    other = DeepLearning(
        reference_phase="a",
        networks=["resnet18", "resnet50"],
        dimensions=3,
        crop_pixels=48,
        margin_mm=10,
        normalisation="volume",
        clip_percentiles=[1, 99],
        schedule="cosine",
        warmup_epochs=5,
        class_weights="balanced",
        early_stopping={"share": 0.2, "patience": 9},
        members=3,
        augmentation={"flips": False, "quarter_turns": False, "zoom": 0, "noise": 0},
        pretrained={"resnet50": {"file": "weights/r50.pt", "source": "another cohort"}},
    )
    assert input_words(other).startswith(
        "a block of 48 planes as far apart as its pixels, the tumour's bounding box with a margin"
        " of 10 mm in 48 pixels"
    )
    assert input_words(other).endswith("over the volume, clipped to the percentiles 1 to 99")
    text = training_words(other, "bfloat16")
    for words in (
        (
            "ResNet-50 from the weights in r50.pt (another cohort) and the others from scratch for"
            " at most 60 epochs"
        ),
        "20% of the learning patients",
        "fallen for 9 epochs",
        "a cosine schedule after 5 epochs of warm-up",
        "images were not augmented",
        "taken back in the probabilities",
        "mean of 3 networks",
        "bfloat16 mixed precision, scoring in float32",
    ):
        assert words in text, words
