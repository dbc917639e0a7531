"""Every address of the server gets what no good client sends. Each answer is one that a client can use, nothing is half made,
and the server goes on. The requests come from a seed and are the same each time; e2e/harness/fuzzing.py makes them."""

import collections
import concurrent.futures
import json
import re

import pytest
from fuzzing import VALUES, Case, Sender, World, cases, complaint, encoded, mutated, named, random, SEED

THREADS = 6
IMAGE = "python:3.11-slim"
LISTS = ["data", "environments", "models", "components", "codes", "computes", "datastores", "jobs", "schedules", "onlineEndpoints"]


def bodies(workspace, environment):
    """Good bodies, by method and the end of the address; the fuzz spoils them."""
    job = {
        "jobType": "Command", "command": "echo ${{inputs.word}}", "environmentId": environment, "experimentName": "fuzz", "displayName": "d",
        "computeId": None, "isArchived": False, "tags": {"a": "b"}, "properties": {"p": "q"}, "environmentVariables": {"A": "B"},
        "inputs": {"word": {"jobInputType": "literal", "value": "hi"},
                   "table": {"jobInputType": "uri_file", "uri": "azureml:seed:1", "mode": "ReadOnlyMount"}},
        "outputs": {"out": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/workspaceblobstore/paths/fuzz", "mode": "ReadWriteMount"}},
        "resources": {"instanceCount": 1}, "limits": {"jobLimitsType": "Command", "timeout": "PT1M"}, "services": {},
    }
    pipeline = {
        "jobType": "Pipeline", "experimentName": "fuzz", "settings": {"default_compute": "serverless", "continue_on_step_failure": False},
        "inputs": {"word": {"jobInputType": "literal", "value": "hi"}}, "outputs": {},
        "jobs": {"one": {"type": "command", "componentId": f"{workspace}/components/seed/versions/1", "inputs": {"word": {"job_input_type": "literal", "value": "${{parent.inputs.word}}"}}, "outputs": {}, "resources": None}},
    }
    component = {"componentSpec": {
        "$schema": "https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json", "name": "seed", "version": "1", "type": "command",
        "command": "echo ${{inputs.word}}", "environment": f"azureml:{environment}", "inputs": {"word": {"type": "string", "default": "x", "optional": True}},
        "outputs": {"out": {"type": "uri_folder"}}, "resources": {"instance_count": 1}, "is_deterministic": True}, "isAnonymous": False, "description": "d"}
    schedule = {
        "isEnabled": False, "displayName": "d", "tags": {"a": "b"},
        "trigger": {"triggerType": "Recurrence", "frequency": "Week", "interval": 2, "startTime": "2026-01-01T00:00:00", "endTime": "2099-01-01T00:00:00",
                    "timeZone": "Pacific Standard Time", "schedule": {"hours": [4], "minutes": [0, 30], "weekDays": ["Monday"], "monthDays": None}},
        "action": {"actionType": "CreateJob", "jobDefinition": pipeline}}
    cron = {**schedule, "trigger": {"triggerType": "Cron", "expression": "0 3 * * *", "timeZone": "UTC"}, "action": {"actionType": "CreateJob", "jobDefinition": job}}
    run = {"experiment_id": "0", "run_id": "none", "run_uuid": "none", "user_id": "u", "run_name": "r", "start_time": 1, "end_time": 2, "status": "RUNNING"}
    mlflow = {
        **run, "name": "n", "new_name": "m", "experiment_name": "e", "artifact_location": "", "key": "k", "value": 1.5, "timestamp": 1, "step": 0, "version": "1",
        "metrics": [{"key": "k", "value": 1.0, "timestamp": 1, "step": 0}], "params": [{"key": "p", "value": "v"}], "tags": [{"key": "t", "value": "v"}],
        "filter": "metrics.k > 1", "order_by": ["metrics.k DESC"], "max_results": 5, "experiment_ids": ["0"], "run_ids": ["none"], "page_token": "",
        "run_view_type": "ACTIVE_ONLY", "view_type": "ALL", "stage": "Staging", "archive_existing_versions": True, "alias": "a", "description": "d",
        "source": "azureml://jobs/none/outputs/artifacts/model", "path": "x", "metric_key": "k", "model_json": "{}", "datasets": [], "model_id": "m",
        "lifecycle_stage": "active", "metric_keys": ["k"], "models": [], "is_folder": True,
    }
    batch = {
        "PUT jobs/{name}": {"properties": job}, "PUT schedules/{name}": {"properties": schedule}, "POST schedules/{name}/trigger": {"scheduleTime": "2026-01-01T00:00:00Z"},
        "PUT data/{name}/versions/{version}": {"properties": {"dataType": "uri_folder", "dataUri": "azureml://datastores/workspaceblobstore/paths/x/", "description": "d", "tags": {"a": "b"}, "properties": {"p": "q"}, "isAnonymous": False, "isArchived": False}},
        "PUT environments/{name}/versions/{version}": {"properties": {"image": IMAGE, "condaFile": "name: x\ndependencies: [python=3.11]\n", "osType": "Linux", "description": "d", "tags": {"a": "b"}, "isAnonymous": False}},
        "PUT models/{name}/versions/{version}": {"properties": {"modelType": "custom_model", "modelUri": "azureml://datastores/workspaceblobstore/paths/m/", "description": "d", "tags": {"a": "b"}, "properties": {"p": "q"}, "flavors": {"python_function": {"data": {"a": "b"}}}}},
        "PUT codes/{name}/versions/{version}": {"properties": {"codeUri": "https://localhost/blob/atelier/c/x", "isAnonymous": False, "properties": {"hash_sha256": "00", "hash_version": "202208"}}},
        "POST startPendingUpload": {"pendingUploadId": "p", "pendingUploadType": "TemporaryBlobReference"},
        "PUT components/{name}/versions/{version}": {"properties": component},
        "PUT computes/{name}": {"location": "local", "tags": {"a": "b"}, "properties": {"computeType": "AmlCompute", "description": "d", "properties": {"vmSize": "STANDARD_DS3_V2", "vmPriority": "Dedicated", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT2M"}}}},
        "PUT datastores/{name}": {"properties": {"datastoreType": "AzureBlob", "accountName": "atelier", "containerName": "c", "credentials": {"credentialsType": "None"}, "description": "d", "tags": {"a": "b"}, "isDefault": False}},
        "PUT onlineEndpoints/{name}": {"location": "local", "tags": {"a": "b"}, "kind": "Managed", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key", "description": "d", "traffic": {}, "mirrorTraffic": {}, "publicNetworkAccess": "Enabled", "properties": {"p": "q"}}},
        "PUT deployments/{deployment}": {"location": "local", "tags": {}, "sku": {"name": "Default", "capacity": 1}, "properties": {"endpointComputeType": "Managed", "model": "azureml:seed:1", "environmentId": environment, "codeConfiguration": {"codeId": None, "scoringScript": "score.py"}, "instanceType": "Standard_DS3_v2", "environmentVariables": {"A": "B"}, "requestSettings": {"requestTimeout": "PT5S", "maxConcurrentRequestsPerInstance": 1}, "scaleSettings": {"scaleType": "Default"}}},
        "POST rundata": {"runId": "seed", "selectRunMetadata": True, "selectRunDefinition": True, "selectJobSpecification": True},
        "POST batchGetResolvedUris": {"values": ["azureml:seed:1"]},
        "POST regenerateKeys": {"keyType": "Primary", "keyValue": None}, "POST regenerateKey": {"keyName": "key1"},
        "POST deployments/{deployment}/getLogs": {"containerType": "InferenceServer", "tail": 10},
    }
    batch |= newer(workspace, environment)
    return batch, mlflow, cron, pipeline


def newer(workspace, environment):
    """Good bodies of registries, batch endpoints, connections, run history, traces, webhooks and prompts."""
    model = {"assetId": "azureml:seed:1", "referenceType": "Id"}
    deployment = {
        "model": model, "environmentId": environment, "codeConfiguration": {"codeId": f"{workspace}/codes/seed/versions/1", "scoringScript": "score.py"},
        "compute": "azureml:cpu-cluster", "miniBatchSize": 2, "maxConcurrencyPerInstance": 1, "errorThreshold": -1, "outputAction": "AppendRow",
        "outputFileName": "p.csv", "loggingLevel": "Info", "retrySettings": {"maxRetries": 3, "timeout": "PT30S"}, "environmentVariables": {"A": "B"},
        "resources": {"instanceCount": 1, "properties": {}}, "properties": {"p": "q"}, "deploymentConfiguration": None}
    info = {
        "trace_id": "tr-1", "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}, "request_time": "2026-01-31T02:00:00Z",
        "execution_duration": "1.5s", "state": "OK", "trace_metadata": {"mlflow.trace_schema.version": "3"}, "tags": {"a": "b"}, "request_preview": "q",
        "response_preview": "a", "client_request_id": "c", "assessments": []}
    assessment = {"assessment": {
        "assessment_name": "good", "trace_id": "tr-1", "source": {"source_type": "HUMAN", "source_id": "me"}, "feedback": {"value": True},
        "rationale": "r", "metadata": {"a": "b"}, "create_time": "2026-01-31T02:00:00Z"}, "update_mask": "rationale"}
    locations = [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}]
    webhook = {"name": "n", "description": "d", "url": "https://example.com/hook", "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}],
               "secret": "s", "status": "DISABLED", "event": {"entity": "REGISTERED_MODEL", "action": "CREATED"}}
    prompt = [{"key": "mlflow.prompt.is_prompt", "value": "true"}, {"key": "mlflow.prompt.text", "value": "say {{word}}"}]
    return {
        "PUT batchEndpoints/{endpoint}": {"location": "local", "tags": {"a": "b"}, "properties": {"authMode": "aadToken", "description": "d", "defaults": {"deploymentName": None}, "properties": {"p": "q"}}},
        "PATCH batchEndpoints/{endpoint}": {"tags": {"a": "b"}, "properties": {"defaults": {"deploymentName": "none"}}},
        "PUT batchEndpoints/{endpoint}/deployments/{deployment}": {"location": "local", "tags": {"a": "b"}, "properties": deployment},
        "PATCH batchEndpoints/{endpoint}/deployments/{deployment}": {"tags": {"a": "b"}, "properties": {"miniBatchSize": 3, "description": "d"}},
        "POST batchEndpoints/{endpoint}/jobs": {"properties": {"inputData": {"data": {"jobInputType": "UriFolder", "uri": "azureml:seed:1"}}, "outputData": {"score": {"jobOutputType": "UriFolder", "uri": "azureml://datastores/workspaceblobstore/paths/fuzz"}}, "experimentName": "fuzz", "compute": {"instanceCount": 1}, "miniBatchSize": 1, "errorThreshold": 1, "retrySettings": {"maxRetries": 1}}},
        "PATCH onlineEndpoints/{name}": {"tags": {"a": "b"}, "properties": {"traffic": {"blue": 100}, "mirrorTraffic": {"green": 10}}},
        "PATCH onlineEndpoints/{endpoint}/deployments/{deployment}": {"sku": {"name": "Default", "capacity": 2}, "properties": {"livenessProbe": {"initialDelay": "PT10S", "period": "PT10S", "timeout": "PT2S", "successThreshold": 1, "failureThreshold": 30}, "readinessProbe": {"period": "PT1S"}, "requestSettings": {"maxQueueWait": "PT1S"}}},
        "PUT registries/{registry}": {"location": "local", "tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}, "properties": {"publicNetworkAccess": "Enabled", "managedResourceGroup": {"resourceId": None}, "regionDetails": [{"location": "local", "acrDetails": [], "storageAccountDetails": []}]}},
        "PATCH registries/{registry}": {"tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}},
        "POST registries/{registry}/import": {"properties": {"referenceType": "Id", "destinationName": "d", "destinationVersion": "1", "sourceAssetId": f"azureml:{workspace}/models/seed/versions/1"}},
        "PUT tempdatarefs/{name}/versions/{version}": {"assetId": "azureml://registries/azureml/models/m/versions/1", "temporaryDataReferenceType": "TemporaryBlobReference"},
        "POST datarefs/{name}/versions/{version}": {"assetId": "azureml://registries/azureml/models/m/versions/1", "blobUri": "https://localhost/blob/atelier/code-x/y"},
        "PUT connections/{name}": {"properties": {"category": "Git", "authType": "PAT", "target": "https://example.org/x.git", "credentials": {"pat": "x"}, "metadata": {"a": "b"}, "isSharedToAll": True, "expiryTime": "2099-01-01T00:00:00Z"}},
        "PATCH connections/{name}": {"properties": {"category": "Git", "authType": "PAT", "target": "https://example.org/y.git", "metadata": {"a": "c"}}},
        "POST datastores/{name}/listSecrets": {"expirableSecret": True, "expireAfterHours": 1},
        "POST atelier/validate": {"kind": "job", "yaml": "type: command\ncommand: echo\n"},
        "POST 3.0/mlflow/traces": {"trace": {"trace_info": info}},
        "POST 3.0/mlflow/traces/search": {"locations": locations, "filter": "tags.a = 'b' AND status = 'OK'", "max_results": 5, "order_by": ["timestamp DESC"], "page_token": ""},
        "POST 3.0/mlflow/traces/batchGetInfos": {"trace_ids": ["tr-1"]},
        "POST 3.0/mlflow/traces/metrics": {"experiment_ids": ["0"], "view_type": "TRACES", "metric_name": "latency", "aggregations": [{"aggregation_type": "PERCENTILE", "percentile_value": 50.0}], "dimensions": ["status"], "filters": ["status = 'OK'"], "time_interval_seconds": 60, "start_time_ms": 0, "end_time_ms": 1, "max_results": 5, "page_token": ""},
        "POST traces/calculate-filter-correlation": {"experiment_ids": ["0"], "filter_string1": "status = 'OK'", "filter_string2": "tags.a = 'b'", "base_filter": ""},
        "POST traces/delete-traces": {"experiment_id": "none", "max_timestamp_millis": 1, "max_traces": 1, "request_ids": ["tr-1"], "trace_ids": ["tr-1"]},
        "POST traces/link-to-run": {"trace_ids": ["tr-1"], "run_id": "none"},
        "POST traces/link-prompts": {"trace_id": "tr-1", "prompt_versions": [{"name": "n", "version": "1"}]},
        "POST traces/{trace}/assessments": assessment, "PATCH traces/{trace}/assessments/{assessment}": assessment,
        "PATCH traces/{trace}/tags": {"key": "k", "value": "v", "request_id": "tr-1"},
        "POST 2.0/mlflow/traces": {"experiment_id": "none", "timestamp_ms": 1, "request_metadata": [{"key": "k", "value": "v"}], "tags": [{"key": "k", "value": "v"}]},
        "PATCH 2.0/mlflow/traces/{trace}": {"request_id": "tr-1", "timestamp_ms": 2, "status": "OK", "request_metadata": [], "tags": []},
        "POST mlflow/webhooks": webhook, "PATCH webhooks/{id}": webhook, "POST webhooks/{id}/test": webhook,
        # Prompts are registered models of a kind.
        "POST registered-models/create": {"name": "n", "description": "d", "tags": prompt},
        "POST model-versions/create": {"name": "n", "source": "prompt-template", "run_id": "", "run_link": "", "description": "d", "tags": prompt},
    }


@pytest.fixture(scope="module")
def world(atelier):
    """The routes, good bodies, and one thing of each kind."""
    workspace = atelier.workspace
    environment = f"{workspace}/environments/seed/versions/1"
    good, mlflow, cron, pipeline = bodies(workspace, environment)
    # A run that is there, so that the fuzz of runs comes further than to its id.
    tracking = f"/mlflow/v2.0{workspace}/api/2.0/mlflow"
    experiment = atelier.request("POST", f"{tracking}/experiments/create", json={"name": "seed"}).json()["experiment_id"]
    run = atelier.request("POST", f"{tracking}/runs/create", json={"experiment_id": experiment, "start_time": 1}).json()["run"]["info"]["run_id"]
    mlflow |= {"experiment_id": experiment, "experiment_ids": [experiment], "run_id": run, "run_uuid": run, "run_ids": [run]}
    routes = atelier.get("/atelier/routes")["value"]
    for route in routes:
        if route["dialect"] == "mlflow":
            good.setdefault(f"{route['method']} {route['template']}", mlflow)

    def make(path, body):
        answer = atelier.request("PUT", f"{workspace}/{path}?api-version=2024-04-01", json=body)
        assert answer.status_code in (200, 201, 202), f"{path}: {answer.status_code} {answer.text}"
    make("environments/seed/versions/1", {"properties": {"image": IMAGE}})
    for kind in ("data", "models", "codes", "components"):
        make(f"{kind}/seed/versions/1", good[f"PUT {kind}/{{name}}/versions/{{version}}"])
    make("computes/seed", good["PUT computes/{name}"])
    make("onlineEndpoints/seed", good["PUT onlineEndpoints/{name}"])
    make("schedules/seed", {"properties": cron})
    make("jobs/seed", {"properties": pipeline | {"jobType": "Pipeline"}})
    existing = dict.fromkeys(["data", "environments", "models", "codes", "components", "computes", "onlineendpoints", "schedules", "jobs", "name"], "seed")
    existing |= {"versions": "1", "version": "1", "datastores": "workspaceblobstore", "path": "a/b", "deployments": "none", "endpoint": "seed"}
    # The studio's own files are no API; a workspace is not deleted under the test.
    routes = [r for r in routes if not r["template"].startswith("/studio") and not (r["method"] == "DELETE" and r["template"].endswith("/workspaces/{workspace}"))]
    found = World(routes, workspace, existing, good)
    found.seeds = {"jobs": pipeline, "cron": cron}
    return found


@pytest.fixture(scope="module")
def sender(atelier):
    return Sender(atelier.http_port, atelier.token)


def listed(atelier, workspace):
    """Names of everything, by kind."""
    names = collections.defaultdict(set)
    for kind in LISTS:
        url = f"{workspace}/{kind}?api-version=2024-04-01&listViewType=All"
        while url:
            page = atelier.get(url)
            names[kind] |= {item["name"] for item in page["value"]}
            url = page.get("nextLink")
    tracking = f"/mlflow/v2.0{workspace}/api/2.0/mlflow"
    found = atelier.request("POST", f"{tracking}/experiments/search", json={"max_results": 1000, "view_type": "ALL"}).json()
    names["experiments"] = {one["name"] for one in found.get("experiments", [])}
    return names


def all_at_once(sender, requests):
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(sender.send, requests))


def report(bad):
    """The first of each kind of fault, and how many there are of it."""
    kinds = collections.defaultdict(list)
    for case, why in bad:
        kinds[re.sub("[0-9a-f-]{8,}|[0-9]+", "", why)[:90]].append(f"{case}\n    -> {why}")
    lines = [f"{len(group)} x {group[0]}" for group in kinds.values()]
    return f"{len(bad)} bad answers of {len(kinds)} kinds:\n" + "\n".join(lines[:80])


def test_every_answer_is_one_that_a_client_can_use_and_nothing_is_half_made(atelier, world, sender):
    requests = list(cases(world))
    assert len(requests) > 2500
    answers = all_at_once(sender, requests)
    print(len(requests), "requests, by status:", dict(collections.Counter(answer.status for answer in answers).most_common()))
    bad = [(case, why) for case, answer in zip(requests, answers) if (why := complaint(case, answer))]
    wrong = [(case, f"{answer.status}, not 405") for case, answer in zip(requests, answers)
             if case.label == "wrong method" and answer.status != 405]
    assert not bad + wrong, report(bad + wrong)
    refused = {case.made for case, answer in zip(requests, answers) if case.made and 400 <= answer.status < 500}
    accepted = {case.made for case, answer in zip(requests, answers) if case.made and answer.status < 400}
    there = listed(atelier, world.workspace)
    half = {kind: sorted(names & (refused - accepted)) for kind, names in there.items() if names & (refused - accepted)}
    assert not half, [str(c) for c in requests if c.made in set().union(*half.values())]


@pytest.mark.parametrize("kind, suffix", [
    ("data", "/versions/1"), ("environments", "/versions/1"), ("models", "/versions/1"), ("components", "/versions/1"), ("computes", ""),
    ("datastores", ""), ("onlineEndpoints", ""), ("schedules", ""), ("jobs", "")])
def test_a_refused_change_changes_nothing(atelier, world, sender, kind, suffix):
    name = "workspaceblobstore" if kind == "datastores" else "seed"
    path = f"{world.workspace}/{kind}/{name}{suffix}?api-version=2024-04-01"
    body = atelier.get(path)
    source = random.Random(f"{SEED} {kind}")
    for _ in range(60):
        before = atelier.get(path)
        label, changed = mutated(named({"properties": body["properties"]}, name), source)
        case = Case("PUT", path, "arm", label, json.dumps(changed).encode())
        answer = sender.send(case)
        assert not complaint(case, answer), f"{case}: {complaint(case, answer)}"
        if answer.status >= 400:
            after = atelier.get(path)
            assert volatile(after) == volatile(before), str(case)


def volatile(resource):
    """Without what moves by itself: the state of a job that runs."""
    properties = {k: v for k, v in resource["properties"].items() if k not in ("status", "services", "error", "properties")}
    return properties


@pytest.mark.parametrize("kind", ["jobs", "schedules"])
def test_bodies_with_a_discriminator_are_refused_with_a_field(world, sender, kind):
    source = random.Random(f"{SEED} nested {kind}")
    good = {"properties": world.seeds["jobs"]} if kind == "jobs" else {"properties": world.seeds["cron"]}
    bad = []
    for number in range(150):
        label, changed = mutated(named(good, "x"), source)
        case = Case("PUT", f"{world.workspace}/{kind}/nested-{kind}-{number}?api-version=2024-04-01", "arm", label, json.dumps(changed).encode())
        why = complaint(case, sender.send(case))
        if why:
            bad.append((case, why))
    assert not bad, report(bad)


def test_a_body_beyond_the_limit_is_refused_in_a_sentence(world, sender):
    body = b'{"properties": {"description": "' + b"x" * (65 * 1024 * 1024) + b'"}}'
    case = Case("PUT", f"{world.workspace}/data/large/versions/1", "arm", "65 MiB", body)
    answer = sender.send(case)
    assert answer.status == 413 and b"larger than" in answer.body


def test_names_that_are_no_names_are_never_made(atelier, world, sender):
    for value in (v for v in VALUES if isinstance(v, str) and "\ud800" <= v[:1] <= "\udfff" or isinstance(v, str) and v.isprintable()):
        try:
            name = encoded(value)[:2000]
        except UnicodeEncodeError:
            continue
        for kind, suffix in (("data", "/versions/1"), ("jobs", ""), ("schedules", ""), ("computes", ""), ("onlineEndpoints", "")):
            case = Case("PUT", f"{world.workspace}/{kind}/{name}{suffix}", "arm", "name", b'{"properties": {}}')
            answer = sender.send(case)
            assert 400 <= answer.status < 500 and not complaint(case, answer), f"{case}: {answer}"


def test_the_server_goes_on_and_its_log_has_no_failure(atelier):
    assert atelier.get("/atelier/me")["workspaces"]
    log = (atelier.home / "logs").glob("*.log")
    failures = [line for file in log for line in file.read_text(errors="replace").splitlines() if "failed" in line and "request" in line and "ERROR" in line]
    assert not failures, failures[:20]
