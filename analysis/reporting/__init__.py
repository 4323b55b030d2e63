"""Results as documents say them: claims, sentences, tables, figures, checklists, pages."""
