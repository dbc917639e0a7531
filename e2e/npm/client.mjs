// Azure's npm client, pointed at the server by the variables that `atelier env` prints and by nothing else.
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";

/** Reads a token as a managed identity of the App Service does: IDENTITY_ENDPOINT and IDENTITY_HEADER. */
export class EnvironmentCredential {
  async getToken(scopes) {
    const scope = [scopes].flat()[0];
    const address = new URL(process.env.IDENTITY_ENDPOINT);
    address.searchParams.set("api-version", "2019-08-01");
    address.searchParams.set("resource", scope.replace(/\/\.default$/, ""));
    const answer = await fetch(address, { headers: { "X-IDENTITY-HEADER": process.env.IDENTITY_HEADER } });
    if (!answer.ok) {
      throw new Error(`No token: ${answer.status} ${await answer.text()}`);
    }
    const { access_token: token, expires_on: expires } = await answer.json();
    return { token, expiresOnTimestamp: Number(expires) * 1000 };
  }
}

export const endpoint = new URL(process.env.ARM_CLOUD_METADATA_URL).origin;
export const subscription = process.env.ATELIER_TEST_SUBSCRIPTION;
export const group = process.env.ATELIER_TEST_GROUP;
export const main = process.env.ATELIER_TEST_WORKSPACE;

export const client = new AzureMachineLearningWorkspaces(new EnvironmentCredential(), subscription, {
  endpoint,
  credentialScopes: `${endpoint}/.default`,
});

export async function all(pages) {
  const items = [];
  for await (const item of pages) {
    items.push(item);
  }
  return items;
}

let count = 0;
export const unique = (name) => `${name}-${process.pid}-${++count}`;

/** The error of an operation that must fail. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It should have been refused");
}
