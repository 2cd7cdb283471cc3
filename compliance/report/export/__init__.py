"""The ledger's rows for other programs: spreadsheets and plain-text accounting."""
