"""Music to learn from: songs composed on MMA's grooves, played on a SoundFont, stem by stem.

::

    genres    which of MMA's styles we play, and how a genre is played
    styles    their grooves, and which styles are held out
    charts    chords in any key; progressions lists what they are drawn from
    form      the plan of a song and the text MMA plays from
    mma       runs MMA; midifile reads what it wrote
    melody    a motif-based line over the chart
    stems     notes to stem classes, and who plays them
    timing    beats to seconds: swing, tempo, the hands of players
    songs     all of the above: one song with exact beat, chord and section times
    synth     notes to audio; mixing brings stems to their levels
    render    the command: a folder of stems and song.json per song
    crops     reads such folders back, for training on audio; latents, for the generator
    demo_mix  the mix that ships with the bridge
"""
