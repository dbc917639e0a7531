"""Values that models give, as values that `json` can write.

Works on the shape of a value rather than on its type, so that neither numpy nor pandas is imported for a script that
does not use them.
"""

import base64
import json
import math


def jsonable(value: object) -> object:
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else None  # JSON has no NaN; a strict reader would refuse the whole answer
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [jsonable(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return jsonable(value.to_dict(orient="records"))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return jsonable(value.tolist())
    if hasattr(value, "item"):
        return jsonable(value.item())
    return value


def dumps(value: object) -> bytes:
    """Raises TypeError, with a sentence, for what cannot be written."""
    try:
        return json.dumps(jsonable(value), ensure_ascii=False, separators=(", ", ": ")).encode()
    except TypeError as error:
        raise TypeError(f"The result cannot be written as JSON: {error}") from None
