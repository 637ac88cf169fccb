/** A wheel to download, with its digest. */
export interface PinnedWheel {
  /** The package on the Python index; on Linux x64, `tensorflow` is the one for GPUs. */
  readonly packageName: 'tensorflow-cpu' | 'tensorflow';
  readonly platformTag: string;
  readonly sha256: string;
  /** The size of the download, for the check of the disk and for progress. */
  readonly megabytes: number;
}

/** An npm package to download, with its digest. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** The version of TensorFlow in the wheel, whatever the installed Python has. */
export const tensorflowVersion = '2.21.0';

/** Node-API is stable across versions of Node: one build serves all of them. */
export const nodeApiVersion = 8;

/** The version of the build process: with another number, a new build is made beside an older one. */
export const recipe = 2;

/** The binding's source and its kernels. */
export const tfjsNode: PinnedPackage = {
  name: '@tensorflow/tfjs-node',
  version: '4.22.0',
  integrity: 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
};

/** The headers of Node-API from the Node project, so that those of the running Node need not be found or downloaded. */
export const nodeApiHeaders: PinnedPackage = {
  name: 'node-api-headers',
  version: '1.9.0',
  integrity: 'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};

/** The Python that the pinned wheels are for; none is run, the libraries inside are the same for all. */
export const pythonVersion = '3.12';

const linuxX64 = 'manylinux_2_27_x86_64';
const wheels: Record<string, { cpu: PinnedWheel; cuda?: PinnedWheel }> = {
  'linux-x64': {
    cpu: {
      packageName: 'tensorflow-cpu',
      platformTag: linuxX64,
      sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
      megabytes: 274,
    },
    cuda: {
      packageName: 'tensorflow',
      platformTag: linuxX64,
      sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
      megabytes: 700,
    },
  },
  'linux-arm64': {
    cpu: {
      packageName: 'tensorflow',
      platformTag: 'manylinux_2_27_aarch64',
      sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
      megabytes: 300,
    },
  },
  'darwin-arm64': {
    cpu: {
      packageName: 'tensorflow',
      platformTag: 'macosx_12_0_arm64',
      sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
      megabytes: 300,
    },
  },
};

/** The wheel for a platform, such as `linux-x64`; `undefined` where TensorFlow has none with its C library. */
export function pinnedWheel(platform: string, cuda: boolean): PinnedWheel | undefined {
  const found = wheels[platform];
  return cuda ? found?.cuda : found?.cpu;
}

/** The names of TensorFlow's two libraries, in the wheel and in a build. */
export function libraryNames(platform: string): readonly [cc: string, framework: string] {
  return platform.startsWith('darwin')
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
    : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
}
