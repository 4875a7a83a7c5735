"""The files under /static/, looked for once and not again for every browser of a test."""

from typing import Any, ClassVar

from whitenoise.middleware import WhiteNoiseMiddleware


class ListedOnce(WhiteNoiseMiddleware):
    listed: ClassVar[dict[str, Any]] = {}

    def add_files_from_finders(self) -> None:
        if not self.listed:
            super().add_files_from_finders()
            ListedOnce.listed = self.files
        self.files = self.files | self.listed
