"""What annotating in the browser asks for: points of guidance, and sentences."""

FIRST = "d-2008-06-22c-101-5"


async def test_points_and_sentences_are_served_as_json(site):
    points = (await site.client.get("/points.json")).json()
    assert set(points[0]) == {"id", "number", "title", "paraphrase", "document", "document_title"}
    answer = await site.client.get("/points.json")
    again = await site.client.get("/points.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    one = (await site.client.get(f"/sentences/d-2008-06-22c-101-3.json?speech={FIRST}")).json()
    assert [each["id"] for each in one] == [FIRST]
    start, end = one[0]["sentences"][1]
    assert one[0]["text"][start:end].startswith("An official who meets")
    assert one[0]["text"][start:end].endswith("she will.")
    assert (await site.client.get("/sentences/nothing.json")).status_code == 404
    assert "/sentences/{debate}.json" in (await site.client.get("/api/openapi.json")).json()["paths"]
