"""Open data and the read API."""
