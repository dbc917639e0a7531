# Finds JDK 25, Maven, Node and Python, and says in one sentence each what is missing and how to get it.

java_major() {
  # The release file of a JDK names its version without starting it.
  local home=$1 line
  [ -x "$home/bin/java" ] || return 1
  if [ -f "$home/release" ]; then
    line=$(grep '^JAVA_VERSION=' "$home/release" | head -n 1)
    line=${line#*\"}
    echo "${line%%[.\"-]*}"
  else
    "$home/bin/java" -version 2>&1 | head -n 1 | sed -e 's/.*"\([0-9]*\).*/\1/'
  fi
}

find_java() {
  local home path
  path=$(command -v java || true)
  [ -n "$path" ] && path=$(readlink -f "$path" 2>/dev/null || echo "$path")
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home ${path:+"${path%/bin/java}"}; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] || continue
    if [ "$(java_major "$home")" = 25 ]; then
      JDK=$home
      return 0
    fi
  done
  return 1
}

at_least() { # at_least FOUND WANTED, both major.minor
  local found_major=${1%%.*} wanted_major=${2%%.*} found_minor wanted_minor
  found_minor=${1#*.}; found_minor=${found_minor%%.*}
  wanted_minor=${2#*.}; wanted_minor=${wanted_minor%%.*}
  [ "$found_major" -gt "$wanted_major" ] || { [ "$found_major" -eq "$wanted_major" ] && [ "$found_minor" -ge "$wanted_minor" ]; }
}

find_python() {
  local candidate version
  for candidate in "${ATELIER_PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10 python; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if at_least "$version" 3.10; then
      PYTHON=$(command -v "$candidate")
      export ATELIER_PYTHON=$PYTHON
      return 0
    fi
  done
  return 1
}

find_node() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  command -v npm >/dev/null 2>&1 || return 1
  at_least "${version#v}" 20.0
}

missing=0
lacking() {
  printf 'atelier: %s\n' "$*" >&2
  missing=1
}

find_jdk_or_say() {
  find_java || lacking "JDK 25 is missing: install it (Debian with Adoptium's packages: apt-get install temurin-25-jdk; or: sdk install java 25-tem) or set JAVA_HOME to it."
}

need_build_tools() {
  command -v mvn >/dev/null 2>&1 || lacking "Maven is missing: install it (Debian: apt-get install maven) so that 'mvn' is on the PATH."
  if [ -f "$ATELIER_ROOT/studio/package.json" ]; then
    find_node || lacking "Node.js 20 or newer with npm is missing: install it (https://nodejs.org, or your system's package) so that 'node' and 'npm' are on the PATH."
  fi
}

# Whoever only runs what is built needs no Maven and no Node.
need_for_build() {
  find_jdk_or_say
  build_is_fresh || need_build_tools
  [ $missing -eq 0 ] || exit 1
}

need_for_server() {
  find_jdk_or_say
  find_python || lacking "Python 3.10 or newer is missing: install it (Debian: apt-get install python3 python3-venv) so that 'python3' is on the PATH."
  build_is_fresh || need_build_tools
  [ $missing -eq 0 ] || exit 1
}

project_version() {
  sed -n 's:.*<version>\(.*\)</version>.*:\1:p' "$ATELIER_ROOT/pom.xml" | head -n 1
}
