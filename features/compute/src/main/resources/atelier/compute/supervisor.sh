# Runs one command so that anybody can learn its fate later.
#   $1  bookkeeping folder; the other arguments are the command.
# Writes `process` (pid, start time in clock ticks since boot, id of the boot) before and `exit` (exit code) after it.
folder=$1
shift
began() { shift 19; start=$1; }
read -r stat < /proc/$$/stat
began ${stat##*) }
read -r boot < /proc/sys/kernel/random/boot_id
# Whoever creates `process` decides: the command runs once, or (when the server gave this start up) never.
set -C
{ echo "$$ $start $boot" > "$folder/process"; } 2>/dev/null || exit 113
set +C
# Handled, not ignored: an ignored signal would be ignored by the command too.
trap : HUP INT TERM
"$@"
code=$?
echo $code > "$folder/exit.part" && mv -f "$folder/exit.part" "$folder/exit"
exit $code
