"""The peers: programs of their own that do the same work, each in a virtual environment of its own.

They import nothing of ours and print one JSON document each.
"""
