import assert from "node:assert/strict";
import { test } from "node:test";
import { all, client, group, main, refused, subscription, unique } from "./client.mjs";

test("datastores are listed and made", async () => {
  const names = (await all(client.datastores.list(group, main))).map((d) => d.name);
  assert.ok(names.includes("workspaceblobstore") && names.includes("workspacefilestore"), names.join());
  const name = unique("npm").replaceAll("-", "_");
  await client.datastores.createOrUpdate(group, main, name, {
    properties: {
      datastoreType: "AzureBlob",
      accountName: "mine",
      containerName: "npm-data",
      credentials: { credentialsType: "None" },
    },
  });
  const read = await client.datastores.get(group, main, name);
  assert.equal(read.properties.containerName, "npm-data");
  await client.datastores.delete(group, main, name);
  assert.equal((await refused(client.datastores.get(group, main, name))).statusCode, 404);
});

test("data is made, listed and read", async () => {
  const name = unique("data");
  const uri = "azureml://datastores/workspaceblobstore/paths/npm/a.csv";
  await client.dataVersions.createOrUpdate(group, main, name, "1", {
    properties: { dataType: "uri_file", dataUri: uri, description: "from npm", tags: { a: "b" } },
  });
  const read = await client.dataVersions.get(group, main, name, "1");
  assert.equal(read.properties.dataType, "uri_file");
  assert.ok(read.properties.dataUri.endsWith("/npm/a.csv"));
  assert.deepEqual(read.properties.tags, { a: "b" });
  assert.deepEqual((await all(client.dataVersions.list(group, main, name))).map((v) => v.name), ["1"]);
  const container = await client.dataContainers.get(group, main, name);
  assert.equal(container.properties.latestVersion, "1");
  assert.equal(container.properties.nextVersion, "2");
});

test("an environment keeps its conda file", async () => {
  const name = unique("environment");
  const condaFile = "dependencies:\n  - python=3.11\n  - pip:\n      - tqdm\n";
  await client.environmentVersions.createOrUpdate(group, main, name, "1", {
    properties: { image: "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", condaFile, osType: "Linux" },
  });
  const read = await client.environmentVersions.get(group, main, name, "1");
  assert.equal(read.properties.condaFile, condaFile);
  const names = (await all(client.environmentContainers.list(group, main))).map((e) => e.name);
  assert.ok(names.includes(name) && names.some((known) => known.startsWith("AzureML-")));
});

test("a component is made and read", async () => {
  const name = unique("component").replaceAll("-", "_");
  const componentSpec = {
    name,
    version: "1",
    type: "command",
    command: "echo ${{inputs.word}}",
    inputs: { word: { type: "string", default: "hello" } },
    environment: "azureml:AzureML-sklearn-1.5@latest",
  };
  await client.componentVersions.createOrUpdate(group, main, name, "1", { properties: { componentSpec } });
  const read = await client.componentVersions.get(group, main, name, "1");
  assert.equal(read.properties.componentSpec.command, componentSpec.command);
});

test("a model is registered and listed", async () => {
  const name = unique("model");
  await client.modelVersions.createOrUpdate(group, main, name, "1", {
    properties: {
      modelType: "custom_model",
      modelUri: "azureml://datastores/workspaceblobstore/paths/npm/model",
      properties: { from: "npm" },
    },
  });
  const read = await client.modelVersions.get(group, main, name, "1");
  assert.equal(read.properties.modelType, "custom_model");
  assert.deepEqual((await all(client.modelVersions.list(group, main, name))).map((v) => v.name), ["1"]);
});

test("a job is submitted and ends", async () => {
  const name = unique("job");
  const made = await client.jobs.createOrUpdate(group, main, name, {
    properties: {
      jobType: "Command",
      command: "echo from npm",
      environmentId: "azureml:AzureML-sklearn-1.5@latest",
      computeId: `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${main}/computes/cpu-cluster`,
      experimentName: "npm",
    },
  });
  assert.equal(made.properties.jobType, "Command");
  const deadline = Date.now() + 600_000;
  let status = made.properties.status;
  while (!["Completed", "Failed", "Canceled"].includes(status)) {
    assert.ok(Date.now() < deadline, `the job is still ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    status = (await client.jobs.get(group, main, name)).properties.status;
  }
  assert.equal(status, "Completed");
  assert.ok((await all(client.jobs.list(group, main))).some((job) => job.name === name));
});

test("an endpoint is made, listed and deleted", async () => {
  const name = `ep-${process.pid}`;
  await client.onlineEndpoints.beginCreateOrUpdateAndWait(
    group,
    main,
    name,
    { location: "local", identity: { type: "SystemAssigned" }, properties: { authMode: "Key" } },
    { updateIntervalInMs: 100 },
  );
  assert.ok((await all(client.onlineEndpoints.list(group, main))).some((endpoint) => endpoint.name === name));
  assert.ok((await client.onlineEndpoints.listKeys(group, main, name)).primaryKey);
  await client.onlineEndpoints.beginDeleteAndWait(group, main, name, { updateIntervalInMs: 100 });
  assert.equal((await refused(client.onlineEndpoints.get(group, main, name))).statusCode, 404);
});
