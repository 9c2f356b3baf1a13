"""When, for whom, about which elements and under which rules people take part."""
