"""The diabetes components, run by hand as a user would. Needs the packages of diabetes/conda.yaml.

Run with: python -m unittest discover -s samples/tests
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COMPONENTS = Path(__file__).parents[1] / "diabetes" / "components"


class Components(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def run_step(self, name: str, *arguments: object) -> subprocess.CompletedProcess:
        store = (self.folder / "mlruns").as_uri()
        # A store of files is enough here; newer releases of MLflow want to be asked for it.
        variables = {"MLFLOW_TRACKING_URI": store, "MLFLOW_ALLOW_FILE_STORE": "true", "GIT_PYTHON_REFRESH": "quiet"}
        return subprocess.run(
            [sys.executable, f"{name}.py", *map(str, arguments)],
            cwd=COMPONENTS / name / "src",
            env=os.environ | variables,
            capture_output=True,
            text=True,
        )

    def step(self, name: str, *arguments: object) -> str:
        done = self.run_step(name, *arguments)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def data(self, text: str, name: str = "data.csv") -> Path:
        file = self.folder / name
        file.write_text(text)
        return file

    def patients(self, rows: int = 600, classes: tuple = ("yes", "no")) -> Path:
        """Number, category, missing values, a record number and a constant; the label follows number and category."""
        dice = random.Random(3)
        file = self.folder / "data.csv"
        with open(file, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["RecordNo", "glucose", "visits", "diet", "clinic", "name", "ill"])
            for row in range(rows):
                glucose, diet = dice.gauss(100, 15), dice.choice(["sweet", "fat", "greens"])
                score = (glucose - 100) / 15 + (diet == "sweet") + dice.gauss(0, 0.4)
                label = classes[min(len(classes) - 1, max(0, int(score + 1)))]
                writer.writerow([
                    90000 + row,
                    "" if dice.random() < 0.1 else f"{glucose:.1f}",
                    dice.randrange(9),
                    "" if dice.random() < 0.1 else diet,
                    "north",
                    f"patient {row}",
                    label,
                ])
        return file


class PrepareTest(Components):
    def refused(self, data: Path, *arguments: object) -> str:
        done = self.run_step("prepare", "--data", data, "--prepared", self.folder / "p", *arguments)
        self.assertEqual(1, done.returncode)
        self.assertNotIn("Traceback", done.stderr)
        return done.stderr

    def test_columns_that_cannot_help_are_left_out_and_the_log_says_why(self):
        log = self.step("prepare", "--data", self.patients(), "--target", "ill", "--prepared", self.folder / "p")
        schema = json.loads((self.folder / "p/schema.json").read_text())
        self.assertEqual(["glucose", "visits"], schema["numeric"])
        self.assertEqual(["diet"], schema["categorical"])
        self.assertIn("left out 'RecordNo': whole numbers, 100.0% of them different", log)
        self.assertIn("left out 'clinic': it is 'north' in every row", log)
        self.assertIn("left out 'name': text", log)

    def test_a_column_that_is_named_stays(self):
        self.step("prepare", "--data", self.patients(), "--target", "ill", "--keep", "RecordNo", "--prepared", self.folder / "p")
        self.assertIn("RecordNo", json.loads((self.folder / "p/schema.json").read_text())["numeric"])

    def test_every_part_has_the_same_share_and_no_row_is_lost_or_doubled(self):
        data = self.patients()
        self.step("prepare", "--data", data, "--target", "ill", "--keep", "RecordNo", "--prepared", self.folder / "p")
        seen, shares = [], []
        for part in ("train", "validation", "test"):
            with open(self.folder / f"p/{part}.csv") as lines:
                rows = list(csv.DictReader(lines))
            seen += [row["RecordNo"] for row in rows]
            shares.append(sum(row["ill"] == "yes" for row in rows) / len(rows))
        self.assertEqual(600, len(set(seen)))
        self.assertEqual(600, len(seen))
        self.assertLess(max(shares) - min(shares), 0.02)

    def test_the_same_seed_splits_the_same_way(self):
        data = self.patients()
        for name, seed in (("a", 1), ("b", 1), ("c", 2)):
            self.step("prepare", "--data", data, "--target", "ill", "--seed", seed, "--prepared", self.folder / name)
        a, b, c = ((self.folder / name / "test.csv").read_text() for name in "abc")
        self.assertEqual(a, b)
        self.assertNotEqual(a, c)

    def test_faults_are_one_sentence(self):
        self.assertIn("no column 'sick'. The columns are: RecordNo", self.refused(self.patients(), "--target", "sick"))
        self.assertIn("There is no file", self.refused(self.folder / "none.csv", "--target", "a"))
        self.assertIn("is empty", self.refused(self.data(""), "--target", "a"))
        self.assertIn("no rows", self.refused(self.data("a,b\n"), "--target", "a"))
        self.assertIn("one value only", self.refused(self.data("a,b\n" + "1,2\n" * 30), "--target", "a"))
        numbers = "a,b\n" + "".join(f"{i},{i % 2}\n" for i in range(100))
        self.assertIn("100 different values", self.refused(self.data(numbers), "--target", "a"))
        binary = self.folder / "picture.csv"
        binary.write_bytes(bytes(range(256)) * 20)
        self.assertIn("is not a CSV file", self.refused(binary, "--target", "a"))


class WholeTest(Components):
    def walk(self, data: Path) -> dict:
        self.step("prepare", "--data", data, "--target", "ill", "--prepared", self.folder / "p")
        candidates = []
        for learner in ("logistic_regression", "random_forest", "gradient_boosting"):
            candidates.append(self.folder / learner)
            self.step("train", "--prepared", self.folder / "p", "--learner", learner, "--model", candidates[-1])
        self.step("evaluate", "--prepared", self.folder / "p", "--candidates", *candidates,
                  "--best-model", self.folder / "best", "--evaluation", self.folder / "e")
        self.step("register", "--best-model", self.folder / "best", "--evaluation", self.folder / "e",
                  "--model-name", "ill", "--data-asset", "d:1", "--registered", self.folder / "r")
        return json.loads((self.folder / "e/evaluation.json").read_text())

    def test_words_for_classes_categories_and_missing_values(self):
        verdict = self.walk(self.patients())
        registered = json.loads((self.folder / "r/registered.json").read_text())
        self.assertEqual(3, len(verdict["candidates"]))
        self.assertGreater(verdict["best"]["test_AUC"], 0.85)
        self.assertEqual(verdict["best"], max(verdict["candidates"], key=lambda line: line["validation_AUC"]))
        self.assertEqual(("ill", "1", "d:1", verdict["best"]["run_id"]),
                         (registered["name"], registered["version"], registered["tags"]["data"], registered["tags"]["run"]))
        self.assertTrue((self.folder / "e/roc.png").read_bytes().startswith(b"\x89PNG"))
        code = ("import mlflow, pandas as pd; m = mlflow.pyfunc.load_model('best');"
                "print(m.predict(pd.DataFrame([{'glucose': 140.0, 'visits': 1.0, 'diet': 'sweet'}])).tolist(),"
                " m.predict(pd.DataFrame([{'glucose': float('nan'), 'visits': 1.0, 'diet': None}])).tolist())")
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=self.folder, capture_output=True, text=True)
        self.assertRegex(done.stdout, r"\['no'\] \['(yes|no)'\]", done.stderr)

    def test_three_classes(self):
        self.assertGreater(self.walk(self.patients(900, ("low", "middle", "high")))["best"]["test_AUC"], 0.85)


if __name__ == "__main__":
    unittest.main()
