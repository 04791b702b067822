"""Reads POMs as far as a resolver needs them: what a module is, and what it asks for."""

import functools
import pathlib
import re
import subprocess
import tempfile
import xml.etree.ElementTree as tree

REPOSITORY = pathlib.Path.home() / ".m2" / "repository"
RESOLVE = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:resolve"

_refused = set()


def path(module, version, kind="pom"):
    group, artifact = module.split(":")
    return REPOSITORY / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.{kind}"


def fetch(wanted):
    """Has Maven download what is missing of [(module, version, type)]; says what could not be had."""
    missing = [one for one in wanted if not path(*one).exists()]
    if not _refused.issuperset(missing):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "pom.xml")
            file.write_text(_asking_for(missing))
            subprocess.run(["mvn", "-q", "-B", "-f", file, RESOLVE], stdout=subprocess.DEVNULL, check=False)
    _refused.update(one for one in missing if not path(*one).exists())
    return [one for one in missing if one in _refused]


def _asking_for(wanted):
    lines = "".join(
        f"<dependency><groupId>{module.split(':')[0]}</groupId><artifactId>{module.split(':')[1]}</artifactId>"
        f"<version>{version}</version><type>{kind}</type><exclusions><exclusion><groupId>*</groupId>"
        "<artifactId>*</artifactId></exclusion></exclusions></dependency>"
        for module, version, kind in wanted
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>guidebook</groupId>'
        f"<artifactId>modules</artifactId><version>1</version><packaging>pom</packaging><dependencies>{lines}</dependencies></project>"
    )


@functools.cache
def read(module, version):
    fetch([(module, version, "pom")])
    return Pom(module, version)


class Pom:
    """One POM with what it inherits."""

    def __init__(self, module, version):
        self.name = (module, version)
        self.root = tree.parse(path(module, version)).getroot()
        above = self.root.find("{*}parent")
        self.parent = read(_name(above), above.findtext("{*}version")) if above is not None else None
        self.properties = dict(self.parent.properties) if self.parent else {}
        self.properties |= {one.tag.partition("}")[2]: (one.text or "").strip() for one in self.root.find("{*}properties") or ()}
        self.properties |= {"project.version": version, "pom.version": version, "version": version}
        self.properties |= {"project.groupId": module.split(":")[0], "groupId": module.split(":")[0]}
        self.managed = dict(self.parent.managed) if self.parent else {}
        for one in self.root.findall("{*}dependencyManagement/{*}dependencies/{*}dependency"):
            self._manage(one)

    def _manage(self, one):
        module, version = self._filled(_name(one)), self._filled(one.findtext("{*}version", ""))
        if one.findtext("{*}scope") == "import":
            self.managed = read(module, version).managed | self.managed
        else:
            self.managed[module] = version

    def _filled(self, text):
        for _ in range(5):
            text = re.sub(r"\$\{([^}]+)\}", lambda found: self.properties.get(found[1], found[0]), text)
        return text

    def family(self):
        """(module, version) that must not be lower beside this one: what Gradle wrote of its constraints into the POM."""
        if b"published-with-gradle-metadata" in path(*self.name).read_bytes():
            yield from self.managed.items()

    def packaging(self):
        declared = self.root.findtext("{*}packaging", "jar")
        return declared if declared in ("aar", "pom") else "jar"

    def asks_for(self):
        """(module, version) for all that it needs at run time."""
        for one in self.root.findall("{*}dependencies/{*}dependency"):
            if one.findtext("{*}scope", "compile") not in ("compile", "runtime") or one.findtext("{*}optional") == "true":
                continue
            if one.find("{*}classifier") is not None:
                continue
            module = self._filled(_name(one))
            version = self._filled(one.findtext("{*}version", "")) or self.managed.get(module, "")
            yield module, version.strip("[]").split(",")[0]
        if self.parent:
            yield from self.parent.asks_for()


def _name(element):
    return element.findtext("{*}groupId").strip() + ":" + element.findtext("{*}artifactId").strip()
