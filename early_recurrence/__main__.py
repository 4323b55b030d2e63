"""`python -m early_recurrence`: the command `early-recurrence`, where that is not on the PATH."""

from early_recurrence.command import main

raise SystemExit(main())
