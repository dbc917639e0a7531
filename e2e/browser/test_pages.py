"""A walk through the studio after the path has been walked: every page shows what is really there."""

import json
import re
import textwrap

import pytest
from azure.ai.ml import command
from launcher import wait_for
from playwright.sync_api import expect


def go(page, atelier, path, heading=None):
    page.goto(f"{atelier.url}/studio/{path}")
    if heading:
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=20_000)


def test_home_shows_the_six_steps(page, endpoint):
    for step in ["Environment", "Dataset", "Experiment", "Pipeline", "Model", "Endpoint"]:
        expect(page.get_by_role("heading", level=2, name=re.compile(step, re.I)).first).to_be_visible()
    expect(page.get_by_role("main").get_by_text("diabetes-pipeline").first).to_be_visible()


def test_data_shows_profile_and_preview(page, atelier, patients):
    go(page, atelier, "data", "Data")
    page.get_by_role("main").get_by_role("link", name=patients.name).first.click()
    main = page.get_by_role("main")
    for column in ["age", "bmi", "glucose", "smoker", "diabetic"]:
        expect(main.get_by_text(column, exact=True).first).to_be_visible()
    expect(main.get_by_text("600").first).to_be_visible()


def test_environments_show_their_packages(page, atelier, environment, pipeline):
    go(page, atelier, f"environments/{environment.name}/{environment.version}", re.compile(environment.name))
    expect(page.get_by_role("main").get_by_text(re.compile("scikit-learn")).first).to_be_visible()


def test_a_jobs_log_is_live(page, atelier, ml_client, bare, tmp_path):
    (tmp_path / "main.py").write_text(textwrap.dedent("""
        import pathlib, time
        print("first line", flush=True)
        while not pathlib.Path(__import__("sys").argv[1]).exists():
            time.sleep(0.05)
        print("last line", flush=True)
        """))
    signal = tmp_path / "go"
    job = ml_client.jobs.create_or_update(command(
        code=str(tmp_path), command=f"python main.py {signal}", environment=f"{bare.name}:{bare.version}", experiment_name="live"))
    go(page, atelier, f"jobs/{job.name}/logs")
    expect(page.get_by_text("first line").first).to_be_visible(timeout=30_000)
    assert page.get_by_text("last line").count() == 0
    signal.touch()
    expect(page.get_by_text("last line").first).to_be_visible(timeout=30_000)
    wait_for("the job's end", lambda: ml_client.jobs.get(job.name).status == "Completed", timeout=60)


def test_an_experiment_compares_runs_and_shows_metrics(page, atelier, pipeline):
    go(page, atelier, "jobs", "Jobs")
    page.get_by_role("main").get_by_role("link", name="diabetes", exact=True).first.click()
    expect(page.get_by_role("main").get_by_text("AUC").first).to_be_visible()


def test_the_pipeline_graph_shows_every_step(page, atelier, pipeline):
    go(page, atelier, f"jobs/{pipeline.name}")
    for step in ["prepare", "train_logistic_regression", "train_random_forest", "train_gradient_boosting", "evaluate", "register"]:
        expect(page.locator(f".react-flow__node [title='{step}']")).to_be_visible()
    assert page.locator(".react-flow__node").get_by_text("Completed").count() >= 6


def test_a_model_shows_where_it_came_from(page, atelier, pipeline):
    go(page, atelier, "models", "Models")
    page.get_by_role("main").get_by_role("link", name="e2e-diabetes").first.click()
    main = page.get_by_role("main")
    expect(main.get_by_text(re.compile("sklearn|scikit-learn|python_function")).first).to_be_visible()
    expect(main.get_by_role("link", name=re.compile("train|Train")).first).to_be_visible()


def test_the_test_form_gives_a_prediction(page, atelier, endpoint):
    go(page, atelier, f"endpoints/{endpoint.name}/test", endpoint.name)
    main = page.get_by_role("main")
    main.get_by_role("tab", name="JSON").click()
    body = {"input_data": {"columns": ["age", "bmi", "glucose", "smoker"], "index": [0], "data": [[70, 38.0, 160, "yes"]]}}
    main.get_by_label("JSON body").fill(json.dumps(body))
    main.get_by_role("button", name="Test", exact=True).click()
    answer = main.get_by_role("region", name="Response")
    expect(answer.get_by_text(re.compile(r"Latency"))).to_be_visible()
    expect(answer.get_by_text("1", exact=True).first).to_be_visible()


def test_an_upload_becomes_a_new_version(page, atelier, ml_client, tmp_path):
    table = tmp_path / "uploaded.csv"
    table.write_text("a,b\n1,2\n3,4\n")
    go(page, atelier, "data/upload")
    page.locator("input[type=file]").set_input_files(str(table))
    page.get_by_label(re.compile("^Name")).fill("browser-upload")
    page.get_by_role("button", name=re.compile("Upload|Create")).last.click()
    wait_for("the new asset", lambda: "browser-upload" in {d.name for d in ml_client.data.list()}, timeout=30)
    expect(page.get_by_role("heading", level=1, name=re.compile("browser-upload"))).to_be_visible()


def pages(patients, environment, pipeline, endpoint):
    return ["", "data", f"data/{patients.name}/{patients.version}", "environments",
            f"environments/{environment.name}/{environment.version}", "jobs", f"jobs/{pipeline.name}", "pipelines",
            "models", "models/e2e-diabetes", "endpoints", f"endpoints/{endpoint.name}", f"endpoints/{endpoint.name}/test",
            "compute", "settings"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_usable_for_everybody(open_studio, atelier, axe, patients, environment, pipeline, endpoint, scheme):
    faults = []
    with open_studio(scheme) as page:
        for path in pages(patients, environment, pipeline, endpoint):
            go(page, atelier, path)
            page.get_by_role("heading", level=1).first.wait_for()
            page.wait_for_load_state("networkidle")
            if page.evaluate("() => typeof axe") == "undefined":
                page.evaluate(axe)
            # Without Fluent's focus markers: invisible ends of a tab group that hand the focus on at once.
            found = page.evaluate("""() => axe.run({include: [['html']], exclude: [['[data-tabster-dummy]']]},
                {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})""")
            faults += [f"/{path}: {v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
        assert page.complaints == []
    assert faults == []


def test_the_keyboard_reaches_the_content_at_once(page):
    page.keyboard.press("Tab")
    assert "Skip" in page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
