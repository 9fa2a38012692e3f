"""Speaker embeddings by CAM++ (3D-Speaker, https://arxiv.org/abs/2303.00332) with the interface that pyannote.audio's pipeline
expects of one."""

import importlib.util

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio.compliance.kaldi as kaldi


class CamPlusPlus:
	sample_rate = 16000  # Hz
	dimension = 192
	metric = "cosine"
	min_frames = 20  # of 10 ms
	min_num_samples = 400 + 160 * (min_frames - 1)

	def __init__(self, checkpoint, code, workers):
		"""checkpoint: the weights; code: the Python file with the network's class, which comes in the same package; workers: an
		Executor"""
		self._workers = workers
		self._net = _network_class(code)(feat_dim=80, embedding_size=self.dimension)
		self._net.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True))
		self._net.eval()
		self.device = torch.device("cpu")

	def to(self, device):
		self.device = device
		self._net.to(device)
		return self

	def __call__(self, waveforms, masks=None):
		"""waveforms: float32[batch, 1, samples]; masks: float32[batch, frames] -> float32[batch, 192], rows of NaN where a mask
		leaves too little to tell a voice by"""
		windows = []  # (waveform, numbers of its rows): the speakers of one window follow each other
		for index, wave in enumerate(waveforms):
			if windows and torch.equal(wave, windows[-1][0]):
				windows[-1][1].append(index)
			else:
				windows.append((wave, [index]))
		rows = self._workers.map(lambda window: self._window(*window, masks), windows)
		return np.vstack([row for group in rows for row in group])

	@torch.inference_mode()
	def _window(self, wave, indices, masks):
		"""-> a row for each of the window's masks"""
		used = [None if masks is None else masks[index] for index in indices]
		if not any(mask is None or mask.any() for mask in used):
			return [self._nothing() for _ in used]
		features = kaldi.fbank(wave, num_mel_bins=80, sample_frequency=self.sample_rate, dither=0.0)
		return [self._embedding(features, mask) for mask in used]

	def _embedding(self, features, mask):
		if mask is not None:
			keep = F.interpolate(mask[None, None].float(), size=features.shape[0], mode="nearest")[0, 0] > 0.5
			features = features[keep]
		if features.shape[0] < self.min_frames:
			return self._nothing()
		# The library prepares and keeps its operations for every length that it meets: meet few.
		features = features[: features.shape[0] // self.min_frames * self.min_frames]
		features = features - features.mean(0, keepdim=True)
		return self._net(features[None].to(self.device))[0].flatten().cpu().numpy()

	def _nothing(self):
		return np.full(self.dimension, np.nan, np.float32)


def _network_class(code):
	spec = importlib.util.spec_from_file_location("campplus_network", code)
	module = importlib.util.module_from_spec(spec)
	spec.loader.exec_module(module)
	return module.CAMPPlus
