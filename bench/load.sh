#!/usr/bin/env bash
# Measures side by side, in one interleaved run on this machine: the upstream itself, a plain Spring Cloud Gateway route and
# our chain. CPU is what the process under test used, read from /proc; requests come from wrk (package wrk), system calls
# from strace (package strace) where they are installed.
#
#   bench/load.sh [seconds per measurement] [rounds]
#   URL=http://127.0.0.1:20128/v1/chat/completions KEY=sk-omni-... bench/load.sh    any gateway, requests only
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_EACH=${1:-10}
ROUNDS=${2:-3}
CONNECTIONS=${CONNECTIONS:-64}
command -v wrk >/dev/null || { echo "bench/load.sh needs wrk" >&2; exit 1; }

work=$(mktemp -d)
pids=()
cleanup() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

script() { # file, bytes of prompt, stream
    cat >"$1" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer ${KEY:-bench}"
wrk.body = '{"model":"${MODEL:-sandbox/chat}",$3"messages":[{"role":"user","content":"' .. string.rep("word ", $2 / 5) .. '"}]}'
done = function(summary, latency, requests)
    local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
    io.write(string.format("RESULT %d %d %d %d\n", summary.requests, failed, latency:percentile(50), summary.bytes))
end
LUA
}
script "$work/1k.lua" 1024 ''
script "$work/32k.lua" 32768 ''
script "$work/stream.lua" 1024 '"stream":true,'
# ten times as many events, so that what a call costs once does not count
MODEL=sandbox/long script "$work/events.lua" 1024 '"stream":true,'
# a client of Anthropic's Messages at the same provider of the Chat format
script "$work/translated.lua" 1024 '"stream":true,"max_tokens":1000,'
echo 'wrk.path = "/v1/messages"' >>"$work/translated.lua"

MODEL=failover script "$work/failover.lua" 1024 ''

if [ -n "${URL:-}" ]; then
    for kind in 1k 32k; do wrk -t2 -c"$CONNECTIONS" -d"${SECONDS_EACH}s" -s "$work/$kind.lua" "$URL" | grep -E 'Requests/sec|RESULT'; done
    exit
fi

java="$(./mvnw --jdk)/bin/java"
[ -f bench/target/classpath ] || ./mvnw -q -B -Dfast -DskipTests package -pl bench -am
classpath="$(cat bench/target/classpath):bench/target/classes"
options=(--enable-native-access=ALL-UNNAMED -Xmx512m -cp "$classpath")
start() { # name, port, extra
    DATA_DIR="$work/data" "$java" "${options[@]}" "-Dbench.hash=$(printf bench | sha256sum | cut -d' ' -f1)" \
        -Dlogging.level.root=error io.omniroute.bench.Targets "$1" "$2" "${3:-}" >"$work/$1.log" 2>&1 &
    pids+=($!)
    eval "pid_$1=$!"
    for _ in $(seq 1 1200); do (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null && return; sleep 0.1; done
    cat "$work/$1.log"; exit 1
}
start upstream 21001
start plain 21002 21001
start gateway 21003 21001
start large 21004 21001
ticks=$(getconf CLK_TCK)
EVENT_BYTES=160 # an event of the upstream, as a chunk
cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }
measure() { # name, port, kind, connections, seconds -> name kind us-per-request p50 failed requests
    eval "local pid=\$pid_$1"
    local before after line
    before=$(cpu "$pid")
    line=$(wrk -t2 --timeout 30s -c"$4" -d"${5}s" -s "$work/$3.lua" "http://127.0.0.1:$2/v1/chat/completions" | grep RESULT)
    after=$(cpu "$pid")
    read -r _ requests failed p50 bytes <<<"$line"
    if [ "$3" = events ]; then requests=$((bytes / EVENT_BYTES)); fi
    awk -v n="$1" -v k="$3" -v c=$((after - before)) -v t="$ticks" -v r="$requests" -v f="$failed" -v p="$p50" -v s="$5" \
        'BEGIN { printf "%s %s %.1f %d %d %.0f\n", n, k, c * 1e6 / t / r, p, f, r / s }' | tee -a "$work/results"
}
echo "warming up ..." >&2
for name in plain:21002 gateway:21003; do
    for kind in 1k 32k stream events; do measure "${name%:*}" "${name#*:}" $kind "$CONNECTIONS" "${WARM:-12}" >/dev/null; done
