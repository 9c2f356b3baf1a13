"""Flask plumbing: extensions, the base form, error pages, headers, filters."""
