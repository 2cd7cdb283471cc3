"""The law: a rule pack as data, strictly read, and what of it holds on a given day."""
