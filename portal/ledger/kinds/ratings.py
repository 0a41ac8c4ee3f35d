"""What becomes of a rating besides contact and remedy: time for a hard one, an unfair one set aside, who stood beside.

Nothing writes these yet: the room of ratings to come will, and logs may be imported today. They stand on the case that
was rated.
"""

from __future__ import annotations

from functools import partial

from portal.basis import N_
from portal.ledger.kinds.listing import Sort, kind, text

coming = partial(kind, is_to_come=True)

# A table: each kind as it reads best, its keys below it.
# fmt: off
coming("rating-declared-hard", Sort.CASE, "declare_rating_hard", N_("Bad rating is hard to put right"), ("V43",))
coming("rating-set-aside", Sort.CASE, "set_rating_aside", N_("Rating set aside as unfair"), ("V43",))
coming("rating-traced", Sort.CASE, "trace_rating", N_("Where the rating was given"), ("V45",), {
    "device": text("V45"),  # staff, kiosk, own
    "staff": text("V45"),  # whose device it is, or who served the rater
})
