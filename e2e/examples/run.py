"""Submits the jobs of a copy of Azure/azureml-examples with the official SDK, YAML untouched, and tells how each ended.

    eval "$(./atelier env)"
    ATELIER_EXAMPLES=<copy>/cli python e2e/examples/run.py 'jobs/basics/*.yml' 'jobs/pipelines-with-components/basics/*/pipeline*.yml'

`--table FILE` writes a Markdown table. The files are read where they lie; nothing of them is kept here. First comes what
the repository's own set-up makes: computes, data, components. Ends with 1 when a job did not end as expected: `Completed`,
or the refusal that EXPECTED names.
"""
import argparse
import glob
import os
import sys
import time
from pathlib import Path

import requests
import yaml
from azure.ai.ml import MLClient, load_component, load_data, load_job
from azure.ai.ml.entities import AmlCompute, Data
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

ENDS = {"Completed", "Failed", "Canceled", "NotResponding"}
# What needs something this machine or server does not have: a part of the path, and why.
EXPECTED = {
    "hello-automl": "needs automated machine learning",
    "hello-iris-literal": "its script fetches an address of the web itself",
    "6c_r_iris": "needs R from a Dockerfile",
    "using-spark": "needs Apache Spark",
    "using_spark": "needs Apache Spark",
    "pipelines/automl": "needs automated machine learning",
    "2a_iris_batch_prediction": "needs Python 3.7 (tensorflow 2.1); environments are built with 3.8 or later",
    "image_classification_with_densenet": "needs Python 3.7 (azureml-designer); environments are built with 3.8 or later",
    "3a_mnist_batch_identification": "its script fetches an address of the web itself",
    "mnist-batch-identification-using-parallel": "its script fetches an address of the web itself",
    "pipelines/cifar-10": "its script fetches an address of the web itself",
    "tensorflow/mnist": "its script fetches an address of the web itself",
    "scikit-learn/iris-notebook": "its script fetches an address of the web itself",
    "scikit-learn/diabetes": "its data is at an address of the web, and no copy is in the repository",
    "java/iris": "a template: its folder of code is made by a build outside of the job",
}


def client():
    return MLClient(DefaultAzureCredential(), os.environ["AZUREML_ARM_SUBSCRIPTION"],
                    os.environ["AZUREML_ARM_RESOURCEGROUP"], os.environ["AZUREML_ARM_WORKSPACE_NAME"])


def set_up(ml, root):
    """What the repository's set-up scripts and read-me files have their readers make."""
    for name, size in (("cpu-cluster", "Standard_DS3_v2"), ("gpu-cluster", "Standard_NC12")):
        ml.compute.begin_create_or_update(AmlCompute(name=name, size=size, min_instances=0, max_instances=4)).result()
    for file in ("jobs/pipelines-with-components/basics/4d_data_input/data.yml",):
        if (root / file).exists():
            ml.data.create_or_update(load_data(root / file))
    folder = root / "assets/data/sample-data"
    if folder.exists():
        ml.data.create_or_update(Data(name="sampledata", type="uri_folder", path=str(folder)))
    for file in sorted(root.glob("jobs/pipelines-with-components/basics/1b_e2e_registered_components/*.yml")):
        if yaml.safe_load(file.read_text()).get("type") == "command":
            ml.components.create_or_update(load_component(file))
    upload(ml, root / "assets/data", "example-data")


def upload(ml, base, folder):
    """As `az storage blob upload-batch` does: CSV files to the default datastore's container."""
    store = ml.datastores.get("workspaceblobstore")
    connection = os.environ["AZURE_STORAGE_CONNECTION_STRING"]
    container = ContainerClient.from_connection_string(connection, store.container_name)
    for file in sorted((base / folder).glob("*.csv")):
        with file.open("rb") as data:
            container.upload_blob(f"{folder}/{file.name}", data, overwrite=True)


def why(error):
    text = " ".join(str(getattr(error, "message", None) or error).split())
    return text.replace("|", "/")[:300]


def submit(ml, file):
    try:
        return ml.jobs.create_or_update(load_job(file)).name, None
    except Exception as error:  # the SDK raises many kinds; each is an answer to be told
        return None, why(error)


def failure(ml, name):
    """The error of a job, or of the child that failed; the SDK's own entities drop it."""
    for child in ml.jobs.list(parent_job_name=name):
        if ml.jobs.get(child.name).status == "Failed":
            return failure(ml, child.name)
    read = requests.get(f"{os.environ['ATELIER_URL']}/subscriptions/{ml.subscription_id}/resourceGroups/"
                        f"{ml.resource_group_name}/providers/Microsoft.MachineLearningServices/workspaces/"
                        f"{ml.workspace_name}/jobs/{name}",
                        headers={"Authorization": f"Bearer {os.environ['ATELIER_TOKEN']}"}, timeout=60)
    return why((read.json()["properties"].get("error") or {}).get("message", "see its log"))


def run(ml, root, files, timeout):
    results, open_jobs = {}, {}
    for file in files:
        name, refusal = submit(ml, file)
        if name:
            open_jobs[file] = name
        else:
            results[file] = ("refused", 0.0, refusal)
    started, deadline = time.time(), time.time() + timeout
    while open_jobs and time.time() < deadline:
        for file, name in list(open_jobs.items()):
            status = ml.jobs.get(name).status
            status = getattr(status, "value", status)
            if status in ENDS:
                reason = "" if status == "Completed" else failure(ml, name)
                results[file] = (status, time.time() - started, reason)
                del open_jobs[file]
                print(f"{status:10} {file.relative_to(root)} {name} {reason}", flush=True)
        time.sleep(2)
    for file, name in open_jobs.items():
        results[file] = ("not ended", timeout, f"still {ml.jobs.get(name).status} after {timeout:.0f} s")
        ml.jobs.begin_cancel(name)
    return {file: results[file] for file in files}


def table(root, results):
    lines = ["| job | result | why not |", "|---|---|---|"]
    for file, (status, _, reason) in results.items():
        expected = next((text for part, text in EXPECTED.items() if part in str(file)), "")
        lines.append(f"| `{file.relative_to(root)}` | {status} | {expected or reason} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patterns", nargs="+")
    parser.add_argument("--table")
    parser.add_argument("--timeout", type=float, default=1800)
    parser.add_argument("--no-setup", action="store_true")
    given = parser.parse_args()
    root = Path(os.environ["ATELIER_EXAMPLES"]).resolve()
    files = sorted({Path(f) for pattern in given.patterns for f in glob.glob(str(root / pattern))})
    if not files:
        sys.exit(f"No job matches in {root}.")
    ml = client()
    if not given.no_setup:
        set_up(ml, root)
    results = run(ml, root, files, given.timeout)
    text = table(root, results)
    print(text)
    if given.table:
        Path(given.table).write_text(text)
    bad = [f for f, (status, _, _) in results.items()
           if status != "Completed" and not any(part in str(f) for part in EXPECTED)]
    print(f"{len(results) - len(bad)} as expected, {len(bad)} not")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
