"""Foundations of every room: problems, files, cache, parallel work, the run lock."""
