"""Registration of one phase's image to another's."""
