"""nnU-Net v2, configuration 2d, on one core. nnunet_peer.py prepare|train|predict REQUEST, where REQUEST is JSON.

prepare   lays the patients out as nnU-Net expects them, then plans and preprocesses; the plan is its own but for the batch
train     its own trainer with other numbers of epochs and steps (see Trainer)
predict   the weights after the last epoch; tiles and weights of its own, mirrored copies when asked for
"""

import json
import os
import random
import shutil
import sys
from pathlib import Path

step, request = sys.argv[1], json.loads(sys.argv[2])
data, home = request["data"], Path(request["folder"])
if step != "prepare":
    # Runs are folders beside what was prepared.
    home = home.parent
name = "Dataset001_quality"
for folder in ("raw", "preprocessed", "results"):
    os.environ[f"nnUNet_{folder}"] = str((home if folder != "results" else Path(request["folder"])) / f"nnUNet_{folder}")
# Without a process for augmentation training does it itself; planning takes the number for one of threads.
os.environ.update(nnUNet_n_proc_DA="1" if step == "prepare" else "0", nnUNet_def_n_proc="1", nnUNet_compile="false")

import nibabel
import numpy as np
import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
raw, preprocessed = (home / f"nnUNet_{kind}" / name for kind in ("raw", "preprocessed"))
is_brats = data["layout"] == "brats"
# nnU-Net wants label values without gaps: the enhancing tumour, 4, becomes 3, and back.
to_nnunet, from_nnunet = {4: 3}, {3: 4}


def image_files(folder, case):
    """The files of the channels of a case, in order; a folder of training is in the layout of MSD or BraTS."""
    if is_brats:
        place = next(Path(folder).glob(f"**/{case}"))
        return [place / f"{case}_{channel}.nii.gz" for channel in data["channels"]]
    return [next(Path(folder).glob(f"**/{case}.nii.gz"))]


def with_values(source, target, values):
    image = nibabel.load(source)
    labels = np.asarray(image.dataobj).astype(np.uint8)
    mapped = labels.copy()
    for old, new in values.items():
        mapped[labels == old] = new
    nibabel.save(nibabel.Nifti1Image(mapped, image.affine), target)


def prepare():
    for folder in ("imagesTr", "labelsTr"):
        (raw / folder).mkdir(parents=True)
    cases = data["parts"]["train"] + data["parts"]["validation"]
    training = Path(data["training"])
    for case in cases:
        for index, file in enumerate(image_files(training if is_brats else training / "imagesTr", case)):
            shutil.copyfile(file, raw / "imagesTr" / f"{case}_{index:04d}.nii.gz")
        if is_brats:
            label = next(training.glob(f"**/{case}/{case}_seg.nii.gz"))
            with_values(label, raw / "labelsTr" / f"{case}.nii.gz", to_nnunet)
        else:
            shutil.copyfile(training / "labelsTr" / f"{case}.nii.gz", raw / "labelsTr" / f"{case}.nii.gz")
    labels = {"background": 0}
    for number, one in enumerate(data["classes"], 1):
        labels[one["name"]] = [to_nnunet.get(value, value) for value in one["values"]] if is_brats else number
    description = {
        "channel_names": {str(index): channel for index, channel in enumerate(data["channels"])},
        "labels": labels,
        "numTraining": len(cases),
        "file_ending": ".nii.gz",
        # Regions from the largest to the smallest: oedema, necrotic core, enhancing tumour.
        **({"regions_class_order": [2, 1, 3]} if is_brats else {}),
    }
    (raw / "dataset.json").write_text(json.dumps(description))

    from nnunetv2.experiment_planning.plan_and_preprocess_api import (
        extract_fingerprints,
        plan_experiments,
        preprocess,
    )

    extract_fingerprints([1], num_processes=1, check_dataset_integrity=False)
    plan_experiments([1])
    path = preprocessed / "nnUNetPlans.json"
    plans = json.loads(path.read_text())
    plans["configurations"]["2d"]["batch_size"] = request["batch"]
    path.write_text(json.dumps(plans))
    preprocess([1], configurations=("2d",), num_processes=(1,))
    split = [{"train": data["parts"]["train"], "val": data["parts"]["validation"]}]
    (preprocessed / "splits_final.json").write_text(json.dumps(split))


def make_trainer():
    from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

    class Trainer(nnUNetTrainer):
        """Epochs of few steps, as many as fit the time; the learning rate falls over them as in nnU-Net.

        It writes a line for each epoch, and weights at the end alone: those are what nnU-Net predicts with.
        """

        def __init__(self, plans, configuration, fold, dataset_json, device):
            super().__init__(plans, configuration, fold, dataset_json, device)
            self.num_epochs = request.get("epochs", 1)
            self.num_iterations_per_epoch = 10
            self.num_val_iterations_per_epoch = 1

        def save_checkpoint(self, filename):
            if filename.endswith("checkpoint_final.pth"):
                super().save_checkpoint(filename)

        def plot_network_architecture(self):
            pass

        def on_epoch_end(self):
            super().on_epoch_end()
            with open(request["progress"], "a") as file:
                file.write(f"{self.current_epoch}\n")

    plans = json.loads((preprocessed / "nnUNetPlans.json").read_text())
    description = json.loads((preprocessed / "dataset.json").read_text())
    return Trainer({**plans, "continue_training": False}, "2d", 0, description, torch.device("cpu"))


def train():
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(data["seed"])
    make_trainer().run_training()


def predict():
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    trainer = make_trainer()
    trainer.initialize()
    trainer.load_checkpoint(str(next(Path(request["folder"]).glob("**/checkpoint_final.pth"))))
    trainer.set_deep_supervision_enabled(False)
    predictor = nnUNetPredictor(
        use_mirroring=request["mirroring"],
        perform_everything_on_device=False,
        device=torch.device("cpu"),
        allow_tqdm=False,
    )
    predictor.manual_initialization(
        trainer.network,
        trainer.plans_manager,
        trainer.configuration_manager,
        [trainer.network.state_dict()],
        trainer.dataset_json,
        "Trainer",
        trainer.inference_allowed_mirroring_axes,
    )
    cases = data["parts"]["test"]
    masks = Path(request["masks"])
    files = [[str(file) for file in image_files(data["testImages"], case)] for case in cases]
    predictor.predict_from_files_sequential(files, [str(masks / case) for case in cases])
    for case in cases if is_brats else ():
        with_values(masks / f"{case}.nii.gz", masks / f"{case}.nii.gz", from_nnunet)


# nnU-Net starts processes that import this file.
if __name__ == "__main__":
    {"prepare": prepare, "train": train, "predict": predict}[step]()
