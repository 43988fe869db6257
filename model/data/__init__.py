"""Music to learn from: songs composed on MMA's grooves, played on a SoundFont, stem by stem.

::

    styles    which grooves there are, their genres, and who is held out
    charts    chord progressions in any key
    form      the plan of a song and the text MMA plays from
    mma       runs MMA; midifile reads what it wrote
    melody    a motif-based line over the chart
    stems     notes to stem classes, and who plays them
    songs     all of the above: one song with exact beat, chord and section times
    synth     notes to audio
    render    the command: a folder of stems and song.json per song
    index     reads such folders back
    demo_mix  the mix that ships with the bridge
"""
