# Starts, finds and ends the server. What it knows of a running one is in <data folder>/run/server.json.

server_flags=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xms32m -Xmx768m -Xss512k -XX:MinHeapFreeRatio=10
  -XX:MaxHeapFreeRatio=25 -XX:MaxMetaspaceSize=192m -XX:ReservedCodeCacheSize=64m -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

server_field() { # server_field FILE NAME: a string or number of the flat run/server.json
  sed -n 's/.*"'"$2"'" *: *"\{0,1\}\([^",}]*\).*/\1/p' "$1" 2>/dev/null | head -n 1
}

# A pid alone may have been given to another program since: the process must also be a java of ours.
is_server() {
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null && { [ ! -r "/proc/$1/cmdline" ] || tr '\0' ' ' <"/proc/$1/cmdline" | grep -q 'atelier\.app\.Main'; }
}

running_pid() {
  local pid
  pid=$(server_field "$ATELIER_HOME/run/server.json" pid)
  is_server "$pid" && echo "$pid"
}

server_command() { # prints nothing; sets `command`
  local aot
  mapfile -t aot < <([ -n "${JDK_FLAGS_EXTRA:-}" ] || aot_flags server)
  server_argv=("$JDK/bin/java" "${server_flags[@]}" "${aot[@]}" ${JDK_FLAGS_EXTRA:+"$JDK_FLAGS_EXTRA"} -cp "$(classpath app)" atelier.app.Main up "$@")
}

server_up() {
  local port=8443 http_port= database= webhook_hosts= detach=0
  while [ $# -gt 0 ]; do
    case $1 in
      --port) port=${2:-}; shift ;;
      --port=*) port=${1#*=} ;;
      --http-port) http_port=${2:-}; shift ;;
      --http-port=*) http_port=${1#*=} ;;
      --database) database=${2:-}; shift ;;
      --database=*) database=${1#*=} ;;
      --webhook-hosts) webhook_hosts=${2:-}; shift ;;
      --webhook-hosts=*) webhook_hosts=${1#*=} ;;
      --detach | -d) detach=1 ;;
      *) die "up does not know '$1'; it takes --port, --http-port, --data-dir, --database, --webhook-hosts and --detach." ;;
    esac
    shift
  done
  check_port --port "$port"
  http_port=${http_port:-$((port + 1))}
  check_port --http-port "$http_port"
  [ "$port" != "$http_port" ] || die "--port and --http-port are both $port; they must differ."

  local pid url
  if pid=$(running_pid); then
    url=$(server_field "$ATELIER_HOME/run/server.json" url)
    [ "$url" = "https://localhost:$port" ] || [ "$port" = 8443 ] ||
      die "Atelier already runs on $ATELIER_HOME at $url (process $pid); end it with './atelier down' first."
    say "Atelier already runs at $url (process $pid, data folder $ATELIER_HOME)."
    cli open
    return
  fi

  mkdir -p "$ATELIER_HOME/logs" "$ATELIER_HOME/run" 2>/dev/null && [ -w "$ATELIER_HOME/logs" ] && [ -w "$ATELIER_HOME/run" ] ||
    die "The data folder $ATELIER_HOME cannot be written; choose another with --data-dir or ATELIER_HOME."
  chmod 700 "$ATELIER_HOME" 2>/dev/null
  local arguments=(--data-dir "$ATELIER_HOME" --port "$port" --http-port "$http_port")
  [ -z "$database" ] || arguments+=(--database "$database")
  [ -z "$webhook_hosts" ] || arguments+=(--webhook-hosts "$webhook_hosts")
  server_command "${arguments[@]}"

  local start
  start=$(now_ms)
  rm -f "$ATELIER_HOME/run/server.json"
  if [ $detach -eq 1 ]; then
    : >"$ATELIER_HOME/logs/start.log"
    # A session of its own: neither the terminal's end nor its Ctrl-C reaches the server.
    setsid "${server_argv[@]}" >>"$ATELIER_HOME/logs/start.log" 2>&1 </dev/null 8>&- 9>&- &
    pid=$!
    wait_until_ready "$pid" || {
      sed -n '/./p' "$ATELIER_HOME/logs/start.log" | tail -n 5 >&2
      exit 1
    }
    say "Atelier runs at $(server_field "$ATELIER_HOME/run/server.json" url) after $(seconds_since "$start") (process $pid, data folder $ATELIER_HOME)."
    cli open
  else
    "${server_argv[@]}" </dev/null >/dev/null 8>&- &
    pid=$!
    trap 'kill -TERM $pid 2>/dev/null' INT TERM HUP
    if wait_until_ready "$pid"; then
      say "Atelier runs at $(server_field "$ATELIER_HOME/run/server.json" url) after $(seconds_since "$start") (data folder $ATELIER_HOME). Ctrl-C ends it."
      cli open
    fi
    local status
    # `wait` comes back on a trapped signal: wait again until the server has ended.
    while :; do
      wait "$pid"
      status=$?
      kill -0 "$pid" 2>/dev/null || break
    done
    # Ended because it was asked to: that is no failure.
    case $status in 0 | 130 | 143) exit 0 ;; *) exit "$status" ;; esac
  fi
}

check_port() {
  case $2 in
    '' | *[!0-9]*) die "$1 must be a number from 1 to 65535, not '$2'." ;;
  esac
  [ "$2" -ge 1 ] && [ "$2" -le 65535 ] || die "$1 must be a number from 1 to 65535, not '$2'."
}

# Ready when the server has written who it is; over when the process has ended.
wait_until_ready() {
  local file=$ATELIER_HOME/run/server.json
  while kill -0 "$1" 2>/dev/null; do
    [ -f "$file" ] && [ "$(server_field "$file" pid)" = "$1" ] && return 0
    sleep 0.02
  done
  return 1
}

server_down() {
  local pid start
  pid=$(running_pid) || {
    say "Atelier does not run on $ATELIER_HOME."
    return 0
  }
  start=$(now_ms)
  kill -TERM "$pid"
  while is_server "$pid"; do
    if [ $(($(now_ms) - start)) -gt 30000 ]; then
      die "Process $pid has not ended after 30 s; $ATELIER_HOME/logs/server.log may say why."
    fi
    sleep 0.05
  done
  say "Atelier on $ATELIER_HOME has ended after $(seconds_since "$start")."
}

server_logs() {
  local file=$ATELIER_HOME/logs/server.log
  [ -f "$file" ] || die "There is no log yet: $file is missing."
  case ${1:-} in
    '') cat "$file" ;;
    -f | --follow) exec tail -n 100 -F "$file" ;;
    *) die "logs does not know '$1'; it takes -f." ;;
  esac
}

# server_training_run FOLDER COMMAND…: starts a server on an empty folder and free ports, waits until it is ready, runs
# the command, and ends the server.
server_training_run() {
  local pid ATELIER_HOME=$1 tries=0 status=0
  local base=$((20000 + RANDOM % 20000))
  mkdir -p "$ATELIER_HOME/run" "$ATELIER_HOME/logs"
  server_command --data-dir "$ATELIER_HOME" --port "$base" --http-port $((base + 1))
  "${server_argv[@]}" </dev/null &
  pid=$!
  wait_until_ready "$pid" || return 1
  "${@:2}" || status=1
  kill -TERM "$pid"
  wait "$pid"
  [ -f "$build_home/server.aot" ] && [ $status = 0 ]
}
