"""Which speech model a machine's hardware allows. Doesn't use Frappe.

The limits are estimates from the models' sizes, not measurements: setup-engine measures a model before it switches over.
"""

from collections.abc import Sequence

from call_intelligence.engine.hardware import Gpu
from call_intelligence.speech.expectations import SIZES, size_of

# (MB of GPU memory, model), best first
ON_GPU = ((10_000, "large-v3"), (6_000, "large-v3-turbo"), (4_000, "medium"))
# (cores, MB of memory, model) without a GPU
ON_CPU = ((8, 16_000, "large-v3-turbo"), (4, 8_000, "small"))


def allowed(gpus: Sequence[Gpu], cpus: int, memory_mb: int | None) -> str | None:
	"""memory_mb: of the machine -> the best model worth trying; None if that is base"""
	most = max((gpu.total_mb for gpu in gpus), default=0)
	for needed, model in ON_GPU:
		if most >= needed:
			return model
	for cores, memory, model in ON_CPU:
		if cpus >= cores and (memory_mb or 0) >= memory:
			return model
	return None


def better(model: str, gpus: Sequence[Gpu], cpus: int, memory_mb: int | None) -> str | None:
	"""-> a larger model that the hardware allows; None if there is none or the model's size is unknown"""
	best, size = allowed(gpus, cpus, memory_mb), size_of(model)
	if best is None or size is None or SIZES.index(size_of(best)) <= SIZES.index(size):
		return None
	return best
