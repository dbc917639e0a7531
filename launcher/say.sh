# How the launcher talks: results on standard output, what it is doing on standard error, errors in one sentence.

say() { printf '%s\n' "$*" >&2; }

die() {
  printf 'atelier: %s\n' "$*" >&2
  exit 1
}

now_ms() {
  # bash 5 has the clock at hand; older ones ask date.
  if [ -n "${EPOCHREALTIME:-}" ]; then
    local t=${EPOCHREALTIME/[.,]/}
    echo $((t / 1000))
  else
    echo $(($(date +%s) * 1000))
  fi
}

seconds_since() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# Runs "$@" with its output in the file $2, and shows the sentence $1 with the time taken; on failure the end of the log.
step() {
  local title=$1 log=$2 start pid frame=0 status
  shift 2
  start=$(now_ms)
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  if [ -t 2 ]; then
    local frames='|/-\'
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r%s %s %s ' "${frames:frame++%4:1}" "$title" "$(seconds_since "$start")" >&2
      sleep 0.2
    done
    printf '\r\033[K' >&2
  else
    say "$title ..."
  fi
  wait "$pid"
  status=$?
  if [ $status -ne 0 ]; then
    say "$title failed after $(seconds_since "$start"). The end of $log:"
    tail -n 30 "$log" >&2
    return $status
  fi
  say "$title: $(seconds_since "$start")"
}
