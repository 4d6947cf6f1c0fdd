# shellcheck shell=bash
# What ./run and ./test share: they source this file.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly program="./${0##*/}"
readonly state="$root/local/.state"
readonly logs="$state/logs"
readonly oldest_sdk=10.0.100
readonly needed_mib=1024
readonly compiler_server="crmmail-build-$$"

child='' ticker=''

say() {
    printf '%s\n' "$*"
}

# The cause and its cure, in one line.
die() {
    printf '%s: %s\n' "$program" "$*" >&2
    exit 1
}

# --- what every mode needs ---------------------------------------------------

prepare() {
    [[ $(uname -s) == Linux ]] || die "runs on Linux; elsewhere use: dotnet run --project CrmMail.AppHost"
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap stop_child EXIT

    keep_kafka_home_absolute
    cd "$root"
    require_free_disk "$root"
    mkdir -p "$logs" 2>/dev/null || true
    [[ -w $state && -w $logs ]] ||
        die "cannot write to $state: run it as the owner of this folder ($(stat -c %U "$root"))"
    set_dotnet_environment
    require_free_disk "${NUGET_PACKAGES:-$HOME/.nuget/packages}"
    require_sdk
}

keep_kafka_home_absolute() {
    if [[ -n ${KAFKA_HOME:-} && $KAFKA_HOME != /* ]]; then
        export KAFKA_HOME="$PWD/$KAFKA_HOME"
    fi
}

set_dotnet_environment() {
    # Accounts such as nobody have no home, and NuGet needs one.
    [[ -w ${HOME:-} ]] || export HOME="$state/home"
    mkdir -p "$HOME"
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
    # MSBuild's nodes and its server would outlive the build.
    export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
}

require_free_disk() {
    local folder=$1 free
    until [[ -e $folder ]]; do
        folder=$(dirname "$folder")
    done
    free=$(($(df --output=avail --block-size=1K "$folder" | tail -n 1) / 1024))
    ((free >= needed_mib)) ||
        die "the disk is full: $free MiB are free at $folder, and $needed_mib MiB are needed: free some space there"
}

require_sdk() {
    local folder
    command -v dotnet >/dev/null ||
        die "the .NET SDK is missing: install .NET SDK $oldest_sdk or later (https://dot.net/download) and put dotnet on the PATH"
    if ! sdk=$(dotnet --version 2>&1); then
        [[ $sdk == *global.json* ]] || die "dotnet does not work here: $(head -n 2 <<<"$sdk" | paste -sd ' ')"
        die "needs .NET SDK $oldest_sdk or later, and dotnet offers $(offered_sdks): install it (https://dot.net/download)"
    fi

    # The services' executables look for the runtime in the usual folders only; this SDK may lie in another.
    folder=$(dirname "$(readlink -f "$(command -v dotnet)")")
    if [[ -z ${DOTNET_ROOT:-} && -d $folder/shared ]]; then
        export DOTNET_ROOT="$folder"
    fi
}

offered_sdks() {
    local sdks
    sdks=$(dotnet --list-sdks 2>&1 | sed -n 's/^\([0-9][^ ]*\) \[.*/\1/p' | paste -sd ' ')
    printf '%s' "${sdks:-none}"
}

# --- Aspire or local ---------------------------------------------------------

# choose_mode local|aspire|"": sets $mode, and LocalMode for MSBuild (Directory.Build.props).
choose_mode() {
    local wanted=$1
    case $wanted,${LocalMode:-} in
        ,true) wanted=local ;;
        ,false) wanted=aspire ;;
    esac

    if [[ $wanted == local ]]; then
        mode=local
        say "Local mode: asked for."
    elif ! find_container_engine; then
        [[ $wanted != aspire ]] ||
            die "Aspire needs a container engine, and neither docker nor podman answers: start one, or use --local"
        mode=local
        say "Local mode: no container engine answers (docker, podman)."
    elif ! aspire_packages_restore "$wanted"; then
        [[ $wanted != aspire ]] ||
            die "the Aspire packages cannot be restored ($(first_error "$logs/aspire-restore.log")): check the NuGet sources, or use --local"
        mode=local
        say "Local mode: $engine answers, but the Aspire packages cannot be restored ($logs/aspire-restore.log)."
    else
        mode=aspire
        say "Aspire mode: $engine answers and the Aspire packages are there."
    fi

    if [[ $mode == local ]]; then
        export LocalMode=true
    else
        export LocalMode=false ASPIRE_CONTAINER_RUNTIME="${ASPIRE_CONTAINER_RUNTIME:-$engine}"
    fi
}

