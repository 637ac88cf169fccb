import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { family, isAlive, until } from './processes.ts';

/** The hosts of the cluster. */
export const nodes = ['n1', 'n2'] as const;

/** A host of the cluster. */
export type NodeName = (typeof nodes)[number];

/** Why no cluster can be started here; `undefined` where one can. */
export function whyNoSlurm(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm needs Linux';
  if (process.getuid?.() !== 0) return 'hosts in namespaces of their own need root';
  const commands = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol', 'unshare'];
  const missing = commands.filter((name) => spawnSync('which', [name], { env: environment }).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const words = ['--uts', '--pid', '--fork', '--mount-proc', 'hostname', 'n1'];
  return spawnSync('unshare', words).status === 0 ? undefined : 'no namespaces may be made here';
}

/** Daemons are in `sbin`; hwloc binds itself to each processor in turn, which takes 10 s on a busy machine. */
const environment = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, HWLOC_COMPONENTS: '-x86' };

/**
 * A real Slurm of two hosts on this machine, as root: munged, slurmctld, and a slurmd for each host, which has a name, process
 * ids and mounts of its own, so that it can be killed or frozen whole. On loopback alone; without systemd, containers or
 * cgroups.
 */
export class SlurmCluster {
  readonly configuration: string;

  /** @param folder for the state of the cluster */
  constructor(readonly folder: string) {
    this.configuration = join(folder, 'slurm.conf');
    process.env['SLURM_CONF'] = this.configuration;
    environment['SLURM_CONF' as keyof typeof environment] = this.configuration;
  }

