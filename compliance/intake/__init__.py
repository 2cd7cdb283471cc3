"""Files in: a sheet reader turns a file into cells, one validator turns cells into rows."""
