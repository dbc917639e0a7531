# Builds when the sources differ from those of the last build; else it takes some milliseconds and no network.

build_home=$ATELIER_ROOT/target/atelier

# Path, size and time of every file that goes into the jars or into the studio, as one hash.
java_sources_stamp() {
  (cd "$ATELIER_ROOT" && find . \( -name target -o -name node_modules -o -name test -o -name .git -o -path ./studio/src \
    -o -path ./e2e -o -path ./docs \) -prune -o -type f \( -path '*/src/main/*' -o -name pom.xml -o -path './.mvn/*' \) -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum)
}

studio_sources_stamp() {
  (cd "$ATELIER_ROOT/studio" && find . \( -name node_modules -o -name dist -o -name target \) -prune -o -type f -printf '%p %s %T@\n' |
    LC_ALL=C sort | sha256sum)
}

studio_is_fresh() {
  [ -f "$ATELIER_ROOT/studio/package.json" ] || return 0
  [ -f "$ATELIER_ROOT/studio/dist/index.html" ] && [ "$(cat "$build_home/studio.stamp" 2>/dev/null)" = "$(studio_sources_stamp)" ]
}

java_is_fresh() {
  [ "$(cat "$build_home/java.stamp" 2>/dev/null)" = "$(java_sources_stamp)" ]
}

build_is_fresh() {
  java_is_fresh && studio_is_fresh
}

build_studio() {
  cd "$ATELIER_ROOT/studio" && npm ci --no-audit --no-fund && npm run build
}

# Maven runs on JDK 25 too; what is in the local repository already is not asked for again.
build_java() {
  cd "$ATELIER_ROOT" && JAVA_HOME=$JDK mvn -B -q -T 1C -Dmaven.test.skip=true package
}

# build [--adopt]: with --adopt the jars are taken as they are, because `mvn verify` has just made them.
build() {
  [ "${1:-}" = --adopt ] && rm -f "$build_home/java.stamp"
  build_is_fresh && return 0
  mkdir -p "$build_home" || die "The build needs to write into $ATELIER_ROOT/target."
  exec 8>"$build_home/lock"
  if ! flock -n 8; then
    say "Another build is under way; waiting for it."
    flock 8
  fi
  local stamp
  if ! studio_is_fresh; then
    stamp=$(studio_sources_stamp)
    step "Building the studio" "$build_home/studio.log" build_studio || exit 1
    echo "$stamp" >"$build_home/studio.stamp"
  fi
  if ! java_is_fresh; then
    rm -f "$build_home/java.stamp"
    stamp=$(java_sources_stamp)
    [ "${1:-}" = --adopt ] || step "Building Atelier" "$build_home/java.log" build_java || exit 1
    step "Preparing fast starts" "$build_home/aot.log" make_caches || say "It starts all the same, only slower."
    echo "$stamp" >"$build_home/java.stamp"
  fi
  exec 8>&-
}

# The JVM's ahead-of-time caches (JEP 514): one run of each program records the classes it loads and links.
make_caches() {
  local home status=0
  rm -f "$build_home"/*.aot
  "$JDK/bin/java" "${cli_flags[@]}" -XX:AOTCacheOutput="$build_home/cli.aot" -cp "$(cli_classpath)" atelier.cli.Main warm-up
  [ -d "$ATELIER_ROOT/app/target/lib" ] || return 0
  home=$(mktemp -d)
  JDK_FLAGS_EXTRA="-XX:AOTCacheOutput=$build_home/server.aot" server_training_run "$home" || status=1
  rm -rf "$home"
  return $status
}

cli_flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -XX:-UsePerfData -XX:+UseCompactObjectHeaders)

cli_classpath() {
  local jar path=
  for jar in "$ATELIER_ROOT"/cli/target/lib/*.jar; do path=$path:$jar; done
  echo "${path#:}"
}

aot_flags() { # the cache, when it was made; a cache that does not fit is passed over in silence
  [ -f "$build_home/$1.aot" ] && printf '%s\n' "-XX:AOTCache=$build_home/$1.aot" "-XX:AOTMode=auto" "-Xlog:disable" "-Xlog:all=off"
}

cli() {
  local aot
  mapfile -t aot < <(aot_flags cli)
  "$JDK/bin/java" "${cli_flags[@]}" "${aot[@]}" -cp "$(cli_classpath)" atelier.cli.Main "$@"
}

exec_cli() {
  local aot
  mapfile -t aot < <(aot_flags cli)
  exec "$JDK/bin/java" "${cli_flags[@]}" "${aot[@]}" -cp "$(cli_classpath)" atelier.cli.Main "$@"
}
