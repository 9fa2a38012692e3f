"""faster-whisper's batches, extended to detect the language of each clip, so that its sound is encoded only once."""

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import TranscriptionOptions

from .languages import Chances, among_spoken


class Model(WhisperModel):
	"""Also accepts encoded sound."""

	def encode(self, features: np.ndarray | StorageView) -> StorageView:
		return features if isinstance(features, StorageView) else super().encode(features)


class Batches(BatchedInferencePipeline):
	"""chances: {language: probability} for each clip of the last batch; None if the model knows only one language."""

	chances: list[Chances] | None = None

	def generate_segment_batched(
		self, features: np.ndarray, tokenizer: Tokenizer, options: TranscriptionOptions
	) -> tuple[StorageView, list[dict]]:
		encoded = self.model.encode(features)
		if self.model.model.is_multilingual:
			# "<|en|>"
			self.chances = [
				among_spoken({token[2:-2]: chance for token, chance in found})
				for found in self.model.model.detect_language(encoded)
			]
		return super().generate_segment_batched(encoded, tokenizer, options)
