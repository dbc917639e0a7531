"""Turns a CSV of patients into train, validation and test rows.

Nothing is imputed, scaled or encoded here: that is part of the model, so that the registered model takes raw patients.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

SPLITS = {"train": 0.60, "validation": 0.15, "test": 0.25}
MOST_CLASSES = 20
FEWEST_PER_CLASS = 10
# Below this many rows an honest measurement may well be different in each of them.
ENOUGH_ROWS_TO_CALL_IT_AN_ID = 200


class BadInput(Exception):
    """A fault of the data or the arguments; the message is for the person who gave them."""


def read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    try:
        frame = pd.read_csv(path)
    except pd.errors.EmptyDataError:
        raise BadInput(f"{path.name} is empty.") from None
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} is not a CSV file: {error}") from None
    if frame.empty:
        raise BadInput(f"{path.name} has a header line but no rows.")
    return frame


def check_target(frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """The rows whose class is known."""
    if target not in frame.columns:
        raise BadInput(f"There is no column '{target}'. The columns are: {', '.join(map(str, frame.columns))}.")
    known = frame[frame[target].notna()]
    if len(known) < len(frame):
        print(f"left out {len(frame) - len(known)} rows without a value in '{target}'")
    counts = known[target].value_counts()
    if len(counts) < 2:
        raise BadInput(f"'{target}' has one value only; there is nothing to tell apart.")
    if len(counts) > MOST_CLASSES:
        raise BadInput(
            f"'{target}' has {len(counts)} different values. This pipeline sorts into classes, at most {MOST_CLASSES}."
        )
    if counts.min() < FEWEST_PER_CLASS:
        raise BadInput(
            f"'{target}' is '{counts.idxmin()}' in {counts.min()} rows only; "
            f"each class needs at least {FEWEST_PER_CLASS}."
        )
    if pd.api.types.is_float_dtype(known[target]) and (known[target] % 1 == 0).all():
        # 0 and 1 read as floats because some rows had no value.
        known = known.astype({target: "int64"})
    return known


def why_left_out(column: pd.Series) -> str | None:
    """Why a column cannot help, or None when it can."""
    present = column.dropna()
    distinct = present.nunique()
    if distinct == 0:
        return "it has no values"
    if distinct == 1:
        return f"it is '{present.iloc[0]}' in every row"
    share = distinct / len(present)
    whole = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and (present % 1 == 0).all()
    named_id = re.search(r"(^|[^a-z])id$|[a-z]ID$|Id$|^(uuid|guid)$", str(column.name), re.ASCII) is not None
    enough = len(present) >= ENOUGH_ROWS_TO_CALL_IT_AN_ID
    if whole and share >= 0.95 and (enough or named_id):
        return f"whole numbers, {share:.1%} of them different: a record number, not a measurement"
    if not pd.api.types.is_numeric_dtype(column) and share >= 0.5 and (enough or named_id):
        return f"text, {share:.1%} of it different: names, codes or dates rather than categories"
    return None


def choose_columns(frame: pd.DataFrame, target: str, keep: list[str]) -> pd.DataFrame:
    unknown = [name for name in keep if name not in frame.columns]
    if unknown:
        raise BadInput(f"--keep names no such column: {', '.join(unknown)}.")
    left_out = {}
    for name in frame.columns.drop(target):
        reason = None if name in keep else why_left_out(frame[name])
        if reason:
            left_out[name] = reason
            print(f"left out '{name}': {reason}")
    chosen = frame.drop(columns=list(left_out))
    if chosen.shape[1] < 2:
        raise BadInput("No column is left to learn from; name some with --keep.")
    return chosen


def split(frame: pd.DataFrame, target: str, seed: int) -> dict[str, pd.DataFrame]:
    """Splits each class by itself, so that every part has the same share of it."""
    generator = np.random.default_rng(seed)
    parts = {name: [] for name in SPLITS}
    for _, rows in frame.groupby(target, sort=True).indices.items():
        shuffled = generator.permutation(rows)
        ends = np.round(np.cumsum(list(SPLITS.values())) * len(rows)).astype(int)
        for name, piece in zip(parts, np.split(shuffled, ends[:-1])):
            parts[name].append(piece)
    return {name: frame.iloc[np.sort(np.concatenate(pieces))] for name, pieces in parts.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--keep", default="")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--prepared", type=Path, required=True)
    args = parser.parse_args()

    frame = check_target(read(args.data), args.target)
    print(f"{args.data.name}: {len(frame)} rows, {frame.shape[1]} columns")
    keep = [name.strip() for name in args.keep.split(",") if name.strip()]
    frame = choose_columns(frame, args.target, keep)

    features = frame.columns.drop(args.target)
    numeric = [name for name in features if pd.api.types.is_numeric_dtype(frame[name])]
    categorical = [name for name in features if name not in numeric]
    missing = {name: int(count) for name, count in frame[features].isna().sum().items() if count}
    print(f"numbers: {', '.join(numeric) or 'none'}")
    print(f"categories: {', '.join(categorical) or 'none'}")
    print(f"missing values: {missing or 'none'}")

    args.prepared.mkdir(parents=True, exist_ok=True)
    for name, rows in split(frame, args.target, args.seed).items():
        rows.to_csv(args.prepared / f"{name}.csv", index=False)
        shares = ", ".join(f"{label}: {share:.1%}" for label, share in rows[args.target].value_counts(normalize=True).items())
        print(f"{name}: {len(rows)} rows ({shares})")
    schema = {
        "target": args.target,
        "classes": sorted(frame[args.target].unique().tolist()),
        "numeric": numeric,
        "categorical": categorical,
        "missing": missing,
    }
    (args.prepared / "schema.json").write_text(json.dumps(schema, indent=2))


if __name__ == "__main__":
    try:
        main()
    except BadInput as problem:
        sys.exit(f"error: {problem}")
