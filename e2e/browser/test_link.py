"""How the studio opens: by a link that works once."""

from urllib.parse import urlsplit


def open_link(atelier):
    return next(w for w in atelier.run("open").stdout.split() if w.startswith("https://"))


def test_a_link_opens_the_studio_once(chromium, atelier):
    url = open_link(atelier)
    first = chromium.new_context(ignore_https_errors=True)
    page = first.new_page()
    page.goto(url)
    page.get_by_role("navigation", name="Studio").wait_for()
    assert "code=" not in page.url
    second = chromium.new_context(ignore_https_errors=True)
    again = second.new_page()
    refused = again.goto(url)
    assert refused.status in (401, 403, 410)
    assert "link" in again.inner_text("body").lower()
    first.close()
    second.close()


def test_without_a_link_the_studio_shows_no_data(chromium, atelier):
    context = chromium.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(atelier.url + "/studio/")
    page.get_by_text("atelier open").first.wait_for(timeout=20_000)
    assert context.cookies() == []
    context.close()


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(chromium, atelier):
    context = chromium.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(open_link(atelier))
    page.get_by_role("navigation", name="Studio").wait_for()
    cookies = context.cookies()
    assert cookies and all(c["httpOnly"] and c["secure"] and c["sameSite"] in ("Strict", "Lax") for c in cookies)
    assert urlsplit(page.url).hostname == "localhost"
    context.close()
