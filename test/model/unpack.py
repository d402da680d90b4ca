"""Unpacks a GGUF model into the files that vLLM reads: dense weights, configuration, tokenizer.

usage: unpack.py MODEL FOLDER
"""
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils.quantization_config import GgufConfig

folder, name = os.path.split(sys.argv[1])
dense = GgufConfig(gguf_file=name, dequantize=True)
AutoModelForCausalLM.from_pretrained(folder, quantization_config=dense, gguf_file=name, dtype=torch.bfloat16).save_pretrained(sys.argv[2])
AutoTokenizer.from_pretrained(folder, gguf_file=name).save_pretrained(sys.argv[2])
