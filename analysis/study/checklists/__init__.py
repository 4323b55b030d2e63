"""The reporting checklists as data: items, questions for people, places of the documents."""
