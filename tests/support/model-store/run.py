"""Starts the model store's script with parts of 64 KiB: files of some hundred kilobytes then have several."""

import os
import sys

sys.path.insert(0, os.environ["STORE_SCRIPTS"])

import model_store
import objects

objects.PART = 64 * 1024
objects.PIECE = 8 * 1024
model_store.main()
