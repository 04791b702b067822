#!/usr/bin/env bash
# Compiles the phone's app against the real AndroidX and runs its tests under Robolectric, without Gradle and Android SDK.
#   build.sh [STEP…]    steps: modules framework unpack manifest resources core compile tests (all, in this order)
#   TESTS               classes to run instead of all (guidebook.app.DeepLinkTest)
#   SCREENSHOTS         where pictures go (default: target/android/screenshots)
#   SKIP_GENERATE       set: take the bindings as they lie in target/bindings
# What is made lies in target/android. The tests that need a server find it in GUIDEBOOK_CONTRACT (bindings/with-server.sh).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
android=$(dirname "$here")
repo=$(dirname "$android")
target=${CARGO_TARGET_DIR:-$repo/target}
out=$target/android
package=guidebook.app
heap=${HEAP:--Xmx900m}
mkdir -p "$out"

joined() { paste -sd:; }
version() { "$here/catalogue.py" version "$1"; }

# Runs "$@" only if the files named on standard input, or the command, differ from when it last succeeded.
when_changed() { # when_changed STAMP COMMAND…
    local stamp=$out/$1.stamp now
    shift
    now=$( { cat; cat "$here/modules.lock"; echo "$@"; } | sha256sum)
    [ "$now" != "$(cat "$stamp" 2>/dev/null)" ] || return 0
    "$@"
    echo "$now" >"$stamp"
}
contents() { find "$@" -type f -print0 2>/dev/null | sort -z | xargs -0r cat; }

# --- what is downloaded --------------------------------------------------------------------------------------

modules() {
    local list
    for list in app test kotlinc merger framework; do "$here/fetch.py" "$list" >"$out/$list.paths"; done
}

# The framework's resources for `aapt2 link -I`. Bookworm's package is API 29 and lacks attributes that AndroidX names,
# so trixie's is taken, by an apt of its own. It holds data only; aapt2 itself is bookworm's.
framework() {
    [ ! -f "$out/framework-res.apk" ] || return 0
    local apt=$out/apt mirror options
    mirror=${DEBIAN_MIRROR:-$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)}
    mkdir -p "$apt"/{state/lists/partial,cache/archives/partial}
    : >"$apt/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$apt/sources.list"
    options=(-qq -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root
        -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Acquire::Languages=none)
    (cd "$apt" && apt-get "${options[@]}" update && apt-get "${options[@]}" download android-framework-res)
    dpkg-deb -x "$apt"/android-framework-res_*.deb "$apt/root"
    mv "$apt/root/usr/share/android-framework-res/framework-res.apk" "$out/framework-res.apk"
    rm -rf "$apt"
}

unpack() {
    local aar folder
    while read -r aar; do
        folder=$out/aar/$(basename "$aar" .aar)
        [ -d "$folder" ] || { mkdir -p "$folder" && unzip -qo "$aar" -d "$folder"; }
    done < <(grep '\.aar$' "$out/test.paths")
}

folders() { sed -n "s:.*/\([^/]*\)\.aar\$:$out/aar/\1:p" "$out/$1.paths"; } # folders LIST: the unpacked AARs
android_all() { grep '/android-all/' "$out/test.paths"; }

# --- manifest and resources ----------------------------------------------------------------------------------

manifest() {
    merge_manifest test "$out/AndroidManifest.xml"
    merge_manifest app "$out/AndroidManifest-app.xml"
}

merge_manifest() { # merge_manifest LIST FILE
    contents "$android/app/src/main/AndroidManifest.xml" | when_changed "manifest-$1" \
        java "$heap" -cp "$(joined <"$out/merger.paths")" com.android.manifmerger.Merger \
        --main "$android/app/src/main/AndroidManifest.xml" --libs "$(folders "$1" | sed 's:$:/AndroidManifest.xml:' | joined)" \
        --out "$2" --log ERROR --property PACKAGE=$package \
        --property MIN_SDK_VERSION="$(version minSdk)" --property TARGET_SDK_VERSION="$(version targetSdk)"
}

resources() { contents "$android/app/src/main/res" "$out/AndroidManifest.xml" | when_changed resources link_resources; }

