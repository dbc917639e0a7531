"""Results as lines of text.

A script's DataFrame becomes lines without header and index, values apart by blanks; the elements of its list become
one line each. These are the forms in which Azure Machine Learning's scripts and notebooks read them back. An MLflow
model without code gives `row,prediction,file`, apart by commas.
"""

from __future__ import annotations

import csv
import io

from .errors import BatchFails


def of_script(result) -> tuple[int, str]:
    """Number of results, and the lines."""
    if hasattr(result, "to_csv") and hasattr(result, "columns"):
        return len(result), result.to_csv(sep=" ", header=False, index=False)
    if result is None or isinstance(result, (str, bytes, dict)) or not hasattr(result, "__iter__"):
        raise BatchFails(f"run() must return a list or a pandas DataFrame, not {type(result).__name__}.")
    elements = [str(element) for element in result]
    return len(elements), "".join(element + "\n" for element in elements)


def of_predictions(predictions, file: str) -> tuple[int, str]:
    """Lines of a model's predictions for the rows of one file."""
    if hasattr(predictions, "to_numpy"):
        predictions = predictions.to_numpy()
    if hasattr(predictions, "tolist"):
        plain = getattr(predictions, "dtype", None) is not None and predictions.dtype.kind in "biuf"
        wide = predictions.ndim > 1
        values = predictions.tolist()
    else:
        values = list(predictions)
        plain, wide = False, bool(values) and isinstance(values[0], (list, tuple))
    name = _quoted(file)
    if plain and not wide:
        return len(values), "".join([f"{row},{value},{name}\n" for row, value in enumerate(values)])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((row, *(value if wide else (value,)), file) for row, value in enumerate(values))
    return len(values), text.getvalue()


def _quoted(text: str) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([text])
    return line.getvalue()
