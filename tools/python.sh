#!/bin/sh
# Print a Python that is new enough and can make virtual environments; else say in one line what to install.
# PYTHON=/path/to/python names one; pyenv's names may exist without working, so each is tried.
seen=""
for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if "$name" -c 'import venv, ensurepip' 2>/dev/null; then
            echo "$name"
            exit 0
        fi
        echo "Python $version ($name) cannot make virtual environments: install its venv module (Debian: python$version-venv) and run make again." >&2
        exit 1
    fi
    seen="$seen $version"
done
echo "Yinuo needs Python 3.11 or newer, found:${seen:- none}. Install it, or name one: make PYTHON=/path/to/python3.11" >&2
exit 1
