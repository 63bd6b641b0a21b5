#!/usr/bin/env bash
# Exports datasets in every format and imports each with the importer that it is meant for (`just imports`).
#
#   scripts/imports.sh [AGENDATA] [CHECK…]     AGENDATA: the program, default target/release/agendata or target/debug/agendata
#
# What imports is kept in target/imports/{venv,pretalx} (from the registry, pinned: scripts/imports/*.txt); the commands
# chromium, xmllint and sqlite3 come from the system's packages. LibreOffice is used where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

# GitPython, which the tools of the c3voc ask for, refuses to load without the command git unless it is told to be quiet.
export PYTHONDONTWRITEBYTECODE=1 GIT_PYTHON_REFRESH=quiet

agendata=${1:-}
[ $# -gt 0 ] && shift
if [ -z "$agendata" ]; then
    agendata=target/release/agendata
    [ -x "$agendata" ] || agendata=target/debug/agendata
fi
work=target/imports
mkdir -p "$work"

need=()
command -v python3 >/dev/null || need+=(python3)
command -v chromium >/dev/null || need+=(chromium)
command -v xmllint >/dev/null || need+=(libxml2-utils)
command -v sqlite3 >/dev/null || need+=(sqlite3)
python3 -c 'import venv, ensurepip' 2>/dev/null || need+=(python3-venv)
if [ ${#need[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq && apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
    else
        echo "expected the commands of these packages, but they are not installed: ${need[*]}" >&2
        exit 2
    fi
fi

# A Python environment below target/imports with what the lists of scripts/imports name; made anew where they changed.
environment() {
    local venv=$work/$1 list wanted
    shift
    wanted=$(cd scripts/imports && cat "$@" | sha256sum | cut -c1-16)
    if [ "$(cat "$venv/wanted" 2>/dev/null)" != "$wanted" ]; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        for list in "$@"; do
            # unbound.txt: without what they ask for, since their pins contradict the others'.
            "$venv/bin/pip" install -q --disable-pip-version-check $([ "$list" = unbound.txt ] && echo --no-deps) -r "scripts/imports/$list"
        done
        echo "$wanted" > "$venv/wanted"
    fi
}
environment venv requirements.txt unbound.txt
environment pretalx pretalx.txt
echo "importers are there ($SECONDS s)"

formats=jsonl,csv,json-schema,ics,jsonld,frab-xml,c3voc-json,vcard,indico-csv,html
"$agendata" export --help | grep -q 'sqlite' && formats+=,sqlite
"$agendata" export --help | grep -q 'parquet' && formats+=,parquet

failed=0
for set in input odd; do
    rm -rf "${work:?}/$set"
    mkdir -p "$work/$set"
    if [ "$set" = input ]; then
        "$agendata" extract input -o "$work/$set/dataset" --quiet
    else
        # Records with what formats are broken by: separators, line ends, formulas, markup, long titles, the hours of clock changes.
        "$work/venv/bin/python" scripts/imports/odd.py "$work/$set/dataset/records"
    fi
    "$agendata" export "$work/$set/dataset" --to "$formats" --source input -o "$work/$set/exports" --quiet
    echo "== imports of $set ($SECONDS s)"
    folders=("$work/$set/dataset" "$work/$set/exports" "$work/$set/scratch")
    "$work/venv/bin/python" scripts/imports/check.py "${folders[@]}" "$@" || failed=1
    "$work/pretalx/bin/python" scripts/imports/check_pretalx.py "${folders[@]}" "$@" || failed=1
done
exit $failed
