"""Configuration of nbconvert for the notebook whose text tells its reader to wait between cells, and whose cells do not:
after each cell, what it began in the workspace is awaited. The cells themselves are run as they are."""

import time

FINAL = {"Completed", "Failed", "Canceled", "NotResponding"}
_client = []


def workspace():
    if not _client:
        from azure.ai.ml import MLClient
        from azure.identity import DefaultAzureCredential

        _client.append(MLClient.from_config(credential=DefaultAzureCredential()))
    return _client[0]


def busy(client):
    if any(job.status not in FINAL for job in client.jobs.list()):
        return True
    for endpoint in client.batch_endpoints.list():
        if endpoint.provisioning_state in ("Creating", "Updating"):
            return True
        if any(deployment.provisioning_state in ("Creating", "Updating", "Scaling")
               for deployment in client.batch_deployments.list(endpoint.name)):
            return True
    return False


def wait(**_):
    end = time.monotonic() + 600
    while busy(workspace()):
        if time.monotonic() > end:
            raise RuntimeError("What the cell began is not over after 600 s.")
        time.sleep(0.5)


c = get_config()  # noqa: F821 (traitlets gives it)
c.ExecutePreprocessor.on_cell_executed = wait
