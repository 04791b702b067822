#!/usr/bin/env bash
# The screens and the counter's window by Maven: no Gradle, no Android SDK. Installs what is missing.
#   desktop.sh test                   every test of ui and counter, beside a real server; closes with "ui: N passed, N failed"
#   desktop.sh gallery DIRECTORY …    every screen in every view as a picture; more words narrow it (zh-light, members)
#   desktop.sh counter …              the window: [--home DIRECTORY] [--enrol SERVER CODE]
#   desktop.sh window                 the window beside the server of GUIDEBOOK_CONTRACT, signed in as its guide, with what to try
#   desktop.sh bench [start|scroll]   the figures of ui/README.md, with GUIDEBOOK_CONTRACT's guide and the core in GUIDEBOOK_CORE
#   desktop.sh walk                   the walk through the real thing, beside a server of its own, as pictures; needs no display
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
bindings=$target/bindings
shell=$target/shell

missing=()
need() { command -v "$1" >/dev/null || missing+=("${@:2}"); }
need python3 python3
need java openjdk-17-jdk-headless
need mvn maven
if [ "$(uname -s)" = Linux ]; then
    need fc-list fontconfig
    # Without these Skia does not load; without Noto every Chinese character is an empty box.
    for library in libgl1 libx11-6 libfontconfig1 fonts-noto-cjk fonts-noto-color-emoji; do
        dpkg -s "$library" >/dev/null 2>&1 || missing+=("$library")
    done
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "desktop.sh: installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The core's library lies where JNA looks for it.
bindings/generate.sh
case $(uname -sm) in
    'Linux x86_64') platform=linux-x86-64 ;;
    'Linux aarch64') platform=linux-aarch64 ;;
    'Darwin arm64') platform=darwin-aarch64 ;;
    *) echo "desktop.sh: no JNA folder known for $(uname -sm)" >&2; exit 2 ;;
esac
mkdir -p "$bindings/kotlin-native/$platform"
cp -u "$bindings"/native/* "$bindings/kotlin-native/$platform/"

# shellcheck disable=SC2046 # one option a line
maven() {
    MAVEN_OPTS=${MAVEN_OPTS:--Xmx700m} "${before[@]}" mvn --batch-mode --no-transfer-progress -f android/pom.xml \
        "-Dbindings=$bindings" "-Dshell.target=$shell" $(android/without-gradle/catalogue.py maven) "$@"
}
before=()
options=()
# The JVM of a counter: quick to start, and no second compiler that takes the processors from the first key strokes.
counter_options=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1)

announce() { echo "Building the screens; the first time takes some minutes" >&2; }
# Maven compiles everything each time, for minutes; here only what changed since (a folder changes when a file in it goes).
built() {
    local stamp=$shell/built
    [ ! -e "$stamp" ] || [ -n "$(find android/{ui,counter}/{src,pom.xml} android/pom.xml android/gradle/libs.versions.toml \
        bindings/kotlin/{src,pom.xml} "$bindings/kotlin" -newer "$stamp" -print -quit)" ] || return 0
    announce
    rm -f "$stamp"
    mkdir -p "$shell"
    touch "$stamp.begun"
    maven --quiet process-test-classes
    mv "$stamp.begun" "$stamp"
}

# classpath MODULE   its classes and what they need. Each folder as a jar: the JVM archives no class that lies in a folder.
classpath() {
    local part parts jars=
    IFS=: read -ra parts <<<"$shell/$1/classes:$shell/$1/test-classes:$(cat "$shell/$1/classpath.txt")"
    for part in "${parts[@]}"; do
        if [ -d "$part" ]; then
            [ -e "$part.jar" ] && [ -z "$(find "$part" -newer "$part.jar" -print -quit)" ] || jar --create --file "$part.jar" -C "$part" .
            part=$part.jar
        fi
        jars+=:$part
    done
    echo "${jars#:}"
}

# java_on MODULE ARGUMENTS…
java_on() {
    local jars
    jars=$(classpath "$1")
    shift
    java -Xmx700m "${options[@]}" -Dskiko.renderApi=SOFTWARE "-Dskiko.data.path=$shell/skiko" -Duser.timezone=Asia/Shanghai -Dfile.encoding=UTF-8 \
        -cp "$jars" "$@"
}

# The window. Its first end leaves an archive of its classes behind, from which it starts in half the time.
counter() {
    local archive=$shell/counter.jsa
    classpath counter >/dev/null
    options=("${counter_options[@]}" -Xlog:disable -Xlog:all=error:stderr)
    if [ -e "$archive" ] && [ -z "$(find "$shell"/*/*.jar -newer "$archive" -print -quit)" ]; then
        options+=("-XX:SharedArchiveFile=$archive")
    else
        rm -f "$archive"
        options+=("-XX:ArchiveClassesAtExit=$archive")
    fi
    java_on counter guidebook.counter.CounterKt "$@"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
    test)
        rm -rf "$shell"/*/surefire-reports
        # Built first: the server's codes are good for ten minutes.
        built
        before=(bindings/with-server.sh)
        code=0
        # The bindings' own tests are those of bindings/kotlin/test.sh.
        maven --projects ../bindings/kotlin,ui,counter -Dsurefire.failIfNoSpecifiedTests=false -Dtest='guidebook.ui.**,guidebook.counter.**' test || code=$?
        bindings/closing-line.py ui "$shell"/*/surefire-reports/TEST-*.xml
        exit "$code" ;;
    gallery)
        built
        java_on ui -Djava.awt.headless=true guidebook.ui.gallery.GalleryKt "$@" ;;
    window)
        built
        home=$(mktemp -d)
        trap 'rm -rf "$home"' EXIT
        # Asked for only when all is built: it is good for ten minutes.
        sign_in=$(python3 android/sign_in.py)
        redeem=$(python3 android/counter_till.py "$home/till")
        cat <<'TEXT'

The window opens, signed in as 李娜晴 of 红荔路店. Try:
  zm            finds 查美 by her initials; Enter opens her
  / and arrows  the search, and the list; a scanner that types lands in the search
  标签 Tags     a tap is saved at once; 撤销 (Undo) takes it back
  登记新客      (New member) a walk-in, both memberships in one act
  the pill      at the top left: what waits, what was lost, apply again
  发券          (Give a coupon) on 查美: ¥20, also with the network gone. Then, in another terminal, with the code of the card:
TEXT
        cat <<TEXT
                $redeem CODE --spend 30000 --order A1
                the same again says the same; another --order is refused
Close the window, and the server ends too.
TEXT
        # shellcheck disable=SC2086 # address and code
        counter --home "$home" --enrol $sign_in ;;
    bench)
        built
        home=$(mktemp -d)
        trap 'rm -rf "$home"' EXIT
        sign_in=$(python3 android/sign_in.py)
        # The phone's optimised core in the stead of that of the tests.
        options=("${counter_options[@]}" "-Djna.library.path=$GUIDEBOOK_CORE" -Djava.awt.headless=true)
        # shellcheck disable=SC2086 # address and code
        java_on counter guidebook.counter.bench.UiBenchKt "$home" $sign_in "$@" ;;
    walk)
        announce
        before=(bindings/with-server.sh)
        maven --quiet --projects ../bindings/kotlin,ui -Dsurefire.failIfNoSpecifiedTests=false -Dtest='guidebook.ui.walk.WalkTest' test
        echo "The walk through the app, as pictures: $shell/ui/walk" ;;
    counter)
        built
        counter "$@" ;;
    *)
        sed -n '2,8s/^# \{0,1\}//p' "$root/android/desktop.sh" >&2
        exit 2 ;;
esac
