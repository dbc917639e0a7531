"""Starts a scoring server inside a model's own environment. `python serve.py --help` lists the arguments."""

from atelier_serving.main import main

if __name__ == "__main__":
    main()
