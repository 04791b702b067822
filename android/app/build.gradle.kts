plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.compose.compiler)
}

val jniLibs = rootDir.resolve("../target/jniLibs")

// The core for phones: cargo-ndk finds the NDK in ANDROID_NDK_HOME or in the SDK. Pages of 16 KB are linked for by hand,
// so that an older NDK serves too.
val buildCore by tasks.registering(Exec::class) {
    workingDir = rootDir.resolve("..")
    environment("RUSTFLAGS", "-C link-arg=-Wl,-z,max-page-size=16384")
    commandLine(
        "cargo", "ndk", "--platform", libs.versions.minSdk.get(),
        "--target", "arm64-v8a", "--target", "armeabi-v7a", "--target", "x86_64",
        "--output-dir", jniLibs.path,
        "build", "--profile", "phone", "--locked", "--package", "guidebook-core",
    )
    inputs.files(fileTree(rootDir.resolve("../core")) { include("**/*.rs", "**/Cargo.toml") }, rootDir.resolve("../Cargo.lock"))
    outputs.dir(jniLibs)
}

android {
    namespace = "guidebook.app"
    compileSdk = libs.versions.compileSdk.get().toInt()
    ndkVersion = libs.versions.ndk.get()

    defaultConfig {
        applicationId = "guidebook.app"
        minSdk = libs.versions.minSdk.get().toInt()
        targetSdk = libs.versions.targetSdk.get().toInt()
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }

    androidResources { localeFilters += listOf("zh-rCN", "en") }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
        }
    }

    sourceSets.getByName("main").jniLibs.directories.add(jniLibs.path)

    // Uncompressed and page-aligned in the APK, as phones with 16 KB pages want them.
    packaging { jniLibs { useLegacyPackaging = false } }

    testOptions { unitTests.isIncludeAndroidResources = true }
}

kotlin { jvmToolchain(libs.versions.jvm.get().toInt()) }

if (providers.gradleProperty("guidebook.buildCore").get().toBoolean()) {
    tasks.named("preBuild") { dependsOn(buildCore) }
}

dependencies {
    implementation(project(":ui"))
    implementation(libs.bundles.app)
}
