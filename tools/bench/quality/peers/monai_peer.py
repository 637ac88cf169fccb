"""A network of MONAI with its usual transforms, on one core. monai_peer.py train|predict REQUEST, where REQUEST is JSON.

BasicUNet in 2-D, DiceCELoss, AdamW with a cosine schedule; patches of slices whose centre is foreground as often as not,
with flips, turns, scaling and shifts of intensities and noise; the weights after the last epoch predict, by overlapping
windows with Gaussian weights.
"""

import json
import sys
from pathlib import Path

import nibabel
import numpy as np
import torch
from monai.data import CacheDataset, DataLoader
from monai.inferers import SliceInferer
from monai.losses import DiceCELoss
from monai.networks.nets import BasicUNet
from monai.transforms import (
    Compose,
    ConcatItemsd,
    EnsureChannelFirstd,
    EnsureTyped,
    FgBgToIndicesd,
    LoadImaged,
    NormalizeIntensityd,
    RandAffined,
    RandCropByPosNegLabeld,
    RandFlipd,
    RandGaussianNoised,
    RandRotate90d,
    RandScaleIntensityd,
    RandShiftIntensityd,
    ScaleIntensityRanged,
    SqueezeDimd,
)
from monai.utils import set_determinism

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
step, request = sys.argv[1], json.loads(sys.argv[2])
data = request["data"]
is_brats, is_ct = data["layout"] == "brats", data["channels"] == ["CT"]
classes = data["classes"]
steps_per_epoch = 10
largest_patch = 192


def files_of(case, images, labels=None):
    if is_brats:
        place = next(Path(images).glob(f"**/{case}"))
        files = {channel: str(place / f"{case}_{channel}.nii.gz") for channel in data["channels"]}
        return {**files, "label": str(place / f"{case}_seg.nii.gz")} if labels else files
    files = {data["channels"][0]: str(Path(images) / f"{case}.nii.gz")}
    return {**files, "label": str(Path(labels) / f"{case}.nii.gz")} if labels else files


def reading(*more):
    """Reads the channels as one image with intensities as MONAI's tutorials have them: a window in CT, else z-scores."""
    keys = [*data["channels"], *more]
    if is_ct:
        intensities = ScaleIntensityRanged("image", a_min=-50, a_max=150, b_min=0, b_max=1, clip=True)
    else:
        intensities = NormalizeIntensityd("image", nonzero=True, channel_wise=True)
    return [
        LoadImaged(keys),
        EnsureChannelFirstd(keys),
        EnsureTyped(keys),
        ConcatItemsd(data["channels"], "image"),
        intensities,
    ]


def make_network():
    outputs = len(classes) if is_brats else 1 + len(classes)
    return BasicUNet(spatial_dims=2, in_channels=len(data["channels"]), out_channels=outputs)


def patch_of(shape):
    """Whole slices up to a size, as multiples of what four levels halve."""
    return [min(extent, largest_patch) // 16 * 16 for extent in shape[:2]]


def training_transforms(patch):
    both = ["image", "label"]
    return Compose(
        [
            *reading("label"),
            FgBgToIndicesd("label"),
            RandCropByPosNegLabeld(
                both,
                "label",
                spatial_size=[*patch, 1],
                pos=1,
                neg=1,
                num_samples=1,
                fg_indices_key="label_fg_indices",
                bg_indices_key="label_bg_indices",
            ),
            SqueezeDimd(both, dim=-1),
            RandFlipd(both, prob=0.5, spatial_axis=0),
            RandFlipd(both, prob=0.5, spatial_axis=1),
            RandRotate90d(both, prob=0.5),
            RandAffined(
                both,
                prob=0.3,
                rotate_range=0.35,
                scale_range=(0.15, 0.15),
                mode=("bilinear", "nearest"),
                padding_mode="border",
            ),
            RandGaussianNoised("image", prob=0.15, std=0.1),
            RandScaleIntensityd("image", factors=0.1, prob=0.5),
            RandShiftIntensityd("image", offsets=0.1, prob=0.5),
        ]
    )


def regions(label):
    """A channel for each class, of the nested values of BraTS."""
    values = [torch.tensor(one["values"], dtype=label.dtype) for one in classes]
    return torch.cat([torch.isin(label, own).to(torch.float32) for own in values], dim=1)


def train():
    set_determinism(data["seed"])
    labels = data["training"] if is_brats else Path(data["training"]) / "labelsTr"
    images = data["training"] if is_brats else Path(data["training"]) / "imagesTr"
    cases = [files_of(case, images, labels) for case in data["parts"]["train"]]
    patch = patch_of(nibabel.load(cases[0]["label"]).shape)
    dataset = CacheDataset(cases, training_transforms(patch), cache_rate=1.0, num_workers=None, progress=False)
    size = request["batch"]
    loader = DataLoader(
        dataset,
        batch_size=size,
        num_workers=0,
        sampler=torch.utils.data.RandomSampler(dataset, replacement=True, num_samples=size * steps_per_epoch),
    )
    network = make_network().train()
    loss = DiceCELoss(sigmoid=True) if is_brats else DiceCELoss(to_onehot_y=True, softmax=True)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, request["epochs"])
    for epoch in range(request["epochs"]):
        total = 0.0
        for batch in loader:
            image, label = (batch[key].as_tensor() for key in ("image", "label"))
            optimizer.zero_grad(set_to_none=True)
            value = loss(network(image), regions(label) if is_brats else label)
            value.backward()
            optimizer.step()
            total += value.item() / steps_per_epoch
        schedule.step()
        print(f"epoch {epoch + 1}: loss {total:.4f}", flush=True)
        with open(request["progress"], "a") as file:
            file.write(f"{epoch + 1}\n")
    torch.save({"weights": network.state_dict(), "patch": patch}, Path(request["folder"]) / "network.pt")


@torch.no_grad()
def predict():
    stored = torch.load(Path(request["folder"]) / "network.pt")
    network = make_network().eval()
    network.load_state_dict(stored["weights"])
    activate = torch.sigmoid if is_brats else (lambda logits: torch.softmax(logits, 1))
    inferer = SliceInferer(
        roi_size=stored["patch"], spatial_dim=2, sw_batch_size=request["batch"], overlap=0.5, mode="gaussian"
    )
    mirrored = [[], [2], [3], [2, 3]] if request["mirroring"] else [[]]
    read = Compose(reading())
    for case in data["parts"]["test"]:
        files = files_of(case, data["testImages"])
        image = read(files)["image"].as_tensor()[None]
        probabilities = sum(
            activate(inferer(image.flip(axes), network)).flip(axes) / len(mirrored) for axes in mirrored
        )[0].numpy()
        if is_brats:
            # Whole tumour, core and enhancing tumour, each within the one before: oedema 2, necrotic core 1, enhancing 4.
            labels = np.zeros(probabilities.shape[1:], np.uint8)
            for region, value in zip(probabilities, (2, 1, 4)):
                labels[region > 0.5] = value
        else:
            labels = probabilities.argmax(0).astype(np.uint8)
        affine = nibabel.load(next(iter(files.values()))).affine
        nibabel.save(nibabel.Nifti1Image(labels, affine), Path(request["masks"]) / f"{case}.nii.gz")


{"train": train, "predict": predict}[step]()
