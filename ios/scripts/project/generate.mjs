// generate.mjs FILE   writes Guidebook's project.pbxproj to FILE: the same bytes every time.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import json from '@bacons/xcode/json';

const objects = {};
const id = (key) => createHash('sha256').update(`guidebook:${key}`).digest('hex').slice(0, 24).toUpperCase();
const put = (key, object) => {
  objects[id(key)] = object;
  return id(key);
};

const configurations = (key, debug, release) =>
  put(`${key}/configurations`, {
    isa: 'XCConfigurationList',
    buildConfigurations: [
      put(`${key}/debug`, { isa: 'XCBuildConfiguration', buildSettings: debug, name: 'Debug' }),
      put(`${key}/release`, { isa: 'XCBuildConfiguration', buildSettings: release, name: 'Release' }),
    ],
    defaultConfigurationIsVisible: 0,
    defaultConfigurationName: 'Release',
  });

const project = {
  ALWAYS_SEARCH_USER_PATHS: 'NO',
  IPHONEOS_DEPLOYMENT_TARGET: '17.0',
  SDKROOT: 'iphoneos',
  SWIFT_VERSION: '6.0',
  TARGETED_DEVICE_FAMILY: '1,2',
};
const app = {
  CODE_SIGN_ENTITLEMENTS: 'Guidebook.entitlements',
  CODE_SIGN_STYLE: 'Automatic',
  CURRENT_PROJECT_VERSION: 1,
  GENERATE_INFOPLIST_FILE: 'YES',
  INFOPLIST_FILE: 'Info.plist',
  INFOPLIST_KEY_CFBundleDisplayName: 'Guidebook',
  INFOPLIST_KEY_NSCameraUsageDescription: 'Reads enrolment and member codes',
  INFOPLIST_KEY_NSFaceIDUsageDescription: 'Opens Guidebook',
  INFOPLIST_KEY_UIApplicationSceneManifest_Generation: 'YES',
  INFOPLIST_KEY_UILaunchScreen_Generation: 'YES',
  INFOPLIST_KEY_UISupportedInterfaceOrientations_iPad:
    'UIInterfaceOrientationPortrait UIInterfaceOrientationLandscapeLeft UIInterfaceOrientationLandscapeRight',
  MARKETING_VERSION: '0.1.0',
  PRODUCT_BUNDLE_IDENTIFIER: 'cn.guidebook',
  PRODUCT_NAME: '$(TARGET_NAME)',
};

const sources = put('sources', { isa: 'PBXFileSystemSynchronizedRootGroup', path: 'Guidebook', sourceTree: '<group>' });
const product = put('product', {
  isa: 'PBXFileReference',
  explicitFileType: 'wrapper.application',
  includeInIndex: 0,
  path: 'Guidebook.app',
  sourceTree: 'BUILT_PRODUCTS_DIR',
});
const products = put('products', { isa: 'PBXGroup', children: [product], name: 'Products', sourceTree: '<group>' });
const root = put('root', { isa: 'PBXGroup', children: [sources, products], sourceTree: '<group>' });
const library = put('package', { isa: 'XCLocalSwiftPackageReference', relativePath: '..' });
const dependency = put('dependency', { isa: 'XCSwiftPackageProductDependency', productName: 'Guidebook' });
const phase = (key, isa, files = []) =>
  put(key, { isa, buildActionMask: 2147483647, files, runOnlyForDeploymentPostprocessing: 0 });
const linked = put('linked', { isa: 'PBXBuildFile', productRef: dependency });

const target = put('target', {
  isa: 'PBXNativeTarget',
  buildConfigurationList: configurations('target', app, app),
  buildPhases: [
    phase('compile', 'PBXSourcesBuildPhase'),
    phase('link', 'PBXFrameworksBuildPhase', [linked]),
    phase('copy', 'PBXResourcesBuildPhase'),
  ],
  buildRules: [],
  dependencies: [],
  fileSystemSynchronizedGroups: [sources],
  name: 'Guidebook',
  packageProductDependencies: [dependency],
  productName: 'Guidebook',
  productReference: product,
  productType: 'com.apple.product-type.application',
});

const rootObject = put('project', {
  isa: 'PBXProject',
  attributes: { BuildIndependentTargetsInParallel: 1, LastUpgradeCheck: 1600 },
  buildConfigurationList: configurations(
    'project',
    { ...project, ONLY_ACTIVE_ARCH: 'YES', SWIFT_OPTIMIZATION_LEVEL: '-Onone' },
    { ...project, SWIFT_COMPILATION_MODE: 'wholemodule', VALIDATE_PRODUCT: 'YES' },
  ),
  compatibilityVersion: 'Xcode 16.0',
  developmentRegion: 'zh-Hans',
  hasScannedForEncodings: 0,
  knownRegions: ['zh-Hans', 'en', 'Base'],
  mainGroup: root,
  packageReferences: [library],
  productRefGroup: products,
  projectDirPath: '',
  projectRoot: '',
  targets: [target],
});

const file = process.argv[2];
if (!file) throw new Error('usage: generate.mjs FILE');
writeFileSync(file, json.build({ archiveVersion: 1, classes: {}, objectVersion: 77, objects, rootObject }));
