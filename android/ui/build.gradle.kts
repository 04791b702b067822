plugins {
    alias(libs.plugins.kotlin.multiplatform)
    alias(libs.plugins.android.multiplatform.library)
    alias(libs.plugins.compose)
    alias(libs.plugins.compose.compiler)
}

val generated = rootDir.resolve("../target/bindings/kotlin")

// The core's Kotlin side. It is made from the library built for this computer, so it needs Rust but no NDK.
val generateBindings by tasks.registering(Exec::class) {
    workingDir = rootDir.resolve("..")
    commandLine("bindings/generate.sh")
    inputs.files(fileTree(rootDir.resolve("../core")) { include("**/*.rs", "**/Cargo.toml") })
    outputs.dir(generated)
}

kotlin {
    jvmToolchain(libs.versions.jvm.get().toInt())

    androidLibrary {
        namespace = "guidebook.ui"
        compileSdk = libs.versions.compileSdk.get().toInt()
        minSdk = libs.versions.minSdk.get().toInt()
    }
    jvm("desktop")

    sourceSets {
        commonMain {
            kotlin.srcDir(files(generated).builtBy(generateBindings))
            dependencies {
                api(libs.cmp.runtime)
                api(libs.cmp.foundation)
                api(libs.cmp.ui)
                api(libs.cmp.material3)
                api(libs.cmp.icons)
                api(libs.coroutines)
                compileOnly(libs.jna)
            }
        }
        // JNA is one library in two packages: with the .so files of phones, or with those of computers.
        androidMain.dependencies {
            api("${libs.jna.get()}@aar")
            api(libs.coroutines.android)
        }
        named("desktopMain") {
            dependencies { api(libs.jna) }
        }
        named("desktopTest") {
            dependencies {
                implementation(compose.desktop.currentOs)
                implementation(libs.cmp.ui.test)
                implementation(libs.coroutines.swing)
                implementation(libs.coroutines.test)
                implementation(libs.serialization.json)
                implementation(libs.junit)
            }
        }
    }
}
