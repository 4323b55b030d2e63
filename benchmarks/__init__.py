"""Speed of analysis.statistics beside the packages that do the same: `make bench` prints one table."""
