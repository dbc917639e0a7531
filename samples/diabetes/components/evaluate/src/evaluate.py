"""Compares the candidates and hands on the best.

The choice is made on the validation rows, the verdict on the test rows: an AUC that was used to choose would flatter
the chosen one.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # no display in a job

import mlflow
import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score, roc_curve


def read(folder: Path, part: str, schema: dict) -> tuple[pd.DataFrame, pd.Series]:
    frame = pd.read_csv(folder / f"{part}.csv")
    frame = frame.astype({name: "float64" for name in schema["numeric"]} | {n: "object" for n in schema["categorical"]})
    return frame[schema["numeric"] + schema["categorical"]], frame[schema["target"]]


def auc(y: pd.Series, probability) -> float:
    if probability.shape[1] == 2:
        return roc_auc_score(y, probability[:, 1])
    return roc_auc_score(y, probability, multi_class="ovr")


def measure(folder: Path, parts: dict) -> tuple[dict, object]:
    """One line of the table, and the probabilities for the test rows."""
    model = mlflow.sklearn.load_model(str(folder))
    metadata = mlflow.models.Model.load(str(folder)).metadata
    x, y = parts["test"]
    probability = model.predict_proba(x)
    predicted = model.classes_[probability.argmax(axis=1)]
    options = {"pos_label": model.classes_[1]} if len(model.classes_) == 2 else {"average": "macro"}
    line = {
        "learner": metadata["learner"],
        "run_id": metadata["run_id"],
        "validation_AUC": auc(parts["validation"][1], model.predict_proba(parts["validation"][0])),
        "test_AUC": auc(y, probability),
        "test_accuracy": accuracy_score(y, predicted),
        "test_precision": precision_score(y, predicted, zero_division=0, **options),
        "test_recall": recall_score(y, predicted, zero_division=0, **options),
        "test_f1": f1_score(y, predicted, zero_division=0, **options),
    }
    return line, probability


def roc_figure(curves: dict, y: pd.Series, positive) -> Figure:
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    for label, probability in curves.items():
        false_positive, true_positive, _ = roc_curve(y, probability, pos_label=positive)
        axes.plot(false_positive, true_positive, label=label)
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey", label="by chance")
    axes.set(xlabel="healthy patients flagged", ylabel="ill patients found", title="ROC on the test rows")
    axes.legend(loc="lower right")
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--candidates", type=Path, nargs="+", required=True)
    parser.add_argument("--best-model", type=Path, required=True)
    parser.add_argument("--evaluation", type=Path, required=True)
    args = parser.parse_args()

    schema = json.loads((args.prepared / "schema.json").read_text())
    parts = {part: read(args.prepared, part, schema) for part in ("validation", "test")}
    lines, curves = [], {}
    for folder in args.candidates:
        line, probability = measure(folder, parts)
        lines.append(line)
        if len(schema["classes"]) == 2:
            curves[f"{line['learner']} (AUC {line['test_AUC']:.3f})"] = probability[:, 1]
    best = max(range(len(lines)), key=lambda index: lines[index]["validation_AUC"])
    table = pd.DataFrame(lines)
    print(table.drop(columns="run_id").round(4).to_string(index=False))
    print(f"best on the validation rows: {lines[best]['learner']}, test AUC {lines[best]['test_AUC']:.4f}")

    args.evaluation.mkdir(parents=True, exist_ok=True)
    verdict = {"best": lines[best], "candidates": lines, "target": schema["target"], "test_rows": len(parts["test"][1])}
    (args.evaluation / "evaluation.json").write_text(json.dumps(verdict, indent=2))
    table.to_csv(args.evaluation / "candidates.csv", index=False)
    shutil.copytree(args.candidates[best], args.best_model, dirs_exist_ok=True)

    with mlflow.start_run():
        mlflow.log_param("best_learner", lines[best]["learner"])
        mlflow.log_metrics({"AUC": lines[best]["test_AUC"], "accuracy": lines[best]["test_accuracy"]})
        for line in lines:
            mlflow.log_metric(f"test_AUC_{line['learner']}", line["test_AUC"])
        mlflow.log_table(table, "candidates.json")
        mlflow.log_dict(verdict, "evaluation.json")
        if curves:
            figure = roc_figure(curves, parts["test"][1], schema["classes"][1])
            figure.savefig(args.evaluation / "roc.png", dpi=110)
            mlflow.log_artifact(str(args.evaluation / "roc.png"))


if __name__ == "__main__":
    sys.exit(main())
