"""The command line: the only place that prints, exits or wires rooms together."""

import gc

# Imports and the law are many objects and no garbage: searching them each time some hundred more
# are made would take a good part of a short run. Here, since the first imports are next.
gc.set_threshold(50_000, 20, 50)
