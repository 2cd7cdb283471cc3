"""The benchmark: ours and the peers side by side, on synthetic ledgers. Run ``make bench``."""
