"""Claims: sentences that assert something about the results.

They are worded by a rule from the results, so that they change when the numbers do.
"""

from analysis.reporting.claims.claim import Claim, PinnedClaimFailed, read_claims, write_claims
from analysis.reporting.claims.compare import changed_claims, changes_of, locked_claims, say_changes
from analysis.reporting.claims.make import Claims, make_claims, open_claims

__all__ = [
    "Claim",
    "Claims",
    "PinnedClaimFailed",
    "changed_claims",
    "changes_of",
    "locked_claims",
    "make_claims",
    "open_claims",
    "read_claims",
    "say_changes",
    "write_claims",
]
