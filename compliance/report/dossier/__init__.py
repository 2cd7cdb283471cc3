"""The report in every format: one arrangement of parts, and a renderer for each format."""
