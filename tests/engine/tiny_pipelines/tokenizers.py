"""Real tokenizers, trained on three sentences."""

import json
import tempfile

import sentencepiece
import transformers
from diffusers.pipelines.kolors.tokenizer import ChatGLMTokenizer
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

SENTENCES = [
    "a photo of a red apple on a wooden table",
    "summer sale poster for a small bakery with bold text",
    "product shot, studio light, white background",
]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.-"


def byte_pairs(
    end_of_word: str = "", special: tuple[str, ...] = ()
) -> tuple[dict[str, int], list[tuple[str, ...]]]:
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix=end_of_word))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(
            vocab_size=600,
            special_tokens=list(special),
            end_of_word_suffix=end_of_word,
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair) for pair in model["merges"]]
    return model["vocab"], merges


def clip_tokenizer():
    vocabulary, merges = byte_pairs("</w>")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    # CLIP knows every byte twice: inside a word and at its end.
    for symbol in [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]:
        vocabulary.setdefault(symbol, len(vocabulary))
    return transformers.CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77)


def t5_tokenizer():
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces += [(letter, -3.0) for letter in LETTERS]
    return transformers.T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=77)


def qwen_tokenizer():
    vocabulary, merges = byte_pairs(special=("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    tokenizer = transformers.Qwen2Tokenizer(vocab=vocabulary, merges=merges)
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{m['role']}}\n{{m['content']}}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return tokenizer


def gemma_tokenizer():
    vocabulary, merges = byte_pairs(special=("<pad>", "<eos>", "<bos>", "<unk>", "<mask>"))
    return transformers.GemmaTokenizer(vocab=vocabulary, merges=merges)


def chatglm_tokenizer() -> ChatGLMTokenizer:
    file = tempfile.NamedTemporaryFile(suffix=".model")  # noqa: SIM115 - lives as long as the tokenizer
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*SENTENCES, *LETTERS]), model_writer=file, vocab_size=80, minloglevel=2
    )
    file.flush()
    tokenizer = ChatGLMTokenizer(file.name)
    tokenizer.file = file
    return tokenizer
