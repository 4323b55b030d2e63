"""The command that makes a PACS export into a study."""
