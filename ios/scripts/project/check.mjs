// check.mjs FILE   re-reads a project.pbxproj by a parser of another hand (npm `xcode`) and says what is wrong with it.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import xcode from 'xcode';

const file = process.argv[2];
const project = xcode.project(file);
project.parseSync();
const objects = project.hash.project.objects;

const faults = [];
const expect = (fine, fault) => fine || faults.push(fault);
const ofKind = (isa) => Object.entries(objects[isa] ?? {}).filter(([key]) => !key.endsWith('_comment'));
const plain = (text) => String(text).replaceAll('"', '');

// Every reference leads somewhere.
const known = new Set(Object.values(objects).flatMap((kind) => Object.keys(kind)));
const walk = (value, path) => {
  if (typeof value === 'string' && /^[0-9A-F]{24}$/.test(value)) expect(known.has(value), `${path}: ${value} is nowhere`);
  else if (value && typeof value === 'object') for (const key of Object.keys(value)) walk(value[key], `${path}/${key}`);
};
walk(objects, '');

const targets = ofKind('PBXNativeTarget').map(([, target]) => target);
expect(targets.length === 1 && plain(targets[0].name) === 'Guidebook', 'one target, Guidebook');
expect(plain(targets[0]?.productType) === 'com.apple.product-type.application', 'an application');

// What it names on the disk is there.
const folder = dirname(dirname(resolve(file)));
const there = (path) => expect(existsSync(resolve(folder, path)), `${path} is not there`);
for (const [, group] of ofKind('PBXFileSystemSynchronizedRootGroup')) there(plain(group.path));
for (const [, reference] of ofKind('XCLocalSwiftPackageReference')) there(`${plain(reference.relativePath)}/Package.swift`);
const settings = ofKind('XCBuildConfiguration').map(([, configuration]) => configuration.buildSettings);
for (const one of settings) {
  for (const key of ['CODE_SIGN_ENTITLEMENTS', 'INFOPLIST_FILE']) if (one[key]) there(plain(one[key]));
}
expect(settings.filter((one) => plain(one.IPHONEOS_DEPLOYMENT_TARGET) === '17.0').length === 2, 'iOS 17 in both configurations');

if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
