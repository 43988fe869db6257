"""A causal beat tracker: beat, bar, tempo and confidence of a live mix, without torch.

Three stages, each streaming with an explicit state: a spectrum on a log-frequency scale
(:mod:`~model.beat_tracker.spectrum`), a recurrent network for beat and downbeat activations
(:mod:`~model.beat_tracker.network`), and a bar-pointer filter for tempo and position in the bar
(:mod:`~model.beat_tracker.bar_pointer`), whose belief :mod:`~model.beat_tracker.beat_follower`
reads as a steady beat. Which of two tempi an octave apart is the beat is told by
:mod:`~model.beat_tracker.level_classifier`. :mod:`~model.beat_tracker.tracker` joins them.
"""
