"""The page "My notes": one's own notes, replies, passes and last actions, and no one else's."""

from bs4 import BeautifulSoup
from datasette.utils.sqlite import sqlite3

from tests.support.note_forms import make_note

DEBATE = "d-2008-06-22c-101-3"


def texts(page, selector):
    return [" ".join(each.text.split()) for each in page.select(selector)]


async def test_my_notes_are_mine_alone_with_their_replies_passes_and_state(client, ada, visitor, folder):
    asked = await client.get("/me")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=%2Fme")
    empty = await ada.get("/me")
    assert "You have no notes yet." in empty.text
    assert (empty.headers["cache-control"], empty.headers["x-robots-tag"]) == ("private, no-store", "noindex")
    assert "can read but not annotate" in (await (await visitor("Una")).get("/me")).text
    here, gone = await make_note(ada), await make_note(ada, note="Not this.")
    bea = await visitor("Bea")
    await bea.send(f"{here}/reply", {"stance": "disputes", "text": "Not *so*."})
    await ada.send(f"{gone}/withdraw", {})
    await ada.send(f"/debate/{DEBATE}/blind", {"step": "begin"})
    await ada.send(f"/debate/{DEBATE}/blind", {"step": "finish"})
    page = BeautifulSoup((await ada.get("/me")).text, "html.parser")
    assert texts(page, ".tally a") == ["1 note", "1 reply to me"]
    assert texts(page, "#replies-to-me p")[0] == "Bea disputes: Not so."
    assert texts(page, "#notes-of-mine h3") == ["Civil Servants (Village Web Forums) 22 June 2008"]
    assert [form["action"] for form in page.select("#notes-of-mine form, #withdrawn form")] == [
        f"{here}/withdraw",
        f"{gone}/restore",
    ]
    assert "Finished on" in texts(page, "#passes li")[0]
    assert [text.split(" “")[0] for text in texts(page, "#last-actions p strong")][:3] == [
        "Finished a blind pass",
        "Began a blind pass",
        "Withdrew",
    ]
    undone = await ada.send("/undo", {"entry": page.select_one("#last-actions [name=entry]")["value"], "to": "/me"})
    assert undone.headers["location"] == "/me"
    bea_page = BeautifulSoup((await bea.get("/me")).text, "html.parser")
    assert texts(bea_page, "#my-replies p")[0].startswith("Disputes Ada on")
    assert not bea_page.select(".own-notes")
    with sqlite3.connect(folder / "statements.db") as conn:
        conn.execute("UPDATE annotations SET anchor = 'changed' WHERE id = ?", (here.rpartition("/")[2],))
    assert "Wording changed" in texts(BeautifulSoup((await ada.get("/me")).text, "html.parser"), "#attention li")[0]
