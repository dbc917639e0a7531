#!/usr/bin/env bash
# The end-to-end part of `./atelier test`: official clients, a real browser, faults, every command of the documentation.
#   e2e/run.sh [SUITE ...]     suites: newest older demo faults fuzz commands; all when none is named
#   e2e/run.sh clients         fetches the clients only
#   ATELIER_COURSE=FOLDER e2e/run.sh course     the labs of a clone of MicrosoftLearning/mslearn-azure-ml; no part of all
#   ATELIER_MLFLOW_TESTS=FOLDER e2e/run.sh mlflow     MLflow's own tests, of a clone of mlflow/mlflow; no part of all
# Makes one virtual environment for each set of clients under target/e2e, runs pytest, writes target/e2e/<suite>.xml.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$here")
out=$root/target/e2e
mkdir -p "$out"

find_python() {
  local candidate
  for candidate in ${ATELIER_PYTHON:-} python3.11 python3.12 python3.10 python3 python; do
    "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { command -v "$candidate"; return; }
  done
  echo "e2e: Python 3.10 to 3.13 is missing." >&2
  return 1
}
python=$(find_python) || exit 1

# uv from the package index, in an environment of its own.
uv=$out/tools/bin/uv
[ -x "$uv" ] || { "$python" -m venv "$out/tools" && "$out/tools/bin/pip" -q install uv==0.13.9; } || exit 1

# uv does not read pip's configuration.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
  index=$("$out/tools/bin/pip" config get global.index-url 2>/dev/null || true)
  [ -z "${PIP_INDEX_URL:-$index}" ] || export UV_DEFAULT_INDEX=${PIP_INDEX_URL:-$index}
fi

# An environment is made anew when its requirements or the interpreter changed.
clients() { # clients SET
  local set=$1 venv=$out/clients-$1 stamp
  stamp=$("$python" -V; cat "$here/requirements-$set.txt")
  if [ "$(cat "$venv/.stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$venv"
    "$uv" venv -q --seed --python "$python" "$venv" || return 1
    "$uv" pip install -q --python "$venv/bin/python" -r "$here/requirements-$set.txt" || return 1
    printf '%s\n' "$stamp" >"$venv/.stamp"
  fi
}

suite() { # suite NAME SET FOLDER...
  local name=$1 set=$2 folders=() folder
  shift 2
  rm -f "$out/$name.xml"
  for folder; do [ -d "$here/$folder" ] && folders+=("$here/$folder"); done
  clients "$set" || { echo "e2e: the $set clients could not be installed." >&2; return 1; }
  # Suites share the Python environments that servers build for jobs; the demo begins with none, as its reader does.
  [ "$name" = demo ] || export ATELIER_E2E_WARM=${ATELIER_E2E_WARM:-$out/warm}
  (cd "$here" && PATH="$out/clients-$set/bin:$PATH" "$out/clients-$set/bin/python" -m pytest -q -p no:cacheprovider \
    --junitxml="$out/$name.xml" "${folders[@]}")
}

status=0
for name in "${@:-all}"; do
  case $name in
    all) for each in newest older demo faults fuzz commands; do "$0" "$each" || status=1; done ;;
    newest) suite newest newest browser sdk npm java tracking peer storage || status=1 ;;
    older) suite older older sdk tracking || status=1 ;;
    clients) clients newest && clients older || status=1 ;;
    course)
      [ -d "${ATELIER_COURSE:-}/Labs" ] || {
        echo "e2e: ATELIER_COURSE must name the folder of a clone of MicrosoftLearning/mslearn-azure-ml." >&2
        exit 2
      }
      ATELIER_COURSE=$(cd "$ATELIER_COURSE" && pwd -P) suite course course course || status=1
      ;;
    mlflow)
      [ -d "${ATELIER_MLFLOW_TESTS:-}/tests/tracking" ] || {
        echo "e2e: ATELIER_MLFLOW_TESTS must name the folder of a clone of mlflow/mlflow." >&2
        exit 2
      }
      ATELIER_MLFLOW_TESTS=$(cd "$ATELIER_MLFLOW_TESTS" && pwd -P) suite mlflow mlflow mlflow || status=1
      ;;
    demo | faults | fuzz | commands) suite "$name" newest "$name" || status=1 ;;
    *) echo "e2e: there is no suite '$name'; there are newest, older, demo, faults, fuzz, commands, course and mlflow." >&2; exit 2 ;;
  esac
done
exit $status
