#!/usr/bin/env bash
# ktlint, with the rules for Compose, over the Kotlin that is written by hand; "lint.sh --format" puts right what it can.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
path=$(android/without-gradle/fetch.py lint | paste -sd:)
java -Xmx600m -cp "$path" com.pinterest.ktlint.Main --relative --editorconfig=android/.editorconfig --log-level=warn "$@" \
    'android/**/*.kt' 'android/**/*.kts' 'bindings/kotlin/src/**/*.kt' 'bindings/kotlin/*.kts'
