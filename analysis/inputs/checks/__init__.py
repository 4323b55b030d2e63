"""What can be wrong with images and masks: are they there, can they be used, do they fit."""
