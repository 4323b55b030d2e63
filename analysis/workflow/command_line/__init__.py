"""The command line: options of several commands, help, completion, and what is said where."""
