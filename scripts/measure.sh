# Measuring, for the comparisons beside this file, which source it.
#
# In: $rounds, the number of measurements. Out: functions.
export LC_ALL=C.UTF-8 TIMEFORMAT='%U %S'

# Least CPU seconds of some rounds of a command.
cpu() {
    local least='' now
    for _ in $(seq "$rounds"); do
        now=$({ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.3f", $1 + $2 }')
        least=$(printf '%s\n%s\n' "$least" "$now" | awk 'NF' | sort -n | head -n 1)
    done
    echo "$least"
}
