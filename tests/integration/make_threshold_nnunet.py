"""Write an nnU-Net v2 folder whose network is a threshold: ``python make_threshold_nnunet.py FOLDER HU``.

Runs in the environment of nnU-Net (``make setup-ai``), not in the product's.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

GAIN = 50.0  # patches are blended in half precision: small scores would vanish in the corners
folder, threshold = Path(sys.argv[1]), float(sys.argv[2])
arch = {
    "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
    "arch_kwargs": {
        "n_stages": 2,
        "features_per_stage": [2, 2],
        "conv_op": "torch.nn.modules.conv.Conv3d",
        "kernel_sizes": [[1, 1, 1], [1, 1, 1]],
        "strides": [[1, 1, 1], [2, 2, 2]],
        "n_conv_per_stage": [1, 1],
        "n_conv_per_stage_decoder": [1],
        "conv_bias": True,
        "norm_op": None,
        "norm_op_kwargs": None,
        "dropout_op": None,
        "dropout_op_kwargs": None,
        "nonlin": "torch.nn.LeakyReLU",
        "nonlin_kwargs": {"inplace": True},
    },
    "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
}
mean, std = 50.0, 100.0
plans = {
    "dataset_name": "Dataset900_Threshold",
    "plans_name": "nnUNetPlans",
    "original_median_spacing_after_transp": [2.0, 2.0, 2.0],
    "original_median_shape_after_transp": [16, 16, 16],
    "image_reader_writer": "SimpleITKIO",
    "transpose_forward": [0, 1, 2],
    "transpose_backward": [0, 1, 2],
    "experiment_planner_used": "ExperimentPlanner",
    "label_manager": "LabelManager",
    "foreground_intensity_properties_per_channel": {
        "0": {
            "max": 1000,
            "mean": mean,
            "median": mean,
            "min": -1000,
            "percentile_00_5": -1000.0,
            "percentile_99_5": 1000.0,
            "std": std,
        }
    },
    "configurations": {
        "3d_fullres": {
            "data_identifier": "x",
            "preprocessor_name": "DefaultPreprocessor",
            "batch_size": 2,
            "patch_size": [8, 8, 8],
            "median_image_size_in_voxels": [16, 16, 16],
            "spacing": [2.0, 2.0, 2.0],
            "normalization_schemes": ["CTNormalization"],
            "use_mask_for_norm": [False],
            "resampling_fn_data": "resample_data_or_seg_to_shape",
            "resampling_fn_seg": "resample_data_or_seg_to_shape",
            "resampling_fn_data_kwargs": {
                "is_seg": False,
                "order": 1,
                "order_z": 0,
                "force_separate_z": None,
            },
            "resampling_fn_seg_kwargs": {"is_seg": True, "order": 1, "order_z": 0, "force_separate_z": None},
            "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
            "resampling_fn_probabilities_kwargs": {
                "is_seg": False,
                "order": 1,
                "order_z": 0,
                "force_separate_z": None,
            },
            "architecture": arch,
            "batch_dice": False,
        }
    },
}
dataset = {
    "channel_names": {"0": "CT"},
    "labels": {"background": 0, "liver": 1},
    "numTraining": 1,
    "file_ending": ".nii.gz",
}
pm = PlansManager(plans)
cm = pm.get_configuration("3d_fullres")
net = nnUNetTrainer.build_network_architecture(pm, cm, 1, 2, enable_deep_supervision=False)
(folder / "fold_0").mkdir(parents=True, exist_ok=True)
with torch.no_grad():
    state = net.state_dict()
    for v in state.values():
        v.zero_()
    for n, v in state.items():
        if n.startswith("encoder.stages.0") and n.endswith("weight"):
            v[0, 0], v[1, 0] = 1.0, -1.0
        if n.startswith("decoder.stages.0.convs.0") and n.endswith("weight"):
            v[0, 2], v[1, 3] = 1.0, 1.0
        if n == "decoder.seg_layers.0.weight":
            v[1, 0], v[1, 1] = GAIN, -GAIN
    # Two leaky ReLUs in a row, on x and on -x: their difference is odd and rises with x, so class 1 wins
    # exactly where the normalised value exceeds the threshold.
    seen = (threshold - mean) / std
    state["decoder.seg_layers.0.bias"][1] = -GAIN * np.sign(seen) * (1 + 0.01**2) * abs(seen)
checkpoint = {
    "network_weights": state,
    "trainer_name": "nnUNetTrainer",
    "init_args": {"configuration": "3d_fullres"},
    "inference_allowed_mirroring_axes": None,
}
torch.save(checkpoint, folder / "fold_0" / "checkpoint_final.pth")
(folder / "plans.json").write_text(json.dumps(plans))
(folder / "dataset.json").write_text(json.dumps(dataset))
