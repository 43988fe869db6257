"""Residual vector quantisation of latents, fitted by k-means level by level."""

from __future__ import annotations

import torch
from torch import Tensor

from model.errors import DataError

__all__ = ["dequantise", "explained_variance", "fit_codebooks", "quantise"]


def fit_codebooks(
    latent_NC: Tensor, levels: int, codes: int, *, rounds: int = 20, seed: int = 0
) -> Tensor:
    """Fit the codebooks of a residual quantiser.

    Args:
        latent_NC: Latents to fit, ``(N, latent)``; at least ``codes`` of them.
        levels: Number of codebooks.
        codes: Vectors per codebook.
        rounds: Iterations of k-means per level.
        seed: Seed of the initial vectors and of replacements for unused ones.

    Returns:
        ``(levels, codes, latent)``.

    Raises:
        DataError: There are fewer latents than codes.

    Source:
        Residual vector quantisation: Zeghidour et al. 2021 (SoundStream), arXiv:2107.03312.
        Lloyd's k-means on frozen latents, with unused vectors moved to badly quantised
        latents, is ours.
    """
    if len(latent_NC) < codes:
        raise DataError(f"{len(latent_NC)} latents are too few for {codes} codes; encode more")
    random = torch.Generator(device="cpu").manual_seed(seed)
    rest_NC, books = latent_NC.float(), []
    for _ in range(levels):
        book_KC = _k_means(rest_NC, codes, rounds, random)
        books.append(book_KC)
        rest_NC = rest_NC - book_KC[_nearest(rest_NC, book_KC)]
    return torch.stack(books)


def quantise(latent_BTC: Tensor, codebooks_LKC: Tensor) -> Tensor:
    """Return the code of every level, int64, ``(B, T, levels)``; see :func:`fit_codebooks`."""
    rest_NC, chosen = latent_BTC.flatten(0, 1), []
    for book_KC in codebooks_LKC:
        index_N = _nearest(rest_NC, book_KC)
        chosen.append(index_N)
        rest_NC = rest_NC - book_KC[index_N]
    return torch.stack(chosen, dim=-1).reshape(*latent_BTC.shape[:2], len(codebooks_LKC))


def dequantise(codes_BTL: Tensor, codebooks_LKC: Tensor) -> Tensor:
    """Return the vector of every code, ``(B, T, levels, latent)``; their sum is the latent.

    A code below 0 is missing: its vector is zero.
    """
    levels = torch.arange(len(codebooks_LKC), device=codes_BTL.device)
    present = (codes_BTL >= 0)[..., None]
    return codebooks_LKC[levels, codes_BTL.clamp(min=0)] * present


def explained_variance(latent_NC: Tensor, codebooks_LKC: Tensor) -> list[float]:
    """Return the share of the variance explained by one level, by two levels, and so on."""
    total = latent_NC.float().var(0).sum()
    vectors = dequantise(quantise(latent_NC[None].float(), codebooks_LKC), codebooks_LKC)[0]
    kept_NLC = vectors.cumsum(1)
    rest_L = (latent_NC[:, None] - kept_NLC).var(0).sum(-1)
    shares: list[float] = (1 - rest_L / total).tolist()
    return shares


def _nearest(x_NC: Tensor, book_KC: Tensor) -> Tensor:
    """Return the index of the nearest vector, ``(N,)``; in chunks, to bound memory."""
    half_K = 0.5 * book_KC.square().sum(-1)
    parts = x_NC.chunk(1 + len(x_NC) // 16384)
    return torch.cat([(part @ book_KC.T - half_K).argmax(-1) for part in parts])


def _k_means(x_NC: Tensor, codes: int, rounds: int, random: torch.Generator) -> Tensor:
    book_KC = x_NC[torch.randperm(len(x_NC), generator=random)[:codes]].clone()
    for _ in range(rounds):
        index_N = _nearest(x_NC, book_KC)
        count_K = torch.bincount(index_N, minlength=codes)
        sum_KC = torch.zeros_like(book_KC).index_add_(0, index_N, x_NC)
        book_KC = sum_KC / count_K.clamp(min=1)[:, None]
        idle = count_K == 0
        if idle.any():
            far_N = (x_NC - book_KC[index_N]).square().sum(-1)
            moved = torch.multinomial(far_N + 1e-9, int(idle.sum()), generator=random)
            book_KC[idle] = x_NC[moved]
    return book_KC
