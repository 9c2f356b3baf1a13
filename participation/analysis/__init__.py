"""Numbers in, numbers out: tabulation, disclosure control, similarity, differences of texts."""
