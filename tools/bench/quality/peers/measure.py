"""Runs a command on one core and writes what it took: processor time, in which waiting does not count.

measure.py REQUEST, a JSON file with
  command   words
  log       file for what it prints
  core      number of the core that it is pinned to, or null
  usage     file for {cpu, wall, status, marks}: seconds of the processors by the command and all its descendants
  progress  optional file that the command adds a line to with each epoch; marks are the seconds at which lines appeared
  header    lines of that file that are no epochs
  stopAfter optional {epochs, seconds}: after so many of both the command is ended, as in a calibration; after two epochs
            where they take four times as long
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time


def tree_cpu(pid):
    """Seconds of the processors by a process, its children and those of its descendants that ended."""
    tick = os.sysconf("SC_CLK_TCK")
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            with open(f"/proc/{one}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += sum(int(fields[k]) for k in (11, 12, 13, 14)) / tick
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children") as file:
                    waiting += [int(child) for child in file.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def lines_of(path):
    try:
        with open(path, "rb") as file:
            return file.read().count(b"\n")
    except FileNotFoundError:
        return 0


def is_enough(marks, epochs, seconds):
    if len(marks) < 2:
        return False
    return marks[-1]["cpu"] >= (seconds if len(marks) >= epochs else 4 * seconds)


def begin(core):
    """Pins the process that starts, and gives its session the priority of its parent, where sessions have one."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        with open("/proc/self/autogroup", "w") as file:
            file.write(str(os.getpriority(os.PRIO_PROCESS, 0)))
    except OSError:
        pass


def main():
    with open(sys.argv[1]) as file:
        request = json.load(file)
    core = request.get("core")
    environment = {**os.environ, **{name: "1" for name in (
        "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "TF_NUM_INTEROP_THREADS",
    )}, **request.get("environment", {})}
    progress, header, stop_after = request.get("progress"), request.get("header", 0), request.get("stopAfter")
    marks = []
    start = time.time()
    with open(request["log"], "ab") as log:
        child = subprocess.Popen(
            request["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: begin(core),
        )

        def end(number, _frame):
            os.killpg(child.pid, signal.SIGKILL)
            sys.exit(128 + number)

        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, end)
        stopped = False
        while child.poll() is None:
            epochs = lines_of(progress) - header if progress else 0
            if epochs > len(marks):
                now = {"cpu": tree_cpu(child.pid), "wall": time.time() - start}
                marks += [now] * (epochs - len(marks))
            if stop_after and is_enough(marks, **stop_after):
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                stopped = True
                break
            time.sleep(0.05)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.time() - start,
        "memory": usage.ru_maxrss * 1024,
        "status": 0 if stopped else child.returncode,
        "marks": marks,
    }
    with open(request["usage"] + ".new", "w") as file:
        json.dump(result, file)
    os.replace(request["usage"] + ".new", request["usage"])


main()
