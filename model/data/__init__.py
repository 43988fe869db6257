"""Music to learn from: songs composed on MMA's grooves, played on SoundFonts, stem by stem.

::

    splits    who is learnt from and who judges, by rules that no draw can change
    genres    which of MMA's styles we play, and how a genre is played
    styles    their grooves
    charts    chords in any key; progressions lists what they are drawn from
    form      the plan of a song and the text MMA plays from
    mma       runs MMA; midifile reads what it wrote
    melody    a motif-based line over the chart
    stems     notes to stem classes, and who plays them
    timing    beats to seconds: swing, tempo, the hands of players, the entry
    score     one song to play, with exact beat, chord and section times
    songs     a score, composed by all of the above; lead_lines has its melody, thinning its
              rests
    composed  a score, arranged from a MIDI file that people wrote; tempo_map has its beats
    sources   readers of data sets: charts, human drums, songs with piano, tempo curves
    sheets    a score, played by a band from given chords: arrangement has its grooves
    chart_songs, hybrids  the scores made so, of chord charts (chart_meters) and of POP909
    human_drums, song_tempo  drummers and tempo curves of data sets in all of them
    song_sources, song_kinds  what is given to draw from, and which kind a song is
    fonts     which SoundFonts; synth plays notes on one
    channel   the tone of a stem; mixing brings stems to their levels
    corpus    what all songs of a folder have in common; record, what is known about one
    render    the command: a folder of stems and song.json per song; render_options has its
              arguments
    index     reads such folders back, and those of Slakh2100 (slakh); audiofile, their sound
    pairing   which stretch to learn from, and what of the mix is heard
    crops     random crops, for training on audio; latents, for the generator
    demo_mix  the mix that ships with the bridge
"""
