"""Exit statuses of `early-recurrence`, as its help and the reference list them."""

from __future__ import annotations

DONE = 0
FAILED = 1
FAULTY = 2
NOT_VERIFIED = 3
STOPPED = 130

MEANINGS = {
    DONE: "done",
    FAILED: (
        "something failed on the way: memory, disk, a document that can't be rendered; `numbers`:"
        " a numeral was changed or is unknown"
    ),
    FAULTY: "your files or arguments are at fault; the message says where, and how to mend it",
    NOT_VERIFIED: "`verify`: a number differs, or a file of the bundle was changed",
    STOPPED: "you stopped it (Ctrl-C); the same command goes on from there",
}
