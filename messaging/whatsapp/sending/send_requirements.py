"""What has to be given with a template when it is sent, besides the number: told from what is known of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from messaging.whatsapp.authoring import variables
from messaging.whatsapp.models import MEDIA, HeaderKind, Need, Template

NAMED = re.compile(r"\{\{ *([A-Za-z_]\w{0,60}) *\}\}")


WORDS = {
    Need.BODY: "values for the variables of its text",
    Need.HEADER: "a value for its header",
    Need.MEDIA: "a file for its header",
    Need.LINK: "an ending for each of its links",
    Need.NAMED: "values by name, which SmartDialog cannot carry: only numbers, {{1}}, {{2}}",
    Need.PLACE: "a place for its header, which SmartDialog cannot carry",
}


@dataclass(frozen=True)
class Needs:
    """`links`: which buttons, from 0, have a variable. `media`: the kind of file, or nothing."""

    body: list[int]
    header: list[int]
    media: str
    links: list[int]
    names: list[str]
    needs_place: bool

    @property
    def kinds(self) -> set[Need]:
        present = {
            Need.BODY: self.body,
            Need.HEADER: self.header,
            Need.MEDIA: self.media,
            Need.LINK: self.links,
            Need.NAMED: self.names,
            Need.PLACE: self.needs_place,
        }
        return {need for need, is_there in present.items() if is_there}

    @property
    def beside_text(self) -> tuple[str, int, int]:
        """What is given once for all that a campaign says: two of which this is equal can take its place."""
        return self.media, len(self.header), len(self.links)

    def beyond(self, filled: Collection[Need]) -> list[str]:
        """In words, what is needed besides what can be filled."""
        return [WORDS[need] for need in Need if need in self.kinds.difference(filled)]


def of_template(template: Template) -> Needs:
    """What a send has to bring. Of a template made elsewhere, as far as a person has described it."""
    is_media = template.header_kind in MEDIA
    return Needs(
        body=variables.numbers(template.body),
        header=variables.numbers(template.header_text),
        media=template.header_kind if is_media else "",
        links=[
            index
            for index, button in enumerate(template.buttons)
            if variables.numbers(button.get("data", ""))
        ],
        names=NAMED.findall(f"{template.body}\n{template.header_text}"),
        needs_place=template.header_kind == HeaderKind.LOCATION,
    )
