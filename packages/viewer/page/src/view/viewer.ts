// The only file that knows NiiVue.
import { NVImage, Niivue, SHOW_RENDER, SLICE_TYPE } from '@niivue/niivue';
import { colorTable, type Color } from './color-table.ts';

/** The ways to look at a scan. */
export const views = ['all', 'axial', 'coronal', 'sagittal', 'render'] as const;
/** One of them. */
export type View = (typeof views)[number];

const sliceTypes: Record<View, SLICE_TYPE> = {
  all: SLICE_TYPE.MULTIPLANAR,
  axial: SLICE_TYPE.AXIAL,
  coronal: SLICE_TYPE.CORONAL,
  sagittal: SLICE_TYPE.SAGITTAL,
  render: SLICE_TYPE.RENDER,
};

/** The place of the crosshair. */
export interface Place {
  /** Right, anterior and superior, in millimetres. */
  readonly position: readonly [number, number, number];
  /** The value of the scan there. */
  readonly value: number | undefined;
}

type Layer = 'mask' | 'marks';

/** Whether a processor draws in place of a GPU, which takes seconds for each picture in 3-D. */
function isSoftwareDrawing(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl?.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(renderer);
}

/** Shows a scan, its mask and marks in a canvas. */
export class Viewer {
  private readonly layers = new Map<Layer, NVImage>();
  /** Grows with each change of what is shown, so that what took long to load does not replace what came after it. */
  private change = 0;

  private constructor(private readonly niivue: Niivue) {}

  /** @throws Error where the browser cannot draw */
  static async attach(canvas: HTMLCanvasElement, onPlace: (place: Place) => void): Promise<Viewer> {
    const niivue = new Niivue({
      backColor: [0.04, 0.05, 0.06, 1],
      crosshairColor: [0.35, 0.85, 0.8, 0.9],
      crosshairWidth: 0.5,
      crosshairGap: 6,
      fontColor: [0.75, 0.78, 0.8, 1],
      isRadiologicalConvention: true,
      multiplanarShowRender: isSoftwareDrawing() ? SHOW_RENDER.NEVER : SHOW_RENDER.ALWAYS,
      tileMargin: 2,
      dragAndDropEnabled: false,
      isResizeCanvas: true,
      loadingText: '',
      logLevel: 'silent',
    });
    niivue.onLocationChange = (location) => {
      const { mm, values } = location as { mm: ArrayLike<number>; values: readonly { value: number }[] };
      onPlace({ position: [mm[0]!, mm[1]!, mm[2]!], value: values[0]?.value });
    };
    await niivue.attachToCanvas(canvas, true);
    niivue.setSliceType(SLICE_TYPE.MULTIPLANAR);
    return new Viewer(niivue);
  }

  /** Shows a scan in place of the one before. @param channel of a file with several */
  async showScan(file: File, channel = 0): Promise<void> {
    const change = this.clear();
    const image = await NVImage.loadFromFile({ file, name: file.name, frame4D: channel });
    if (change !== this.change) return;
    this.niivue.addVolume(image);
    this.niivue.createOnLocationChange();
  }

  /** Shows a label map over the scan. @param file a NIfTI file of places in the list of colours, times `stepBetween` */
  async showLayer(layer: Layer, file: Blob, colors: readonly Color[]): Promise<void> {
    const { change } = this;
    // Another name each time: NiiVue keeps what it knows of a name.
    const name = `${layer}-${change}-${performance.now()}.nii.gz`;
    const image = await NVImage.loadFromFile({ file: new File([file], name), name, opacity: 1 });
    if (change !== this.change || this.niivue.volumes.length === 0) return;
    this.hideLayer(layer);
    image.cal_min = 0;
    image.cal_max = 255;
    this.layers.set(layer, image);
    this.setTable(layer, image, colors);
    this.niivue.addVolume(image);
  }

  /** Takes a label map away. */
  hideLayer(layer: Layer): void {
    const image = this.layers.get(layer);
    if (image) this.niivue.removeVolume(image);
    this.layers.delete(layer);
  }

  /** Shows a label map in other colours. */
  recolor(layer: Layer, colors: readonly Color[]): void {
    const image = this.layers.get(layer);
    if (!image) return;
    this.setTable(layer, image, colors);
    this.niivue.updateGLVolume();
  }

  private setTable(layer: Layer, image: NVImage, colors: readonly Color[]): void {
    this.niivue.addColormap(`interseg-${layer}`, colorTable(colors));
    image.colormap = `interseg-${layer}`;
  }

  /** Takes everything away. */
  clear(): number {
    this.layers.clear();
    // All at once: NiiVue draws whatever is left after each one that is taken away.
    const [scan] = this.niivue.volumes;
    this.niivue.volumes = this.niivue.volumes.slice(0, 1);
    if (scan) this.niivue.removeVolume(scan);
    this.niivue.drawScene();
    return ++this.change;
  }

  /** Chooses how to look at the scan. */
  setView(view: View): void {
    this.niivue.setSliceType(sliceTypes[view]);
  }

  /** Moves the crosshair to a position in millimetres. */
  goTo([right, anterior, superior]: readonly [number, number, number]): void {
    if (this.niivue.volumes.length === 0) return;
    this.niivue.scene.crosshairPos = this.niivue.mm2frac([right, anterior, superior]);
    this.niivue.drawScene();
    this.niivue.createOnLocationChange();
  }

  /** Moves the crosshair by voxels: to the right, to the front and up. */
  move(right: number, front: number, up: number): void {
    if (this.niivue.volumes.length > 0) this.niivue.moveCrosshairInVox(right, front, up);
  }
}