  /** Starts it afresh: nothing is queued. */
  async start(): Promise<void> {
    const { folder } = this;
    for (const part of ['state', ...nodes.map((node) => `spool-${node}`)]) {
      rmSync(join(folder, part), { recursive: true, force: true });
      mkdirSync(join(folder, part), { recursive: true });
    }
    mkdirSync(join(folder, 'munge'), { recursive: true, mode: 0o711 });
    writeFileSync(this.configuration, configurationOf(folder));
    writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost ${hostname()} ${nodes.join(' ')}\n`);
    await this.#startMunge();
    await this.startController();
    for (const node of nodes) this.#startHost(node);
    await until('both nodes are idle', () => nodes.every((node) => this.stateOf(node) === 'idle'), 120);
  }

  async #startMunge(): Promise<void> {
    const at = (name: string): string => join(this.folder, 'munge', name);
    if (!existsSync(at('key'))) writeFileSync(at('key'), randomBytes(128), { mode: 0o600 });
    execFileSync(
      'munged',
      [
        ...[`--socket=${at('socket')}`, `--key-file=${at('key')}`, `--pid-file=${at('pid')}`],
        ...[`--log-file=${at('log')}`, `--seed-file=${at('seed')}`, '--num-threads=2', '--force'],
      ],
      { env: environment, stdio: 'ignore' },
    );
    await until('munged answers', () => existsSync(at('socket')));
  }

  /** Starts the controller, with what an earlier one has written down. */
  async startController(): Promise<void> {
    execFileSync('slurmctld', { env: environment, stdio: 'ignore' });
    await until('the controller answers', () => this.#try('scontrol', 'ping') !== undefined, 60);
  }

  #startHost(node: NodeName): void {
    const log = openSync(join(this.folder, `host-${node}.log`), 'a');
    const script = `hostname ${node}; mount --bind ${this.folder}/hosts /etc/hosts
      slurmd -D -N ${node} & while :; do sleep 1000 & wait $!; done`;
    const words = ['--uts', '--pid', '--fork', '--mount-proc', '--kill-child', 'bash', '-c', script];
    const host = spawn('unshare', words, { env: environment, detached: true, stdio: ['ignore', log, log] });
    host.unref();
    writeFileSync(join(this.folder, `host-${node}.pid`), String(host.pid));
  }

  /** The process whose end is that of a host. */
  hostOf(node: NodeName): number {
    return this.#pid(`host-${node}.pid`)!;
  }

  get controller(): number {
    return this.#pid('slurmctld.pid')!;
  }

  #pid(file: string): number | undefined {
    const path = join(this.folder, file);
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined;
  }

  /** Ends everything that was started, hosts as by pulling the plug. */
  async stop(): Promise<void> {
    const hosts = nodes.map((node) => this.#pid(`host-${node}.pid`));
    const daemons = [this.#pid('slurmctld.pid'), this.#pid(join('munge', 'pid'))];
    for (const [pids, signal] of [
      [hosts, 'SIGKILL'],
      [daemons, 'SIGTERM'],
    ] as const) {
      for (const pid of pids) if (pid && isAlive(pid)) process.kill(pid, signal);
    }
    // A controller that still saves its state holds its port.
    await until('all have ended', () => ![...hosts, ...daemons].some((pid) => pid && isAlive(pid)), 60);
    for (const name of [...nodes.map((node) => `host-${node}.pid`), 'slurmctld.pid', join('munge', 'pid')]) {
      rmSync(join(this.folder, name), { force: true });
    }
  }

  /** Runs a command of Slurm. @returns what it prints. */
  slurm(command: string, ...words: string[]): string {
    return execFileSync(command, words, {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  #try(command: string, ...words: string[]): string | undefined {
    try {
      return this.slurm(command, ...words);
    } catch {
      return undefined;
    }
  }

  /** The state of a host, such as `idle` or `down`. */
  stateOf(node: NodeName): string {
    return this.#try('sinfo', '-h', '-N', '-n', node, '-o', '%T')?.split('\n')[0] ?? '';
  }

  /** Takes a host out of use, or back. */
  drain(node: NodeName): void {
    this.slurm('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test');
  }

  resume(node: NodeName): void {
    this.slurm('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');
  }

  /** Whether none of the tasks of a job is queued or runs. */
  hasEnded(job: string): boolean {
    try {
      return this.slurm('squeue', '-h', '-r', '-j', job) === '';
    } catch (error) {
      return String((error as { stderr?: string }).stderr).includes('Invalid job id');
    }
  }

  /** The states of the tasks of a job, such as `FAILED`, also of those that have ended. */
  statesOf(job: string): string[] {
    return this.slurm('squeue', '-h', '-r', '-j', job, '-t', 'all', '-o', '%T').split('\n');
  }

  /** Kills a host whole, at once. */
  kill(node: NodeName): void {
    process.kill(this.hostOf(node), 'SIGKILL');
  }

  /** Ends the daemon of a host; its tasks go on. */
  killDaemon(node: NodeName): void {
    process.kill(family(this.hostOf(node)).find(({ name }) => name === 'slurmd')!.pid, 'SIGKILL');
  }

  /** Stops a host whole. @returns what lets it go on */
  freeze(node: NodeName): () => void {
    const all = family(this.hostOf(node)).map(({ pid }) => pid);
    for (const pid of all) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of all.reverse()) if (isAlive(pid)) process.kill(pid, 'SIGCONT');
    };
  }
}

function configurationOf(folder: string): string {
  const host = hostname();
  const node = (name: NodeName, place: number): string =>
    `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${16_818 + place} CPUs=2 RealMemory=1000 State=UNKNOWN`;
  return `ClusterName=interseg
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
CredType=cred/munge
# A task that is queued again waits for its credential to expire, by default 120 s.
AuthInfo=socket=${folder}/munge/socket,cred_expire=5
SlurmUser=root
SlurmdUser=root
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
# No cgroups: processes of a task are found by their parents.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=0,batch_sched_delay=0
# Both nodes are this machine: take what is said here instead of what slurmd finds.
SlurmdParameters=config_overrides
MaxArraySize=4
JobRequeue=1
ReturnToService=2
# Seconds after which a node that does not answer is down, by default 300.
SlurmdTimeout=10
SlurmctldTimeout=10
KillWait=10
InactiveLimit=0
Waittime=0
MinJobAge=3600
${nodes.map(node).join('\n')}
PartitionName=sweep Nodes=${nodes.join(',')} Default=YES MaxTime=INFINITE PriorityTier=1 State=UP
# A job here takes the place of one of the other partition, which is queued again.
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=urgent Nodes=${nodes.join(',')} MaxTime=INFINITE PriorityTier=10 PreemptMode=OFF State=UP
`;
}
