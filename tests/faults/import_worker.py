"""A worker that does one import's work, chunk after chunk, until there is none or it is killed."""

import os
import sys

import django

CHUNK = 500


def main(job_id: int) -> None:
    from contacts.importing import checking, reader_process, saving, undoing

    reader_process.OWN_PROCESS_FROM_BYTES = 0  # as of a large file: two processes to kill
    for module in (checking, saving, undoing):
        module.CHUNK = CHUNK
    checking.check(job_id)
    saving.save(job_id)
    undoing.undo(job_id)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    main(int(sys.argv[1]))
