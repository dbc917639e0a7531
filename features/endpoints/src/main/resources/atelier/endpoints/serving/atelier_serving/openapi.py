"""Descriptions of a model made from its signature: OpenAPI 2 and 3, and the metadata of Open Inference Protocol v2."""

from .errors import BadRequest
from .model import Column, Model

_JSON = {
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
    "long": {"type": "integer", "format": "int64"},
    "integer": {"type": "integer", "format": "int32"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
    "binary": {"type": "string", "format": "byte"},
    "datetime": {"type": "string", "format": "date-time"},
}
_V2 = {
    "double": "FP64",
    "float": "FP32",
    "long": "INT64",
    "integer": "INT32",
    "boolean": "BOOL",
    "string": "BYTES",
    "binary": "BYTES",
    "datetime": "BYTES",
    "float64": "FP64",
    "float32": "FP32",
    "float16": "FP16",
    "bool": "BOOL",
}


def v2_type(name: str) -> str:
    """The protocol's name of an MLflow or numpy type."""
    if name in _V2:
        return _V2[name]
    return name.upper() if name.rstrip("0123456789") in ("int", "uint") else "BYTES"


def v2_metadata(model: Model, name: str, version: str) -> dict:
    def tensor(column: Column, kind: str, place: int) -> dict:
        shape = list(column.shape) if column.shape is not None else [-1]
        return {"name": column.name or f"{kind}-{place}", "datatype": v2_type(column.type), "shape": shape}

    def tensors(kind: str, columns) -> list[dict]:
        # A single nameless output has the name that `infer` gives it.
        if kind == "output" and len(columns) == 1 and columns[0].name is None:
            return [tensor(columns[0], kind, 0) | {"name": "predict"}]
        return [tensor(column, kind, place) for place, column in enumerate(columns)]

    return {
        "name": name,
        "versions": [version],
        "platform": "atelier",
        "inputs": tensors("input", model.signature.inputs),
        "outputs": tensors("output", model.signature.outputs),
    }


def describe(model: Model, name: str, version: str, wanted: str | None) -> dict:
    if wanted not in (None, "2", "2.0", "3", "3.0"):
        raise BadRequest(f"There is no description in version {wanted}; ask for version=2 or version=3.")
    request, answer = _input_schema(model), _output_schema(model)
    info = {"title": name, "version": version, "description": f"Scores with the model {name}"}
    if wanted in ("3", "3.0"):
        return _openapi3(info, request, answer)
    return _swagger2(info, request, answer)


def _input_schema(model: Model) -> dict:
    names = model.signature.names
    if model.signature.is_table and names:
        required = [column.name for column in model.signature.inputs if column.required]
        cells = {column.name: dict(_JSON.get(column.type, {})) for column in model.signature.inputs}
        data = {
            "type": "object",
            "description": f"a table; each row has the values of: {', '.join(names)}. Required: {', '.join(required)}",
            "required": ["columns", "index", "data"],
            "properties": {
                "columns": {"type": "array", "items": {"type": "string", "enum": names}},
                "index": {"type": "array", "items": {"type": "integer"}},
                "data": {"type": "array", "items": {"type": "array", "items": {}}},
            },
            "x-columns": cells,
        }
    else:
        data = {"type": "array", "items": {}} if model.signature.inputs else {}
    schema = {"type": "object", "required": ["input_data"], "properties": {"input_data": data}}
    if model.signature.params:
        params = {column.name: dict(_JSON.get(column.type, {})) for column in model.signature.params}
        schema["properties"]["params"] = {"type": "object", "properties": params}
    if not model.signature.inputs:
        schema = {"type": "object"}
    if model.example is not None:
        schema["example"] = model.example
    return schema


def _output_schema(model: Model) -> dict:
    outputs = model.signature.outputs
    if not outputs:
        return {}
    if len(outputs) == 1 and (outputs[0].name is None or outputs[0].shape is not None):
        return {"type": "array", "items": dict(_JSON.get(outputs[0].type, {}))}
    cells = {column.name or str(place): dict(_JSON.get(column.type, {})) for place, column in enumerate(outputs)}
    return {"type": "array", "items": {"type": "object", "properties": cells}}


_ERROR = {"type": "object", "properties": {"message": {"type": "string"}}}
_WHAT = {"operationId": "RunMLService", "summary": "Scores what is given", "description": "Runs the model"}


def _swagger2(info: dict, request: dict, answer: dict) -> dict:
    return {
        "swagger": "2.0",
        "info": info,
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"Bearer": {"type": "apiKey", "name": "Authorization", "in": "header"}},
        "paths": {
            "/": {
                "get": {
                    "operationId": "ServiceHealthCheck",
                    "description": "Says whether the service is alive",
                    "produces": ["text/plain"],
                    "responses": {"200": {"description": "Healthy", "schema": {"type": "string"}}},
                }
            },
            "/score": {
                "post": _WHAT
                | {
                    "security": [{"Bearer": []}],
                    "parameters": [
                        {"name": "payload", "in": "body", "schema": {"$ref": "#/definitions/ServiceInput"}}
                    ],
                    "responses": {
                        "200": {"description": "The predictions", "schema": {"$ref": "#/definitions/ServiceOutput"}},
                        "default": {"description": "A fault", "schema": {"$ref": "#/definitions/ErrorResponse"}},
                    },
                }
            },
        },
        "definitions": {"ServiceInput": request, "ServiceOutput": answer, "ErrorResponse": _ERROR},
    }


def _openapi3(info: dict, request: dict, answer: dict) -> dict:
    def content(name: str) -> dict:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    return {
        "openapi": "3.0.3",
        "info": info,
        "paths": {
            "/": {
                "get": {
                    "operationId": "ServiceHealthCheck",
                    "description": "Says whether the service is alive",
                    "responses": {
                        "200": {"description": "Healthy", "content": {"text/plain": {"schema": {"type": "string"}}}}
                    },
                }
            },
            "/score": {
                "post": _WHAT
                | {
                    "security": [{"Bearer": []}],
                    "requestBody": {"content": content("ServiceInput")},
                    "responses": {
                        "200": {"description": "The predictions", "content": content("ServiceOutput")},
                        "default": {"description": "A fault", "content": content("ErrorResponse")},
                    },
                }
            },
        },
        "components": {
            "securitySchemes": {"Bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {"ServiceInput": request, "ServiceOutput": answer, "ErrorResponse": _ERROR},
        },
    }
