"""One contestant of volume.mjs: segments a volume with MONAI, and prints what that took."""

import json
import resource
import sys

import numpy
import torch
import torch.nn.functional as F
from monai.data import MetaTensor
from monai.inferers import sliding_window_inference
from monai.transforms import LoadImage, NormalizeIntensity, SaveImage
from torch import nn


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


loading = processor()
options = json.loads(sys.argv[1])
filters, tile, output = options["filters"], options["tile"], options["output"]
with_norm = options["normalization"] == "instance"
torch.set_num_threads(options["threads"])


def unit(channels_in, channels_out):
    norm = [nn.InstanceNorm2d(channels_out, affine=True)] if with_norm else []
    convolution = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=not with_norm)
    return [convolution, *norm, nn.ReLU(inplace=True)]


def block(channels_in, channels_out):
    return nn.Sequential(*unit(channels_in, channels_out), *unit(channels_out, channels_out))


class UNet(nn.Module):
    """The network of InterSeg, its parts in the order of the file with weights."""

    def __init__(self):
        super().__init__()
        widths = [options["channels"], *filters]
        self.down = nn.ModuleList(block(a, b) for a, b in zip(widths, filters))
        self.up = nn.ModuleList()
        for low, high in zip(filters[::-1], filters[-2::-1]):
            self.up.append(nn.ModuleList([nn.ConvTranspose2d(low, high, 2, 2), block(2 * high, high)]))
        self.head = nn.Conv2d(filters[0], 1, 1)

    def forward(self, x):
        skips = []
        for index, part in enumerate(self.down):
            x = part(x if index == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        for (enlarge, part), skip in zip(self.up, skips[-2::-1]):
            x = part(torch.cat([skip, enlarge(x)], 1))
        return torch.sigmoid(self.head(x))


def load_weights(network):
    """Kernels come as [height, width, in, out], those of transposed convolutions with out before in."""
    values = numpy.fromfile(options["weights"], "<f4")
    with torch.no_grad():
        for parameter in network.parameters():
            taken, values = numpy.split(values, [parameter.numel()])
            if parameter.ndim == 4:
                a, b, height, width = parameter.shape
                taken = taken.reshape(height, width, b, a).transpose(3, 2, 0, 1)
            parameter.copy_(torch.from_numpy(numpy.ascontiguousarray(taken)))
    assert values.size == 0, f"{values.size} weights too many"
    return network.eval()


network = load_weights(UNet())
image = LoadImage(image_only=True, ensure_channel_first=True)(options["image"])
image = NormalizeIntensity(nonzero=True, channel_wise=True)(image)
# Slices as InterSeg cuts them: rows from back to front, columns from left to right.
slices = image.as_tensor().permute(3, 0, 2, 1).contiguous()
if options["channelsLast"]:
    network = network.to(memory_format=torch.channels_last)
    slices = slices.contiguous(memory_format=torch.channels_last)
with torch.inference_mode():
    probabilities = sliding_window_inference(
        slices, (tile, tile), options["batch"], network, overlap=0.5, mode="gaussian", sigma_scale=0.125
    )
mask = (probabilities[:, 0] >= 0.5).permute(2, 1, 0).to(torch.uint8)
writer = SaveImage(resample=False, separate_folder=False, print_log=False)
writer(MetaTensor(mask[None], affine=image.affine), filename=output.removesuffix(".nii.gz"))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"processor": processor(), "loading": loading, "peak": peak}))
