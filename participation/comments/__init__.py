"""Comment rounds on a text: passages, comments and votes."""
