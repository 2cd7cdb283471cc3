"""What was declared and what moved: recorded once, never changed, read as of a day."""
