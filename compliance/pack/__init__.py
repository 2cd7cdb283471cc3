"""The audit pack: what an answer rests on and every output, in one archive to be re-run."""
