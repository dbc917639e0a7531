# Runs a command as several processes and ends them together.
# $1 how many; $2 how many of them, counted from 0, must end well; $3 folder with the variables of each, `N.sh`;
# $4 folder of their logs; $5 the command.
count=$1 needed=$2 folder=$3 logs=$4 command=$5
# Job control gives each process a group of its own, so that it is ended with its children.
set -m
groups=()
for ((rank = 0; rank < count; rank++)); do
  (
    . "$folder/$rank.sh"
    bash -c "$command"
    echo $? >"$folder/$rank.exit.new" && mv "$folder/$rank.exit.new" "$folder/$rank.exit"
  ) >>"$logs/std_log_process_$(printf %02d "$rank").txt" 2>&1 </dev/null &
  groups[rank]=$!
done
set +m
code=0
left=$needed
while [ "$left" -gt 0 ] && [ "$code" -eq 0 ]; do
  wait -n
  for rank in "${!groups[@]}"; do
    kill -0 "${groups[rank]}" 2>/dev/null && [ ! -f "$folder/$rank.exit" ] && continue
    status=$(cat "$folder/$rank.exit" 2>/dev/null || echo 137)
    unset "groups[rank]"
    if [ "$status" -ne 0 ]; then
      code=$status
      echo "Process $rank ended with exit code $status; the others are being ended."
      break
    fi
    echo "Process $rank has ended."
    [ "$rank" -lt "$needed" ] && left=$((left - 1))
  done
done
for group in "${groups[@]}"; do kill -TERM -- "-$group" 2>/dev/null; done
# Whoever does not end in five seconds is ended with this process's whole tree.
for ((tries = 0; tries < 50; tries++)); do
  [ -n "$(jobs -pr)" ] || break
  sleep 0.1
done
exit "$code"
