plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.compose)
    alias(libs.plugins.compose.compiler)
}

kotlin { jvmToolchain(libs.versions.jvm.get().toInt()) }

dependencies {
    implementation(project(":ui"))
    implementation(compose.desktop.currentOs)
    implementation(libs.coroutines.swing)
}

compose.desktop {
    application {
        mainClass = "guidebook.counter.MainKt"
        // The core for this computer, where bindings/generate.sh puts it.
        jvmArgs += "-Djna.library.path=${rootDir.resolve("../target/bindings/native")}"
    }
}
