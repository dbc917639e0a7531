"""Runs a job's mini-batches in worker processes. The settings come in environment variables; see README.md."""

import sys

from atelier_parallel.main import main

if __name__ == "__main__":
    sys.exit(main())
