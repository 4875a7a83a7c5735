"""What came back over HTTP, as far as an answer that is meant for us goes: who answers may never end."""

import requests

from gateway.smartdialog.errors import UnexpectedResponse

LARGEST_ANSWER = 16 * 1024 * 1024  # bytes, unpacked
_BLOCK = 64 * 1024


def read(response: requests.Response) -> bytes:
    """Of one that was asked for as a stream. Raises UnexpectedResponse for one beyond all measure."""
    chunks, size = [], 0
    try:
        for chunk in response.iter_content(_BLOCK):
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST_ANSWER:
                response.close()
                raise _unexpected(response, f"an answer of over {LARGEST_ANSWER} bytes")
    except ValueError as error:  # of a chunk of a length below zero
        raise _unexpected(response, f"no HTTP: {error}") from error
    return b"".join(chunks)


def _unexpected(response: requests.Response, words: str) -> UnexpectedResponse:
    return UnexpectedResponse(words, status=response.status_code)
