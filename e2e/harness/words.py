import re


def one_sentence(done):
    """The command failed, and the last thing it said is one sentence a person understands."""
    assert done.returncode not in (0, None), done.stdout
    last = [line for line in done.stderr.splitlines() if line.strip()][-1]
    assert last.startswith("atelier: ") or re.search(r"[.?!)]$", last.strip()), done.stderr
    assert "Exception" not in done.stderr and "\tat " not in done.stderr, done.stderr
    return last
