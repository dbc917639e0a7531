"""JSON to the tables and tensors a model takes, fitted to its signature, and back."""

from .errors import BadRequest
from .model import Signature
from .openapi import v2_type

_NUMBERS = ("double", "float", "long", "integer")


def from_split(data: object, signature: Signature):
    """pandas' `split` form: columns, data and, optionally, index."""
    import pandas as pd

    if not isinstance(data, dict) or not {"columns", "data"} <= data.keys():
        raise BadRequest("A table in split form needs 'columns' and 'data'.")
    width = len(data["columns"])
    for place, row in enumerate(data["data"]):
        if not isinstance(row, list) or len(row) != width:
            raise BadRequest(f"Row {place} does not have {width} values, one for each column.")
    try:
        frame = pd.DataFrame(data["data"], columns=data["columns"], index=data.get("index"))
    except (ValueError, TypeError) as error:
        raise BadRequest(f"This is not a table: {error}") from None
    return fit(frame, signature)


def from_unnamed(data: list, signature: Signature):
    """A list: of objects (rows with names), or of numbers at any depth (a table without names, or a tensor)."""
    import numpy as np
    import pandas as pd

    if data and all(isinstance(row, dict) for row in data):
        return fit(pd.DataFrame.from_records(data), signature)
    if signature.is_table:
        width = len(signature.inputs)
        rows = data if all(isinstance(row, list) for row in data) else [[value] for value in data]
        # One patient may come as a flat list of its values.
        if width > 1 and rows is not data and len(data) == width:
            rows = [data]
        for place, row in enumerate(rows):
            if len(row) != width:
                raise BadRequest(f"Row {place} has {len(row)} values; the model takes {width}: {_names(signature)}.")
        return fit(pd.DataFrame(rows, columns=signature.names or range(width)), signature)
    try:
        array = np.asarray(data)
    except ValueError as error:
        raise BadRequest(f"The lists are not of one shape: {error}") from None
    if len(signature.inputs) == 1:
        return _tensor(array, signature.inputs[0])
    return array


def from_tensors(data: dict, signature: Signature):
    """Named tensors; columns of a table when that is what the model takes."""
    import numpy as np
    import pandas as pd

    if signature.is_table:
        if not any(isinstance(value, list) for value in data.values()):
            data = {name: [value] for name, value in data.items()}
        try:
            return fit(pd.DataFrame(data), signature)
        except ValueError as error:
            raise BadRequest(f"The columns are not a table: {error}") from None
    types = {column.name: column for column in signature.inputs}
    try:
        arrays = {name: np.asarray(value) for name, value in data.items()}
    except ValueError as error:
        raise BadRequest(f"A tensor's lists are not of one shape: {error}") from None
    return {name: _tensor(array, types.get(name)) for name, array in arrays.items()}


def fit(frame, signature: Signature):
    """The frame with the types that the signature names: JSON does not tell 5 from 5.0, nor a date from a text."""
    if not signature.is_table or signature.names is None:
        return frame
    missing = [c.name for c in signature.inputs if c.required and c.name not in frame.columns]
    if missing:
        given = ", ".join(map(str, frame.columns))
        raise BadRequest(f"Missing columns: {', '.join(missing)}. Given: {given}.")
    for column in signature.inputs:
        if column.name in frame.columns:
            fitted = _fit_column(frame[column.name], column.type)
            if fitted is not None:
                frame[column.name] = fitted
    return frame


def _fit_column(values, kind: str):
    """The column in its type, or None when it has it or MLflow shall judge."""
    import pandas as pd

    if kind in _NUMBERS:
        wanted = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32"}[kind]
        if str(values.dtype) == wanted:
            return None
        try:
            numbers = pd.to_numeric(values)
        except (ValueError, TypeError) as error:
            raise BadRequest(f"Column '{values.name}' must be numbers: {error}") from None
        if kind in ("long", "integer") and (numbers.isna().any() or (numbers % 1 != 0).any()):
            raise BadRequest(f"Column '{values.name}' must be whole numbers, none missing.")
        return numbers.astype(wanted)
    if kind == "datetime":
        try:
            return pd.to_datetime(values)
        except (ValueError, TypeError) as error:
            raise BadRequest(f"Column '{values.name}' must be dates: {error}") from None
    if kind in ("string", "boolean") and values.isna().all():
        return values.astype(object)
    return None


def _tensor(array, column):
    import numpy as np

    if column is None or column.shape is None:
        return array
    try:
        return array.astype(np.dtype(column.type), copy=False)
    except (TypeError, ValueError) as error:
        raise BadRequest(f"A tensor must hold {column.type}: {error}") from None


def _names(signature: Signature) -> str:
    return ", ".join(str(name) for name in signature.names or [])


def tensors_v2(request: dict, signature: Signature):
    """The inputs of an Open Inference Protocol v2 request: a table when the model takes one, else named tensors."""
    import numpy as np

    inputs = request.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise BadRequest("'inputs' must be a list of at least one tensor.")
    arrays = {}
    for tensor in inputs:
        if not isinstance(tensor, dict) or not {"name", "shape", "data"} <= tensor.keys():
            raise BadRequest("Each input needs 'name', 'shape', 'datatype' and 'data'.")
        try:
            arrays[tensor["name"]] = np.asarray(tensor["data"]).reshape(tensor["shape"])
        except (ValueError, TypeError) as error:
            raise BadRequest(f"Input '{tensor['name']}' does not have the shape it says: {error}") from None
    if signature.is_table:
        if len(arrays) == 1 and next(iter(arrays)) not in (signature.names or []):
            return from_unnamed(next(iter(arrays.values())).tolist(), signature)
        return from_tensors({name: array.reshape(-1).tolist() for name, array in arrays.items()}, signature)
    if len(arrays) == 1 and (not signature.inputs or signature.inputs[0].name is None):
        return next(iter(arrays.values()))
    return {name: array.tolist() for name, array in arrays.items()} if not signature.inputs else from_tensors(
        {name: array.tolist() for name, array in arrays.items()}, signature
    )


def outputs_v2(result: object) -> list[dict]:
    import numpy as np

    if hasattr(result, "columns") and hasattr(result, "to_numpy"):
        named = {str(name): result[name].to_numpy() for name in result.columns}
    elif isinstance(result, dict):
        named = {str(name): np.asarray(value) for name, value in result.items()}
    else:
        named = {"predict": np.asarray(result)}
    return [
        {"name": name, "shape": list(array.shape), "datatype": v2_type(array.dtype.name), "data": array.reshape(-1).tolist()}
        for name, array in named.items()
    ]
