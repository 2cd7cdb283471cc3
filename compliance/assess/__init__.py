"""Pure functions: count, judge, explain. No SQL, no printing, no files."""
