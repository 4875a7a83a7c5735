# Sourced by the commands beside it, from the checkout's folder: finds Python, makes .venv and fills it.
# Afterwards $python is the interpreter to use. Every failure is one sentence that says what to do.

fail() {
    echo "$*" >&2
    exit 1
}

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        echo "$candidate"
        return
    done
}

make_venv() {
    base=$(find_python)
    [ -n "$base" ] || fail "Python 3.11 or newer was not found; install it (Debian and Ubuntu: sudo apt install python3 python3-venv) and run this again."
    rm -rf .venv
    if ! "$base" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        fail "This Python cannot make a virtual environment; install its venv module (Debian and Ubuntu: sudo apt install python3-venv) and run this again."
    fi
}

# fill_venv FILE: install what FILE pins, unless exactly that was installed before.
fill_venv() {
    stamp=".venv/installed-$(basename "$1" .txt)"
    wanted=$(cat requirements.txt "$1" | cksum)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
    echo "Installing what $1 pins into .venv (once; about a minute) ..."
    if ! "$python" -m pip install --quiet --disable-pip-version-check --no-input --retries 1 --timeout 20 -r "$1" >.venv/install.log 2>&1; then
        fail "The packages could not be installed; connect this machine to the network (or set PIP_INDEX_URL to a mirror you reach) and run this again. Details: .venv/install.log"
    fi
    echo "$wanted" >"$stamp"
}

python=.venv/bin/python
"$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || make_venv
fill_venv "${requirements:-requirements.txt}"
