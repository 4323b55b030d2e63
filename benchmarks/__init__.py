"""Speed of analysis.statistics and analysis.inputs.radiomics beside the packages that do the same:
`make bench` prints a table of each."""
