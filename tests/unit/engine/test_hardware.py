"""Use of a machine's hardware: the choice by memory, and data from the system."""

import pytest

from call_intelligence.engine.hardware import BATCHES, Gpu, gpus, memory_mb, read_gpus, ways

CPU = ("cpu", "int8")
HALF, EIGHT = ("cuda", "float16"), ("cuda", "int8_float16")
MODERN = {"float32", "float16", "int8", "int8_float16", "int8_float32"}
LARGE = 2950  # MB of large-v3's file


@pytest.mark.parametrize(
	("supported", "free", "model", "found"),
	[
		(set(), None, LARGE, [CPU]),
		(MODERN, 24_000, LARGE, [HALF, EIGHT, CPU]),
		(MODERN, 5_000, LARGE, [EIGHT, CPU]),
		(MODERN, 4_000, 140, [HALF, EIGHT, CPU]),
		(MODERN, 2_000, LARGE, [CPU]),
		# nvidia-smi is missing in a container: try
		(MODERN, None, LARGE, [HALF, EIGHT, CPU]),
		# an old GPU has no half precision
		({"float32", "int8_float32"}, 24_000, LARGE, [("cuda", "default"), CPU]),
	],
)
def test_half_precision_where_there_is_memory_for_it(supported, free, model, found):
	assert ways(supported, free, model) == found


def test_every_device_has_its_batch():
	assert set(BATCHES) == {"cpu", "cuda"}


def test_gpus_are_read_as_the_driver_tells_them():
	told = "NVIDIA L4, 23034, 22500\nOdd, name, 8192, 100\nNVIDIA GB10, [N/A], [N/A]\nNo devices were found\n"
	assert read_gpus(told) == [Gpu("NVIDIA L4", 23034, 22500), Gpu("Odd, name", 8192, 100)]


def test_this_machine_tells_something():
	total, available = memory_mb()
	assert 100 < available <= total
	assert all(gpu.free_mb <= gpu.total_mb for gpu in gpus())
