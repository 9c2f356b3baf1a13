"""The strategy: versions, elements and their wording, milestones, indicators, progress."""
