"""Commands of the model: one module per verb, with ``HELP``, ``configure`` and ``run``.

Modules named ``data_*`` are the steps of ``liveband data``.
"""
