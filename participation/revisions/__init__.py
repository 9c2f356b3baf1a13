"""The next version of the strategy: changes and their reasons, official answers, adoption."""
