"""What a run would refuse of its folds and models, before it fits any."""
