"""Pictures are uploaded, shown and refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from participation.accounts.models import Role
from tests.building_pages import asked
from tests.pages import text_of


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(file, kind)
    return file.getvalue()


def send_picture(clerk, path: str, content: bytes, shows: str):
    return clerk.post(
        f"{path}/fragen/F4",
        data={"text": "Was stört hier?", "shows": shows, "picture": (io.BytesIO(content), "x.png")},
        content_type="multipart/form-data",
    )


def test_a_picture_is_uploaded_shown_and_hidden_until_the_survey_is_public(
    site, clerk, survey, path
):
    assert send_picture(clerk, path, picture(), "Der Markt").status_code == 303
    address = f"/beteiligung/{survey.slug}/fragen/F4/bild"
    assert address in clerk.get(f"{path}/fragen").text
    shown = clerk.get(address)
    assert shown.mimetype == "image/webp"
    assert site.visitor().get(address).status_code == 404
    assert site.staff(Role.MODERATOR).get(address).status_code == 404
    survey.published_at = survey.opens_at
    site.session.commit()
    assert site.visitor().get(address).data == shown.data
    assert site.visitor().get(address.replace("F4", "F1")).status_code == 404


@pytest.mark.parametrize(
    ("content", "shows", "said"),
    [
        (b"<svg onload=alert(1)>", "Der Markt", "nicht als Bild"),
        (b"%PDF-1.7 disguised as a picture", "Der Markt", "nicht als Bild"),
        (picture("GIF"), "Der Markt", "nicht als Bild"),
        (picture(), "", "beschreiben Sie das Bild"),
    ],
)
def test_a_disguised_upload_is_refused_and_what_was_typed_stays(
    site, clerk, survey, path, content, shows, said
):
    refused = send_picture(clerk, path, content, shows)
    assert refused.status_code == 422
    assert said in text_of(refused.text)
    assert "Was stört hier?" in refused.text
    question = asked(site, survey).find("F4")
    assert question is not None
    assert (question.picture, question.text) == (None, "Was sollte die Stadt als Erstes ändern?")
