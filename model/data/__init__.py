"""Training data: songs composed on MMA's grooves and rendered on SoundFonts, stem by stem.

::

    splits    assignment of songs and sources to train, valid and test
    genres    MMA's styles by genre, and properties of each genre
    styles    grooves of the styles
    charts    chord charts in any key, drawn from progressions
    form      plan of a song, and the MMA program made of it
    mma       runs MMA; midifile reads the MIDI file it writes
    melody    motif-based melodies over a chart
    stems     stem classes of notes, and the instruments that play them
    timing    beats to seconds: swing, tempo drift, timing of human players
    score     one song to play, with exact times of beats, chords and sections
    songs     composes a score by all of the above; lead_lines has its melody, thinning its
              rests
    midi_songs  makes a score of a MIDI file that people wrote; tempo_map has its beats
    sources   readers of data sets: charts, human drums, songs with piano, tempo curves
    chart_performance  makes a score of given chords: arrangement has its grooves
    chart_songs, hybrids  such scores of chord charts (chart_meters) and of POP909
    human_drums, song_tempo  drum performances and tempo curves of data sets
    song_sources, song_kinds  data sets to draw from, and the kind of each song
    fonts     SoundFonts; synth plays notes on one, layered_font on two
    channel_strip  tone of a stem; mixing sets the levels of stems
    corpus    settings that all songs of a folder share; record, song_record: song.json
    render    renders a corpus: a folder of stems and song.json per song
    index     reads such folders, and those of Slakh2100 (slakh); audiofile, their audio
    pairing   draws stretches to train on, and the stems in their mixes
    crops     random crops, for training on audio; latents and batches, for the generator
    augmented_take  mix and target as in live playing: take_plan, mix_degradation,
              ambient_sounds
    tracked_beats, beat_mixes, beat_targets  the beat tracker's output, and its training data
    statistics, song_picture  statistics and pictures of rendered songs
"""
