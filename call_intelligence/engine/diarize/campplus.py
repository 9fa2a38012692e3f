"""Speaker embeddings by CAM++ (3D-Speaker, https://arxiv.org/abs/2303.00332).

The network runs over each span of speech once. Its output before pooling, a column per 20 ms, is stored as means over short cells, so that
the embedding of any set of cells is cheap.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchaudio.compliance.kaldi as kaldi

CELL = 0.2  # seconds
COLUMN = 0.02  # seconds of a column of the network's output


@dataclass(slots=True)
class Cells:
	"""Consecutive cells. Half precision: ten hours of speech are 360 MB."""

	count: np.ndarray  # float32[cells]: columns in each
	mean: np.ndarray  # float16[cells, 512] of the columns
	square: np.ndarray  # float16[cells, 512]: mean of their squares

	def __getitem__(self, rows: slice | np.ndarray) -> "Cells":
		return Cells(self.count[rows], self.mean[rows], self.square[rows])

	def __len__(self) -> int:
		return len(self.count)


class CamPlusPlus:
	"""Has the attributes that pyannote.audio's pipeline reads from an embedding."""

	sample_rate = 16000  # Hz
	dimension = 192
	metric = "cosine"
	min_frames = 20  # of 10 ms
	min_num_samples = 400 + 160 * (min_frames - 1)

	def __init__(self, checkpoint: Path, code: Path) -> None:
		"""checkpoint: the weights; code: the Python file with the network's class, from the same package"""
		self._net = _network_class(code)(feat_dim=80, embedding_size=self.dimension)
		self._net.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
		self._net.eval()
		self._columns = [
			layer for name, layer in self._net.xvector.named_children() if name not in ("stats", "dense")
		]
		self.device = torch.device("cpu")

	def to(self, device: torch.device) -> "CamPlusPlus":
		self.device = device
		self._net.to(device)
		return self

	@torch.inference_mode()
	def cells(self, sound: np.ndarray) -> Cells:
		"""sound: float32[samples] of one voice -> no cells if the sound is shorter than 0.2 s"""
		features = torch.zeros((0, 80)) if len(sound) < self.min_num_samples else self._features(sound)
		if not len(features):
			empty = np.zeros((0, 512), np.float16)
			return Cells(np.zeros(0, np.float32), empty, empty)
		columns = self._net.head((features - features.mean(0, keepdim=True)).T[None].to(self.device))
		for layer in self._columns:
			columns = layer(columns)
		columns = columns[0].T.float().cpu().numpy()
		starts = np.arange(0, len(columns), round(CELL / COLUMN))
		count = np.diff(np.append(starts, len(columns))).astype(np.float32)
		means = (np.add.reduceat(values, starts) / count[:, None] for values in (columns, columns**2))
		return Cells(count, *(mean.astype(np.float16) for mean in means))

	def _features(self, sound: np.ndarray) -> torch.Tensor:
		features = kaldi.fbank(
			torch.from_numpy(sound)[None], num_mel_bins=80, sample_frequency=self.sample_rate, dither=0.0
		)
		# The library caches operations for every input length: use few different ones.
		return features[: features.shape[0] // self.min_frames * self.min_frames]

	@torch.inference_mode()
	def embeddings(self, pools: list[Cells]) -> np.ndarray:
		"""-> float32[pools, 192], rows of NaN for pools without cells"""
		answer = np.full((len(pools), self.dimension), np.nan, np.float32)
		statistics, rows = [], []
		for row, pool in enumerate(pools):
			count = pool.count.sum()
			if count < self.min_frames / 2:
				continue
			weights = pool.count / count
			mean, square = weights @ pool.mean.astype(np.float32), weights @ pool.square.astype(np.float32)
			variance = (square - mean**2) * count / max(1.0, count - 1)
			statistics.append(np.concatenate([mean, np.sqrt(np.maximum(variance, 0.0))]))
			rows.append(row)
		if rows:
			dense = self._net.xvector.dense
			pooled = torch.from_numpy(np.stack(statistics).astype(np.float32)).to(self.device)
			# As in the training of CAM++: the layer's normalisation, without the rectifier that the package's code adds.
			answer[rows] = dense.nonlinear[0](dense.linear(pooled[..., None])[..., 0]).float().cpu().numpy()
		return answer


def _network_class(code: Path) -> Any:
	spec = importlib.util.spec_from_file_location("campplus_network", code)
	if spec is None or spec.loader is None:
		raise ImportError(f"{code.name} is no Python file")
	module = importlib.util.module_from_spec(spec)
	spec.loader.exec_module(module)
	return module.CAMPPlus