find_container_engine() {
    for engine in docker podman; do
        if command -v "$engine" >/dev/null && timeout 5 "$engine" info >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

# Restores the solution as Aspire would, into a folder of its own. An answer holds for an hour, except a no for --aspire.
aspire_packages_restore() {
    local wanted=$1 answer="$state/aspire-packages" found=''
    if [[ $answer -nt Directory.Packages.props && -n $(find "$answer" -mmin -60) ]]; then
        found=$(<"$answer")
    fi
    if [[ $found != yes && ($found != no || $wanted == aspire) ]]; then
        found=yes
        LocalMode=false supervise 300 "Looking for the Aspire packages" "$logs/aspire-restore.log" \
            dotnet restore CrmMail.sln "-p:ArtifactsPath=$state/aspire-restore" || found=no
        printf '%s' "$found" >"$answer"
    fi
    [[ $found == yes ]]
}

# --- what local mode needs: PostgreSQL, Redis, Kafka -------------------------

set_up_local_servers() {
    local missing=()
    require_kafka

    if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
        missing+=(postgresql)
    fi
    if ! command -v redis-server >/dev/null; then
        missing+=(redis-server)
    fi
    if [[ -n ${KAFKA_HOME:-} ]] && (($(java_version) < 17)); then
        [[ -z ${JAVA_HOME:-} ]] ||
            die "Kafka needs Java 17 or later, and JAVA_HOME=$JAVA_HOME is not: correct or unset JAVA_HOME"
        missing+=(openjdk-17-jre-headless)
    fi

    ((${#missing[@]} == 0)) || install_packages "${missing[@]}" || die "$trouble"
}

require_kafka() {
    local jars
    # Without KAFKA_HOME it is the broker in local/kafka, which is built with the AppHost.
    [[ -n ${KAFKA_HOME:-} ]] || return 0
    [[ -x $KAFKA_HOME/bin/kafka-server-start.sh && -x $KAFKA_HOME/bin/kafka-storage.sh ]] ||
        die "KAFKA_HOME=$KAFKA_HOME is not a Kafka home (no bin/kafka-server-start.sh in it): set it to the folder of an Apache Kafka 4"
    jars=$(compgen -G "$KAFKA_HOME/libs/kafka-clients-*.jar") ||
        die "KAFKA_HOME=$KAFKA_HOME is not a whole Kafka home (no kafka-clients in its libs): set it to the folder of an Apache Kafka 4"
    [[ ! $jars =~ kafka-clients-[0-3]\. ]] ||
        die "KAFKA_HOME=$KAFKA_HOME is older than Kafka 4: set it to the folder of an Apache Kafka 4"
}

# The major version of the Java that Kafka's scripts would take, 0 without one.
java_version() {
    local java="${JAVA_HOME:+$JAVA_HOME/bin/}java" version
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1) || true
    printf '%s' "${version:-0}"
}

# install_packages PACKAGE...: fails with the reason in $trouble.
install_packages() {
    local log="$logs/apt.log" as_root=() package
    trouble=''
    if ! command -v apt-get >/dev/null; then
        trouble="$* is missing, and so is apt-get: install PostgreSQL 15 or later, Redis 6 or later and, for Kafka, Java 17"
    elif ((EUID != 0)); then
        sudo -n true 2>/dev/null ||
            trouble="$* is missing, and installing it needs root: apt-get install $*, or run this once as root"
        as_root=(sudo -n)
    fi
    [[ -z $trouble ]] || return 1

    for package in "$@"; do
        case $package in
            postgresql) say "Installing postgresql: the database. The package's own cluster and service stay off." ;;
            redis-server) say "Installing redis-server: remembers which mails are done. The package's own service stays off." ;;
            openjdk-*) say "Installing $package: Kafka runs on Java." ;;
            *) say "Installing $package: for the tests with other Kafka clients." ;;
        esac
    done
    if ! supervise 900 "Installing" "$log" "${as_root[@]}" "$root/local/install-packages.sh" "$@"; then
        trouble="apt-get could not install $* ($(first_error "$log")): check the network and the apt sources; all of it is in $log"
        return 1
    fi
}

# --- the clients of tests/KafkaConformance.Tests ------------------------------

