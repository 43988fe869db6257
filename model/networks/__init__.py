"""The networks, their sizes, what they are told beside the mix, and their losses.

::

    config                    sizes, as a checkpoint stores them
    autoencoder               one latent per 50 ms of audio, and audio from latents
    generator                 stem latents from mix latents, causal
    bidirectional, baseline   the related systems
    annotation                the place in the bar and the chord, per hop
    losses                    distances and adversarial losses; some are scores too
    discriminator, spectrogram_discriminator, level_probe   for training only
"""
