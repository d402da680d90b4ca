"""Serves a GGUF model on 127.0.0.1 with llama.cpp's own server, until it is killed.

usage: serve.py MODEL PORT CONTEXT SLOTS
"""
import sys
import time

import xllamacpp

model, port, context, slots = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
params = xllamacpp.CommonParams()
params.model.path = model
params.n_ctx = context * slots
params.n_parallel = slots
# One thread: on a busy machine two wait for each other and are many times slower.
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.hostnames = ["127.0.0.1"]
params.port = port
server = xllamacpp.Server(params)
print("listening", server.listening_address, flush=True)
while True:
    time.sleep(1)
