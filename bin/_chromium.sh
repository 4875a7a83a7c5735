# Sourced: find_chromium prints the Chromium that CHROMIUM=/path names or the usual places have, or nothing.

find_chromium() {
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome /usr/bin/chromium; do
        if [ -n "$candidate" ] && command -v "$candidate"; then return; fi
    done
}
