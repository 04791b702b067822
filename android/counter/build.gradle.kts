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
    testImplementation(libs.junit)
}

compose.desktop {
    application {
        mainClass = "guidebook.counter.CounterKt"
        // The core for this computer, where bindings/generate.sh puts it.
        jvmArgs += "-Djna.library.path=${rootDir.resolve("../target/bindings/native")}"
    }
}
