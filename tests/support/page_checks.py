"""What every page of ours must have."""

import itertools
import re
from collections import Counter
from urllib.parse import unquote


def check_page(page, path):
    assert page.html["lang"] == "en-GB", path
    assert len(page.find_all("main")) == 1, path
    assert page.title.text.strip(), path
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[:1] == [1], path
    assert levels.count(1) == 1, path
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (path, levels)
    ids = Counter(tag["id"] for tag in page.find_all(id=True))
    assert not [id for id, n in ids.items() if n > 1], path
    for tag in page.find_all(["a"], href=re.compile("^#.")):
        assert unquote(tag["href"][1:]) in ids, (path, tag["href"])
    for tag in page.find_all(attrs={"aria-details": True}):
        assert set(tag["aria-details"].split()) <= set(ids), path
    for field in page.find_all("input", type=lambda kind: kind != "hidden"):
        assert page.find("label", attrs={"for": field["id"]}), path
