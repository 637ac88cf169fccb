"""The same for PyTorch: the network, the loss and Adam of InterSeg, written in PyTorch's own terms."""
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

options = json.loads(sys.argv[1])
filters, size, batch = options["filters"], options["size"], options["batch"]
device, precision = options.get("device", "cpu"), options.get("precision", "fp32")
torch.set_num_threads(options["threads"])
torch.manual_seed(1)
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
torch.backends.cudnn.benchmark = device == "cuda"
mixed = torch.autocast(device, dtype=torch.bfloat16, enabled=precision == "bf16")


def unit(channels_in, channels_out):
    norm = [nn.InstanceNorm2d(channels_out, affine=True)] if options["normalization"] == "instance" else []
    return nn.Sequential(nn.Conv2d(channels_in, channels_out, 3, padding=1), *norm, nn.ReLU(inplace=True))


def block(channels_in, channels_out):
    return nn.Sequential(unit(channels_in, channels_out), unit(channels_out, channels_out))


class UNetPlusPlus(nn.Module):
    """`nested` False gives the U-Net: of row i only the first and the last node."""

    def __init__(self, nested):
        super().__init__()
        self.nested = nested
        self.levels = len(filters)
        self.nodes, self.ups = nn.ModuleDict(), nn.ModuleDict()
        for i in range(self.levels):
            self.nodes[f"{i}_0"] = block(1 if i == 0 else filters[i - 1], filters[i])
            for j in self.columns(i):
                skips = j if nested else 1
                self.ups[f"{i}_{j}"] = nn.ConvTranspose2d(filters[i + 1], filters[i], 2, 2)
                self.nodes[f"{i}_{j}"] = block((skips + 1) * filters[i], filters[i])
        self.head = nn.Conv2d(filters[0], 1, 1)

    def columns(self, i):
        last = self.levels - 1 - i
        return [] if last == 0 else range(1, last + 1) if self.nested else [last]

    def forward(self, x):
        y = {}
        for i in range(self.levels):
            y[i, 0] = self.nodes[f"{i}_0"](x if i == 0 else F.max_pool2d(y[i - 1, 0], 2))
        for j in range(1, self.levels):
            for i in range(self.levels - j):
                if j not in self.columns(i):
                    continue
                below = y[i + 1, j - 1]
                skips = [y[i, k] for k in (range(j) if self.nested else [0])]
                y[i, j] = self.nodes[f"{i}_{j}"](torch.cat([*skips, self.ups[f"{i}_{j}"](below)], 1))
        return self.head(y[0, self.levels - 1])


def loss_of(logits, labels):
    p = torch.sigmoid(logits)
    over = lambda t: t.sum((2, 3))
    dice = (2 * over(p * labels) + 1) / (over(p) + over(labels) + 1)
    return F.binary_cross_entropy_with_logits(logits, labels) + 1 - dice.mean()


model = UNetPlusPlus(nested=options["variant"] == "unetpp").to(device)
image = torch.randn(batch, 1, size, size, device=device)
mask = (image > 0).float()
if options.get("channelsLast"):
    model = model.to(memory_format=torch.channels_last)
    image = image.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), 3e-4)


def round_():
    start = time.perf_counter()
    optimizer.zero_grad()
    with mixed:
        logits = model(image)
    loss = loss_of(logits.float(), mask)
    loss.backward()
    optimizer.step()
    loss.item()
    middle = time.perf_counter()
    with torch.inference_mode(), mixed:
        torch.sigmoid(model(image)).sum().item()
    return f"{(middle - start) * 1e3:.1f} {(time.perf_counter() - middle) * 1e3:.1f}"


for _ in range(3):
    round_()
print("ready", torch.__version__, sum(p.numel() for p in model.parameters()), "parameters", flush=True)
for _ in sys.stdin:
    print(round_(), flush=True)
