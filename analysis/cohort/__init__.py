"""Who is studied: the cohort, its tables, its outcome and who validates."""