done
measure gateway 21003 translated "$CONNECTIONS" "${WARM:-12}" >/dev/null
measure gateway 21003 failover "$CONNECTIONS" "${WARM:-12}" >/dev/null
measure large 21004 1k "$CONNECTIONS" "$((2 * ${WARM:-12}))" >/dev/null
: >"$work/results"
echo "target kind cpu-us-per-request p50-us failed requests/s" >&2
for _ in $(seq 1 "$ROUNDS"); do
    for kind in 1k 32k stream events; do
        for name in upstream:21001 plain:21002 gateway:21003; do
            measure "${name%:*}" "${name#*:}" $kind "$CONNECTIONS" "$SECONDS_EACH"
        done
    done
    measure gateway 21003 translated "$CONNECTIONS" "$SECONDS_EACH"
    measure large 21004 1k "$CONNECTIONS" "$SECONDS_EACH"
    # one after another, so that the time of a call is seen
    measure gateway 21003 failover 2 "$SECONDS_EACH"
    measure gateway 21003 1k 2 "$SECONDS_EACH" >/dev/null
    sed -i '$ s/ 1k / alone /' "$work/results"
done
median() { # target, kind
    grep "^$1 $2 " "$work/results" | awk '{print $3}' | sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'
}
echo
echo "median CPU per request (a stream has 52 events), or per event of streams with 502, and against the plain gateway:"
for kind in 1k 32k stream events; do
    for name in plain gateway; do
        eval "m_$name=$(median $name $kind)"
    done
    awk -v k=$kind -v p="$m_plain" -v g="$m_gateway" 'BEGIN { printf "%-7s plain %8.1f us   gateway %8.1f us   %.2fx   +%.1f us\n", k, p, g, g/p, g-p }'
done
awk -v s="$(median gateway stream)" -v t="$(median gateway translated)" \
    'BEGIN { printf "a translated stream costs %.1f us, %.2fx a stream of one format\n", t, t / s }'
awk -v s="$(median gateway 1k)" -v l="$(median large 1k)" \
    'BEGIN { printf "a catalog of 300 providers, 10,200 models and 1,000 combos: %.1f us, %.2fx\n", l, l / s }'
p50() { grep "^gateway $1 " "$work/results" | awk '{print $4}' | sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
awk -v f="$(p50 failover)" -v a="$(p50 alone)" \
    'BEGIN { printf "a first target that fails adds %d us to a call of %d us, its own answer included\n", f - a, a }'
if command -v strace >/dev/null && strace -V >/dev/null 2>&1; then
    echo
    echo "system calls per request at $CONNECTIONS connections:"
    for name in plain:21002 gateway:21003; do
        eval "pid=\$pid_${name%:*}"
        timeout 6 strace -f -c -q -p "$pid" -o "$work/strace" & tracer=$!
        sleep 1
        requests=$(wrk -t2 -c"$CONNECTIONS" -d3s -s "$work/1k.lua" "http://127.0.0.1:${name#*:}/v1/chat/completions" | awk '/RESULT/ {print $2}')
        wait "$tracer" || true
        awk -v n="${name%:*}" -v r="$requests" '/total$/ { printf "%-8s %.1f\n", n, $4 / r }' "$work/strace"
    done
fi
echo
echo "resident memory of a gateway that has just started, with 1,000 open streams at -Xmx512m:"
kill "$pid_gateway" "$pid_large" "$pid_plain"
start gateway 21005 21001
wrk -t2 -c1000 -d12s -s "$work/stream.lua" "http://127.0.0.1:21005/v1/chat/completions" >/dev/null & loader=$!
sleep 9
awk '/VmRSS/ {printf "%.0f MB\n", $2/1024}' "/proc/$pid_gateway/status"
wait "$loader"
