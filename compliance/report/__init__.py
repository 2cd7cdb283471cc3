"""Results out: the same numbers in every format. No session, no verdict of its own."""
