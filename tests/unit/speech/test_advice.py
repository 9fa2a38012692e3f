"""The best model for the hardware."""

import pytest

from call_intelligence.engine.hardware import Gpu
from call_intelligence.speech.advice import better

L4 = Gpu("NVIDIA L4", 23_034, 22_000)
SMALL = Gpu("NVIDIA T600", 4_096, 3_900)


@pytest.mark.parametrize(
	("model", "gpus", "cpus", "memory", "found"),
	[
		("base", [], 2, 24_000, None),
		("base", [], 4, 16_000, "small"),
		("base", [], 16, 64_000, "large-v3-turbo"),
		("small", [], 4, 16_000, None),
		("base", [], 4, None, None),
		("base", [L4], 2, 8_000, "large-v3"),
		("base", [SMALL], 2, 8_000, "medium"),
		("medium", [SMALL, L4], 2, 8_000, "large-v3"),
		("large-v3-turbo", [L4], 2, 8_000, None),
		("/srv/models/own", [L4], 2, 8_000, None),
	],
)
def test_a_larger_model_is_advised_where_there_is_room(model, gpus, cpus, memory, found):
	assert better(model, gpus, cpus, memory) == found
