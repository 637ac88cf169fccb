"""Scores label maps against references; none of the code of those who made them.

score.py REQUEST prints JSON. REQUEST is a JSON file with
  cases    [{id, prediction, reference}], paths of NIfTI label maps on the same grid
  classes  [{name, values}], the label values that make up each class; classes may be nested
  largest  ml; objects of less count as small (1)
"""

import json
import sys

import nibabel
import numpy as np
from medpy.metric.binary import hd95
from scipy import ndimage

corners = np.ones((3, 3, 3), bool)


def score_masks(prediction, reference, spacing, small=1.0, share=0.1):
    """One class of one case.

    dice is None where the class is in neither mask. An object is a component of the reference whose voxels touch at
    faces, edges or corners; it is found when the prediction has at least `share` of its voxels. A false object is a
    component of the prediction that has no voxel of the reference. hd95, in mm, is None unless both masks have voxels.
    """
    both = np.count_nonzero(prediction & reference)
    predicted, real = np.count_nonzero(prediction), np.count_nonzero(reference)
    labels, objects = ndimage.label(reference, corners)
    sizes = np.bincount(labels.ravel(), minlength=objects + 1)[1:]
    hits = np.bincount(labels[prediction], minlength=objects + 1)[1:]
    guesses, guessed = ndimage.label(prediction, corners)
    touched = np.unique(guesses[reference & prediction])
    is_small = sizes * np.prod(spacing) / 1000 < small
    return {
        "dice": None if predicted + real == 0 else 2 * both / (predicted + real),
        "objects": int(objects),
        "found": int(np.count_nonzero(hits >= share * sizes)),
        "false": int(guessed - len(touched)),
        "smallVoxels": int(sizes[is_small].sum()),
        "smallFound": int(hits[is_small].sum()),
        "hd95": float(hd95(prediction, reference, voxelspacing=spacing)) if predicted and real else None,
    }


def summarize(rows):
    """Dice over cases and classes; objects and voxels summed over all."""
    dice = [row["dice"] for row in rows if row["dice"] is not None]
    distances = [row["hd95"] for row in rows if row["hd95"] is not None]
    total = {name: sum(row[name] for row in rows) for name in ("objects", "found", "false", "smallVoxels", "smallFound")}
    return {
        "meanDice": float(np.mean(dice)) if dice else None,
        "medianDice": float(np.median(dice)) if dice else None,
        "hd95": float(np.mean(distances)) if distances else None,
        "hd95Of": len(distances),
        "diceOf": len(dice),
        "smallSensitivity": total["smallFound"] / total["smallVoxels"] if total["smallVoxels"] else None,
        **total,
    }


def read_labels(path):
    image = nibabel.load(path)
    return np.asarray(image.dataobj).round().astype(np.int16), image


def score(request):
    rows = []
    for case in request["cases"]:
        predicted, image = read_labels(case["prediction"])
        real, other = read_labels(case["reference"])
        if predicted.shape != real.shape or not np.allclose(image.affine, other.affine, atol=1e-3):
            raise SystemExit(f"{case['prediction']}: the grid is not that of {case['reference']}.")
        spacing = [float(size) for size in other.header.get_zooms()[:3]]
        for one in request["classes"]:
            masks = [np.isin(labels, one["values"]) for labels in (predicted, real)]
            small = request.get("largest", 1.0)
            rows.append({"case": case["id"], "class": one["name"], **score_masks(*masks, spacing, small)})
    return {"summary": summarize(rows), "rows": rows}


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(json.dumps(score(json.load(file))))
