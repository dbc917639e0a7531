"""Runs in the studio: filtered, sorted, compared, deleted, exported; a model's labels and history."""

import csv
import json
import re
import uuid

import mlflow
import pytest
from mlflow.entities import Metric, Param
from playwright.sync_api import expect

RUNS = 130


@pytest.fixture(scope="module")
def client(atelier):
    return mlflow.MlflowClient()


@pytest.fixture(scope="module")
def experiment(client):
    """More runs than the first page holds; accuracy grows with the number."""
    made = client.create_experiment(f"studio-runs-{uuid.uuid4().hex[:8]}")
    ids = []
    for i in range(RUNS):
        run = client.create_run(made, run_name=f"run-{i:03d}", start_time=1_700_000_000_000 + i * 1000)
        ids.append(run.info.run_id)
        metrics = [Metric("accuracy", i / RUNS, 1_700_000_000_000, 0)]
        if i < 3:
            metrics += [Metric("loss", 1 / (s + 1 + i), 1_700_000_000_000 + s, s) for s in range(20)]
        client.log_batch(run.info.run_id, metrics=metrics,
                         params=[Param("model", "forest" if i % 2 else "linear"), Param("seed", "7")])
        client.set_terminated(run.info.run_id)
    yield made, ids
    client.delete_experiment(made)


def table(page):
    return page.get_by_role("table", name="Runs", exact=True)


def runs_page(page, atelier, experiment, query=""):
    page.goto(f"{atelier.url}/studio/experiments/{experiment[0]}{query}")
    table(page).wait_for()


def test_the_server_sorts_and_filters(page, atelier, experiment):
    runs_page(page, atelier, experiment)
    expect(table(page).get_by_role("link").first).to_have_text(f"run-{RUNS - 1:03d}")
    table(page).get_by_role("button", name="accuracy", exact=True).click()
    expect(page).to_have_url(re.compile("order=m"))
    table(page).get_by_role("button", name="accuracy", exact=True).click()
    expect(table(page).get_by_role("link").first).to_have_text("run-000")
    box = page.get_by_role("combobox", name="Filter runs")
    box.fill("params.mod")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("params.model ")
    box.type("= 'for")
    box.press("ArrowDown")
    box.press("Enter")
    box.press("Enter")
    expect(table(page).get_by_role("link").first).to_have_text("run-001")
    expect(page.get_by_text(f"{RUNS // 2} runs", exact=True)).to_be_visible()


def test_a_wrong_filter_is_shown_at_its_character(open_studio, atelier, experiment):
    # A refusal is a 400, which the browser prints: this page may complain.
    with open_studio() as page:
        runs_page(page, atelier, experiment)
        box = page.get_by_role("combobox", name="Filter runs")
        box.fill("params.model = 'forest' AND metrics.accuracy > 'high'")
        box.press("Enter")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("(at character 29)")
        mark = alert.locator("pre").inner_text().splitlines()[1]
        assert mark.index("▲") == 28


def test_scrolling_keeps_few_rows_in_the_page_and_reaches_the_last_run(page, atelier, experiment):
    runs_page(page, atelier, experiment)
    scroll = page.get_by_role("region", name="Runs, scrollable")
    for _ in range(30):
        scroll.evaluate("el => { el.scrollTop = el.scrollHeight }")
        if table(page).get_by_role("link", name="run-000").count():
            break
        page.wait_for_timeout(100)
    expect(table(page).get_by_role("link", name="run-000")).to_be_visible()
    assert table(page).get_by_role("row").count() < 80


def test_columns_are_chosen_and_remembered(page, atelier, experiment):
    runs_page(page, atelier, experiment)
    expect(table(page).get_by_role("columnheader", name="seed")).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="seed").uncheck()
    page.keyboard.press("Escape")
    expect(table(page).get_by_role("columnheader", name="seed")).to_have_count(0)
    page.reload()
    expect(table(page).get_by_role("columnheader", name="model")).to_be_visible()
    expect(table(page).get_by_role("columnheader", name="seed")).to_have_count(0)


def test_an_address_shows_the_same_comparison(page, atelier, experiment):
    ids = ",".join(experiment[1][:3])
    page.goto(f"{atelier.url}/studio/experiments/{experiment[0]}?view=compare&part=table&runs={ids}")
    params = page.get_by_role("table", name="Parameters compared")
    expect(params.get_by_role("rowheader", name="model")).to_be_visible()
    expect(params.get_by_role("rowheader", name="seed")).to_have_count(0)
    page.get_by_role("switch", name="Only differences").click()
    expect(params.get_by_role("rowheader", name="seed")).to_be_visible()
    page.goto(f"{atelier.url}/studio/experiments/{experiment[0]}?view=compare&x=time&log=y&smooth=0.6&runs={ids}")
    expect(page.get_by_role("img", name=re.compile("^loss: run-000 20 points"))).to_be_visible()
    expect(page.get_by_role("switch", name="Logarithmic values")).to_be_checked()
    page.get_by_role("tab", name="Parallel coordinates").click()
    expect(page.get_by_role("img", name=re.compile("Parallel coordinates of 3 runs over model"))).to_be_visible()


