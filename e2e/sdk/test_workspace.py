"""Signing in and finding the workspace."""

import pytest
from azure.core.exceptions import ResourceNotFoundError


def test_from_config_finds_the_workspace(ml_client):
    workspace = ml_client.workspaces.get(ml_client.workspace_name)
    assert workspace.name == "main"
    assert workspace.mlflow_tracking_uri.startswith("https://localhost:")


def test_the_default_datastore_is_a_blob_container(ml_client):
    default = ml_client.datastores.get_default()
    assert default.name == "workspaceblobstore"
    assert {"workspaceblobstore", "workspaceartifactstore"} <= {d.name for d in ml_client.datastores.list()}


@pytest.mark.parametrize("things", ["data", "environments", "components", "models"])
def test_what_is_not_there_is_a_404(ml_client, things):
    with pytest.raises(ResourceNotFoundError) as caught:
        getattr(ml_client, things).get("no-such-thing", version="1")
    assert caught.value.status_code == 404
    assert "no-such-thing" in str(caught.value)


@pytest.mark.parametrize("things", ["jobs", "compute", "online_endpoints"])
def test_an_unversioned_thing_that_is_not_there_is_a_404(ml_client, things):
    with pytest.raises(ResourceNotFoundError) as caught:
        getattr(ml_client, things).get("no-such-thing")
    assert caught.value.status_code == 404


def test_a_wrong_token_opens_no_door(atelier):
    refused = atelier.request("GET", atelier.workspace, token="not-the-token")
    assert refused.status_code == 401
    assert refused.json()["error"]["message"]
