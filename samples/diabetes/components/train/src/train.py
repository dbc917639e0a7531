"""Fits one candidate and logs it to MLflow: parameters, training and validation metrics, the model.

The model is a scikit-learn pipeline that begins with the raw columns; what is deployed later is exactly what was
measured here.
"""

import argparse
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

# Candidates are trained side by side; a thread that waits by spinning takes the core from its neighbour.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import ColumnTransformer
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline

LEARNERS = ("logistic_regression", "random_forest", "gradient_boosting")


def classifier(learner: str, seed: int):
    # Imported where needed: each of them costs some tenths of a second to load.
    if learner == "logistic_regression":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(max_iter=1000)
    if learner == "random_forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(n_estimators=200, min_samples_leaf=3, n_jobs=-1, random_state=seed)
    from sklearn.ensemble import HistGradientBoostingClassifier

    # Early stopping holds out a tenth of the training rows, so 300 is a ceiling and not a guess.
    return HistGradientBoostingClassifier(
        learning_rate=0.1, max_iter=300, l2_regularization=1.0, early_stopping=True, random_state=seed
    )


def pipeline(learner: str, schema: dict, seed: int) -> Pipeline:
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if learner == "logistic_regression":
        # That a value was not measured can itself say something about the patient.
        numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    elif learner == "random_forest":
        numbers = SimpleImputer(strategy="median", add_indicator=True)
    else:
        numbers = "passthrough"  # the trees choose a side for missing values themselves
    categories = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"),
        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10, sparse_output=False),
    )
    columns = ColumnTransformer(
        [("numbers", numbers, schema["numeric"]), ("categories", categories, schema["categorical"])]
    )
    return Pipeline([("columns", columns), ("classifier", classifier(learner, seed))])


def read(folder: Path, part: str, schema: dict) -> tuple[pd.DataFrame, pd.Series]:
    frame = pd.read_csv(folder / f"{part}.csv")
    # As floats, so that a model trained on whole numbers also takes 5.5 and a missing value.
    frame = frame.astype({name: "float64" for name in schema["numeric"]} | {n: "object" for n in schema["categorical"]})
    return frame[schema["numeric"] + schema["categorical"]], frame[schema["target"]]


def metrics(model: Pipeline, x: pd.DataFrame, y: pd.Series) -> dict[str, float]:
    predicted = model.predict(x)
    probability = model.predict_proba(x)
    two = probability.shape[1] == 2
    # For two classes the second in sorted order is the one looked for: 1, true, "yes".
    options = {"pos_label": model.classes_[1]} if two else {"average": "macro"}
    auc = roc_auc_score(y, probability[:, 1]) if two else roc_auc_score(y, probability, multi_class="ovr")
    return {
        "AUC": auc,
        "accuracy": accuracy_score(y, predicted),
        "precision": precision_score(y, predicted, zero_division=0, **options),
        "recall": recall_score(y, predicted, zero_division=0, **options),
        "f1": f1_score(y, predicted, zero_division=0, **options),
    }


def example(x: pd.DataFrame) -> pd.DataFrame:
    """Two patients, whole ones where there are any: JSON has no NaN."""
    whole = x.dropna()
    return (whole if len(whole) >= 2 else x).head(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--learner", choices=LEARNERS, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()

    schema = json.loads((args.prepared / "schema.json").read_text())
    x, y = read(args.prepared, "train", schema)
    x_validation, y_validation = read(args.prepared, "validation", schema)
    print(f"{args.learner}: {len(x)} rows to learn from, {x.shape[1]} columns")

    # The model is logged below, once, with its signature and an example.
    mlflow.sklearn.autolog(log_models=False, log_datasets=False, log_post_training_metrics=False, silent=True)
    with mlflow.start_run() as run:
        mlflow.set_tag("learner", args.learner)
        model = pipeline(args.learner, schema, args.seed)
        started = time.perf_counter()
        model.fit(x, y)
        print(f"fitted in {time.perf_counter() - started:.2f} s")

        measured = metrics(model, x_validation, y_validation)
        mlflow.log_metrics(measured)
        for name, value in measured.items():
            print(f"validation {name}: {value:.4f}")

        package = {
            "signature": infer_signature(x, model.predict(x.head(100))),
            "input_example": example(x),
            # Named here: finding them out would load the model a second time in a process of its own.
            "pip_requirements": [f"{name}=={version(name)}" for name in ("mlflow", "scikit-learn", "pandas", "numpy")],
            "metadata": {"learner": args.learner, "run_id": run.info.run_id},
            # Named, because MLflow 3 has another default, which does not take every tree.
            "serialization_format": "cloudpickle",
        }
        # MLflow 3 calls the model's place in the run 'name'.
        place = "artifact_path" if version("mlflow").startswith("2.") else "name"
        logged = mlflow.sklearn.log_model(model, **{place: "model"}, **package)
        # The same again into the step's output, which is what the next step gets.
        mlflow.sklearn.save_model(model, str(args.model), **package)
        print(f"run {run.info.run_id}, model {logged.model_uri}")


if __name__ == "__main__":
    sys.exit(main())