@pytest.mark.parametrize("kind", ["CSV", "JSON"])
def test_what_is_shown_is_exported_whole(page, atelier, experiment, kind):
    runs_page(page, atelier, experiment, "?filter=metrics.accuracy+%3E%3D+0.1&order=m%3Aaccuracy+asc")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name=re.compile(kind)).click()
    text = open(saved.value.path(), newline="").read()
    rows = json.loads(text) if kind == "JSON" else list(csv.DictReader(text.splitlines()))
    expected = [i / RUNS for i in range(RUNS) if i / RUNS >= 0.1]
    assert [float(r["metrics.accuracy"]) for r in rows] == expected
    assert rows[0]["run_id"] in experiment[1]


def test_a_run_is_deleted_and_restored(page, atelier, experiment, client):
    gone = experiment[1][-1]
    runs_page(page, atelier, experiment)
    table(page).get_by_role("checkbox", name=f"Select run-{RUNS - 1:03d}").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete 1 run").click()
    expect(table(page).get_by_role("link", name=f"run-{RUNS - 1:03d}")).to_have_count(0)
    assert client.get_run(gone).info.lifecycle_stage == "deleted"
    page.get_by_role("switch", name="Deleted runs").click()
    table(page).get_by_role("checkbox", name=f"Select run-{RUNS - 1:03d}").click()
    page.get_by_role("button", name="Restore", exact=True).click()
    page.get_by_role("button", name="Restore 1 run").click()
    expect(page.get_by_text("No deleted runs")).to_be_visible()
    assert client.get_run(gone).info.lifecycle_stage == "active"


def test_a_running_run_is_live(page, atelier, client, experiment):
    run = client.create_run(experiment[0], run_name="live-run")
    try:
        runs_page(page, atelier, experiment)
        row = table(page).get_by_role("row").filter(has_text="live-run")
        expect(row).to_contain_text("Running")
        client.log_metric(run.info.run_id, "accuracy", 0.4321)
        expect(row).to_contain_text("0.4321")
        client.set_terminated(run.info.run_id)
        expect(row).to_contain_text("Completed")
    finally:
        client.delete_run(run.info.run_id)


def test_a_models_labels_are_edited_and_its_history_told(open_studio, atelier, client, experiment):
    name = f"studio-model-{uuid.uuid4().hex[:8]}"
    client.create_registered_model(name)
    client.create_model_version(name, "s3://elsewhere/model", run_id=experiment[1][0])
    try:
        # The run has no job, which the page asks for: this page may complain about a 404.
        with open_studio() as page:
            page.goto(f"{atelier.url}/studio/models/{name}")
            page.get_by_label("New alias").fill("champion")
            page.get_by_role("button", name="Set alias").click()
            page.get_by_role("combobox", name="Stage").click()
            page.get_by_role("option", name="Production").click()
            page.get_by_label("Tag's name").fill("reviewed")
            page.get_by_label("Tag's value").fill("yes")
            page.get_by_role("button", name="Set tag").click()
            expect(page.get_by_text("reviewed: yes").first).to_be_visible()
            page.get_by_role("tab", name="History").click()
            history = page.get_by_role("table", name="History")
            expect(history).to_contain_text("Alias champion set on version 1")
            expect(history).to_contain_text("Stage from None to Production")
            page.get_by_role("tab", name="Lineage").click()
            expect(page.get_by_role("region", name=f"Lineage: run-000 to {name} 1")).to_be_visible()
            page.goto(f"{atelier.url}/studio/models?view=production")
            row = page.get_by_role("row").filter(has_text=name)
            expect(row).to_contain_text("champion")
            page.get_by_label(re.compile("On this day")).fill("2020-01-01")
            expect(row).to_have_count(0)
        version = client.get_model_version(name, "1")
        assert (version.current_stage, version.aliases, version.tags) == ("Production", ["champion"], {"reviewed": "yes"})
    finally:
        client.delete_registered_model(name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_runs_and_comparison_are_usable_for_everybody(open_studio, atelier, axe, experiment, scheme):
    ids = ",".join(experiment[1][:3])
    faults = []
    with open_studio(scheme) as page:
        for query in ["", *(f"?view=compare&part={p}&runs={ids}" for p in ["charts", "parallel", "table", "artifacts"])]:
            page.goto(f"{atelier.url}/studio/experiments/{experiment[0]}{query}")
            page.get_by_role("heading", level=1).first.wait_for()
            page.wait_for_load_state("networkidle")
            page.evaluate(axe)
            found = page.evaluate("""() => axe.run({include: [['html']], exclude: [['[data-tabster-dummy]']]},
                {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})""")
            faults += [f"{query}: {v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
    assert faults == []
