// Whether an answer says that the server, or the proxy before it, cannot just now: the same is worth another try.
const LATER = [408, 425, 429, 500, 502, 503, 504]

export function cannotNow({ status }) {
  return LATER.includes(status)
}
