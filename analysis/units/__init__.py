"""Units, quantities and dates: what a value of a table can be."""
