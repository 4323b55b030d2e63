"""What the networks saw and how they were trained, in words."""

from analysis.reporting.wordings.networks import input_words, training_words
from analysis.study import DeepLearning, NetworkInput


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
    narrow = plain.model_copy(update={"width": 0.25})
    assert training_words(narrow, "float32") == (
        "Their layers had 25% of the published number of channels. "
        + training_words(plain, "float32")
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


def test_the_scale_of_each_phase_and_what_lies_beyond_an_image():
    deep = DeepLearning(reference_phase="mr", slices=3, field_of_view_mm=80, crop_pixels=40)
    grid = "80 mm in 40 pixels, on the grid of the mr phase; "
    crop, suv = deep.every_input, NetworkInput(normalisation="none", divide_by=10)
    hu = NetworkInput(normalisation="window", window={"low": -160, "high": 240})
    shared = NetworkInput(normalisation="reference")
    beyond = "; pixels beyond an image are 0 on that scale"

    def words(**inputs):
        return input_words(deep, inputs).partition(grid)[2]

    assert words(MR=crop, ADC=crop) == (
        "each phase with mean 0 and standard deviation 1 within the crop"
    )
    assert words(MR=crop, PET=suv) == (
        "MR with mean 0 and standard deviation 1 within the crop; PET with values divided by 10"
        + beyond
    )
    assert words(arterial=hu, portal=hu) == (
        "each phase with values clipped to −160 to 240 and scaled to 0 to 1" + beyond
    )
    assert words(MR=crop, ADC=shared, DWI=shared).endswith(
        "ADC and DWI with values standardised by the mean and standard deviation of the crops of"
        " each fit's training patients" + beyond
    )
    assert words(CT=NetworkInput(normalisation="none")) == "each phase with stored values" + beyond
    moved = DeepLearning(reference_phase="mr", padding="mirror")
    assert input_words(moved).endswith(
        "within the crop; pixels beyond an image mirror it at its border"
    )
