# Builds when the sources differ from those of the last build; else it takes some milliseconds and no network.

build_home=$ATELIER_ROOT/target/atelier

# Path, size and time of every file that goes into the jars or into the studio, as one hash.
java_sources_stamp() {
  (cd "$ATELIER_ROOT" && find . \( -name target -o -name node_modules -o -name test -o -name .git -o -path ./studio/src \
    -o -path ./e2e -o -path ./docs \) -prune -o -type f \( -path '*/src/main/*' -o -name pom.xml -o -path './.mvn/*' \) -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum)
}

studio_sources_stamp() {
  (cd "$ATELIER_ROOT/studio" && find . \( -name node_modules -o -name dist -o -name target -o -path ./shots \) -prune -o -type f -printf '%p %s %T@\n' |
    LC_ALL=C sort | sha256sum)
}

studio_is_fresh() {
  [ -f "$ATELIER_ROOT/studio/package.json" ] || return 0
  [ -f "$ATELIER_ROOT/studio/dist/index.html" ] && [ "$(cat "$build_home/studio.stamp" 2>/dev/null)" = "$(studio_sources_stamp)" ]
}

java_is_fresh() {
  [ -d "$(cat "$build_home/jars.current" 2>/dev/null)" ] &&
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
    install_jars
    step "Preparing fast starts" "$build_home/aot.log" make_caches || say "It starts all the same, only slower."
    echo "$stamp" >"$build_home/java.stamp"
  fi
  exec 8>&-
}

# Programs run from a copy that no later build touches: a server must not lose its jars while it runs. What other
# projects made does not change and is linked; copies that no process uses any more are removed.
install_jars() {
  local target=$build_home/jars/$(date +%s)-$$ old part
  for part in app cli; do
    [ -d "$ATELIER_ROOT/$part/target/lib" ] || continue
    mkdir -p "$target/$part"
    cp -lp "$ATELIER_ROOT/$part/target/lib/"*.jar "$target/$part/" 2>/dev/null ||
      cp -fp "$ATELIER_ROOT/$part/target/lib/"*.jar "$target/$part/"
    local jar version
    version=$(project_version)
    for jar in "$target/$part/"*-"$version".jar; do
      [ -f "$jar" ] && cp -p "$jar" "$jar.new" && mv -f "$jar.new" "$jar"
    done
  done
  echo "$target" >"$build_home/jars.current"
  for old in "$build_home/jars"/*/; do
    old=${old%/}
    [ "$old" = "$target" ] || cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -qF "$old" || rm -rf "$old"
  done
}

classpath() { # classpath app|cli
  local jar path= home
  home=$(cat "$build_home/jars.current")
  for jar in "$home/$1"/*.jar; do path=$path:$jar; done
  echo "${path#:}"
}

# The JVM's ahead-of-time caches (JEP 514): one run of each program records the classes it loads and links. The command
# line's verbs are asked of the server that is trained: each has the other's real requests and answers.
make_caches() {
  local home status=0
  rm -f "$build_home"/*.aot
  home=$(mktemp -d)
  if [ -d "$ATELIER_ROOT/app/target/lib" ]; then
    JDK_FLAGS_EXTRA="-XX:AOTCacheOutput=$build_home/server.aot" server_training_run "$home" cli_training_run "$home" || status=1
  else
    cli_training_run "$home" || status=1
  fi
  rm -rf "$home"
  return $status
}

cli_training_run() { # cli_training_run DATA_FOLDER
  "$JDK/bin/java" "${cli_flags[@]}" -XX:AOTCacheOutput="$build_home/cli.aot" -cp "$(classpath cli)" atelier.cli.Main --data-dir "$1" warm-up
}

cli_flags=(--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -XX:-UsePerfData -XX:+UseCompactObjectHeaders)

aot_flags() { # the cache, when it was made; a cache that does not fit is passed over in silence
  [ -f "$build_home/$1.aot" ] && printf '%s\n' "-XX:AOTCache=$build_home/$1.aot" "-XX:AOTMode=auto" "-Xlog:disable" "-Xlog:all=off"
}

cli() {
  local aot
  mapfile -t aot < <(aot_flags cli)
  "$JDK/bin/java" "${cli_flags[@]}" "${aot[@]}" -cp "$(classpath cli)" atelier.cli.Main "$@"
}

exec_cli() {
  local aot
  mapfile -t aot < <(aot_flags cli)
  exec "$JDK/bin/java" "${cli_flags[@]}" "${aot[@]}" -cp "$(classpath cli)" atelier.cli.Main "$@"
}
