"""A real Chromium on the studio, opened by a one-time link."""

import contextlib
import re
import shutil

import pytest

# As root there is no sandbox; the rest keeps the browser from calling home on a closed network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def link(atelier):
    """A fresh link from `./atelier open`."""
    words = atelier.run("open").stdout.split()
    return next(w for w in words if w.startswith("https://"))


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "no Chromium on this machine: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def studio_page(chromium, atelier, scheme="light"):
    context = chromium.new_context(ignore_https_errors=True, color_scheme=scheme, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints = []

    def asks_for_a_new_name(message):
        """An upload asks whether its data asset exists; for a new name that is a 404, and the browser prints every 404."""
        return "status of 404" in message.text and re.search(r"/workspaces/[^/]+/data/[^/]+$", message.location["url"].split("?")[0])

    page.on("console", lambda m: complaints.append(f"{page.url}: {m.text} ({m.location['url']})")
            if m.type == "error" and not asks_for_a_new_name(m) else None)
    page.on("pageerror", lambda e: complaints.append(f"{page.url}: {e}"))
    page.complaints = complaints
    page.goto(link(atelier))
    page.get_by_role("navigation", name="Studio").wait_for()
    try:
        yield page
    finally:
        context.close()


@pytest.fixture(scope="session")
def open_studio(chromium, atelier):
    return lambda scheme="light": studio_page(chromium, atelier, scheme)


@pytest.fixture
def page(open_studio):
    """A signed-in page; the test fails when the browser's console shows an error."""
    with open_studio() as page:
        yield page
        assert page.complaints == []


@pytest.fixture(scope="session")
def axe(root):
    script = root / "studio/node_modules/axe-core/axe.min.js"
    assert script.is_file(), "axe-core comes with the studio's packages: run `npm ci` in studio/"
    return script.read_text()
