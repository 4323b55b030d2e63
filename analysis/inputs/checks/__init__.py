"""Checks of images and masks: are they there, can they be used, do they fit."""
