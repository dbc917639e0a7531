"""Mini-batches in worker processes: the engine of parallel jobs and of batch endpoints.

Read in this order: `settings` (what is asked for), `plan` (how the input becomes mini-batches), `master` (hands them
out, retries, counts failures), `worker` (one process: `init()` once, `run()` for each mini-batch), `rows` (results as
lines). `tables` and `slices` read tabular inputs, `mlflow_scorer` stands in for a script when there is none.
"""
