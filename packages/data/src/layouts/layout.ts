import type { FolderContent } from '@interseg/files';
import type { DataSet } from '../dataset.ts';

/** A folder that may hold a data set, with the names in it. */
export interface DatasetFolder extends FolderContent {
  /** The absolute path. */
  readonly path: string;
}

/** A way to lay out a data set in a folder. */
export interface Layout {
  /** Lower-case letters and digits joined by hyphens, such as `'msd'`. */
  readonly name: string;
  /** The name for people, such as `'Medical Segmentation Decathlon'`. */
  readonly title: string;
  /** What the folder must contain, as the end of "expected …". */
  readonly description: string;
  /**
   * Whether a folder has this layout. It should look at names only, and must not match folders of other layouts: the
   * first layout that matches opens the folder.
   */
  detect(folder: DatasetFolder): boolean | Promise<boolean>;
  /**
   * Lists the cases of a folder that matched. Images are read later, from the paths in the cases.
   *
   * @throws DataError if the folder is not as the layout requires
   */
  open(folder: DatasetFolder): Promise<DataSet>;
}
