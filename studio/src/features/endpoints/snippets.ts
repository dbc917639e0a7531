/** What to paste elsewhere to call an endpoint. Keys stay out of the text: they come from the shell's environment. */
const EXAMPLE = '{"input_data": {"columns": ["..."], "index": [0], "data": [["..."]]}}';

export function curlSnippet(uri: string, body: string | null): string {
  const oneLine = body ? JSON.stringify(JSON.parse(body)) : EXAMPLE;
  // A quote inside single quotes has to leave them for a moment.
  const quoted = oneLine.replaceAll("'", `'\\''`);
  return `eval "$(./atelier env)"   # trusts this workspace's certificate\n\ncurl --cacert "$SSL_CERT_FILE" \\\n  -H "Authorization: Bearer $ENDPOINT_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '${quoted}' \\\n  ${uri}`;
}

export function pythonSnippet(uri: string, body: string | null): string {
  return `import json, os, urllib.request\n\nrequest = json.loads("""${body ?? EXAMPLE}""")\ncall = urllib.request.Request(\n    "${uri}",\n    data=json.dumps(request).encode(),\n    headers={\n        "Authorization": f"Bearer {os.environ['ENDPOINT_KEY']}",\n        "Content-Type": "application/json",\n    },\n)\nprint(json.load(urllib.request.urlopen(call)))`;
}

export function sdkSnippet(endpoint: string): string {
  return `from azure.ai.ml import MLClient\nfrom azure.identity import DefaultAzureCredential\n\nml = MLClient.from_config(DefaultAzureCredential())\nprint(ml.online_endpoints.invoke(endpoint_name="${endpoint}", request_file="request.json"))`;
}
