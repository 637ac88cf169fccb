import type { Command } from 'commander';
import type { Context } from '../terminal/context.ts';

/** A command of `interseg`. Its module is loaded when it is asked for: most need a tenth of a second or more. */
export interface CommandEntry {
  readonly name: string;
  /** What the help says of it. */
  readonly summary: string;
  readonly load: () => Promise<(context: Context) => Command>;
}

/** Commands under one word, such as `interseg data …`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandEntry[];
}

/** All commands, under the headings of `interseg --help`. */
export const catalogue: readonly { heading: string; entries: readonly (CommandEntry | CommandGroup)[] }[] = [
  {
    heading: 'Training:',
    entries: [
      {
        name: 'plan',
        summary:
          'Choose the settings of a training from what the images and objects of a data set are like, each with its reason. Only cases for training and validation are read. Options that are given stay.',
        load: async () => (await import('./plan.ts')).planCommand,
      },
      {
        name: 'train',
        summary:
          'Train a network, then segment and evaluate the test cases with the weights of the best epoch. Options that are not given are chosen from the data, as `interseg plan` does, unless there is a --preset or all of them are given, as by the config.json of a run.',
        load: async () => (await import('./train.ts')).trainCommand,
      },
      {
        name: 'resume',
        summary: 'Continue a run from its last checkpoint, with its own settings.',
        load: async () => (await import('./resume.ts')).resumeCommand,
      },
      {
        name: 'compare',
        summary:
          'Train several networks with several seeds on the same split and budget, and test their differences. Run the same command again to continue an interrupted comparison.',
        load: async () => (await import('./compare.ts')).compareCommand,
      },
      {
        name: 'sweep',
        summary: 'Plan many runs, do them one by one on any machine, and collect them.',
        commands: [
          {
            name: 'plan',
            summary:
              'Plan runs that are worked on elsewhere: check the data and the options, and write down settings, splits and a manifest in which each run has an index. Planning again with more variants, settings or seeds adds runs; those there are keep their indices.',
            load: async () => (await import('./sweep-plan.ts')).sweepPlanCommand,
          },
          {
            name: 'run',
            summary:
              'Do one run of a sweep, whatever there is of it: start it, or continue it from its checkpoint. One that is finished is left as it is; one that another process works on is waited for. Exit status: 0 the run is finished, 1 it failed and may be tried again, 2 its input is at fault and it is not tried again without --again, 76 another process has taken it over, 130 or 143 interrupted with a checkpoint.',
            load: async () => (await import('./sweep-run.ts')).sweepRunCommand,
          },
          {
            name: 'submit',
            summary:
              'Send the open runs of a sweep to Slurm, Kubernetes or Ray, or do them on this host. Runs that the engine holds already are left out.',
            load: async () => (await import('./sweep-submit.ts')).sweepSubmitCommand,
          },
          {
            name: 'status',
            summary:
              'Show how the runs of a sweep stand: state, host, epoch, best validation Dice, time left. All that is read in the run folders, so that no scheduler is needed; what one says of runs that were submitted to it stands beside it. Nothing is written.',
            load: async () => (await import('./sweep-status.ts')).sweepStatusCommand,
          },
          {
            name: 'collect',
            summary:
              'Put the finished runs of a sweep together, as `interseg compare` does: comparison.json, figure.png and report.html. Each run folder is checked against the manifest. Ends with 1 where runs are missing, and names them, or where a run has failed.',
            load: async () => (await import('./sweep-collect.ts')).sweepCollectCommand,
          },
        ],
      },
      {
        name: 'report',
        summary: 'Rewrite the report.html of a run or a comparison from its files.',
        load: async () => (await import('./report.ts')).reportCommand,
      },
    ],
  },
  {
    heading: 'Segmentation and evaluation:',
    entries: [
      {
        name: 'predict',
        summary: 'Segment images. A label map has the grid and the affine of its image.',
        load: async () => (await import('./predict.ts')).predictCommand,
      },
      {
        name: 'view',
        summary: 'Open a page that segments scans with a model in the browser. Scans stay on this computer.',
        load: async () => (await import('./view.ts')).viewCommand,
      },
      {
        name: 'export',
        summary:
          'Export the deployable network of a run, even an unfinished one, as a model folder for predict, Node.js and browsers, as ONNX, or as a page.',
        load: async () => (await import('./export.ts')).exportCommand,
      },
      {
        name: 'convert',
        summary:
          'Convert label maps from NIfTI to DICOM SEG and back, and series of DICOM images to NIfTI. What the input is decides.',
        load: async () => (await import('./convert.ts')).convertCommand,
      },
      {
        name: 'evaluate',
        summary: 'Compare a label map with a reference, class by class.',
        load: async () => (await import('./evaluate.ts')).evaluateCommand,
      },
    ],
  },
  {
    heading: 'Data, networks and engines:',
    entries: [
      {
        name: 'data',
        summary: 'Inspect, preview, split or generate a data set.',
        commands: [
          {
            name: 'inspect',
            summary: 'Read every case of a data set, and report its contents and problems.',
            load: async () => (await import('./data-inspect.ts')).dataInspectCommand,
          },
          {
            name: 'phantom',
            summary: 'Generate a data set of synthetic heads with small objects to segment.',
            load: async () => (await import('./data-phantom.ts')).dataPhantomCommand,
          },
          {
            name: 'preview',
            summary:
              'Draw training slices as the network sees them, with the outlines of their masks, beside their augmented copies.',
            load: async () => (await import('./data-preview.ts')).dataPreviewCommand,
          },
          {
            name: 'split',
            summary: 'Divide the cases of a data set by patient, for train --split.',
            load: async () => (await import('./data-split.ts')).dataSplitCommand,
          },
        ],
      },
      {
        name: 'variants',
        summary: 'List the networks that can be trained.',
        load: async () => (await import('./variants.ts')).variantsCommand,
      },
      {
        name: 'engine',
        summary: 'List, install, check or time the engines that compute.',
        commands: [
          {
            name: 'list',
            summary: 'List the engines, best first, with the reason where one cannot run here.',
            load: async () => (await import('./engine-list.ts')).engineListCommand,
          },
          {
            name: 'install',
            summary:
              'Build the native engine for this user: the tfjs-node binding on a current TensorFlow, several times as fast as wasm.',
            load: async () => (await import('./engine-install.ts')).engineInstallCommand,
          },
          {
            name: 'check',
            summary: 'Check an engine against known results, and measure its speed.',
            load: async () => (await import('./engine-check.ts')).engineCheckCommand,
          },
          {
            name: 'bench',
            summary: 'Time training and inference steps on the engines that run here, one round of each in turn.',
            load: async () => (await import('./engine-bench.ts')).engineBenchCommand,
          },
        ],
      },
      {
        name: 'doctor',
        summary: 'Show what this machine offers for training and prediction, and what would make them faster.',
        load: async () => (await import('./doctor.ts')).doctorCommand,
      },
    ],
  },
];