# resources.apk, and the R class of every library that has one. The app comes last: a later table wins.
link_resources() {
    local folder packages=() tables=() name
    rm -rf "$out/res" && mkdir -p "$out"/res/{flat,java,classes}
    while read -r folder; do
        name=$(basename "$folder")
        if [ -n "$(ls "$folder/res" 2>/dev/null)" ]; then
            [ -f "$out/flat/$name.zip" ] || { mkdir -p "$out/flat" && aapt2 compile --dir "$folder/res" -o "$out/flat/$name.zip"; }
            tables+=(-R "$out/flat/$name.zip")
        fi
        [ ! -s "$folder/R.txt" ] || packages+=("$(tr '\n' ' ' <"$folder/AndroidManifest.xml" | sed -E 's/.* package="([^"]+)".*/\1/')")
    done < <(folders test)
    aapt2 compile --dir "$android/app/src/main/res" -o "$out/res/app.zip"
    # Bookworm's aapt2 does not know <queries>, which Robolectric reads from the whole manifest.
    sed '/<queries>/,/<\/queries>/d' "$out/AndroidManifest.xml" >"$out/res/AndroidManifest.xml"
    # It names a chunk of trixie's framework that it does not know; nothing is missing for it.
    aapt2 link -I "$out/framework-res.apk" --manifest "$out/res/AndroidManifest.xml" --auto-add-overlay --java "$out/res/java" \
        --extra-packages "$(printf '%s\n' "${packages[@]}" | joined)" -o "$out/resources.apk" "${tables[@]}" -R "$out/res/app.zip" \
        2> >(grep -v "Unknown chunk type '200'" >&2)
    find "$out/res/java" -name '*.java' >"$out/res/sources"
    javac --release 17 -d "$out/res/classes" "@$out/res/sources"
}

# --- Kotlin --------------------------------------------------------------------------------------------------

# All that the app and its tests stand on; android-all comes last, behind Robolectric's own classes.
libraries() {
    { grep '\.jar$' "$out/test.paths" | grep -v /android-all/; folders test | xargs -I{} find {} -name '*.jar' | sort
      echo "$out/res/classes"; android_all; } | joined
}

kotlinc() { # kotlinc OUT CLASSPATH SOURCES… [-- OPTIONS…]
    local classes=$1 path=$2 sources=()
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do sources+=("$1") && shift; done
    [ $# -eq 0 ] || shift
    rm -rf "$classes"
    java -Xmx1400m -cp "$(joined <"$out/kotlinc.paths")" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler -no-stdlib -no-reflect \
        -jvm-target "$(version jvm)" -Xplugin="$(grep compose-compiler-plugin "$out/kotlinc.paths")" \
        -cp "$path" -d "$classes" "$@" "${sources[@]}"
}

# The generated bindings, and the library for this machine that the tests load.
core() {
    [ -n "${SKIP_GENERATE:-}" ] || "$repo/bindings/generate.sh"
    contents "$target/bindings/kotlin" | when_changed core kotlinc "$out/core" "$(libraries)" "$target/bindings/kotlin" -- -nowarn
}

compile() {
    local ui=$android/ui/src/commonMain/kotlin both=$android/ui/src/commonTest/kotlin app=$android/app/src libs
    libs=$(libraries)
    contents "$ui" "$target/bindings/kotlin" | when_changed ui kotlinc "$out/ui" "$out/core:$libs" "$ui" -- -module-name ui
    contents "$ui" "$app/main" "$target/bindings/kotlin" |
        when_changed app kotlinc "$out/app" "$out/ui:$out/core:$libs" "$app/main/kotlin" -- -module-name app
    contents "$ui" "$both" "$app" "$target/bindings/kotlin" | when_changed app-test \
        kotlinc "$out/app-test" "$out/app:$out/ui:$out/core:$libs" "$app/test/kotlin" "$both" -- -module-name test -Xfriend-paths="$out/app"
}

# --- tests ---------------------------------------------------------------------------------------------------

tests() {
    local config=$out/config classes
    mkdir -p "$config/com/android/tools"
    printf '%s\n' "android_resource_apk=$out/resources.apk" "android_merged_manifest=$out/AndroidManifest.xml" \
        "android_custom_package=$package" >"$config/com/android/tools/test_config.properties"
    echo "sdk=$(version targetSdk)" >"$config/robolectric.properties"
    classes=${TESTS:-$(cd "$android/app/src/test/kotlin" && find . -name '*Test.kt' | sort | sed 's:^\./::; s:\.kt$::' | tr / .)}
    # shellcheck disable=SC2086 # several classes
    java "$heap" -Drobolectric.offline=true -Drobolectric.graphicsMode=NATIVE \
        -Drobolectric.dependency.dir="$(dirname "$(cat "$out/framework.paths")")" -Djna.library.path="$target/bindings/native" \
        -Dguidebook.android="$android" -Dguidebook.out="$out" -Dguidebook.screenshots="${SCREENSHOTS:-$out/screenshots}" \
        -cp "$config:$out/app-test:$out/app:$out/ui:$out/core:$(libraries)" guidebook.app.runner.RunKt $classes
}

[ $# -gt 0 ] || set -- modules framework unpack manifest resources core compile tests
for step; do
    start=$EPOCHREALTIME
    "$step"
    awk -v step="$step" -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-10s %6.1f s\n", step, b - a }' >&2
done
