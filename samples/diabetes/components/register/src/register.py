"""Registers the best model as a new version, with its lineage: run, pipeline, data and environment.

The version points at the model that the training run logged, not at a copy, so the way back to code, parameters and
metrics is one click.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import mlflow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--best-model", type=Path, required=True)
    parser.add_argument("--evaluation", type=Path, required=True)
    parser.add_argument("--model-name", required=True)
    parser.add_argument("--data-asset", default="")
    parser.add_argument("--environment-asset", default="")
    parser.add_argument("--registered", type=Path, required=True)
    args = parser.parse_args()

    metadata = mlflow.models.Model.load(str(args.best_model)).metadata
    verdict = json.loads((args.evaluation / "evaluation.json").read_text())
    tags = {
        "learner": metadata["learner"],
        "target": verdict["target"],
        "test_AUC": f"{verdict['best']['test_AUC']:.4f}",
        "run": metadata["run_id"],
        "pipeline": os.environ.get("AZUREML_ROOT_RUN_ID", ""),
        "data": args.data_asset,
        "environment": args.environment_asset,
    }
    tags = {key: value for key, value in tags.items() if value}
    version = mlflow.register_model(f"runs:/{metadata['run_id']}/model", args.model_name, tags=tags)
    print(f"registered {version.name} version {version.version}: {tags}")

    args.registered.mkdir(parents=True, exist_ok=True)
    (args.registered / "registered.json").write_text(
        json.dumps({"name": version.name, "version": str(version.version), "tags": tags}, indent=2)
    )


if __name__ == "__main__":
    sys.exit(main())
