"""Hospital files in: images and masks, and a PACS export made into a study."""
