"""What every room stands on: problems, files, cache, parallel work, the run lock."""
