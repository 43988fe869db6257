"""Readers of public music data sets: charts, drum performances, songs, tempo curves.

Every reader takes the layout its source publishes, or the trimmed form its docstring gives,
and returns frozen records, each with the split it belongs to. Nothing of these data sets is
part of the repository::

    chord_symbols       what MMA's and Harte's chord symbols mean
    chord_charts        chord charts in one common format
    billboard           chord charts of the McGill Billboard annotations
    drum_performances   Groove MIDI Dataset
    drum_fitting        a performance stretched and looped under a song
    pop909              POP909: melody, second voice, piano, beats and chords
    tempo_curves        beats of real recordings
"""
