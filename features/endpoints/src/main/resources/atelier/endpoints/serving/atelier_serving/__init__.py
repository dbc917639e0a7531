"""A scoring server that needs nothing but Python's standard library and what the model itself needs.

Start reading in `main`; `http_server` speaks HTTP, `app` knows the routes, and the two kinds of model are
`mlflow_model` (no code) and `script_model` (`init()` and `run()`). A model is anything with the methods of
`model.Model`.
"""