set_up_kafka_clients() {
    local missing=()
    command -v kcat >/dev/null || missing+=(kcat)
    /usr/bin/python3 -c 'import kafka, lz4, snappy' 2>/dev/null || missing+=(python3-kafka python3-lz4 python3-snappy)
    command -v npm >/dev/null || missing+=(nodejs npm)

    ((${#missing[@]} == 0)) || install_packages "${missing[@]}" || say "Tests of other Kafka clients will be skipped: $trouble"
    ! command -v npm >/dev/null || install_kafkajs
}

install_kafkajs() {
    local wanted="$root/tests/KafkaConformance.Tests/Clients/kafkajs" installed="$state/kafkajs"
    if [[ -d $installed/node_modules/kafkajs ]] && cmp -s "$wanted/package-lock.json" "$installed/package-lock.json"; then
        return
    fi
    mkdir -p "$installed"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$installed/"
    say "Installing kafkajs: for the tests with other Kafka clients."
    supervise 300 "Installing kafkajs" "$logs/npm.log" npm ci --prefix "$installed" --ignore-scripts --no-audit --no-fund ||
        say "Tests of kafkajs will be skipped: npm could not install it ($(first_error "$logs/npm.log")); all of it is in $logs/npm.log"
}

# --- the build ---------------------------------------------------------------

# build TARGET NAME [COVERING]: builds a project or the solution, unless neither sources nor outputs have changed since
# NAME, or COVERING with NAME in it, was built.
build() {
    local target=$1 name=$2 log="$logs/build.log" lock sources start=$SECONDS
    mkdir -p "$state/build"
    exec {lock}>"$state/build/lock"
    flock --nonblock "$lock" || { say "Waiting for another build of this folder."; flock "$lock"; }

    sources=$(fingerprint_sources)
    if ! is_built "$sources" "${@:2}"; then
        rm -f "$state/build/$name"
        say "Building $target."
        # A compiler server of the build's own halves its time, and ends with it (stop_child).
        supervise 1800 "Building" "$log" dotnet build "$target" -nologo -tl:off -v:minimal \
            -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler_server" || report_failed_build "$log"
        printf '%s\n' "$sources $(fingerprint_outputs)" >"$state/build/$name"
        say "Built in $((SECONDS - start)) s."
    fi
    exec {lock}>&-
}

is_built() {
    local sources=$1 built name
    built="$sources $(fingerprint_outputs)"
    for name in "${@:2}"; do
        if [[ -f $state/build/$name && $(<"$state/build/$name") == "$built" ]]; then
            return 0
        fi
    done
    return 1
}

# Names, sizes and times, so that a deleted file counts as a change too.
fingerprint_sources() {
    {
        printf '%s %s\n' "$LocalMode" "$sdk"
        find . \( -name .git -o -name bin -o -name obj -o -name artifacts -o -path ./local/.state -o -path ./docs \) -prune \
            -o -type f ! -name '*.md' -printf '%P %s %T@\n' | LC_ALL=C sort
    } | sha256sum
}

# Another build, in an editor say, may have replaced what was built here.
fingerprint_outputs() {
    { find artifacts/bin -name '*.dll' -printf '%P %s %T@\n' 2>/dev/null || true; } | LC_ALL=C sort | sha256sum
}

report_failed_build() {
    local log=$1
    if grep -q 'No space left on device' "$log"; then
        die "the disk is full: free some space and run it again; the build's output is in $log"
    elif grep -qE 'NU1301|NU1900' "$log"; then
        die "NuGet cannot be reached ($(first_error "$log")): check the network and the NuGet sources; all of it is in $log"
    fi
    errors "$log" >&2 || tail -n 20 "$log" >&2
    die "the build failed with the errors above; all of it is in $log"
}

# --- running something long, with its output in a log ------------------------

# supervise SECONDS LABEL LOG COMMAND...: ends with COMMAND's exit code, and leaves no process of COMMAND behind.
supervise() {
    local seconds=$1 label=$2 log=$3 code=0
    shift 3
    timeout --signal=INT --kill-after=20 "$seconds" "$@" </dev/null >"$log" 2>&1 &
    child=$!
    if [[ -t 1 ]]; then
        show_progress "$label" "$log" &
        ticker=$!
    fi
    wait "$child" 2>/dev/null || code=$?   # without bash's own word on a killed child
    stop_child
    return "$code"
}

# timeout leads a process group, passes an interrupt on to it, and kills it after the 20 seconds of grace.
stop_child() {
    if [[ -n $child ]]; then
        if kill -INT "$child" 2>/dev/null; then
            wait "$child" 2>/dev/null || true
        fi
        kill -TERM -- "-$child" 2>/dev/null || true
        rm -f "${TMPDIR:-/tmp}/$compiler_server"
        child=''
    fi
    if [[ -n $ticker ]]; then
        kill "$ticker" 2>/dev/null || true
        wait "$ticker" 2>/dev/null || true
        ticker=''
        printf '\r\e[K'
    fi
}

show_progress() {
    local label=$1 log=$2 start=$SECONDS latest
    while kill -0 "$child" 2>/dev/null; do
        latest=$(tail -n 1 "$log" | sed 's/ -> .*//; s/^ *//' | cut -c 1-50)
        printf '\r\e[K%s, %d s: %s' "$label" $((SECONDS - start)) "$latest"
        sleep 1
    done
}

# What a log of dotnet or apt calls an error, each once and with paths from this folder on.
errors() {
    local found
    found=$(grep -E '^E:|: error |^error ' "$1" | sed -E 's/^ +//; s/ \[[^]]*(proj|sln)\]$//' | awk '!seen[$0]++ && shown++ < 40') || return 1
    printf '%s\n' "${found//"$root/"/}"
}

first_error() {
    local all
    all=$(errors "$1") || all=$(tail -n 1 "$1")
    printf '%s' "${all%%$'\n'*}"
}
