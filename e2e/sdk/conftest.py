"""The unmodified azure-ai-ml, pointed at the server by the variables of `atelier env` and a config.json alone."""

import os
import uuid

import pytest


@pytest.fixture(scope="session")
def ml_client(atelier, project):
    from azure.ai.ml import MLClient
    from azure.identity import DefaultAzureCredential

    before = os.getcwd()
    os.chdir(project)
    try:
        return MLClient.from_config(credential=DefaultAzureCredential())
    finally:
        os.chdir(before)


@pytest.fixture
def unique():
    """Names that no other test uses."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def bare(ml_client):
    """An environment without packages: an interpreter, ready at once."""
    from azure.ai.ml.entities import Environment

    return ml_client.environments.create_or_update(
        Environment(name="bare", image="python:3.11-slim", description="an interpreter without packages"))
