"""Plain frozen values that the rooms hand to one another. Imports nothing of ours."""
