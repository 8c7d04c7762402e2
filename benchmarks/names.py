"""What is timed, in the words of the report."""

from __future__ import annotations

K = 10
CAUSES = 6

TOP_K = f"top {K}"
EVIDENCE = f"evidence for {K} candidates"
ATTRIBUTION = f"attribution of {K} items, with the rank without each of {CAUSES} causes"
REQUESTS = {"top-k": TOP_K, "evidence": EVIDENCE, "attribution": ATTRIBUTION}
"""By the name of the stage."""

OPENING = "opening the index, with the first fetch"
FIRST = "first fetch from another collection"

EACH = "a filtered query for each candidate, one collection"
AT_ONCE = "one filtered query with all candidates, one collection"

OURS = "our top-k"
PREDICT = "`LightFM.predict`, the history as user features, and a sort"
SUMMED = "`LightFM.predict`, users and items summed beforehand, and a sort"
