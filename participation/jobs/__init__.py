"""Work done later, each piece once in effect: the job table and the worker."""
