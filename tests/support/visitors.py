"""Visitors of the site in process: signed in by the form, with their cookies kept."""

from bs4 import BeautifulSoup

from tests.support.users import PASSWORD


async def send_sign_in(client, name="Ada", password=PASSWORD, **fields):
    page = await client.get("/sign-in")
    cookies = dict(page.cookies)
    token = BeautifulSoup(page.text, "html.parser").find("input", attrs={"name": "csrftoken"})["value"]
    sent = {"csrftoken": token, "name": name, "password": password, **fields}
    return await client.post("/sign-in", data=sent, cookies=cookies), cookies


async def get_session_cookies(client, name):
    """The cookies of somebody who has signed in."""
    answer, cookies = await send_sign_in(client, name)
    return {**cookies, **dict(answer.cookies)}


async def read_page(client, address, cookies=None):
    answer = await client.get(address, cookies=cookies or {})
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


class Visitor:
    """Somebody in a browser: cookies kept, forms sent as a page has them."""

    def __init__(self, client, cookies):
        self.client, self.cookies = client, cookies

    async def get(self, path):
        return await self.client.get(path, cookies=self.cookies)

    async def send(self, path, fields):
        token = self.cookies["ds_csrftoken"]
        return await self.client.post(path, data={"csrftoken": token, **fields}, cookies=self.cookies)
