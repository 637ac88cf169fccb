import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Vulkan's loader looks for drivers on Linux. */
const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

/** Where Debian and its kin, and Google, put Chromium; it brings a Vulkan driver in software and the loader. */
const chromiumFolders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const driverName = 'vk_swiftshader_icd.json';

/** The folder of a Chromium with its Vulkan driver in software, if there is one. */
export function softwareVulkan(): string | undefined {
  return chromiumFolders.find((folder) => existsSync(join(folder, driverName)));
}

/**
 * Lets the processes that tests run in, and those that they start, find Chromium's Vulkan driver in software where the
 * machine has none of its own. Has to be called before they start: the dynamic linker reads its path only then.
 */
export function offerSoftwareVulkan(): void {
  const environment = process.env;
  const hasDriver = driverFolders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
  const folder = softwareVulkan();
  if (hasDriver || environment['VK_ICD_FILENAMES'] !== undefined || folder === undefined) return;
  environment['VK_ICD_FILENAMES'] = join(folder, driverName);
  const paths = environment['LD_LIBRARY_PATH'];
  // Last, so that no library but the missing one is taken from there.
  environment['LD_LIBRARY_PATH'] = paths ? `${paths}${delimiter}${folder}` : folder;
}
