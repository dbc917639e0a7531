import assert from "node:assert/strict";
import { test } from "node:test";
import { all, client, group, main, refused, unique } from "./client.mjs";

const quickly = { updateIntervalInMs: 100 };

test("a workspace is made, changed, listed and deleted", async () => {
  const name = unique("npm");
  const made = await client.workspaces.beginCreateOrUpdateAndWait(
    group,
    name,
    { location: "local", friendlyName: "From npm", tags: { a: "b" }, identity: { type: "SystemAssigned" } },
    quickly,
  );
  assert.equal(made.provisioningState, "Succeeded");
  assert.equal(made.friendlyName, "From npm");
  const changed = await client.workspaces.beginUpdateAndWait(group, name, { description: "changed" }, quickly);
  assert.equal(changed.description, "changed");
  assert.equal(changed.friendlyName, "From npm");
  const names = (await all(client.workspaces.listByResourceGroup(group))).map((w) => w.name);
  assert.ok(names.includes(name) && names.includes(main));
  assert.ok((await all(client.workspaces.listBySubscription())).some((w) => w.name === name));
  assert.ok((await client.workspaces.listKeys(group, name)).userStorageKey);
  await client.workspaces.beginResyncKeysAndWait(group, name, quickly);
  assert.deepEqual((await client.workspaces.beginDiagnoseAndWait(group, name, quickly)).value.otherResults, []);
  assert.deepEqual(
    (await all(client.datastores.list(group, name))).map((d) => d.name).slice(0, 2),
    ["workspaceblobstore", "workspaceartifactstore"],
  );
  await client.workspaces.beginDeleteAndWait(group, name, quickly);
  assert.equal((await refused(client.workspaces.get(group, name))).statusCode, 404);
});

test("a wrong field is named", async () => {
  const error = await refused(
    client.workspaces.beginCreateOrUpdateAndWait(group, unique("npm"), {
      location: "local",
      publicNetworkAccess: "Perhaps",
    }),
  );
  assert.equal(error.statusCode, 400);
  assert.equal(error.details.error.target, "properties.publicNetworkAccess");
});

test("computes are made, scaled, started, stopped and deleted", async () => {
  const cluster = `npm-${process.pid}`;
  const definition = {
    location: "local",
    properties: {
      computeType: "AmlCompute",
      properties: {
        vmSize: "STANDARD_DS3_V2",
        vmPriority: "Dedicated",
        scaleSettings: { minNodeCount: 0, maxNodeCount: 2, nodeIdleTimeBeforeScaleDown: "PT2M" },
      },
    },
  };
  const made = await client.computeOperations.beginCreateOrUpdateAndWait(group, main, cluster, definition, quickly);
  assert.equal(made.properties.computeType, "AmlCompute");
  await client.computeOperations.beginUpdateAndWait(
    group,
    main,
    cluster,
    { properties: { scaleSettings: { maxNodeCount: 3, minNodeCount: 1 } } },
    quickly,
  );
  const read = await client.computeOperations.get(group, main, cluster);
  assert.equal(read.properties.properties.scaleSettings.maxNodeCount, 3);
  assert.deepEqual(await all(client.computeOperations.listNodes(group, main, cluster)), []);
  await client.computeOperations.beginDeleteAndWait(group, main, cluster, "Delete", quickly);

  const instance = `ci-${process.pid}`;
  await client.computeOperations.beginCreateOrUpdateAndWait(
    group,
    main,
    instance,
    { location: "local", properties: { computeType: "ComputeInstance", properties: { vmSize: "Standard_DS3_v2" } } },
    quickly,
  );
  await client.computeOperations.beginStopAndWait(group, main, instance, quickly);
  assert.equal((await client.computeOperations.get(group, main, instance)).properties.properties.state, "Stopped");
  await client.computeOperations.beginStartAndWait(group, main, instance, quickly);
  assert.equal((await client.computeOperations.get(group, main, instance)).properties.properties.state, "Running");
  assert.ok((await all(client.computeOperations.list(group, main))).some((c) => c.name === instance));
  await client.computeOperations.beginDeleteAndWait(group, main, instance, "Delete", quickly);
});

test("sizes, usages and quotas are listed", async () => {
  const sizes = (await client.virtualMachineSizes.list("local")).value;
  assert.ok(sizes.some((size) => size.name === "Standard_DS3_v2" && size.vCPUs === 4));
  assert.ok((await all(client.usages.list("local"))).length > 0);
  assert.ok((await all(client.quotas.list("local"))).length > 0);
});

test("a connection gives no secret away", async () => {
  const name = unique("connection");
  await client.workspaceConnections.create(group, main, name, {
    properties: {
      authType: "PAT",
      category: "Git",
      target: "https://example.org/x.git",
      credentials: { pat: "s3cret" },
    },
  });
  const read = await client.workspaceConnections.get(group, main, name);
  assert.equal(read.properties.authType, "PAT");
  assert.ok(!JSON.stringify(read).includes("s3cret"));
  assert.ok((await all(client.workspaceConnections.list(group, main))).some((c) => c.name === name));
  await client.workspaceConnections.delete(group, main, name);
  assert.equal((await refused(client.workspaceConnections.get(group, main, name))).statusCode, 404);
});
