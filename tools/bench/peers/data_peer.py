"""One contestant of data.mjs: nibabel and medpy do what peers/data.mjs does."""

import json
import sys
import time

import nibabel
import numpy
from medpy.metric import binary

settings = json.loads(sys.argv[1])
pairs = [
    [numpy.fromfile(file, dtype=numpy.uint8).reshape(pair["shape"]) for file in pair["files"]] + [pair["spacing"]]
    for pair in settings["pairs"]
]


def timed(work):
    start = time.perf_counter()
    values = work()
    return {"ms": (time.perf_counter() - start) * 1000, "values": [float(value) for value in values]}


def read():
    # The array as it is on disk, which is less work than get_fdata.
    return [sum(int(numpy.asanyarray(nibabel.load(path).dataobj)[-1, -1, -1]) for path in settings["volumes"])]


print("ready", flush=True)
for line in sys.stdin:
    if not line.strip():
        break
    tasks = [timed(read)]
    for a, b, spacing in pairs:
        tasks.append(timed(lambda: [binary.hd95(a, b, spacing)]))
        tasks.append(timed(lambda: [binary.dc(a, b), binary.hd(a, b, spacing), binary.assd(a, b, spacing)]))
    print(json.dumps(tasks), flush=True)
