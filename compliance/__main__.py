"""``python -m compliance`` is the command line."""

from compliance.cli.main import run

if __name__ == "__main__":
    run()
