// For those who build by Gradle. Every version is pom.xml's and is read from there.
buildscript {
    val kotlin = Regex("<kotlin.version>(.+)</kotlin.version>").find(file("pom.xml").readText())!!.groupValues[1]
    repositories { mavenCentral() }
    dependencies { classpath("org.jetbrains.kotlin:kotlin-gradle-plugin:$kotlin") }
}

apply(plugin = "org.jetbrains.kotlin.jvm")

val pom = file("pom.xml").readText()
fun version(of: String) = Regex("<$of.version>(.+)</$of.version>").find(pom)!!.groupValues[1]

group = "guidebook"
version = Regex("<version>([0-9.]+)</version>").find(pom)!!.groupValues[1]

repositories { mavenCentral() }

dependencies {
    "api"("org.jetbrains.kotlinx:kotlinx-coroutines-core:${version("coroutines")}")
    "implementation"("net.java.dev.jna:jna:${version("jna")}")
}

// As in pom.xml: what bindings/generate.sh and test.sh have put into target/bindings.
val bindings = file("../../target/bindings")
configure<org.gradle.api.tasks.SourceSetContainer> {
    named("main") {
        java.srcDir(bindings.resolve("kotlin"))
        resources.srcDir(bindings.resolve("kotlin-native"))
    }
}
